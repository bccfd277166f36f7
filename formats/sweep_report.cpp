#include "formats/sweep_report.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/rfc3339.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

/// The counts of a line in every report, by their names.
struct Count {
  const char* name;
  std::uint64_t SweepLine::*value;
  const char* help;
};

constexpr std::array counts{
    Count{"due", &SweepLine::due, "rows whose period had passed when the sweep began"},
    Count{"deleted", &SweepLine::deleted, "rows deleted"},
    Count{"masked", &SweepLine::masked, "rows whose personal columns were cleared"},
    Count{"held", &SweepLine::held,
          "due rows kept by a legal hold, an open request or a restriction"},
    Count{"kept_by_law", &SweepLine::kept_by_law, "due rows kept on a legal ground"},
    Count{"floored", &SweepLine::floored, "rows that a minimum period keeps"},
    Count{"needs_approval", &SweepLine::needs_approval,
          "rows that would go with their whole tenant, which nobody has approved"},
    Count{"undated", &SweepLine::undated, "rows without a clock"},
    Count{"future", &SweepLine::future, "rows whose clock is in the future"},
    Count{"failed", &SweepLine::failed, "due rows that could not be deleted"},
    Count{"left_over", &SweepLine::left_over, "due rows that are still there"},
    Count{"crossing", &SweepLine::crossing, "due rows that a floor of the same policy would keep"},
    Count{"estimated", &SweepLine::estimated,
          "due rows that were not counted, in partitions emptied whole"},
};

bool says_something(const SweepLine& line) {
  for (const auto& count : counts) {
    if (line.*count.value != 0) return true;
  }
  return !line.note.empty();
}

std::string number(std::uint64_t value) {
  return value == 0 ? "" : std::to_string(value);
}

std::string title(const SweepResult& result) {
  switch (result.state) {
    case SweepState::planned:
      return "Plan of a sweep as of " + rfc3339(result.as_of) + ": nothing has been changed.";
    case SweepState::done:
      return "Sweep " + result.run + " as of " + rfc3339(result.as_of) + ": done.";
    case SweepState::partial:
      return "Sweep " + result.run + " as of " + rfc3339(result.as_of) + ": done in part.";
    case SweepState::refused:
      return "Sweep as of " + rfc3339(result.as_of) + ": refused, nothing has been changed.";
    case SweepState::failed:
      return "Sweep " + result.run + " as of " + rfc3339(result.as_of) + ": failed.";
    case SweepState::interrupted:
      return "Sweep " + result.run + " as of " + rfc3339(result.as_of) + ": interrupted.";
  }
  return {};
}

/// The columns that hold anything but nothing.
std::string lines_table(const SweepResult& result) {
  std::vector<const Count*> shown;
  for (const auto& count : counts) {
    std::uint64_t sum = 0;
    for (const auto& line : result.lines) sum += line.*count.value;
    if (sum > 0) shown.push_back(&count);
  }
  std::vector<TableColumn> columns{{"tenant"}, {"record set"}, {"rule"}, {"action"}};
  for (const auto* count : shown) {
    std::string heading(count->name);
    for (auto& c : heading) {
      if (c == '_') c = ' ';
    }
    columns.push_back({heading, Align::right});
  }
  columns.push_back({"oldest"});
  columns.push_back({"why"});
  TextTable table(columns);
  for (const auto& line : result.lines) {
    if (!says_something(line)) continue;
    std::vector<std::string> cells{line.tenant.empty() ? "-" : line.tenant, line.set,
                                   line.rule.empty() ? "-" : line.rule, line.action};
    for (const auto* count : shown) cells.push_back(number(line.*count->value));
    constexpr std::size_t to_the_second = 19;
    cells.push_back(line.oldest.substr(0, to_the_second));
    cells.push_back(line.note.empty() ? line.reason : line.reason + "; " + line.note);
    table.add(std::move(cells));
  }
  return table.empty() ? std::string("Nothing is due.\n") : table.text();
}

std::string omissions_table(const std::string& heading, const std::vector<SweepOmission>& all) {
  if (all.empty()) return {};
  TextTable table({{"tenant"}, {"record set"}, {"rule"}, {"why"}});
  for (const auto& one : all)
    table.add({one.tenant.empty() ? "-" : one.tenant, one.set.empty() ? "-" : one.set,
               one.rule.empty() ? "-" : one.rule, one.reason});
  return "\n" + heading + "\n" + table.text(2);
}

Json omissions_json(const std::vector<SweepOmission>& all) {
  auto list = Json::array();
  for (const auto& one : all)
    list.push_back(
        {{"tenant", one.tenant}, {"set", one.set}, {"rule", one.rule}, {"reason", one.reason}});
  return list;
}

std::string label(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return "\"" + escaped + "\"";
}

std::string seconds(Instant instant) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  return std::to_string(whole);
}

}  // namespace

std::string sweep_text(const SweepResult& result) {
  auto text = title(result) + "\n\n" + lines_table(result);
  text +=
      omissions_table("Cannot see, so nothing is known of what is due there:", result.cannot_see);
  text += omissions_table("No period is set, so nothing is touched:", result.not_set);
  text += omissions_table("The map does not say when:", result.not_dated);
  for (const auto& warning : result.warnings) text += "\nwarning: " + printable(warning) + "\n";
  if (result.state != SweepState::planned && result.state != SweepState::refused) {
    text += "\n" + std::to_string(result.gone()) + " rows gone or masked";
    if (result.left() > 0)
      text +=
          ", " + std::to_string(result.left()) + " still there: the database is behind its policy";
    text += ".\n";
    if (result.objects > 0)
      text +=
          std::to_string(result.objects) +
          " objects outside the database are to be removed: dsarctl sweep objects lists them.\n";
  } else if (result.state == SweepState::planned) {
    text += "\n" + std::to_string(result.due()) + " rows are due.\n";
  }
  return text;
}

Json sweep_json(const SweepResult& result) {
  Json json{{"state", to_string(result.state)},
            {"run", result.run.empty() ? Json() : Json(result.run)},
            {"as_of", rfc3339(result.as_of)},
            {"started", result.started ? Json(rfc3339(*result.started)) : Json()},
            {"finished", result.finished ? Json(rfc3339(*result.finished)) : Json()},
            {"due", result.due()},
            {"gone", result.gone()},
            {"left", result.left()},
            {"batches", result.batches},
            {"longest_batch_ms", result.longest_batch.count()},
            {"objects", result.objects}};
  auto lines = Json::array();
  for (const auto& line : result.lines) {
    Json one{{"tenant", line.tenant}, {"set", line.set},        {"table", line.table},
             {"rule", line.rule},     {"clause", line.clause},  {"reason", line.reason},
             {"action", line.action}, {"cut_off", line.cut_off}};
    for (const auto& count : counts) one[count.name] = line.*count.value;
    one["oldest"] = line.oldest;
    one["note"] = line.note;
    lines.push_back(std::move(one));
  }
  json["lines"] = std::move(lines);
  json["cannot_see"] = omissions_json(result.cannot_see);
  json["not_set"] = omissions_json(result.not_set);
  json["not_dated"] = omissions_json(result.not_dated);
  json["warnings"] = result.warnings;
  return json;
}

std::string sweep_metrics(const SweepResult& result) {
  std::string text;
  for (const auto& count : counts) {
    const auto name = "dsarctl_sweep_" + std::string(count.name) + "_rows";
    text += "# HELP " + name + " " + count.help + ".\n# TYPE " + name + " gauge\n";
    for (const auto& line : result.lines)
      text += name + "{tenant=" + label(line.tenant) + ",rule=" + label(line.rule) +
              ",set=" + label(line.set) + ",action=" + label(line.action) + "} " +
              std::to_string(line.*count.value) + "\n";
  }
  text +=
      "# HELP dsarctl_sweep_cannot_see_sets Record sets that the role could not look at.\n"
      "# TYPE dsarctl_sweep_cannot_see_sets gauge\ndsarctl_sweep_cannot_see_sets " +
      std::to_string(result.cannot_see.size()) + "\n";
  text +=
      "# HELP dsarctl_sweep_success Whether the last sweep did everything that was due.\n"
      "# TYPE dsarctl_sweep_success gauge\ndsarctl_sweep_success " +
      std::string(result.state == SweepState::done ? "1" : "0") + "\n";
  if (result.finished)
    text +=
        "# HELP dsarctl_sweep_finished_seconds When the last sweep ended, since 1970.\n"
        "# TYPE dsarctl_sweep_finished_seconds gauge\ndsarctl_sweep_finished_seconds " +
        seconds(*result.finished) + "\n";
  return text;
}

}  // namespace dsar::formats

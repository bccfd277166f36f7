#include "formats/schedule_report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/iso_date.hpp"
#include "core/rfc3339.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"
#include "formats/wrapped.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

struct Count {
  const char* name;
  std::uint64_t SweepLine::*value;
};

constexpr std::array counts{
    Count{"due", &SweepLine::due},
    Count{"held", &SweepLine::held},
    Count{"kept_by_law", &SweepLine::kept_by_law},
    Count{"floored", &SweepLine::floored},
    Count{"undated", &SweepLine::undated},
    Count{"future", &SweepLine::future},
    Count{"left_over", &SweepLine::left_over},
    Count{"crossing", &SweepLine::crossing},
};

bool has_rows(const ViewedLine& line) {
  return std::any_of(counts.begin(), counts.end(),
                     [&](const Count& count) { return line.rows.*count.value != 0; });
}

std::string date_text(const std::optional<Instant>& instant, const Zone& zone) {
  return instant ? iso_text(zone.date_of(*instant)) : std::string();
}

std::string rule_or_none(const ViewedLine& line) {
  return line.rule.empty() ? "-" : line.rule;
}

/// What takes rows or keeps them; only the counts that hold anything have a column.
std::string working_table(const TenantSchedule& tenant) {
  std::vector<const ViewedLine*> lines;
  for (const auto& line : tenant.lines) {
    if (line.works || has_rows(line)) lines.push_back(&line);
  }
  std::vector<const Count*> shown;
  for (const auto& count : counts) {
    const bool always = count.value == &SweepLine::due;
    const bool any = std::any_of(lines.begin(), lines.end(), [&](const ViewedLine* line) {
      return line->rows.*count.value != 0;
    });
    if (always || any) shown.push_back(&count);
  }
  std::vector<TableColumn> columns{{"record set"}, {"rule"}, {"action"}, {"cut-off"}};
  for (const auto* count : shown) {
    std::string heading(count->name);
    std::replace(heading.begin(), heading.end(), '_', ' ');
    columns.push_back({heading, Align::right});
  }
  columns.insert(columns.end(), {{"oldest"}, {"next due"}, {"why"}});
  TextTable table(columns);
  for (const auto* line : lines) {
    const bool keeps = line->state == to_string(LineState::keeps);
    std::vector<std::string> cells{line->set, rule_or_none(*line), keeps ? "keep" : line->action,
                                   line->cut_off ? iso_text(line->cut_off->date) : ""};
    for (const auto* count : shown) {
      const auto value = line->rows.*count->value;
      const bool none = value == 0 && (count->value != &SweepLine::due || keeps);
      cells.push_back(none ? "" : std::to_string(value));
    }
    constexpr std::size_t to_the_day = 10;
    cells.push_back(line->oldest.substr(0, to_the_day));
    cells.push_back(date_text(line->next_due, tenant.zone));
    cells.push_back(line->reason);
    table.add(std::move(cells));
  }
  return table.empty() ? "  No rule takes anything.\n" : table.text(2);
}

/// Rules that take nothing now: each once for its reason, with the record sets that it is about.
std::string idle_list(const TenantSchedule& tenant) {
  struct Idle {
    std::string rule;
    std::string reason;
    std::string sets;
  };
  std::vector<Idle> all;
  for (const auto& line : tenant.lines) {
    if (line.works || has_rows(line)) continue;
    const auto same = std::find_if(all.begin(), all.end(), [&](const Idle& idle) {
      return idle.rule == line.rule && idle.reason == line.reason;
    });
    if (same == all.end()) {
      all.push_back({line.rule, line.reason, line.set});
    } else {
      same->sets += ", " + line.set;
    }
  }
  std::string text;
  for (const auto& idle : all) {
    constexpr std::size_t indent = 4;
    text += "  " + printable(idle.rule + ": " + idle.reason) + "\n" + std::string(indent, ' ') +
            wrapped(idle.sets, indent) + "\n";
  }
  return text.empty() ? text : "\n  Nothing goes by these:\n" + text;
}

std::string heading(const TenantSchedule& tenant) {
  if (tenant.tenant.empty()) return "zone " + tenant.zone.name();
  return printable(tenant.tenant) + " (zone " + tenant.zone.name() + ")";
}

Json instant_json(const std::optional<Instant>& instant) {
  return instant ? Json(rfc3339(*instant)) : Json();
}

Json line_json(const ViewedLine& line) {
  Json json{{"set", line.set},
            {"table", line.table},
            {"rule", line.rule},
            {"clause", line.clause},
            {"state", line.state},
            {"clock", line.clock.empty() ? Json() : Json(line.clock)},
            {"reason", line.reason},
            {"action", line.action.empty() ? Json() : Json(line.action)},
            {"cut_off", line.cut_off ? Json(rfc3339(line.cut_off->instant)) : Json()},
            {"since", instant_json(line.since)}};
  for (const auto& count : counts) json[count.name] = line.rows.*count.value;
  json["oldest"] = line.oldest.empty() ? Json() : Json(line.oldest);
  json["next_due"] = instant_json(line.next_due);
  return json;
}

}  // namespace

std::string schedule_text(const ScheduleView& view) {
  auto text = "Schedule of policy " + printable(view.policy) + " as of " + rfc3339(view.as_of) +
              ": " + std::to_string(view.due()) + " rows are due.\n";
  if (view.tenants.empty()) text += "\nNobody lives under this policy.\n";
  for (const auto& tenant : view.tenants)
    text += "\n" + heading(tenant) + "\n" + working_table(tenant) + idle_list(tenant);
  for (const auto& unseen : view.cannot_see)
    text += "\nwarning: cannot see " + printable(unseen.set + ": " + unseen.reason) + "\n";
  return text;
}

Json schedule_json(const ScheduleView& view) {
  Json json{{"policy", view.policy}, {"as_of", rfc3339(view.as_of)}, {"due", view.due()}};
  json["tenants"] = Json::array();
  for (const auto& tenant : view.tenants) {
    auto lines = Json::array();
    for (const auto& line : tenant.lines) lines.push_back(line_json(line));
    json["tenants"].push_back(
        {{"tenant", tenant.tenant}, {"zone", tenant.zone.name()}, {"lines", std::move(lines)}});
  }
  json["cannot_see"] = Json::array();
  for (const auto& unseen : view.cannot_see)
    json["cannot_see"].push_back({{"set", unseen.set}, {"reason", unseen.reason}});
  return json;
}

}  // namespace dsar::formats

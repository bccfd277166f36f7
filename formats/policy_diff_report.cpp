#include "formats/policy_diff_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/iso_date.hpp"
#include "core/rfc3339.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"
#include "formats/wrapped.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

std::string number(std::uint64_t value) {
  return value == 0 ? "" : std::to_string(value);
}

std::string name_of(const PolicyEntry& entry) {
  return entry.policy.id + (entry.file.empty() ? "" : " (" + entry.file + ")");
}

std::string rows_table(const TenantChange& tenant) {
  if (tenant.sets.empty()) return "  No row changes sides.\n";
  TextTable table({{"record set"},
                   {"due", Align::right},
                   {"then due", Align::right},
                   {"newly due", Align::right},
                   {"no longer due", Align::right}});
  for (const auto& set : tenant.sets)
    table.add({set.set, std::to_string(set.due), std::to_string(set.then_due),
               number(set.newly_due()), number(set.no_longer_due())});
  return table.text(2);
}

std::string words(const std::optional<ViewedLine>& line) {
  if (!line) return "no rule";
  return line->reason + (line->action == to_string(SweepAction::mask) ? ", mask" : "") +
         (line->cut_off ? ", cut-off " + iso_text(line->cut_off->date) : "");
}

/// Each change once, with the record sets that it is about.
std::string lines_list(const TenantChange& tenant) {
  struct Group {
    std::string title;
    std::string sets;
  };
  std::vector<Group> groups;
  for (const auto& change : tenant.lines) {
    const auto title = change.line().rule + ", " + std::string(to_string(change.kind)) + ": " +
                       words(change.before) + " -> " + words(change.after);
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& group) { return group.title == title; });
    if (known == groups.end()) {
      groups.push_back({title, change.line().set});
    } else {
      known->sets += ", " + change.line().set;
    }
  }
  std::string text;
  for (const auto& group : groups) {
    constexpr std::size_t indent = 4;
    text += "  " + printable(group.title) + "\n" + std::string(indent, ' ') +
            wrapped(group.sets, indent) + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

Json side_json(const std::optional<ViewedLine>& line) {
  if (!line) return {};
  return {{"state", line->state},
          {"reason", line->reason},
          {"action", line->action.empty() ? Json() : Json(line->action)},
          {"cut_off", line->cut_off ? Json(rfc3339(line->cut_off->instant)) : Json()}};
}

Json tenant_json(const TenantChange& tenant) {
  auto sets = Json::array();
  for (const auto& set : tenant.sets)
    sets.push_back({{"set", set.set},
                    {"due", set.due},
                    {"then_due", set.then_due},
                    {"newly_due", set.newly_due()},
                    {"no_longer_due", set.no_longer_due()}});
  auto lines = Json::array();
  for (const auto& change : tenant.lines) {
    const auto& line = change.line();
    lines.push_back({{"set", line.set},
                     {"rule", line.rule},
                     {"clock", line.clock.empty() ? Json() : Json(line.clock)},
                     {"change", to_string(change.kind)},
                     {"before", side_json(change.before)},
                     {"after", side_json(change.after)}});
  }
  return {{"tenant", tenant.tenant}, {"sets", std::move(sets)}, {"lines", std::move(lines)}};
}

Json entry_json(const PolicyEntry& entry) {
  return {{"policy", entry.policy.id}, {"file", entry.file.empty() ? Json() : Json(entry.file)}};
}

template <typename Count>
std::uint64_t sum(const std::vector<TenantChange>& tenants, Count count) {
  std::uint64_t rows = 0;
  for (const auto& tenant : tenants) {
    for (const auto& set : tenant.sets) rows += count(set);
  }
  return rows;
}

}  // namespace

std::uint64_t PolicyDiff::newly_due() const {
  return sum(tenants, [](const SetChange& set) { return set.newly_due(); });
}

std::uint64_t PolicyDiff::no_longer_due() const {
  return sum(tenants, [](const SetChange& set) { return set.no_longer_due(); });
}

std::optional<ChangeNotice> PolicyDiff::notice() const {
  return tenants.empty() ? std::nullopt : from->policy.change_notice;
}

std::string policy_diff_text(const PolicyDiff& diff) {
  auto text = "From " + printable(name_of(*diff.from)) + " to " + printable(name_of(*diff.to)) +
              " as of " + rfc3339(diff.as_of) + ": " + std::to_string(diff.newly_due()) +
              " rows newly due, " + std::to_string(diff.no_longer_due()) +
              " no longer due. Nothing has been changed.\n";
  if (diff.tenants.empty()) text += "\nNothing would change for those who live under it.\n";
  for (const auto& tenant : diff.tenants) {
    text += "\n" + (tenant.tenant.empty() ? std::string() : printable(tenant.tenant) + "\n") +
            rows_table(tenant) + lines_list(tenant);
  }
  if (const auto notice = diff.notice())
    text +=
        "\nwarning: " +
        wrapped("the policy promises notice of " + to_text(notice->ahead) +
                    " before a material change takes effect (" + to_text(notice->citation) + ")",
                0) +
        "\n";
  for (const auto& unseen : diff.cannot_see)
    text += "\nwarning: cannot see " + printable(unseen.set + ": " + unseen.reason) + "\n";
  return text;
}

Json policy_diff_json(const PolicyDiff& diff) {
  Json json{{"from", entry_json(*diff.from)},
            {"to", entry_json(*diff.to)},
            {"as_of", rfc3339(diff.as_of)},
            {"newly_due", diff.newly_due()},
            {"no_longer_due", diff.no_longer_due()}};
  const auto notice = diff.notice();
  json["notice"] =
      notice ? Json{{"ahead", to_text(notice->ahead)}, {"clause", to_text(notice->citation)}}
             : Json();
  json["tenants"] = Json::array();
  for (const auto& tenant : diff.tenants) json["tenants"].push_back(tenant_json(tenant));
  json["cannot_see"] = Json::array();
  for (const auto& unseen : diff.cannot_see)
    json["cannot_see"].push_back({{"set", unseen.set}, {"reason", unseen.reason}});
  return json;
}

}  // namespace dsar::formats

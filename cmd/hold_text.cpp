#include "cmd/hold_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

Json hold_json(const Hold& hold, Date today) {
  Json json{{"id", hold.id}, {"kind", to_string(hold.placed.kind)}};
  if (!hold.placed.tenant.key.empty()) json["tenant"] = tenant_json(hold.placed.tenant);
  if (hold.placed.kind == HoldKind::subject) json["subject"] = subject_json(hold.placed.subject);
  if (hold.placed.kind == HoldKind::set) json["set"] = hold.placed.set;
  if (hold.placed.predicate) json["where"] = *hold.placed.predicate;
  json["ground"] = hold.placed.ground;
  json["author"] = hold.placed.author;
  json["placed_at"] = rfc3339(hold.placed_at);
  json["review_on"] = iso_text(hold.placed.review_on);
  json["overdue"] = is_overdue(hold, today);
  if (hold.released_at)
    json["released"] = {{"at", rfc3339(*hold.released_at)},
                        {"author", hold.released_by},
                        {"reason", hold.release_reason}};
  return json;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char letter) { return letter >= '0' && letter <= '9'; });
}

std::string state(const Hold& hold, Date today) {
  if (hold.released_at) {
    const auto day = std::chrono::floor<std::chrono::days>(*hold.released_at);
    return "released " + iso_text(day) + ": " + hold.release_reason;
  }
  return is_overdue(hold, today) ? "review overdue" : "holds";
}

}  // namespace

std::string rows_text(const SubjectKeys& keys) {
  constexpr std::size_t most_rows = 5;
  std::vector<std::string> sets;
  std::size_t more = 0;
  for (const auto& [set, rows] : keys) {
    std::vector<std::string> numbers;
    for (const auto& row : rows) {
      if (numbers.size() < most_rows && row.size() == 1 && is_number(row.front()))
        numbers.push_back(row.front());
      else
        ++more;
    }
    if (!numbers.empty()) sets.push_back(set + " " + join(numbers, ", "));
  }
  auto text = join(sets, "; ");
  if (more == 0) return text;
  if (!text.empty()) text += " and ";
  return text + std::to_string(more) + (sets.empty() ? " rows" : " more");
}

Json tenant_json(const RecordedTenant& tenant) {
  return {{"key", tenant.key}, {"slug", tenant.slug}};
}

Json subject_json(const RecordedSubject& subject) {
  Json rows = Json::object();
  for (const auto& [set, keys] : subject.keys) rows[set] = keys;
  std::vector<std::string> kinds;
  for (const auto& identity : subject.asked) kinds.push_back(identity.kind);
  return {{"kind", subject.kind}, {"identity_kinds", kinds}, {"rows", std::move(rows)}};
}

std::string what_is_held(const NewHold& hold) {
  switch (hold.kind) {
    case HoldKind::subject:
      return hold.subject.kind + ": " + rows_text(hold.subject.keys);
    case HoldKind::tenant:
      return "the whole tenant";
    case HoldKind::set:
      return hold.set + (hold.predicate ? " where " + *hold.predicate : std::string());
  }
  return {};
}

std::string holds_text(const std::vector<Hold>& holds, Date today) {
  if (holds.empty()) return "no holds\n";
  formats::TextTable table({{"hold", formats::Align::right},
                            {"tenant"},
                            {"what"},
                            {"ground"},
                            {"by"},
                            {"placed"},
                            {"review"},
                            {"state"}});
  for (const auto& hold : holds) {
    const auto& tenant = hold.placed.tenant.slug;
    table.add({std::to_string(hold.id),
               tenant.empty() && hold.placed.kind == HoldKind::set ? "every" : tenant,
               what_is_held(hold.placed), hold.placed.ground, hold.placed.author,
               iso_text(std::chrono::floor<std::chrono::days>(hold.placed_at)),
               iso_text(hold.placed.review_on), state(hold, today)});
  }
  auto text = table.text();
  const auto overdue = std::count_if(holds.begin(), holds.end(),
                                     [&](const Hold& hold) { return is_overdue(hold, today); });
  if (overdue > 0)
    text += std::to_string(overdue) + (overdue == 1 ? " review is" : " reviews are") +
            " overdue: look whether the ground still stands, then release the hold or place it "
            "anew\n";
  return text;
}

Json holds_json(const std::vector<Hold>& holds, Date today) {
  Json list = Json::array();
  for (const auto& hold : holds) list.push_back(hold_json(hold, today));
  return {{"holds", std::move(list)}};
}

std::string coverage_text(const NewHold& hold, const std::vector<pg::Coverage>& covered) {
  std::uint64_t rows = 0;
  formats::TextTable table({{"record set"}, {"rows", formats::Align::right}});
  for (const auto& one : covered) {
    rows += one.rows;
    table.add({one.set, std::to_string(one.rows)});
  }
  auto text = "on " + formats::printable(what_is_held(hold));
  if (!hold.tenant.slug.empty()) text += ", tenant " + formats::printable(hold.tenant.slug);
  text += ": holds " + std::to_string(rows) + " rows as of now\n";
  return table.empty() ? text : text + table.text(2);
}

Json coverage_json(const std::vector<pg::Coverage>& covered) {
  Json sets = Json::object();
  for (const auto& one : covered) sets[one.set] = one.rows;
  return sets;
}

}  // namespace dsar::cmd

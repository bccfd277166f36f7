#include "cmd/held_by.hpp"

#include <nlohmann/json.hpp>

#include "core/pg/choices.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/requests.hpp"
#include "core/selection.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

/// Whether the hold keeps any of the subject's rows.
bool keeps(const NewHold& hold, Reading& reading, const FoundSubject& found) {
  switch (hold.kind) {
    case HoldKind::subject:
      return share_a_row(hold.subject.keys, found.keys);
    case HoldKind::tenant:
      return hold.tenant.key == found.tenant.key;
    case HoldKind::set:
      break;
  }
  if (!hold.tenant.key.empty() && hold.tenant.key != found.tenant.key) return false;
  if (find_set(reading.map, hold.set).set == nullptr) return false;
  HeldSet set{"", hold.tenant.key, hold.set, std::nullopt};
  if (hold.predicate) set.predicate = SqlFragment{*hold.predicate, {}};
  Held held;
  held.sets.push_back(std::move(set));
  const ReachContext reach{reading.map, reading.catalogue, found.keys, found.tenant.key};
  return pg::holds_any(reading.connection, reach, held);
}

}  // namespace

std::optional<std::vector<HeldBy>> held_by(Reading& reading, const FoundSubject& found) {
  if (!pg::can_read_holds(reading.connection)) return std::nullopt;
  std::vector<HeldBy> holds;
  for (const auto& hold : pg::list_holds(reading.connection, false)) {
    if (!keeps(hold.placed, reading, found)) continue;
    auto what = std::string(to_string(hold.placed.kind));
    if (hold.placed.kind == HoldKind::set) what += " " + hold.placed.set;
    holds.push_back(
        {"hold " + std::to_string(hold.id), what, hold.placed.ground, hold.placed.review_on});
  }
  for (const auto& request : pg::list_requests(reading.connection, false)) {
    if (!share_a_row(request.opened.subject.keys, found.keys)) continue;
    holds.push_back({"request " + std::to_string(request.id),
                     std::string(to_string(request.opened.kind)), request.opened.due_by,
                     request.opened.due_on});
  }
  for (const auto& choice : pg::list_choices(reading.connection, false)) {
    if (choice.made.kind != SubjectChoice::restriction ||
        !share_a_row(choice.made.subject.keys, found.keys))
      continue;
    holds.push_back({"restriction " + std::to_string(choice.id), "restricted", choice.made.ground,
                     std::chrono::floor<std::chrono::days>(choice.made.made_at)});
  }
  return holds;
}

std::string held_by_text(const std::optional<std::vector<HeldBy>>& holds) {
  if (!holds) return "\nHolds and open requests cannot be seen: see dsarctl doctor\n";
  if (holds->empty()) return {};
  formats::TextTable table({{"by"}, {"on"}, {"ground"}, {"review, due or since"}});
  for (const auto& hold : *holds) table.add({hold.by, hold.what, hold.why, iso_text(hold.date)});
  return "\nKept from being deleted:\n" + table.text(2);
}

nlohmann::ordered_json held_by_json(const std::optional<std::vector<HeldBy>>& holds) {
  if (!holds) return nullptr;
  auto list = nlohmann::ordered_json::array();
  for (const auto& hold : *holds)
    list.push_back(
        {{"by", hold.by}, {"on", hold.what}, {"ground", hold.why}, {"date", iso_text(hold.date)}});
  return list;
}

}  // namespace dsar::cmd

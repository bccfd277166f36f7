#include "formats/erasure_report.hpp"

#include <nlohmann/json.hpp>

#include "core/rfc3339.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

Json date_or_null(const std::optional<Date>& date) {
  return date ? Json(iso_text(*date)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string title(const ErasureResult& result) {
  const auto of_tenant =
      result.whole_tenant ? " of the whole tenant " + printable(result.tenant) : std::string();
  if (result.id.empty())
    return "Plan of an erasure" + of_tenant + " as of " + rfc3339(result.as_of) +
           ": nothing has been changed.";
  return "Erasure " + result.id + of_tenant + " as of " + rfc3339(result.as_of) +
         (result.withheld() == 0 ? ": done." : ": done, but for what was withheld.");
}

std::string action_of(const ErasureLine& line) {
  const auto action = std::string(to_string(line.fate));
  return withholds(line.ground.cause) && line.fate == RowFate::keep ? "withhold" : action;
}

std::string lines_text(const ErasureResult& result) {
  TextTable table({{"record set"}, {"rows", Align::right}, {"action"}, {"why"}, {"until"}});
  for (const auto& line : result.lines)
    table.add({line.set, std::to_string(line.rows), action_of(line), reason(line.ground, line.fate),
               line.ground.until ? iso_text(*line.ground.until) : ""});
  return table.empty() ? "  no rows\n" : table.text(2);
}

void add_list(std::string& text, const std::string& heading,
              const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text += "\n" + heading + "\n";
  for (const auto& line : lines) text += "  " + printable(line) + "\n";
}

std::string outside_text(const ErasureResult& result) {
  std::string text;
  std::vector<std::string> objects;
  for (const auto& one : result.objects)
    objects.push_back(one.store + ": " + std::to_string(one.count));
  add_list(text, "Objects outside the database, to be removed there:", objects);
  std::vector<std::string> recipients;
  for (const auto& one : result.recipients) recipients.push_back(one.name + ": " + one.purpose);
  add_list(text, "Recipients to be notified (Art. 19):", recipients);
  text += "\nBackups: ";
  text += result.backups_until ? "rotated by " + iso_text(*result.backups_until) + "\n"
                               : std::string("when they are rotated is not stated\n");
  return text;
}

}  // namespace

std::string erasure_text(const ErasureResult& result) {
  auto text = title(result) + "\n\n" + lines_text(result);
  std::vector<std::string> effects;
  for (const auto& one : result.effects)
    effects.push_back(one.table + ", " + one.kind + ": " + one.what);
  add_list(text, "The database does besides:", effects);
  text += outside_text(result);
  add_list(text, "Cannot see:", result.cannot_see);
  add_list(text, "Rows that arrived meanwhile were erased too, by:", result.followed_by);
  add_list(text, "Warnings:", result.warnings);
  text += "\n" + std::to_string(result.rows_with(RowFate::remove)) + " rows " +
          (result.id.empty() ? "to delete, " : "deleted, ") +
          std::to_string(result.rows_with(RowFate::mask)) +
          (result.id.empty() ? " to mask, " : " masked, ") +
          std::to_string(result.rows_with(RowFate::repoint)) +
          (result.id.empty() ? " to re-point, " : " re-pointed, ") +
          std::to_string(result.withheld()) + " withheld\n";
  return text;
}

Json erasure_json(const ErasureResult& result) {
  auto lines = Json::array();
  for (const auto& line : result.lines)
    lines.push_back({{"set", line.set},
                     {"table", line.table},
                     {"action", to_string(line.fate)},
                     {"rows", line.rows},
                     {"withheld", withholds(line.ground.cause)},
                     {"cause", to_string(line.ground.cause)},
                     {"by", text_or_null(line.ground.by)},
                     {"clause", text_or_null(line.ground.clause)},
                     {"until", date_or_null(line.ground.until)},
                     {"reason", reason(line.ground, line.fate)}});
  auto effects = Json::array();
  for (const auto& one : result.effects)
    effects.push_back({{"kind", one.kind}, {"table", one.table}, {"what", one.what}});
  auto objects = Json::array();
  for (const auto& one : result.objects)
    objects.push_back({{"store", one.store}, {"count", one.count}});
  auto recipients = Json::array();
  for (const auto& one : result.recipients)
    recipients.push_back({{"name", one.name}, {"purpose", one.purpose}, {"clause", one.clause}});
  auto digests = Json::array();
  for (const auto& one : result.digests)
    digests.push_back({{"set", one.set}, {"rows", one.rows}, {"sum", one.sum}});
  return {{"erasure", text_or_null(result.id)},
          {"follows", text_or_null(result.follows)},
          {"followed_by", result.followed_by},
          {"as_of", rfc3339(result.as_of)},
          {"tenant", text_or_null(result.tenant)},
          {"whole_tenant", result.whole_tenant},
          {"policy", text_or_null(result.policy)},
          {"subject_rows", result.subject_rows},
          {"lines", std::move(lines)},
          {"deleted", result.rows_with(RowFate::remove)},
          {"masked", result.rows_with(RowFate::mask)},
          {"repointed", result.rows_with(RowFate::repoint)},
          {"withheld", result.withheld()},
          {"effects", std::move(effects)},
          {"objects", std::move(objects)},
          {"recipients", std::move(recipients)},
          {"backups_until", date_or_null(result.backups_until)},
          {"cannot_see", result.cannot_see},
          {"warnings", result.warnings},
          {"scope", text_or_null(result.scope)},
          {"digests", std::move(digests)}};
}

}  // namespace dsar::formats

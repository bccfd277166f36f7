#include "formats/rectification_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/sql.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"
#include "formats/wrapped.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

std::string shown(const std::optional<std::string>& value, bool reveal) {
  if (!value) return "(empty)";
  if (!reveal) return masked_value(*value);
  return *value;
}

/// Keys too may be personal: an address that a subscription is known by.
std::string key_text(const std::vector<std::string>& key, bool reveal) {
  std::vector<std::string> parts;
  for (const auto& part : key) {
    const bool plain = part.find('@') == std::string::npos;
    parts.push_back(reveal || plain ? part : masked_value(part));
  }
  return join(parts, "/");
}

std::string heading(const RectificationReport& report) {
  const auto& done = report.done;
  auto text = report.tenant.empty() ? std::string() : "tenant " + report.tenant + ": ";
  const auto rows = done.changed();
  text += report.applied ? "changed " : "would change ";
  text += std::to_string(rows) + (rows == 1 ? " row" : " rows") + " in " +
          std::to_string(done.rows.size()) +
          (done.rows.size() == 1 ? " record set" : " record sets");
  if (done.records > 0)
    text += ", and " + std::to_string(done.records) + " records of holds and requests";
  return printable(text) + (report.applied ? "\n" : "; nothing is changed without --apply\n");
}

std::string values_text(const RectificationReport& report, bool changed) {
  TextTable table(
      {{"place"}, {"row"}, {changed ? "before" : "value"}, {changed ? "after" : "why"}});
  for (const auto& value : report.done.values) {
    const bool is_changed = value.fate == PlaceFate::change || value.fate == PlaceFate::cleared;
    if (is_changed != changed) continue;
    std::string last;
    switch (value.fate) {
      case PlaceFate::change:
        last = shown(value.after, report.reveal);
        break;
      case PlaceFate::cleared:
        last = shown(value.after, report.reveal) + " (kept by a trigger of this very change)";
        break;
      case PlaceFate::follows:
        last = "the database computes it anew";
        break;
      case PlaceFate::historic:
        last = "historic: the map says that it stays as it was";
        break;
      case PlaceFate::others:
        last = "in a row that is other people's too";
        break;
    }
    table.add({value.set + "." + value.column, key_text(value.key, report.reveal),
               shown(value.before, report.reveal), last});
  }
  return table.empty() ? std::string() : table.text(2);
}

std::string mentions_text(const Rectification& done) {
  std::string text;
  TextTable table({{"place"}, {"rows", Align::right}});
  for (const auto& mention : done.mentions)
    table.add({mention.set + "." + mention.column, std::to_string(mention.rows)});
  if (!table.empty())
    text += "\nThe old value also stands in the midst of texts, which are not rewritten:\n" +
            table.text(2);
  for (const auto& why : done.unsearched)
    text += "\n" + wrapped("Texts were not searched for the old value of " + why + ".", 0) + "\n";
  return text;
}

std::string recipients_text(const RectificationReport& report) {
  if (report.recipients.empty())
    return "\nRecipients to be told (Art. 19): the policy names none\n";
  TextTable table({{"recipient"}, {"purpose"}, {"clause"}});
  for (const auto& recipient : report.recipients)
    table.add({recipient.name, recipient.purpose, to_text(recipient.citation)});
  return "\nRecipients to be told, unless that is impossible or out of proportion (Art. 19):\n" +
         table.text(2);
}

Json value_json(const std::optional<std::string>& value, bool reveal) {
  if (!value) return nullptr;
  return reveal ? *value : masked_value(*value);
}

}  // namespace

std::string rectification_text(const RectificationReport& report) {
  const auto& done = report.done;
  auto text = heading(report) + values_text(report, true);
  if (const auto stays = values_text(report, false); !stays.empty())
    text += "\nNot rewritten:\n" + stays;
  text += mentions_text(done);
  if (!done.still_found.empty())
    text += "\nStill found by the old value: " + printable(join(done.still_found, ", ")) + "\n";
  if (!done.cannot_see.empty()) {
    TextTable unseen({{"what"}, {"why"}});
    for (const auto& omission : done.cannot_see) unseen.add({omission.what, omission.reason});
    text += "\nCannot see, so the old value may still stand there:\n" + unseen.text(2);
  }
  return text + recipients_text(report);
}

Json rectification_json(const RectificationReport& report) {
  const auto& done = report.done;
  Json json{{"applied", report.applied},
            {"tenant", report.tenant},
            {"policy", report.policy},
            {"values_shown", report.reveal}};
  json["changed"] = Json::array();
  for (const auto& [set, rows] : done.rows)
    json["changed"].push_back({{"set", set}, {"rows", rows}});
  json["records"] = done.records;
  json["places"] = Json::array();
  for (const auto& value : done.values) {
    Json key = Json::array();
    for (const auto& part : value.key) key.push_back(key_text({part}, report.reveal));
    json["places"].push_back({{"set", value.set},
                              {"column", value.column},
                              {"row", std::move(key)},
                              {"fate", to_string(value.fate)},
                              {"before", value_json(value.before, report.reveal)},
                              {"after", value_json(value.after, report.reveal)}});
  }
  json["mentions"] = Json::array();
  for (const auto& mention : done.mentions)
    json["mentions"].push_back(
        {{"set", mention.set}, {"column", mention.column}, {"rows", mention.rows}});
  json["not_searched"] = done.unsearched;
  json["still_found"] = done.still_found;
  json["cannot_see"] = Json::array();
  for (const auto& omission : done.cannot_see)
    json["cannot_see"].push_back({{"what", omission.what}, {"reason", omission.reason}});
  json["recipients"] = Json::array();
  for (const auto& recipient : report.recipients)
    json["recipients"].push_back({{"name", recipient.name},
                                  {"purpose", recipient.purpose},
                                  {"clause", to_text(recipient.citation)}});
  return json;
}

}  // namespace dsar::formats

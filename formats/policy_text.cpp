#include "formats/policy_text.hpp"

#include <string_view>
#include <vector>

#include "core/policy_wording.hpp"
#include "formats/text_table.hpp"
#include "formats/wrapped.hpp"

namespace dsar::formats {
namespace {

constexpr std::size_t label_width = 14;

/// `  label       text, wrapped beside the label`
std::string line(std::string_view label, std::string_view text) {
  std::string start = "  " + std::string(label);
  start.resize(label_width, ' ');
  return start + wrapped(text, label_width) + '\n';
}

template <NamedEnum E>
std::string names(const std::vector<E>& values) {
  std::string text;
  for (const E value : values) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(value));
  }
  return text;
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string categories_of(const RetentionRule& rule) {
  const std::string ground = "rows with a recorded legal or accounting ground";
  if (rule.categories.empty()) return ground;
  return to_text(rule.categories) + (rule.with_recorded_ground ? ", and " + ground : "");
}

std::string clock_of(const RetentionRule& rule) {
  if (rule.clock.empty()) return "none";
  const std::string events = names(rule.clock);
  return rule.choice == ClockChoice::only ? events
                                          : std::string(to_string(rule.choice)) + " of " + events;
}

/// The clause; with its text where the policy has several.
std::string clause_of(const Citation& citation, const Policy& policy) {
  return policy.documents.size() == 1 ? citation.clause : to_text(citation);
}

std::string rule_text(const RetentionRule& rule, const PolicyEntry& entry) {
  std::string text = "\n" + rule.id + "\n";
  text += line("clause", clause_of(rule.citation, entry.policy));
  text += line("categories", categories_of(rule));
  text += line("clock", clock_of(rule));
  text += line("period", to_text(rule.period));
  for (const FilePeriod& each : entry.periods) {
    if (each.change.rule != rule.id) continue;
    const std::string change = to_text(each.change.period) + " (" + each.change.reason + ")";
    text +=
        each.tenant.empty() ? line("set to", change) : line("tenant", each.tenant + ": " + change);
  }
  text += line("bound", to_string(rule.bound));
  text += line("override", to_string(rule.tenant_override));
  if (!rule.conditions.empty()) text += line("conditions", names(rule.conditions));
  text += line("action", rule.action ? to_string(*rule.action) : "none");
  text += line("meaning", rule_in_words(rule));
  if (!rule.note.empty()) text += line("note", rule.note);
  return text;
}

std::string origin_of(const PolicyEntry& entry) {
  if (entry.file.empty()) return "built in";
  return entry.file + (entry.extends.empty() ? "" : ", extends " + entry.extends);
}

std::string editions_of(const Policy& policy) {
  std::string text;
  for (const Document& each : policy.documents) {
    text += (text.empty() ? "" : "; ") + each.edition();
  }
  return text;
}

}  // namespace

std::string policy_text(const PolicyEntry& entry) {
  const Policy& policy = entry.policy;
  std::string text = wrapped(policy.title + " (" + policy.id + "): " + origin_of(entry), 0) + '\n';
  for (const Document& each : policy.documents) {
    text += line("text", each.title + " (" + each.edition() + ")");
  }
  text += line("publisher", policy.publisher.name);
  text += line("laws", names(policy.regimes));
  text += line("rules", std::to_string(policy.rules.size()));
  for (const RetentionRule& rule : policy.rules) text += rule_text(rule, entry);
  if (const auto open = rules_left_open(entry); !open.empty()) {
    std::string ids;
    for (const RetentionRule* const rule : open) ids += (ids.empty() ? "" : ", ") + rule->id;
    text += '\n' + wrapped(counted(open.size(), "period") + " for the operator to set: " + ids, 2);
    text += '\n';
  }
  if (!policy.unstated.empty()) text += "\nLeft open by the text:\n";
  for (const std::string& each : policy.unstated) text += "  - " + wrapped(each, 4) + '\n';
  return text;
}

std::string policy_list_text(const PolicyCatalogue& catalogue) {
  TextTable table({{"policy"},
                   {"title"},
                   {"edition"},
                   {"rules", Align::right},
                   {"to be set", Align::right},
                   {"from"}});
  for (const PolicyEntry& entry : catalogue.entries()) {
    const Policy& policy = entry.policy;
    table.add({policy.id, policy.title, editions_of(policy), std::to_string(policy.rules.size()),
               std::to_string(rules_left_open(entry).size()), origin_of(entry)});
  }
  return table.text();
}

}  // namespace dsar::formats

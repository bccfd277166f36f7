#include "formats/redacted_json.hpp"

#include <algorithm>
#include <tuple>

#include "core/json_string.hpp"
#include "formats/json_row.hpp"
#include "formats/redacted_rows.hpp"

namespace dsar::formats {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool leads_somewhere(const JsonPathRule& rule) {
  return rule.secret || rule.third_party.has_value();
}

bool has_wildcard(const JsonPath& path) {
  return std::any_of(path.begin(), path.end(), [](const JsonStep& step) {
    return step.kind == JsonStep::Kind::any_member || step.kind == JsonStep::Kind::any_element;
  });
}

/// `text` as part of a JSON string.
void append_escaped(std::string& out, std::string_view text) {
  const auto quote = out.size();
  append_json_string(out, text);
  out.erase(quote, 1);
  out.pop_back();
}

template <typename Places>
std::vector<JsonRule> rules_of(const Places& places) {
  std::vector<JsonRule> rules;
  for (const auto& place : places) rules.push_back(place.rule);
  return rules;
}

}  // namespace

bool RedactedJson::is_needed(const SelectedColumn& column) {
  const auto& rule = *column.rule;
  if (std::any_of(rule.json.begin(), rule.json.end(), leads_somewhere)) return true;
  return !rule.third_parties.empty() &&
         (column.column.kind == ValueKind::json || rule.encoding == Encoding::json);
}

/// Where several lead to one value, the most definite decides: what it is as a whole before what
/// may be in it as a text, a place with a name before any place, the column last.
std::vector<RedactedJson::Place> RedactedJson::places(const std::string& set,
                                                      const SelectedColumn& column,
                                                      Redactor& redactor) {
  std::vector<Place> places;
  for (const auto& rule : column.rule->json) {
    if (!leads_somewhere(rule)) continue;
    Place place;
    place.rule = {parse_json_path(rule.path), rule.secret};
    if (rule.third_party) place.party = redactor.prepare(*rule.third_party);
    place.log = &redactor.log().column(set, column.column.name, rule.path);
    places.push_back(std::move(place));
  }
  for (const auto& party : column.rule->third_parties) {
    Place place;
    place.party = redactor.prepare(party);
    place.log = &redactor.log().column(set, column.column.name);
    place.of_column = static_cast<std::size_t>(&party - column.rule->third_parties.data());
    places.push_back(std::move(place));
  }
  const auto order = [](const Place& place) {
    return std::tuple(place.of_column.has_value(), !place.party.whole(),
                      has_wildcard(place.rule.path));
  };
  std::stable_sort(places.begin(), places.end(),
                   [&](const Place& a, const Place& b) { return order(a) < order(b); });
  return places;
}

RedactedJson::RedactedJson(const std::string& set, const SelectedColumn& column, Redactor& redactor)
    : redactor_(redactor),
      is_json_(column.column.kind == ValueKind::json),
      in_string_(is_json_ && column.rule->encoding == Encoding::json),
      places_(places(set, column, redactor)),
      only_texts_(
          std::none_of(places_.begin(), places_.end(),
                       [](const Place& place) { return place.rule.drop || place.party.whole(); })),
      rewriter_(rules_of(places_)),
      log_(redactor.log().column(set, column.column.name)) {}

bool RedactedJson::redact(std::string_view json, std::optional<std::size_t> party,
                          std::string& out) {
  if (!is_json_ && json.find_first_not_of(blanks) == std::string_view::npos) return false;
  if (is_json_ && only_texts_ && !may_hold_address(json)) return false;
  party_ = party;
  met_.clear();
  dropped_.clear();
  const bool is_string =
      in_string_ &&
      json.substr(std::min(json.find_first_not_of(blanks), json.size())).starts_with('"');
  switch (is_string ? rewrite_string(json, out) : rewrite(json, out)) {
    case JsonOutcome::unchanged:
      return false;
    case JsonOutcome::rewritten:
      write_log();
      return true;
    case JsonOutcome::unreadable:
      break;
  }
  out.clear();
  if (is_json_) {
    append_json_string(out, withheld_value);
  } else {
    out = withheld_value;
  }
  ++log_.withheld;
  return true;
}

JsonOutcome RedactedJson::rewrite(std::string_view json, std::string& out) {
  return rewriter_.rewrite(json, *this, out);
}

/// JSON in a string: unwrapped, rewritten and wrapped again.
JsonOutcome RedactedJson::rewrite_string(std::string_view json, std::string& out) {
  const auto first = json.find('"');
  const auto last = json.rfind('"');
  if (first == last || !decode_json_string(json.substr(first + 1, last - first - 1), decoded_))
    return JsonOutcome::unreadable;
  // Rules decode into `decoded_` too, so what is read has to stand elsewhere.
  inner_.swap(decoded_);
  if (inner_.find_first_not_of(blanks) == std::string::npos) return JsonOutcome::unchanged;
  std::string rewritten;
  const auto outcome = rewrite(inner_, rewritten);
  if (outcome != JsonOutcome::rewritten) return outcome;
  out.assign(json.substr(0, first));
  append_json_string(out, rewritten);
  out.append(json.substr(last + 1));
  return outcome;
}

JsonEditor::Answer RedactedJson::edit(std::size_t rule, const Leaf& leaf, std::string& out) {
  const auto& place = places_[rule];
  if (place.of_column && place.of_column != party_) return Answer::pass;
  const bool is_word = leaf.raw == "null" || leaf.raw == "true" || leaf.raw == "false";
  if (is_word) return Answer::keep;
  if (leaf.is_key || !place.party.whole()) return replace(rule, leaf, out, false);
  auto value = leaf.raw;
  if (leaf.is_string()) {
    // What is no text is nobody's identity as it stands.
    value = decode_json_string(leaf.content(), decoded_) ? decoded_ : leaf.content();
  }
  const auto verdict = redactor_.whole(place.party, value);
  switch (verdict.kind) {
    case WholeVerdict::Kind::kept:
      return Answer::keep;
    case WholeVerdict::Kind::labelled:
      met_.emplace_back(rule, verdict.label.id);
      append_json_string(out, verdict.label.text);
      return Answer::replace;
    case WholeVerdict::Kind::text:
    case WholeVerdict::Kind::list:
      break;
  }
  return replace(rule, leaf, out, verdict.kind == WholeVerdict::Kind::list);
}

/// Replaces parts of a text, a key or a list.
JsonEditor::Answer RedactedJson::replace(std::size_t rule, const Leaf& leaf, std::string& out,
                                         bool is_list) {
  if (!leaf.is_string()) return Answer::pass;
  const auto content = leaf.content();
  const auto& party = places_[rule].party;
  const auto& redactions =
      is_list ? redactor_.in_list(party, content) : redactor_.inside(party, content);
  if (redactions.empty()) return Answer::pass;
  std::size_t copied = 0;
  out += '"';
  for (const auto& redaction : redactions) {
    out.append(content.substr(copied, redaction.begin - copied)).append(1, '[');
    append_escaped(out, redaction.label.text);
    out += ']';
    copied = redaction.end;
    met_.emplace_back(rule, redaction.label.id);
  }
  out.append(content.substr(copied)).append(1, '"');
  return Answer::replace;
}

void RedactedJson::write_log() {
  for (const auto rule : dropped_) ++places_[rule].log->secrets;
  for (std::size_t i = 0; i < met_.size(); ++i) {
    const auto [rule, label] = met_[i];
    places_[rule].log->meet(label);
    const auto same_rule = [rule = rule](const auto& met) { return met.first == rule; };
    const auto before = met_.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::none_of(met_.begin(), before, same_rule)) ++places_[rule].log->third_party;
  }
}

}  // namespace dsar::formats

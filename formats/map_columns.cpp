#include <cstdint>
#include <utility>

#include "core/map/map_terms.hpp"
#include "formats/map_parts.hpp"

namespace dsar::formats {

namespace {

Mask read_mask(const JsonInput& input) {
  Mask mask;
  if (input.is_string()) {
    const auto word = input.word_of({"null", "keyed-hash"});
    if (word == "keyed-hash") mask.kind = MaskKind::keyed_hash;
    return mask;
  }
  if (!input.is_object()) {
    input.expected("'null', 'keyed-hash' or an object with 'literal', 'unique' or 'truncate'");
    return mask;
  }
  int forms = 0;
  input.fields([&](JsonFields& fields) {
    if (const auto literal = fields.find("literal")) {
      mask = {MaskKind::literal, literal->any_text().value_or(""), 0};
      ++forms;
    }
    if (const auto unique = fields.find("unique")) {
      mask = {MaskKind::unique, unique->text().value_or(""), 0};
      ++forms;
    }
    if (const auto truncate = fields.find("truncate")) {
      constexpr std::int64_t longest = 1'000'000;
      const auto length = truncate->integer(1, longest).value_or(1);
      mask = {MaskKind::truncate, {}, static_cast<std::size_t>(length)};
      ++forms;
    }
  });
  if (forms != 1) input.fault("a mask has exactly one of 'literal', 'unique' and 'truncate'");
  return mask;
}

ThirdParty read_third_party(const JsonInput& input) {
  ThirdParty party;
  party.where = input.where();
  input.fields([&](JsonFields& fields) {
    fields.name("label", party.label);
    fields.name("set", party.set);
    fields.name("identity", party.identity);
    fields.boolean("text", party.text);
    read_fragment(fields, "when", party.when);
  });
  return party;
}

JsonPathRule read_json_rule(const std::string& path, const JsonInput& input) {
  JsonPathRule rule;
  rule.path = path;
  rule.where = input.where();
  if (input.is_string()) {
    const auto word = input.text();
    rule.secret = word == "secret";
    if (!rule.secret) rule.category = word.value_or("");
    return rule;
  }
  if (!input.is_object()) {
    input.expected("'secret', a category or an object");
    return rule;
  }
  input.fields([&](JsonFields& fields) {
    fields.text("category", rule.category);
    if (const auto use = fields.find("use")) {
      rule.secret = use->word_of({"personal", "secret"}) == "secret";
    }
    if (const auto party = fields.find("third_party")) rule.third_party = read_third_party(*party);
    if (const auto mask = fields.find("mask")) rule.mask = read_mask(*mask);
  });
  return rule;
}

/// `"id": "key"`, `"email": "user.contact.email"`: a use, or a category and so personal.
void read_shorthand(const JsonInput& input, ColumnRule& rule) {
  const auto word = input.text();
  if (!word) return;
  const auto use = from_string<ColumnUse>(*word);
  rule.use = use.value_or(ColumnUse::personal);
  if (!use) rule.category = *word;
}

void read_rule(const JsonInput& input, JsonFields& fields, ColumnRule& rule) {
  fields.text("category", rule.category);
  const auto use = fields.find("use");
  if (use) {
    rule.use = use->word<ColumnUse>().value_or(rule.use);
  } else if (!rule.category.empty()) {
    rule.use = ColumnUse::personal;
  } else if (!fields.find("category")) {
    input.fault("what the column holds is missing: 'category' or 'use'");
  }
  fields.word("origin", rule.origin);
  fields.boolean("historic", rule.historic);
  if (const auto residue = fields.find("residue"))
    rule.redact_residue = residue->word_of({"list", "redact"}) == "redact";
  if (const auto copy = fields.find("copy_of")) rule.copy_of = copy->text();
  if (const auto zone = fields.find("zone")) rule.zone = zone->text();
  fields.word("encoding", rule.encoding);
  if (const auto parties = fields.find("third_party")) {
    for (const JsonInput& party : one_or_more(*parties)) {
      rule.third_parties.push_back(read_third_party(party));
    }
  }
  if (const auto mask = fields.find("mask")) rule.mask = read_mask(*mask);
  if (const auto paths = fields.find("json")) {
    for (const auto& [path, value] : paths->members()) {
      rule.json.push_back(read_json_rule(path, value));
    }
  }
}

}  // namespace

std::vector<ColumnRule> read_columns(const JsonInput& input) {
  std::vector<ColumnRule> rules;
  for (const auto& [name, value] : input.members()) {
    ColumnRule rule;
    rule.name = name;
    rule.where = value.where();
    if (value.is_object()) {
      value.fields([&rule, &item = value](JsonFields& fields) { read_rule(item, fields, rule); });
    } else if (value.is_string()) {
      read_shorthand(value, rule);
    } else {
      value.expected("'key', 'not_personal', 'secret', a category or an object");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace dsar::formats

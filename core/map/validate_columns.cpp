#include <algorithm>

#include "core/json_path.hpp"
#include "core/map/map_terms.hpp"
#include "core/map/validation.hpp"

namespace dsar {

namespace {

void check_mask(Validation& check, const Location& rule, const std::optional<Mask>& mask) {
  if (!mask) return;
  const Location where = within(rule, "mask");
  if (mask->kind == MaskKind::unique && mask->text.find("{key}") == std::string::npos) {
    check.fault(where, "a unique mask needs '{key}' in its text, or every row gets the same");
  }
  if (mask->kind == MaskKind::truncate && mask->length == 0) {
    check.fault(where, "expected how many characters stay, found 0");
  }
}

void check_third_party(Validation& check, const ThirdParty& party) {
  const Location& where = party.where;
  if (party.set.empty() && party.identity.empty() && !party.text) {
    check.fault(where, "who it is about is missing: 'set', 'identity' or 'text'");
  }
  if (!party.set.empty() && !party.identity.empty()) {
    check.fault(where, "a value is the key of a 'set' or an 'identity', not both");
  }
  if (!party.set.empty()) check_set_name(check, within(where, "set"), party.set);
  if (!party.identity.empty()) {
    check_identity_name(check, within(where, "identity"), party.identity);
  }
  if (party.label.empty()) {
    if (!party.set.empty() || !party.identity.empty()) {
      check.fault(where, "the key 'label' is missing: what the person is called in an export");
    }
  } else if (!is_safe_name(party.label)) {
    check.fault(within(where, "label"),
                "expected a word such as 'agent', found '" + party.label + "'");
  }
  check_row_fragment(check, party.when);
}

void check_third_parties(Validation& check, const std::vector<ThirdParty>& parties) {
  for (const ThirdParty& party : parties) {
    check_third_party(check, party);
    if (!party.when && &party != &parties.back()) {
      check.fault(party.where,
                  "it holds in every row, so those behind it never count; give it a 'when'");
    }
  }
}

void check_json_rule(Validation& check, const JsonPathRule& rule) {
  try {
    static_cast<void>(parse_json_path(rule.path));
  } catch (const Error& error) {
    check.fault(rule.where, std::string(error.what()) +
                                "; expected one such as $.address.city, $.items[*].name or $.*");
  }
  if (!rule.category.empty()) {
    check_category(check, within(rule.where, "category"), rule.category);
  } else if (!rule.secret) {
    check.fault(rule.where, "what the path leads to is missing: 'category', or 'use' 'secret'");
  }
  if (rule.third_party) check_third_party(check, *rule.third_party);
  check_mask(check, rule.where, rule.mask);
}

void check_copy(Validation& check, const ColumnRule& rule) {
  if (!rule.copy_of) return;
  const Location where = within(rule.where, "copy_of");
  const std::size_t dot = rule.copy_of->find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == rule.copy_of->size()) {
    check.fault(where,
                "expected the record set and column that are copied, such as "
                "'messages.body', found '" +
                    *rule.copy_of + "'");
    return;
  }
  const std::string set = rule.copy_of->substr(0, dot);
  const std::string column = rule.copy_of->substr(dot + 1);
  const SetRef ref = find_set(check.map, set);
  if (ref.set == nullptr) {
    check_set_name(check, where, set);
  } else if (column_rule(ref, column) == nullptr) {
    check.fault(where, "the map says nothing of a column '" + column + "' of '" + set + "'");
  }
}

void check_use(Validation& check, const ColumnRule& rule) {
  const bool personal = rule.use == ColumnUse::personal;
  const bool secret = rule.use == ColumnUse::secret;
  const std::string use(to_string(rule.use));
  const auto only = [&](bool given, bool allowed, std::string_view key, std::string_view uses) {
    if (!given || allowed) return;
    check.fault(within(rule.where, key), "'" + std::string(key) + "' is for " + std::string(uses) +
                                             " columns; this one is '" + use + "'");
  };
  if (!rule.category.empty()) check_category(check, within(rule.where, "category"), rule.category);
  if (personal && rule.category.empty()) {
    check.fault(rule.where, "a personal column needs its 'category', such as 'user.contact.email'");
  }
  only(!rule.category.empty(), personal || secret, "category", "personal and secret");
  only(rule.historic, personal, "historic", "personal");
  only(rule.redact_residue, personal || rule.use == ColumnUse::not_personal, "residue",
       "personal and not_personal");
  if (rule.historic && rule.redact_residue)
    check.fault(within(rule.where, "residue"),
                "a historic column is kept as it was: identities are not redacted in it");
  only(rule.copy_of.has_value(), personal, "copy_of", "personal");
  only(!rule.json.empty(), personal, "json", "personal");
  only(!rule.third_parties.empty(), personal || rule.use == ColumnUse::key, "third_party",
       "personal and key");
  only(rule.mask.has_value(), rule.use != ColumnUse::not_personal, "mask",
       "personal, secret and key");
}

}  // namespace

void check_columns(Validation& check, const std::vector<ColumnRule>& columns) {
  for (const ColumnRule& rule : columns) {
    check_use(check, rule);
    check_copy(check, rule);
    check_mask(check, rule.where, rule.mask);
    check_third_parties(check, rule.third_parties);
    if (rule.zone) check_zone(check, within(rule.where, "zone"), *rule.zone);
    if (!rule.json.empty() && rule.encoding != Encoding::plain && rule.encoding != Encoding::json) {
      check.fault(within(rule.where, "json"), "paths lead into JSON; the column's 'encoding' is '" +
                                                  std::string(to_string(rule.encoding)) + "'");
    }
    for (const JsonPathRule& path : rule.json) check_json_rule(check, path);
  }
}

}  // namespace dsar

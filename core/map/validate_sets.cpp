#include <algorithm>

#include "core/map/map_terms.hpp"
#include "core/map/own_schema.hpp"
#include "core/map/validation.hpp"
#include "core/policy_terms.hpp"
#include "core/sql_fragment.hpp"
#include "core/suggest.hpp"

namespace dsar {

namespace {

void check_names(Validation& check, const RecordSet& set) {
  if (!is_safe_name(set.name)) {
    check.fault(set.where, "the name '" + set.name +
                               "' becomes a file's; it begins with a lower-case letter and goes on "
                               "with lower-case letters, digits, '_' and '-'");
  }
  if (set.name.starts_with(own_prefix)) {
    check.fault(set.where, "names that begin with '" + std::string(own_prefix) +
                               "' are those of the tool's own record sets");
  }
  if (set.category.empty()) {
    check.fault(set.where, "the key 'category' is missing");
  } else if (!from_string<DataCategory>(set.category)) {
    check.fault(within(set.where, "category"),
                "no policy knows the data category '" + set.category + "'" +
                    did_you_mean(set.category, names_of<DataCategory>()));
  }
  if (set.subject.empty()) {
    check.fault(set.where, "the key 'subject' is missing");
  } else if (!is_safe_name(set.subject)) {
    check.fault(within(set.where, "subject"),
                "expected a word such as 'visitor', found '" + set.subject + "'");
  }
  if (!set.basis.empty() && !from_string<LegalBasis>(set.basis)) {
    check.fault(within(set.where, "basis"), "unknown legal basis '" + set.basis + "'" +
                                                did_you_mean(set.basis, names_of<LegalBasis>()));
  }
}

void check_identity(Validation& check, const IdentitySource& source) {
  if (!source.kind.empty()) {
    check_identity_name(check, within(source.where, "kind"), source.kind);
  }
  const std::set<std::string> aliases = check_hops(check, source.via);
  const int forms = (source.columns.empty() ? 0 : 1) + (source.expression ? 1 : 0) +
                    (source.json_column.empty() ? 0 : 1);
  if (forms != 1) {
    check.fault(source.where,
                "where the identity is held must be said in one way: 'column', 'columns', "
                "'array', 'expression', or 'json' with 'path'");
  }
  if (source.array && source.columns.size() != 1) {
    check.fault(source.where, "'array' is one column");
  }
  if (!source.json_column.empty() && source.json_path.substr(0, 1) != "$") {
    check.fault(
        within(source.where, "path"),
        "expected an SQL/JSON path such as $.contacts[*].email, found '" + source.json_path + "'");
  }
  if (source.expression) {
    check.add(check_fragment(*source.expression, aliases, source.via.empty()));
  }
}

void check_link(Validation& check, const Link& link) {
  if (!link.to.empty()) check_set_name(check, within(link.where, "to"), link.to);
  std::set<std::string> aliases = check_hops(check, link.via);
  if (link.match.empty() && !link.on) {
    check.fault(link.where, "how the rows are joined is missing: 'match' or 'on'");
  }
  aliases.insert("that");
  if (link.on) check.add(check_fragment(*link.on, aliases, false));
}

bool has_maskable(const SetRef& ref) {
  const auto masked = [](const ColumnRule& rule) {
    return rule.use == ColumnUse::personal || rule.use == ColumnUse::secret || rule.mask;
  };
  const auto& own = ref.set->columns;
  const auto& all = ref.table->columns;
  return std::any_of(own.begin(), own.end(), masked) ||
         std::any_of(all.begin(), all.end(), [&](const ColumnRule& rule) {
           const ColumnRule* counts = column_rule(ref, rule.name);
           return counts != nullptr && masked(*counts);
         });
}

void check_erase(Validation& check, const SetRef& ref) {
  const EraseRule& rule = ref.set->erase;
  const std::string action(to_string(rule.action));
  const auto only = [&](bool given, EraseAction with, std::string_view key) {
    if (!given || rule.action == with) return;
    check.fault(within(rule.where, key), "'" + std::string(key) + "' goes with the action '" +
                                             std::string(to_string(with)) + "', not with '" +
                                             action + "'");
  };
  only(!rule.ground.empty(), EraseAction::keep, "ground");
  only(!rule.citation.empty(), EraseAction::keep, "citation");
  only(rule.mask_kept, EraseAction::keep, "mask");
  only(!rule.repoint.empty(), EraseAction::repoint, "set");
  only(!rule.unless_referenced_by.empty(), EraseAction::remove, "unless_referenced_by");

  if (rule.action == EraseAction::keep && (rule.ground.empty() || rule.citation.empty())) {
    check.fault(rule.where,
                "keeping what a subject wants erased needs its 'ground' and 'citation'");
  }
  if (rule.action == EraseAction::repoint && rule.repoint.empty()) {
    check.fault(rule.where, "'repoint' needs 'set': the columns and what they point to instead");
  }
  if ((rule.action == EraseAction::mask || rule.mask_kept) && !has_maskable(ref)) {
    check.fault(rule.where,
                "there is nothing to mask: no column is personal, secret or has a mask");
  }
  for (const auto& [column, fragment] : rule.repoint) check_row_fragment(check, fragment);
  for (const Reference& reference : rule.unless_referenced_by) {
    if (reference.match.empty()) {
      check.fault(reference.where, "the key 'match' is missing, or names no column");
    }
  }
  for (const ReferenceRepoint& repoint : rule.repoint_references) {
    if (repoint.reference.match.size() != 1) {
      check.fault(repoint.reference.where,
                  "'match' names the one column that is set and the column that it points to");
    }
    check.add(check_fragment(repoint.to, row_aliases(), false));
  }
}

}  // namespace

void check_set(Validation& check, const SetRef& ref) {
  const RecordSet& set = *ref.set;
  check_names(check, set);
  check_row_fragment(check, set.predicate);
  if (!set.predicate && ref.table->sets.size() > 1) {
    check.fault(set.where,
                "its table has several record sets, so each needs a 'where' that tells "
                "its rows from the others'");
  }
  for (const IdentitySource& source : set.identities) check_identity(check, source);
  for (const Link& link : set.links) check_link(check, link);
  check_dates(check, set);
  if (!set.recorded_in.empty() && set.subject == about_nobody) {
    check.fault(within(set.where, "recorded_in"),
                "its rows are about nobody, so nobody's choice is recorded in them");
  }
  if (!set.purpose_in.empty() && set.recorded_in.empty()) {
    check.fault(within(set.where, "purpose_in"), "there is no 'recorded_in' that it is about");
  }
  check_erase(check, ref);
  for (const ObjectRule& rule : set.objects) check_row_fragment(check, rule.key);
  check_columns(check, set.columns);
}

}  // namespace dsar

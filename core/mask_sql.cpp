#include "core/mask_sql.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

/// Hexadecimal digits of a keyed hash: 256 bits.
constexpr std::size_t hash_digits = 64;

std::string cast_to(const std::string& expression, const CatalogueColumn& column) {
  return "(" + expression + ")::" + column.type;
}

/// `{key}` in a pattern stands for the row's key.
std::string unique_value(const Catalogue& catalogue, const SetRef& set, const Mask& mask,
                         const std::string& alias) {
  std::vector<std::string> key;
  for (const auto& column : row_key(*set.table, live_table(catalogue, set.table->name)))
    key.push_back(qualify(alias, column) + "::text");
  if (key.empty())
    throw Error(ExitCode::usage,
                set.table->name.text() + " has no key that a mask could be unique by",
                "Name the columns that identify a row as its key in the map.");
  return "replace(" + string_literal(mask.text) + ", '{key}', concat_ws('-', " + join(key, ", ") +
         "))";
}

bool fits_hash(const CatalogueColumn& column) {
  return !column.max_length || static_cast<std::size_t>(*column.max_length) >= hash_digits;
}

}  // namespace

std::vector<MaskedColumn> masked_columns(const Catalogue& catalogue, const SetRef& set,
                                         MaskScope scope) {
  std::vector<MaskedColumn> masked;
  // Such a row is somebody else's and stays as it is but for whom it points to.
  if (set.set->erase.action == EraseAction::repoint) return masked;
  for (const auto& column : live_table(catalogue, set.table->name).columns) {
    const auto* rule = column_rule(set, column.name);
    if (rule == nullptr || column.generated || set.set->erase.repoint.contains(column.name))
      continue;
    if (scope == MaskScope::on_ground && rule->historic) continue;
    const bool personal = rule->use == ColumnUse::personal || rule->use == ColumnUse::secret;
    if (!personal && !rule->mask) continue;
    if (rule->mask) {
      masked.push_back({column, *rule->mask});
    } else if (!column.not_null) {
      masked.push_back({column, {}});
    } else {
      throw Error(ExitCode::usage,
                  set.set->name + "." + column.name + " must not be NULL and has no mask",
                  "Give the column a mask in the map; 'dsarctl map check' finds all of them.");
    }
  }
  return masked;
}

std::string mask_value(const Catalogue& catalogue, const SetRef& set, const MaskedColumn& masked,
                       const std::string& alias, const std::map<std::string, std::string>& hashed) {
  switch (masked.mask.kind) {
    case MaskKind::null:
      return "NULL";
    case MaskKind::literal:
      return cast_to(string_literal(masked.mask.text), masked.column);
    case MaskKind::unique:
      return cast_to(unique_value(catalogue, set, masked.mask, alias), masked.column);
    case MaskKind::truncate:
      return cast_to("left(" + qualify(alias, masked.column.name).text() + "::text, " +
                         std::to_string(masked.mask.length) + ")",
                     masked.column);
    case MaskKind::keyed_hash:
      return cast_to(hashed.at(masked.column.name), masked.column);
  }
  return "NULL";
}

std::string mask_assignments(const Catalogue& catalogue, const SetRef& set,
                             const std::string& alias,
                             const std::map<std::string, std::string>& hashed, MaskScope scope) {
  std::vector<std::string> parts;
  for (const auto& masked : masked_columns(catalogue, set, scope))
    parts.push_back(quote(masked.column.name) + " = " +
                    mask_value(catalogue, set, masked, alias, hashed));
  for (const auto& [column, sentinel] : set.set->erase.repoint)
    parts.push_back(quote(column) + " = (" + bind_aliases(sentinel.text, {{"this", alias}}) + ")");
  if (parts.empty())
    throw Error(ExitCode::usage, "nothing in record set " + set.set->name + " can be masked",
                "Classify its personal columns in the map.");
  return join(parts, ", ");
}

std::string is_masked(const Catalogue& catalogue, const SetRef& set, const std::string& alias,
                      MaskScope scope) {
  if (set.set->clock && set.set->clock->masked_when)
    return "(" + bind_aliases(set.set->clock->masked_when->text, {{"this", alias}}) + ") IS TRUE";
  std::vector<std::string> parts;
  for (const auto& masked : masked_columns(catalogue, set, scope)) {
    const auto column = qualify(alias, masked.column.name).text();
    if (masked.mask.kind == MaskKind::keyed_hash) {
      const auto digits = fits_hash(masked.column)
                              ? hash_digits
                              : static_cast<std::size_t>(*masked.column.max_length);
      parts.push_back("(" + column + " IS NULL OR " + column + "::text ~ '^[0-9a-f]{" +
                      std::to_string(digits) + "}$')");
    } else if (masked.column.base_type == "json") {
      // json knows no equality.
      parts.push_back(column + "::text IS NOT DISTINCT FROM (" +
                      mask_value(catalogue, set, masked, alias, {}) + ")::text");
    } else {
      parts.push_back(column + " IS NOT DISTINCT FROM " +
                      mask_value(catalogue, set, masked, alias, {}));
    }
  }
  for (const auto& [column, sentinel] : set.set->erase.repoint)
    parts.push_back(qualify(alias, column) + " IS NOT DISTINCT FROM (" +
                    bind_aliases(sentinel.text, {{"this", alias}}) + ")");
  return parts.empty() ? "true" : "(" + join(parts, " AND ") + ")";
}

std::vector<std::string> hashed_columns(const Catalogue& catalogue, const SetRef& set,
                                        MaskScope scope) {
  std::vector<std::string> names;
  for (const auto& masked : masked_columns(catalogue, set, scope)) {
    if (masked.mask.kind == MaskKind::keyed_hash) names.push_back(masked.column.name);
  }
  return names;
}

}  // namespace dsar

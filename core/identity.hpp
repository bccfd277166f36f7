#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/sql.hpp"

/// Identities: what a data subject is looked up by, and how spellings of one are made equal.
namespace dsar {

/// As the officer gives it, or as a row holds it.
struct Identity {
  std::string kind;
  std::string value;

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

/// `value` in the spelling that identities of this kind are compared in; empty when nothing is
/// left of it. Says the same as normalised_sql for ASCII input (tested against the server); the
/// server's answer decides who somebody is.
std::string normalise(const IdentityKind& kind, std::string_view value);

/// The same as SQL over a text expression, e.g. `lower(btrim((expression)::text))`: an index on
/// exactly this expression is used.
std::string normalised_sql(const IdentityKind& kind, const std::string& expression);

/// The values of one source in a row of `alias` of the set's table as SQL: either one expression,
/// or (several true) a query of one column.
struct SourceSql {
  std::string text;
  bool several = false;
};
SourceSql source_sql(const Catalogue& catalogue, const SetRef& ref, const IdentitySource& source,
                     const std::string& alias);

/// Whether an exact identity in a column of this type (CatalogueColumn::base_type) is compared as
/// the column has it, so that an ordinary index on the column serves; all else is compared by
/// normalised_sql.
bool compares_as_itself(const std::string& base_type);

/// The condition that a row of `alias` holds one of `values` (normalised) in `source`. Uses the
/// column's own type where it can; a value that is none of that type is nobody's.
std::string holds_sql(const DataMap& map, const Catalogue& catalogue, const SetRef& ref,
                      const IdentitySource& source, const std::string& alias,
                      const std::vector<std::string>& values, SqlStatement& statement);

}  // namespace dsar

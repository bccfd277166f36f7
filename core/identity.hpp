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

/// The values of one source in a row of `alias` as SQL: either one expression, or (several true)
/// a query of one column.
struct SourceSql {
  std::string text;
  bool several = false;
};
SourceSql source_sql(const IdentitySource& source, const std::string& alias);

/// The condition that a row of `alias` holds one of `values` (normalised) in `source`. Uses the
/// column's own type where the kind is exact and the type has an index-friendly array.
std::string holds_sql(const DataMap& map, const Catalogue& catalogue, const SetRef& ref,
                      const IdentitySource& source, const std::string& alias,
                      const std::vector<std::string>& values, SqlStatement& statement);

}  // namespace dsar

#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.hpp"
#include "core/map/data_map.hpp"

/// Pieces of SQL from the map, before they are put into a statement. What passes here is a single
/// expression that cannot end the brackets it is put into, hold a second statement or a subquery,
/// change anything by a function that is known to, or come out differently tomorrow. Whether it
/// is valid, and whether the functions that it calls are volatile in this database, only the
/// server knows (map check).
namespace dsar {

/// Everything that keeps the fragment from being one repeatable expression; empty: it may be used,
/// in brackets.
std::vector<Fault> check_fragment(const SqlFragment& fragment);

/// As above, and its names: it may qualify columns by these aliases alone, and must where `bare`
/// is false (because several tables are in sight).
std::vector<Fault> check_fragment(const SqlFragment& fragment, const std::set<std::string>& aliases,
                                  bool bare);

/// `this.x` → `t0.x` for the aliases given (folded as PostgreSQL folds them); all else stays, byte
/// by byte. The replacements are put in as they are. Throws Error (usage) where check_fragment
/// would object to the fragment's tokens.
std::string bind_aliases(std::string_view fragment,
                         const std::map<std::string, std::string>& aliases);

/// A column that a fragment names.
struct ColumnUseInFragment {
  std::string alias;  ///< folded; empty: bare
  std::string name;   ///< folded, or as quoted
  std::size_t offset = 0;

  friend auto operator<=>(const ColumnUseInFragment&, const ColumnUseInFragment&) = default;
};

/// The names in a fragment that are no functions, types or keywords, in order, as often as they
/// occur; of a fragment that does not lex, those before the fault.
std::vector<ColumnUseInFragment> referenced_names(std::string_view fragment);

}  // namespace dsar

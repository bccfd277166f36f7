#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/sql.hpp"

/// What a masked row holds afterwards, as SQL.
namespace dsar {

/// A column of a row that is masked.
struct MaskedColumn {
  CatalogueColumn column;
  Mask mask;
};

/// Which columns a mask changes.
enum class MaskScope {
  all,        ///< every personal and secret one
  on_ground,  ///< of rows kept on a legal ground: not the historic ones, which the ground needs
};

/// The personal and secret columns of a set that a mask changes, with what the map says (else NULL
/// where the column may be NULL); none where the set's rows are only re-pointed. Generated columns
/// follow by themselves. Throws Error (usage) for a column that must not be NULL and has no
/// mask in the map.
std::vector<MaskedColumn> masked_columns(const Catalogue& catalogue, const SetRef& set,
                                         MaskScope scope = MaskScope::all);

/// The new value of a column as an expression over the row `alias`. Of a keyed hash it is the
/// placeholder that `hashed` gives for the column (the key never reaches the server).
std::string mask_value(const Catalogue& catalogue, const SetRef& set, const MaskedColumn& masked,
                       const std::string& alias, const std::map<std::string, std::string>& hashed);

/// `"a" = …, "b" = …`
std::string mask_assignments(const Catalogue& catalogue, const SetRef& set,
                             const std::string& alias,
                             const std::map<std::string, std::string>& hashed,
                             MaskScope scope = MaskScope::all);

/// That the row holds its masks already, so that it is not due again: the map's own condition, or
/// that every masked column has its masked value. A keyed hash is known by its form.
std::string is_masked(const Catalogue& catalogue, const SetRef& set, const std::string& alias,
                      MaskScope scope = MaskScope::all);

/// The columns whose mask is a keyed hash of their value.
std::vector<std::string> hashed_columns(const Catalogue& catalogue, const SetRef& set,
                                        MaskScope scope = MaskScope::all);

}  // namespace dsar

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/erasure_rows.hpp"
#include "core/erasure_sql.hpp"

/// The statements by which an erasure acts: each for all the rows that share a fate.
namespace dsar {

/// Rows of one table that are deleted, of however many record sets.
ErasureRows going_of(const std::vector<ErasureRows>& sets, const TableName& table);

/// Deletes all of them.
SqlStatement delete_statement(const ErasureRows& going);

/// Ends the references of rows that stay to the set's rows that go. `own`: rows of the referring
/// table that go themselves, which nobody need change.
SqlStatement release_statement(const Releasing& releasing, const ErasureRows& rows,
                               const ErasureRows& own);

/// The values of the columns that are masked by keyed hashes, of the chosen rows: their number from
/// 1, then the values as text.
SqlStatement hashed_values_statement(const ErasureRows& rows,
                                     const std::vector<std::size_t>& chosen,
                                     const std::vector<std::string>& columns);

/// The hashes of a column, in the order of the chosen rows.
using Hashes = std::map<std::string, std::vector<std::optional<std::string>>>;

/// Masks the chosen rows, or points them to nobody.
SqlStatement mask_statement(const Catalogue& catalogue, const ErasureRows& rows,
                            const std::vector<std::size_t>& chosen, const Hashes& hashes);

}  // namespace dsar

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/erasure.hpp"
#include "core/reach.hpp"
#include "core/sql.hpp"

/// The rows that an erasure is about, by their addresses: statements are bound to arrays of these,
/// so that each is one for a whole record set, whatever its size.
namespace dsar {

/// A column of a row that has been read, with its type as a cast has it.
struct ReadColumn {
  std::string name;
  std::string type;
};

/// Rows of one record set, column by column.
struct ErasureRows {
  SetRef set;
  std::vector<ReadColumn> columns;                              ///< those that address a row first
  std::size_t address = 0;                                      ///< how many do
  std::vector<std::vector<std::optional<std::string>>> values;  ///< of each column
  std::vector<Relation> relation;                               ///< by which way each was reached
  std::vector<bool> masked;                                     ///< nothing is left to mask
  std::vector<RowFate> fate;
  std::vector<Ground> grounds{Ground{}};  ///< that rows of this set have
  std::vector<std::uint32_t> ground;      ///< of each row, which of them

  [[nodiscard]] std::size_t size() const { return fate.size(); }
  [[nodiscard]] const Ground& ground_of(std::size_t row) const { return grounds[ground[row]]; }
  void decide(std::size_t row, RowFate new_fate, const Ground& why);
  /// The rows with that fate.
  [[nodiscard]] std::vector<std::size_t> with(RowFate wanted) const;
  /// Where the column is in `columns`; it has to be there.
  [[nodiscard]] std::size_t column(const std::string& name) const;
};

/// The columns that tell rows of the table apart: its key, else where the row lies (tableoid,
/// ctid).
std::vector<ReadColumn> address_columns(const Table& mapped, const CatalogueTable& table);

/// Whether the rows have a key, so that they can be known again in another transaction.
bool is_keyed(const ErasureRows& rows);

/// Rows as a FROM item: `unnest(…) AS "alias"("k0", "k1")`, of the chosen columns. With `numbered`
/// a last column "n" counts them from 1.
std::string rows_as(const ErasureRows& rows, const std::vector<std::size_t>& chosen,
                    const std::vector<std::size_t>& columns, const std::string& alias,
                    bool numbered, SqlStatement& statement);
/// The same with the columns' own names.
std::string rows_by_name(const ErasureRows& rows, const std::vector<std::size_t>& chosen,
                         const std::vector<std::size_t>& columns, const std::string& alias,
                         SqlStatement& statement);

/// PostgreSQL's text form of an array that may hold NULL.
std::string nullable_array(const std::vector<std::optional<std::string>>& values);

/// `"t0"."id" = "k"."k0" AND …` of the columns that address a row.
std::string same_address(const std::vector<ReadColumn>& columns, std::size_t address,
                         const std::string& row, const std::string& other);

/// How many rows there are of each fate and ground, of the first row's order.
std::vector<ErasureLine> lines_of(const ErasureRows& rows);

/// The chosen rows alone.
ErasureRows chosen_of(const ErasureRows& rows, const std::vector<std::size_t>& chosen);

/// The digest's sum of rows that have the sums `one` and `other`; either may be empty.
std::string added_sum(const std::string& one, const std::string& other);

/// The digest of all rows, whatever their order: what `hash` (64 hexadecimal digits) gives for
/// each, added up lane by lane.
RowDigest digest_of(const ErasureRows& rows,
                    const std::function<std::string(const std::string&)>& hash);

}  // namespace dsar

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep_rows.hpp"

/// What a sweep changes. Each step of a batch is one statement; a batch is one transaction.
namespace dsar {

/// One statement of a batch.
struct SweepStep {
  enum class Kind {
    lock,        ///< keeps others from adding rows that a cascade would take along
    dependants,  ///< deletes rows of `set` that go with the pass's rows
    references,  ///< sets columns of `set`'s table that point to the rows
    rows,        ///< deletes or masks the pass's own rows
    counter,     ///< reads how many rows have been deleted, before and after the rows
  } kind = Kind::rows;
  std::string set;  ///< record set, of references the table; of a counter none: one row a set
  SqlStatement statement;
  /// The result is a row a tenant: its key, and how many; otherwise the number of rows affected.
  bool by_tenant = false;
};

/// Where a batch notes the keys of objects outside the database whose rows it deletes: a table of
/// the tool's own, its column for whoever deletes them, and that one's number.
struct ObjectNotes {
  std::string table;
  std::string column;
  std::string type;
  std::string number;
};

/// The steps of a batch, in order.
std::vector<SweepStep> batch_steps(const SweepWorld& world, const SweepPass& pass,
                                   const Scope& scope, const ObjectNotes& notes);

/// `SELECT` of these columns, as text, of at most `limit` rows of the pass that go; `alias` is what
/// they are called there.
std::string going_rows(const SweepWorld& world, const SweepPass& pass, const std::string& alias,
                       const std::vector<std::string>& columns, std::size_t limit,
                       SqlStatement& statement);

/// The key, as text, of the pass's due rows that a hold or an open request keeps. Throws Error
/// (refused) unless the table has a key of one column.
SqlStatement held_keys_statement(const SweepWorld& world, const SweepPass& pass);

/// Of rows whose masks hold keyed hashes: their key and the values to be hashed, as text, at most
/// `limit` of them.
SqlStatement hash_input(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                        std::size_t limit);
/// Masks one such row: `key` as hash_input gave it, the hashes by column.
SweepStep hash_step(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                    const std::vector<std::string>& key,
                    const std::map<std::string, std::optional<std::string>>& hashes);

}  // namespace dsar

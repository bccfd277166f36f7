#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/sweep_conditions.hpp"

/// The statements of a sweep. Each step of a batch is one statement; a batch is one transaction.
namespace dsar {

/// What a pass would do, by tenant: columns tenant key, due, held, kept by law, blocked, and the
/// oldest clock as the database writes it; as if what else is due, `by_keys` too, had gone already.
SqlStatement count_statement(const SweepWorld& world, const SweepPass& pass,
                             const std::vector<SweepPass>& by_keys);

/// Rows that hang by one of the `chains`, all of one set, on a pass's rows and go with them,
/// without those that passes of their `own` make due: columns tenant key, due.
SqlStatement count_dependants(const SweepWorld& world, const SweepPass& pass,
                              const std::vector<std::vector<ReachStep>>& chains,
                              const std::vector<const SweepPass*>& own,
                              const std::vector<SweepPass>& by_keys);

/// Rows of the sets' tenants whose clock is NULL, and those whose clock is in the future: columns
/// tenant key, undated, future. Only of a set whose clock has an expression.
SqlStatement dateless_statement(const SweepWorld& world,
                                const std::vector<const SetSchedule*>& tenants, Instant now);

/// Rows that would be due without a floor: columns tenant key, rows.
SqlStatement floored_statement(const SweepWorld& world,
                               const std::vector<const SetSchedule*>& tenants);

/// Rows that are due, although a floor of the same policy has not passed: columns tenant key, rows.
SqlStatement crossing_statement(const SweepWorld& world, const SweepPass& pass);

/// Which rows of the pass's table a batch looks at: a condition on the row `alias`.
using Scope = std::function<std::string(const std::string& alias, SqlStatement& statement)>;

/// One statement of a batch.
struct SweepStep {
  enum class Kind {
    lock,        ///< keeps others from adding rows that a cascade would take along
    dependants,  ///< deletes rows of `set` that go with the pass's rows
    references,  ///< sets columns of `set`'s table that point to the rows
    rows,        ///< deletes or masks the pass's own rows
    counter,     ///< reads how many rows of `set` have been deleted; before and after the rows
  } kind = Kind::rows;
  std::string set;  ///< record set, of references the table
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

/// The rows whose clock an event may renew: key columns, the clock, the date that was kept of them
/// (with `kept`), and all of the event's dates after the clock as an array; of those whose own
/// clock lies before the cut-off and that are neither masked nor protected.
SqlStatement renewable_statement(const SweepWorld& world, const SetSchedule& schedule);

/// Every value of the clock or event as text that core/rfc3339 reads; of a DATE as `2026-02-20`.
std::string clock_text(const std::string& expression, ClockType type, const Clock& clock,
                       const Zone& zone);

/// `FROM … AS t0` of the pass's table.
std::string from_table(const SetRef& set);

}  // namespace dsar

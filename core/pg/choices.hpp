#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/choice.hpp"
#include "core/pg/connection.hpp"
#include "core/reach.hpp"

/// Subjects' choices in the database. A restriction keeps rows as a hold does, so whoever records
/// or lifts one begins the transaction with change_what_is_held(). All functions want an open
/// read-write Transaction, except list_choices, and the schema to be there (require_schema).
namespace dsar::pg {

/// Waits for transactions that delete and keeps new ones waiting: to be called first, before a
/// restriction is recorded or lifted.
void begin_restricting(Connection& connection);

/// Gives its number. Throws Error (usage) where the same has been recorded of the subject and not
/// lifted.
std::int64_t record_choice(Connection& connection, const NewChoice& choice);

/// Gives what was lifted. Throws Error (usage) where there is no such choice of one of the kinds,
/// or it is lifted already.
Choice lift_choice(Connection& connection, std::int64_t id, const std::vector<SubjectChoice>& kinds,
                   const std::string& author, const std::string& reason);

/// In the order of their numbers; without `lifted` only those that stand.
std::vector<Choice> list_choices(Connection& connection, bool lifted);

/// Rows of a column that a choice was written to, or taken out of.
struct WrittenChoice {
  std::string set;
  std::string column;
  std::uint64_t rows = 0;
};

/// Writes the choice where the map says; `lifted` takes it out again. Columns of which all rows
/// were so already are told with no rows.
std::vector<WrittenChoice> write_choice(Connection& connection, const ReachContext& reach,
                                        const NewChoice& choice, bool lifted);

}  // namespace dsar::pg

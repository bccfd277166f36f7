#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/hold.hpp"
#include "core/pg/connection.hpp"

/// Data subjects as dsar.hold and dsar.request keep them; internal to core/pg.
namespace dsar::pg {

/// Parameters for identities_sql and keys_sql with numbers from `first`.
Params subject_params(const RecordedSubject& subject);
inline constexpr std::size_t subject_param_count = 7;

/// jsonb expressions over those parameters.
std::string identities_sql(std::size_t first);
std::string keys_sql(std::size_t first);

/// The subjects of a table's rows by their numbers; `condition` says which rows of dsar.`table`.
std::map<std::int64_t, RecordedSubject> recorded_subjects(Connection& connection,
                                                          std::string_view table,
                                                          std::string_view condition);

}  // namespace dsar::pg

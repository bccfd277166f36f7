#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/hold.hpp"
#include "core/pg/connection.hpp"

/// Data subjects as dsar.hold and dsar.request keep them; internal to core/pg.
namespace dsar::pg {

/// The columns that keep a subject, after others of an INSERT.
inline constexpr std::string_view subject_columns = "identities, keys, proven";

/// The parameters of their values.
Params subject_params(const RecordedSubject& subject);

/// Their values, jsonb expressions over those parameters, which are numbered from `first`.
std::string subject_values_sql(std::size_t first);

/// The subjects of a table's rows by their numbers; `condition` says which rows of dsar.`table`.
std::map<std::int64_t, RecordedSubject> recorded_subjects(Connection& connection,
                                                          std::string_view table,
                                                          std::string_view condition);

}  // namespace dsar::pg

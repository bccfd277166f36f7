#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/hold.hpp"
#include "core/pg/connection.hpp"

/// Data subjects as dsar.hold, dsar.request and dsar.choice keep them; internal to core/pg.
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

// What a rectification changes of a subject, holds, requests and choices have to follow, released
// and closed ones too. `tenant_key` is empty where the map has no tenants. Each gives how many
// records changed.

/// Whether any has recorded one of these rows.
bool is_recorded(Connection& connection, const std::string& tenant_key, const SubjectKeys& keys);

/// Of those that have recorded one of these rows: the (normalised) identity has another value.
std::size_t rectify_recorded_identity(Connection& connection, const std::string& tenant_key,
                                      const SubjectKeys& keys, const Identity& identity,
                                      const std::string& value);

/// A row of the set has another key.
std::size_t follow_recorded_key(Connection& connection, const std::string& tenant_key,
                                const std::string& set, const std::vector<std::string>& from,
                                const std::vector<std::string>& to);

}  // namespace dsar::pg

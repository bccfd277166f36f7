#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pg/connection.hpp"

struct pg_result;

/// From what libpq reports to Error and ServerError; shared by everything in core/pg.
namespace dsar::pg {

/// Whether the connection is gone (libpq has seen it close).
bool is_lost(const pg_conn* connection);

/// Throws Error (database): the connection is gone, with the server's last word if it had one.
[[noreturn]] void throw_lost(const pg_conn* connection);

/// Throws what a failed statement means to the user: Error (database) when the connection is gone,
/// else ServerError. `words`: the server's primary message, repeated only for states whose words
/// name objects of the schema and never a row's values.
[[noreturn]] void throw_server_error(const pg_conn* connection, const std::string& sqlstate,
                                     std::string_view words);
[[noreturn]] void throw_server_error(const pg_conn* connection, const pg_result* result);

/// The bound values as libpq wants them; null pointers for NULL. Throws Error (usage) for a value
/// with a NUL character, which PostgreSQL cannot hold and libpq would cut off.
std::vector<const char*> param_pointers(const Params& params);

}  // namespace dsar::pg

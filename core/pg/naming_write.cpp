#include "core/pg/naming_write.hpp"

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <string_view>

#include "core/pg/server_error.hpp"

namespace dsar::pg {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : text;
}

/// What the value is not, by the state alone: the server's words may repeat it.
std::string_view not_of_type(std::string_view state) {
  struct Known {
    std::string_view state;
    std::string_view words;
  };
  static constexpr std::array known{
      Known{"22001", "the value is too long for the column"},
      Known{"22003", "the value is out of the column's range"},
      Known{"22007", "the value is no date or time that the column takes"},
      Known{"22008", "the value is a date or time out of range"},
      Known{"22P02", "the value is not of the column's type"},
      Known{"22P05", "the value has a character that the database's encoding lacks"},
      Known{"22023", "the value is not one that the column takes"},
  };
  for (const auto& one : known) {
    if (one.state == state) return one.words;
  }
  return "the value does not fit the column";
}

/// Class 23: which constraint, of which table.
std::string violated(const PGresult* result, const std::string& state) {
  const auto constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  const auto column = field(result, PG_DIAG_COLUMN_NAME);
  const auto table = field(result, PG_DIAG_TABLE_NAME);
  const auto domain = field(result, PG_DIAG_DATATYPE_NAME);
  if (state == "23502") return "column " + column + " of " + table + " must not be empty";
  auto where = constraint.empty() ? std::string() : " (constraint " + constraint + ")";
  if (!domain.empty()) return "the type " + domain + " does not take the value" + where;
  if (!table.empty()) where += " of table " + field(result, PG_DIAG_SCHEMA_NAME) + "." + table;
  if (state == "23505") return "another row has this value already, which must be unique" + where;
  if (state == "23503")
    return "other rows refer to the former value, or none has the new one" + where;
  if (state == "23P01") return "the value excludes another row's" + where;
  return "a check of the database does not take the value" + where;
}

[[noreturn]] void refuse(const std::string& what, const std::string& why) {
  throw Error(ExitCode::usage, (what.empty() ? "" : what + ": ") + why,
              "Nothing was changed. Give another value, or change what is in its way first.");
}

[[noreturn]] void throw_named(Connection& connection, const PGresult* result,
                              const std::string& what) {
  const auto state = field(result, PG_DIAG_SQLSTATE);
  if (state.starts_with("22")) refuse(what, std::string(not_of_type(state)));
  if (state.starts_with("23")) refuse(what, violated(result, state));
  if (state.starts_with("P0")) refuse(what, "a trigger of the database refused the change");
  throw_server_error(connection.raw(), result);
}

}  // namespace

std::vector<std::vector<std::optional<std::string>>> naming_write(Connection& connection,
                                                                  const SqlStatement& statement,
                                                                  const std::string& what) {
  const auto values = param_pointers(statement.params());
  const std::unique_ptr<PGresult, ClearResult> result(
      PQexecParams(connection.raw(), statement.text.c_str(), static_cast<int>(values.size()),
                   nullptr, values.data(), nullptr, nullptr, 0));
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw_named(connection, result.get(), what);
  std::vector<std::vector<std::optional<std::string>>> rows;
  for (int r = 0; r < PQntuples(result.get()); ++r) {
    auto& row = rows.emplace_back();
    for (int c = 0; c < PQnfields(result.get()); ++c) {
      if (PQgetisnull(result.get(), r, c) != 0)
        row.emplace_back();
      else
        row.emplace_back(std::string(PQgetvalue(result.get(), r, c),
                                     static_cast<std::size_t>(PQgetlength(result.get(), r, c))));
    }
  }
  return rows;
}

void check_deferred(Connection& connection) {
  SqlStatement statement;
  statement.text = "SET CONSTRAINTS ALL IMMEDIATE";
  naming_write(connection, statement, {});
}

}  // namespace dsar::pg

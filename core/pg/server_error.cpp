#include "core/pg/server_error.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace dsar::pg {
namespace {

/// What a SQLSTATE, or a class of them (two characters), means to the user.
struct Meaning {
  std::string_view state;
  ExitCode code;
  bool quote;                ///< the server's words name objects of the schema, no values
  std::string_view message;  ///< in place of, or in front of, the server's words
  std::string_view hint;
};

// Searched in order: a state before its class. What is not listed is not quoted, because triggers
// and functions may raise any state with any words.
constexpr std::array meanings{
    Meaning{"08P01", ExitCode::unexpected, true, "", ""},
    Meaning{"25006", ExitCode::usage, true, "", "Connect to the primary: a standby cannot write."},
    Meaning{"40001", ExitCode::database, false,
            "the server could not serialise the transaction with others", "Run it again."},
    Meaning{"40P01", ExitCode::database, false, "the transaction was in a deadlock with another",
            "Run it again."},
    Meaning{"42501", ExitCode::usage, true, "",
            "Give the role what it lacks; 'dsarctl init --grants' prints the statements."},
    Meaning{"53300", ExitCode::database, true, "", "Try again when fewer clients are connected."},
    Meaning{"55P03", ExitCode::database, false, "another session held a lock for too long",
            "Run it again, or raise lock_timeout for this role."},
    Meaning{"57014", ExitCode::database, true, "",
            "If it ran into statement_timeout, raise that for this role with ALTER ROLE."},
    Meaning{"22", ExitCode::unexpected, false, "the server could not process a value", ""},
    Meaning{"23", ExitCode::unexpected, false, "a constraint of the database refused a change", ""},
    Meaning{"P0", ExitCode::unexpected, false, "a function or trigger raised an error", ""},
    Meaning{"08", ExitCode::database, true, "", ""},
    Meaning{"0A", ExitCode::unexpected, true, "", ""},
    Meaning{"25", ExitCode::unexpected, true, "", ""},
    Meaning{"28", ExitCode::database, true, "", ""},
    Meaning{"3D", ExitCode::database, true, "", ""},
    Meaning{"3F", ExitCode::unexpected, true, "", ""},
    Meaning{"42", ExitCode::unexpected, true, "", ""},
    Meaning{"53", ExitCode::database, true, "", "The server is short of a resource; see its log."},
    Meaning{"54", ExitCode::unexpected, true, "", ""},
    Meaning{"55", ExitCode::unexpected, true, "", ""},
    Meaning{"57", ExitCode::database, true, "", ""},
    Meaning{"58", ExitCode::database, true, "", "The server has a fault; see its log."},
};

std::string first_line(std::string_view words) {
  return std::string(words.substr(0, words.find('\n')));
}

/// `words`: why the server, or a pooler, ended the session, as far as it said; never about a row.
[[noreturn]] void throw_ended(std::string_view words) {
  std::string message = "the connection to the database was lost";
  if (!words.empty()) message += ": " + first_line(words);
  throw Error(ExitCode::database, message,
              "What was not committed is undone; see the server's log for the cause.");
}

}  // namespace

bool is_lost(const pg_conn* connection) {
  return PQstatus(connection) == CONNECTION_BAD;
}

Error as_fault_of(const std::string& part, const ServerError& error) {
  const auto& state = error.sqlstate();
  if (state.substr(0, 2) != "42" || state == "42501")
    return {error.code(), error.what(), error.hint()};
  return {ExitCode::usage, part + ": " + error.what(),
          "The map and the database differ; 'dsarctl map check' says where."};
}

void throw_lost(const pg_conn* connection) {
  constexpr std::string_view fatal = "FATAL:  ";
  const std::string_view all = PQerrorMessage(connection);
  const auto at = all.find(fatal);
  throw_ended(at == std::string_view::npos ? std::string_view() : all.substr(at + fatal.size()));
}

void throw_server_error(const pg_conn* connection, const std::string& sqlstate,
                        std::string_view words) {
  if (is_lost(connection)) throw_lost(connection);
  const auto* meaning = std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& m) {
    return sqlstate.rfind(m.state, 0) == 0;
  });
  if (meaning == meanings.end()) {
    throw ServerError(ExitCode::unexpected,
                      "the server reported an error (SQLSTATE " + sqlstate + ")",
                      "The server's log has its words.", sqlstate);
  }
  std::string message(meaning->message);
  if (meaning->quote) message += first_line(words);
  throw ServerError(meaning->code, message + " (SQLSTATE " + sqlstate + ")",
                    std::string(meaning->hint), sqlstate);
}

void throw_server_error(const pg_conn* connection, const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  // In a pipeline libpq has not noticed by then that the server has closed the connection.
  const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity != nullptr && severity == std::string_view("FATAL"))
    throw_ended(words != nullptr ? words : "");
  if (state != nullptr) throw_server_error(connection, state, words != nullptr ? words : "");
  if (is_lost(connection)) throw_lost(connection);
  // Made by libpq itself: about the protocol or memory, never about a row.
  throw Error(ExitCode::unexpected,
              "the database client library failed: " + first_line(PQresultErrorMessage(result)));
}

std::vector<const char*> param_pointers(const Params& params) {
  std::vector<const char*> pointers;
  pointers.reserve(params.size());
  for (const auto& value : params) {
    if (value && value->find('\0') != std::string::npos) {
      throw Error(ExitCode::usage, "a value holds a NUL character",
                  "PostgreSQL's text cannot hold that character: leave it out.");
    }
    pointers.push_back(value ? value->c_str() : nullptr);
  }
  return pointers;
}

}  // namespace dsar::pg

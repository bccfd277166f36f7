#include "core/pg/open.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace dsar::pg {
namespace {

constexpr auto connect_timeout_seconds = "10";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

bool is_uri(std::string_view conninfo) {
  return conninfo.rfind("postgresql://", 0) == 0 || conninfo.rfind("postgres://", 0) == 0;
}

/// libpq's own rule: anything else is the name of a database.
bool is_connection_string(std::string_view conninfo) {
  return is_uri(conninfo) || conninfo.find('=') != std::string_view::npos;
}

/// nullptr when libpq does not understand it; its message would repeat parts of it.
Options parse(const std::string& conninfo) {
  char* message = nullptr;
  Options options(PQconninfoParse(conninfo.c_str(), &message));
  PQfreemem(message);
  return options;
}

std::optional<std::string> option(const Options& options, std::string_view keyword) {
  for (const auto* o = options.get(); o != nullptr && o->keyword != nullptr; ++o) {
    if (o->keyword == keyword && o->val != nullptr) return std::string(o->val);
  }
  return std::nullopt;
}

/// A URI's `user:password@`, as a person reads it: up to the last `@`. libpq reads up to the first
/// `/` or `@`, so a password with such a character becomes part of a host or port.
bool has_uri_password(std::string_view uri) {
  const auto begin = uri.find("://") + 3;
  const auto authority = uri.substr(begin, uri.find('?', begin) - begin);
  const auto at = authority.rfind('@');
  return at != std::string_view::npos &&
         authority.substr(0, at).find(':') != std::string_view::npos;
}

[[noreturn]] void throw_malformed() {
  throw Error(ExitCode::usage, "the connection string is not valid",
              "Give `key=value` pairs or a postgresql:// URI; special characters in a URI are "
              "percent-encoded.");
}

struct Cause {
  std::string_view words;  ///< in libpq's or the server's message
  std::string_view hint;
};

constexpr std::string_view login_hint =
    "Give the password in ~/.pgpass (PGPASSFILE), never on a command line.";
constexpr std::string_view pg_hba_hint =
    "The server's pg_hba.conf does not let this role in from here in this way.";
constexpr std::string_view wait_hint = "Try again in a moment.";

constexpr std::array causes{
    Cause{"password authentication failed", login_hint},
    Cause{"no password supplied", login_hint},
    Cause{"authentication failed", pg_hba_hint},
    Cause{"pg_hba.conf", pg_hba_hint},
    Cause{"starting up", wait_hint},
    Cause{"not yet accepting connections", wait_hint},
    Cause{"shutting down", wait_hint},
    Cause{"too many", "Try again when fewer clients are connected."},
    Cause{"connection slots", "Try again when fewer clients are connected."},
    Cause{"role \"", "Name an existing role in --db or PGUSER."},
    Cause{"database \"", "Name an existing database in --db or PGDATABASE."},
    Cause{"no such database", "Name an existing database in --db or PGDATABASE."},
    Cause{"definition of service",
          "See the service file that PGSERVICEFILE or ~/.pg_service.conf names."},
    Cause{"certificate", "Check sslmode, sslrootcert and sslcert in --db."},
    Cause{"SSL", "Check sslmode in --db, and whether the server offers TLS."},
    Cause{"", "Check --db or PGHOST and PGPORT, and that the server runs there."},
};

void replace(std::string& text, std::string_view what, std::string_view by) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
}

/// libpq's message: one or two lines an address that it tried. The last attempt counts.
[[noreturn]] void throw_unreachable(const pg_conn* connection) {
  constexpr std::string_view attempt = "connection to server ";
  std::string_view all = PQerrorMessage(connection);
  if (const auto last = all.rfind(attempt); last != std::string_view::npos) {
    all.remove_prefix(last);
  }
  std::string line(all.substr(0, all.find('\n')));
  replace(line, attempt, "to the server ");
  replace(line, " failed: ", ": ");
  replace(line, "FATAL:  ", "");
  replace(line, "fe_sendauth: ", "");
  const bool tried = line.rfind("to the server ", 0) == 0;
  const auto* cause = std::find_if(causes.begin(), causes.end(), [&](const Cause& c) {
    return line.find(c.words) != std::string::npos;  // the last one's words are in every line
  });
  throw Error(ExitCode::database, (tried ? "cannot connect " : "cannot connect: ") + line,
              std::string(cause->hint));
}

/// Whether the user, or a service that we do not see, may have said how long to wait.
bool may_have_timeout(const Options& options) {
  return option(options, "connect_timeout") || option(options, "service") ||
         std::getenv("PGCONNECT_TIMEOUT") != nullptr || std::getenv("PGSERVICE") != nullptr;
}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

RawConnection open_connection(const std::string& conninfo) {
  Options options;
  if (is_connection_string(conninfo)) {
    options = parse(conninfo);
    if (!options) throw_malformed();
    // A password cut in two by an unescaped character: libpq's message would show one half.
    if (is_uri(conninfo) && has_uri_password(conninfo) &&
        (!option(options, "password") ||
         option(options, "host").value_or("").find('@') != std::string::npos)) {
      throw_malformed();
    }
  }
  const char* timeout = may_have_timeout(options) ? nullptr : connect_timeout_seconds;
  // An option without a value is ignored by libpq.
  const std::array<const char*, 5> keywords{"connect_timeout", "dbname", "client_encoding",
                                            "fallback_application_name", nullptr};
  const std::array<const char*, 5> values{timeout, conninfo.c_str(), "UTF8", "dsarctl", nullptr};
  constexpr int expand_dbname = 1;
  RawConnection connection(PQconnectdbParams(keywords.data(), values.data(), expand_dbname));
  if (!connection) throw std::bad_alloc();
  if (PQstatus(connection.get()) != CONNECTION_OK) throw_unreachable(connection.get());

  const char* encoding = PQparameterStatus(connection.get(), "server_encoding");
  if (encoding != nullptr && std::string_view(encoding) == "SQL_ASCII") {
    throw Error(ExitCode::refused,
                "the database has the encoding SQL_ASCII: its bytes have no defined characters",
                "Convert the database to UTF8 first; an export could not be read otherwise.");
  }
  return connection;
}

bool has_password(const std::string& conninfo) {
  if (!is_connection_string(conninfo)) return false;
  if (is_uri(conninfo) && has_uri_password(conninfo)) return true;
  const auto options = parse(conninfo);
  return option(options, "password") || option(options, "sslpassword");
}

}  // namespace dsar::pg

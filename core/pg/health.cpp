#include "core/pg/health.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <memory>
#include <string_view>

#include "core/pg/migrations.hpp"
#include "core/pg/open.hpp"
#include "core/sql.hpp"

namespace dsar::pg {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// An option as the connection was made with it, from whatever source.
std::string option_used(const pg_conn* connection, std::string_view keyword) {
  // libpq's signature lacks the const.
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfo(
      const_cast<pg_conn*>(connection)));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  for (const auto* o = options.get(); o != nullptr && o->keyword != nullptr; ++o) {
    if (o->keyword == keyword && o->val != nullptr) return o->val;
  }
  return {};
}

bool is_loopback(std::string_view address) {
  return address.rfind("127.", 0) == 0 || address == "::1";
}

void read_connection(pg_conn* connection, ServerFacts& facts) {
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  facts.host = text(PQhost(connection));
  facts.port = text(PQport(connection));
  const bool socket = facts.host.rfind('/', 0) == 0 || facts.host.rfind('@', 0) == 0;
  facts.same_machine = socket || is_loopback(text(PQhostaddr(connection)));
  if (PQsslInUse(connection) != 0) facts.tls = text(PQsslAttribute(connection, "protocol"));
  facts.certificate_checked = option_used(connection, "sslmode").rfind("verify-", 0) == 0;
  facts.server_version = PQserverVersion(connection);
  facts.client_version = PQlibVersion();
  facts.encoding = text(PQparameterStatus(connection, "server_encoding"));
}

void read_session(Connection& connection, ServerFacts& facts) {
  const auto result = connection.exec(
      "SELECT current_database(), current_user, rolsuper, pg_is_in_recovery() "
      "FROM pg_roles WHERE rolname = current_user");
  facts.database = result->text(0, 0);
  facts.role = result->text(0, 1);
  facts.superuser = result->at(0, 2) == "t";
  facts.in_recovery = result->at(0, 3) == "t";
  facts.schema_version = schema_version(connection);
  facts.known_schema_version = known_schema_version();
  const auto settings = connection.exec(
      "SELECT name, setting FROM pg_settings WHERE name = ANY ($1)", {array_value(log_settings())});
  for (std::size_t row = 0; row < settings->rows(); ++row) {
    facts.settings[settings->text(row, 0)] = settings->text(row, 1);
  }
}

std::chrono::milliseconds clock_ahead(
    Connection& connection, const std::function<std::chrono::system_clock::time_point()>& clock) {
  const auto before = clock();
  const auto result =
      connection.exec("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
  const auto after = clock();
  // The server looked at its clock somewhere in between.
  const std::chrono::sys_time<std::chrono::milliseconds> server{
      std::chrono::milliseconds(std::stoll(result->text(0, 0)))};
  return std::chrono::floor<std::chrono::milliseconds>(server - (before + (after - before) / 2));
}

constexpr const char* backend_pid_sql = "SELECT pg_catalog.pg_backend_pid()";

int backend_pid(Connection& connection) {
  return std::stoi(connection.exec(backend_pid_sql)->text(0, 0));
}

/// The backend that serves a fresh connection; 0 when none does for two seconds, because the pool
/// has no more or the pooler lets nobody in.
int backend_pid_of_another(const std::string& conninfo) {
  constexpr int patience_ms = 2000;
  RawConnection connection;
  try {
    connection = open_connection(conninfo);
  } catch (const Error&) {
    return 0;
  }
  if (PQsendQuery(connection.get(), backend_pid_sql) == 0) return 0;
  while (PQisBusy(connection.get()) != 0) {
    pollfd waiting{PQsocket(connection.get()), POLLIN, 0};
    if (poll(&waiting, 1, patience_ms) <= 0) return 0;
    if (PQconsumeInput(connection.get()) == 0) return 0;
  }
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection.get()),
                                                             &PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return 0;
  return std::stoi(PQgetvalue(result.get(), 0, 0));
}

}  // namespace

// A pooler gives its clients numbers of its own instead of the backend's; and one that changes
// backends between transactions lends an idle client's backend to the next.
Pooling find_pooling(Connection& connection, const std::string& conninfo) {
  const int first = backend_pid(connection);
  if (first == PQbackendPID(connection.raw())) return Pooling::none;
  const int other = backend_pid_of_another(conninfo);
  if (other == first) return Pooling::transaction;
  if (backend_pid(connection) != first) return Pooling::transaction;
  return other == 0 ? Pooling::unknown : Pooling::session;
}

ServerFacts read_server_facts(Connection& connection, const std::string& conninfo,
                              const std::function<std::chrono::system_clock::time_point()>& clock) {
  ServerFacts facts;
  read_connection(connection.raw(), facts);
  facts.pooling = find_pooling(connection, conninfo);
  Transaction transaction(connection, TransactionMode::read_only);
  read_session(connection, facts);
  facts.clock_ahead = clock_ahead(connection, clock);
  return facts;
}

}  // namespace dsar::pg

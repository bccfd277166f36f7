#include "core/health.hpp"

namespace dsar {

namespace {

constexpr int oldest_server = 130000;
constexpr std::chrono::seconds tolerable_skew{5};
constexpr std::chrono::minutes intolerable_skew{10};

HealthLine line(std::string check, Health health, std::string message, std::string hint = {}) {
  return {std::move(check), health, std::move(message), std::move(hint)};
}

/// 150018 → `15.18`
std::string version_text(int version) {
  return std::to_string(version / 10000) + "." + std::to_string(version % 10000);
}

HealthLine check_connection(const ServerFacts& facts) {
  std::string where = "database '" + facts.database + "' at " + facts.host;
  where += facts.host.rfind('/', 0) == 0 ? " (socket)" : ":" + facts.port;
  if (!facts.tls.empty()) where += ", " + facts.tls;
  if (facts.same_machine) return line("connection", Health::ok, where);
  if (facts.tls.empty()) {
    return line("connection", Health::warning, where + ", not encrypted",
                "Add sslmode=verify-full to --db: personal data cross the network readable.");
  }
  if (!facts.certificate_checked) {
    return line("connection", Health::warning, where + ", the server's certificate is not checked",
                "Add sslmode=verify-full (and sslrootcert) to --db.");
  }
  return line("connection", Health::ok, where);
}

HealthLine check_pooling(const ServerFacts& facts) {
  switch (facts.pooling) {
    case Pooling::none:
      return line("pooler", Health::ok, "none");
    case Pooling::session:
      return line("pooler", Health::ok, "a pooler that keeps sessions");
    case Pooling::transaction:
      return line("pooler", Health::warning,
                  "a pooler that changes the session with each transaction",
                  "For sweeping connect to the server itself, or to a pool in session mode.");
    case Pooling::unknown:
      break;
  }
  return line("pooler", Health::warning, "a pooler, of a kind that could not be found out",
              "Connect to the server itself if sweeps or locks misbehave.");
}

HealthLine check_server_version(const ServerFacts& facts) {
  const auto text = "PostgreSQL " + version_text(facts.server_version);
  if (facts.server_version < oldest_server) {
    return line("server", Health::error, text + " is too old", "PostgreSQL 13 or later is needed.");
  }
  const int major = facts.server_version / 10000;
  if (major == 15 || major == 17) return line("server", Health::ok, text);
  return line("server", Health::warning, text + ": dsarctl is tested with 15 and 17",
              "Try commands on a copy of the database first.");
}

HealthLine check_client(const ServerFacts& facts) {
  const auto text = "libpq " + version_text(facts.client_version);
  if (facts.client_version < oldest_server) {
    return line("client", Health::warning, text + " is older than what dsarctl is tested with",
                "Install the libpq5 of the system that dsarctl was built for.");
  }
  return line("client", Health::ok, text);
}

HealthLine check_encoding(const ServerFacts& facts) {
  if (facts.encoding == "UTF8") return line("encoding", Health::ok, facts.encoding);
  return line("encoding", Health::ok, facts.encoding + ", converted to UTF8 by the server");
}

HealthLine check_role(const ServerFacts& facts) {
  if (!facts.superuser) return line("role", Health::ok, "'" + facts.role + "'");
  return line("role", Health::warning, "'" + facts.role + "' is a superuser",
              "Use a role with no more than it needs: 'dsarctl init --grants' makes three.");
}

HealthLine check_schema(const ServerFacts& facts) {
  const auto known = std::to_string(facts.known_schema_version);
  if (!facts.schema_version) {
    return line("schema", Health::error, "the role may not read the tool's own schema",
                "Run the statements that 'dsarctl init --grants' prints.");
  }
  const auto text = "version " + std::to_string(*facts.schema_version);
  if (*facts.schema_version == 0) {
    return line("schema", Health::warning, "the tool's own schema is not there",
                "Run 'dsarctl init'.");
  }
  if (*facts.schema_version > facts.known_schema_version) {
    return line("schema", Health::error, text + " is newer than this dsarctl, which knows " + known,
                "Use the dsarctl that upgraded it, or a newer one.");
  }
  if (*facts.schema_version < facts.known_schema_version) {
    return line("schema", Health::warning, text + ", this dsarctl has " + known,
                "Run 'dsarctl init'.");
  }
  return line("schema", Health::ok, text);
}

HealthLine check_recovery(const ServerFacts& facts) {
  if (!facts.in_recovery) return line("standby", Health::ok, "no: can be written");
  return line("standby", Health::warning, "this server is a standby: find and export, no changes",
              "Connect to the primary for everything that writes.");
}

HealthLine check_clock(const ServerFacts& facts) {
  const auto skew = std::chrono::abs(facts.clock_ahead);
  if (skew < tolerable_skew) return line("clock", Health::ok, "agrees with the server's");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(skew).count();
  return line("clock", skew < intolerable_skew ? Health::warning : Health::error,
              "the server's clock is " + std::to_string(seconds) + " s " +
                  (facts.clock_ahead.count() > 0 ? "ahead of" : "behind") + " this machine's",
              "Let both follow a time server: due dates are counted from the clock.");
}

/// A server setting; `otherwise` where the server has none of that name.
std::string setting(const ServerFacts& facts, const std::string& name,
                    const std::string& otherwise) {
  const auto found = facts.settings.find(name);
  return found == facts.settings.end() ? otherwise : found->second;
}

HealthLine logged(const std::string& what, const std::string& hint) {
  return line("server log", Health::warning, what, hint);
}

/// The tool binds every value, so it is the logging of parameters that counts.
std::vector<HealthLine> check_logging(const ServerFacts& facts) {
  const auto is = [&](const char* name, const char* otherwise, auto... values) {
    const auto value = setting(facts, name, otherwise);
    return ((value == values) || ...);
  };
  const auto alter = [&](const std::string& assignment) {
    return "A superuser runs: ALTER ROLE \"" + facts.role + "\" SET " + assignment + ";";
  };
  std::vector<HealthLine> lines;
  const bool statements =
      !is("log_statement", "none", "none", "ddl") ||
      !is("log_min_duration_statement", "-1", "-1") ||
      (!is("log_min_duration_sample", "-1", "-1") && !is("log_statement_sample_rate", "1", "0")) ||
      !is("log_transaction_sample_rate", "0", "0");
  if (statements && !is("log_parameter_max_length", "-1", "0")) {
    lines.push_back(logged("statements are logged with their values, identities included",
                           alter("log_parameter_max_length = 0")));
  }
  const bool errors = !is("log_min_error_statement", "error", "log", "fatal", "panic");
  if (errors && !is("log_parameter_max_length_on_error", "0", "0")) {
    lines.push_back(logged("statements that fail are logged with their values",
                           alter("log_parameter_max_length_on_error = 0")));
  }
  if (!is("auto_explain.log_min_duration", "-1", "-1") &&
      !is("auto_explain.log_parameter_max_length", "0", "0")) {
    lines.push_back(logged("auto_explain logs the values of slow statements",
                           alter("auto_explain.log_parameter_max_length = 0")));
  }
  if (!is("pgaudit.log", "none", "none", "") && is("pgaudit.log_parameter", "off", "on")) {
    lines.push_back(
        logged("pgaudit logs the values of statements", alter("pgaudit.log_parameter = off")));
  }
  if (lines.empty()) lines.push_back(line("server log", Health::ok, "no values of statements"));
  return lines;
}

}  // namespace

std::vector<std::string> log_settings() {
  return {"log_statement",
          "log_min_duration_statement",
          "log_min_duration_sample",
          "log_statement_sample_rate",
          "log_transaction_sample_rate",
          "log_parameter_max_length",
          "log_min_error_statement",
          "log_parameter_max_length_on_error",
          "auto_explain.log_min_duration",
          "auto_explain.log_parameter_max_length",
          "pgaudit.log",
          "pgaudit.log_parameter"};
}

std::vector<HealthLine> check_server(const ServerFacts& facts) {
  std::vector<HealthLine> lines{
      check_connection(facts), check_pooling(facts),  check_server_version(facts),
      check_client(facts),     check_encoding(facts), check_role(facts),
      check_schema(facts),     check_recovery(facts), check_clock(facts)};
  for (auto& logging : check_logging(facts)) lines.push_back(std::move(logging));
  return lines;
}

}  // namespace dsar

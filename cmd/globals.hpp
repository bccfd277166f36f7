#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/zone.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct Context;

/// The heading of the global options in every help.
inline constexpr const char* global_group = "Global options";

enum class LogFormat { text, json };

enum class LogTarget { standard_error, file, syslog, journald };

/// The global options, after the command line, the environment and the settings file have been
/// put together.
struct Globals {
  std::string db;             ///< conninfo or URI; empty: libpq's own defaults
  std::string map;            ///< the data map's file or folder; empty: none given
  std::string policy;         ///< own policies' file or folder; empty: none given
  std::string tenant;         ///< empty: none given
  std::string actor;          ///< empty: the operating system's user
  std::string hash_key;       ///< file of the key for keyed hashes; empty: none given
  std::string ledger;         ///< file of the ledger; empty: none is kept
  std::string approval_keys;  ///< file or folder of keys; empty: no approval is demanded
  std::uint64_t erase_max_rows = 500000;  ///< of a person, that go in one transaction
  std::string audit_to;        ///< file of the audit trail of what only reads; empty: the database
  std::optional<Instant> now;  ///< --now
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  LogFormat log_format = LogFormat::text;
  std::string log_file;             ///< empty: none
  std::optional<LogTarget> log_to;  ///< none given: the log file if there is one, else stderr

  /// Whether what goes to standard error is JSON.
  [[nodiscard]] bool json_messages() const { return json || log_format == LogFormat::json; }
};

/// Adds the global options to the root command.
void register_globals(CLI::App& app, Context& context);

/// After parsing: fills what the command line left open from the environment and then from the
/// settings file (command line > environment > file > default), and checks it. Throws Error
/// (usage).
void resolve_globals(const CLI::App& app, Context& context);

/// The key of keyed hashes; empty where none was given. Throws Error (usage) where its file may be
/// read by others or is none.
std::string hash_key(const Context& context);

/// The data map's path. Throws Error (usage) when none was given.
const std::string& required_map(const Context& context);

}  // namespace dsar::cmd

#include "cmd/globals.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/logging.hpp"
#include "cmd/settings_file.hpp"
#include "core/error.hpp"
#include "core/pg/connection.hpp"
#include "core/rfc3339.hpp"

namespace dsar::cmd {

namespace {

/// A value and who gave it.
struct Given {
  std::string value;
  std::string source;               ///< `--map`, `DSARCTL_MAP`, `/etc/dsarctl.toml:3: map`
  bool in_argv = false;             ///< other users can read it
  bool in_open_file = false;        ///< so they can here
  std::filesystem::path file = {};  ///< the settings file it stands in
};

void set_db(Globals& globals, const Given& given) {
  const std::string hint =
      "Keep it in ~/.pgpass or in a connection service file, which libpq reads by itself.";
  if ((given.in_argv || given.in_open_file) && pg::has_password(given.value)) {
    throw Error(ExitCode::usage,
                given.in_argv
                    ? given.source + ": a password on the command line can be read by other users"
                    : given.source + ": other users may read this file, and it holds a password",
                hint);
  }
  globals.db = given.value;
}

/// A path; what a file names is beside the file, wherever the command is called from.
std::string path_of(const Given& given) {
  return given.file.empty() ? given.value : (given.file.parent_path() / given.value).string();
}

void set_map(Globals& globals, const Given& given) {
  globals.map = path_of(given);
}

void set_policy(Globals& globals, const Given& given) {
  globals.policy = path_of(given);
}

void set_tenant(Globals& globals, const Given& given) {
  globals.tenant = given.value;
}

/// Without blanks around it: a name that nobody can read is no name.
void set_actor(Globals& globals, const Given& given) {
  constexpr const char* blanks = " \t\r\n";
  const auto first = given.value.find_first_not_of(blanks);
  if (first == std::string::npos) throw Error(ExitCode::usage, given.source + " is empty");
  globals.actor = given.value.substr(first, given.value.find_last_not_of(blanks) - first + 1);
}

void set_hash_key(Globals& globals, const Given& given) {
  globals.hash_key = path_of(given);
}

void set_audit_to(Globals& globals, const Given& given) {
  globals.audit_to = path_of(given);
}

void set_ledger(Globals& globals, const Given& given) {
  globals.ledger = path_of(given);
}

void set_approval_keys(Globals& globals, const Given& given) {
  globals.approval_keys = path_of(given);
}

void set_erase_max_rows(Globals& globals, const Given& given) {
  const auto* const end = given.value.data() + given.value.size();
  std::uint64_t rows = 0;
  const auto [last, error] = std::from_chars(given.value.data(), end, rows);
  if (error != std::errc() || last != end || rows == 0)
    throw Error(ExitCode::usage, given.source + " is no number of rows");
  globals.erase_max_rows = rows;
}

void set_log_format(Globals& globals, const Given& given) {
  if (given.value != "text" && given.value != "json") {
    throw Error(ExitCode::usage, given.source + " is neither 'text' nor 'json'");
  }
  globals.log_format = given.value == "json" ? LogFormat::json : LogFormat::text;
}

void set_log_to(Globals& globals, const Given& given) {
  if (given.value == "stderr") {
    globals.log_to = LogTarget::standard_error;
  } else if (given.value == "syslog") {
    globals.log_to = LogTarget::syslog;
  } else if (given.value == "journald") {
    globals.log_to = LogTarget::journald;
  } else {
    throw Error(ExitCode::usage, given.source + " is none of 'stderr', 'syslog' and 'journald'");
  }
}

void set_log_file(Globals& globals, const Given& given) {
  globals.log_file = path_of(given);
}

/// What may be set on the command line, in the environment and in the settings file.
struct Setting {
  std::string_view key;  ///< in the file; with two dashes, the option
  const char* variable;
  void (*set)(Globals&, const Given&);
  const char* type;
  const char* help;
  bool fixed_by_file = false;  ///< what the settings file says of it stands
};

constexpr std::array settings{
    Setting{"db", "DSARCTL_DB", set_db, "CONNINFO",
            "connection string or URI of the database, without a password; PG* variables, "
            "service and password files work as in psql"},
    Setting{"map", "DSARCTL_MAP", set_map, "PATH", "the data map, a file or a folder"},
    Setting{"policy", "DSARCTL_POLICY", set_policy, "PATH",
            "own policies beside the built-in ones, a file or a folder"},
    Setting{"tenant", "DSARCTL_TENANT", set_tenant, "SLUG", "the tenant to work for"},
    Setting{"actor", "DSARCTL_ACTOR", set_actor, "NAME",
            "who acts, for the record (default: the operating system's user)"},
    Setting{"hash-key", "DSARCTL_HASH_KEY", set_hash_key, "FILE",
            "the key for values that are hashed, as keygen --hmac makes it"},
    Setting{"audit-to", "DSARCTL_AUDIT_TO", set_audit_to, "FILE",
            "append to this audit trail what is only read, instead of to the database's"},
    Setting{"ledger", "DSARCTL_LEDGER", set_ledger, "FILE",
            "keep a record of erasures, holds and the like here, which outlives a restored backup"},
    Setting{"approval-keys", "DSARCTL_APPROVAL_KEYS", set_approval_keys, "PATH",
            "erase only what another than the planner has approved, with one of these public keys",
            true},
    Setting{"erase-max-rows", "DSARCTL_ERASE_MAX_ROWS", set_erase_max_rows, "ROWS",
            "of a person with more rows than this many go ahead in batches (default: 500000)"},
    Setting{"log-format", "DSARCTL_LOG_FORMAT", set_log_format, "text|json",
            "how messages are written"},
    Setting{"log-to", "DSARCTL_LOG_TO", set_log_to, "stderr|syslog|journald", "where messages go"},
    Setting{"log-file", "DSARCTL_LOG_FILE", set_log_file, "FILE",
            "append messages to a file, instead of standard error unless --log-to names it"},
};

std::string option_name(const Setting& setting) {
  return "--" + std::string(setting.key);
}

/// The option's value on the command line. An empty one is a shell variable that was not set, and
/// must not pass for "none given".
std::optional<std::string> on_command_line(const CLI::App& app, const std::string& name) {
  const CLI::Option* option = app.get_option(name);
  if (option->count() == 0) return std::nullopt;
  std::string value = option->results().back();
  if (value.empty()) throw Error(ExitCode::usage, name + " is empty");
  return value;
}

std::optional<std::string> in_environment(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

SettingsFile read_settings(const CLI::App& app) {
  std::vector<std::string_view> keys;
  keys.reserve(settings.size());
  for (const Setting& setting : settings) keys.push_back(setting.key);
  std::optional<std::string> path = on_command_line(app, "--config");
  if (!path) path = in_environment("DSARCTL_CONFIG");
  if (!path) path = default_settings_file();
  if (path->empty()) return {};
  return read_settings_file(*path, keys);
}

std::optional<Given> in_file(const Setting& setting, const SettingsFile& file) {
  const auto found = file.settings.find(setting.key);
  if (found == file.settings.end()) return std::nullopt;
  const std::string source = file.place(found->second) + ": " + std::string(setting.key);
  if (found->second.value.empty()) throw Error(ExitCode::usage, source + " is empty");
  return Given{.value = found->second.value,
               .source = source,
               .in_open_file = file.open_to_others,
               .file = file.path};
}

std::optional<Given> find_value(const Setting& setting, const CLI::App& app,
                                const SettingsFile& file) {
  std::optional<Given> given;
  if (auto value = on_command_line(app, option_name(setting))) {
    given = Given{.value = *value, .source = option_name(setting), .in_argv = true};
  } else if (auto variable = in_environment(setting.variable)) {
    given = Given{.value = *variable, .source = setting.variable};
  }
  if (!given) return in_file(setting, file);
  if (setting.fixed_by_file && in_file(setting, file))
    throw Error(ExitCode::usage,
                given->source + ": " + std::string(setting.key) + " is fixed by " + file.path,
                "Whoever looks after that file decides on it.");
  return given;
}

}  // namespace

void register_globals(CLI::App& app, Context& context) {
  for (const Setting& setting : settings) {
    app.add_option(option_name(setting))
        ->description(setting.help)
        ->type_name(setting.type)
        ->group(global_group);
  }
  app.add_option("--now")
      ->description("what to take for now (RFC 3339) instead of the clock")
      ->type_name("TIME")
      ->group(global_group);
  app.add_option("--config")
      ->description("the settings file, instead of the usual one")
      ->type_name("FILE")
      ->group(global_group);
  app.add_flag("--json", context.globals.json, "write results and messages as JSON")
      ->group(global_group);
  CLI::Option* quiet = app.add_flag("-q,--quiet", context.globals.quiet, "no messages but errors")
                           ->group(global_group);
  app.add_flag("-v,--verbose", context.globals.verbose, "more messages")
      ->group(global_group)
      ->excludes(quiet);
}

void resolve_globals(const CLI::App& app, Context& context) {
  const SettingsFile file = read_settings(app);
  std::vector<std::string> notes;
  for (const Setting& setting : settings) {
    const auto given = find_value(setting, app, file);
    if (!given) continue;
    setting.set(context.globals, *given);
    notes.push_back(std::string(setting.key) + " is set by " + given->source);
  }
  if (const auto text = on_command_line(app, "--now")) {
    context.globals.now = parse_rfc3339(*text);
    if (!context.globals.now) {
      throw Error(ExitCode::usage, "--now is not a time as RFC 3339 writes it",
                  "Write it like 2026-03-31T12:00:00Z.");
    }
    context.now = *context.globals.now;
  }
  start_logging(context.globals);
  if (!file.path.empty()) log_debug("settings file: " + file.path);
  for (const std::string& note : notes) log_debug(note);
}

std::string hash_key(const Context& context) {
  return context.globals.hash_key.empty() ? std::string()
                                          : read_secret_file(context.globals.hash_key);
}

const std::string& required_map(const Context& context) {
  if (context.globals.map.empty()) {
    throw Error(ExitCode::usage, "no data map given",
                "Name it with --map or in the variable DSARCTL_MAP.");
  }
  return context.globals.map;
}

}  // namespace dsar::cmd

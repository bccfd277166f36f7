#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/enum_names.hpp"
#include "core/map/data_map.hpp"

/// Whether the tool can do its work here: decided from facts, one line each.
namespace dsar {

enum class Health { ok, warning, error };

template <>
struct EnumNames<Health> {
  static constexpr std::array table{
      EnumName<Health>{Health::ok, "ok"},
      EnumName<Health>{Health::warning, "warning"},
      EnumName<Health>{Health::error, "error"},
  };
};

struct HealthLine {
  std::string check;  ///< what was looked at, e.g. `clock`; several lines may share one
  Health health = Health::ok;
  std::string message;  ///< one line, no full stop
  std::string hint;     ///< full sentence, or `Run: ` and a statement; empty: none
};

/// What stands between the tool and the server.
enum class Pooling {
  none,
  session,      ///< a pooler that gives a client one backend for as long as it is connected
  transaction,  ///< a pooler that may give each transaction another backend
  unknown,      ///< a pooler, of which nothing more could be found out
};

/// What a connection shows of itself, its server and its role.
struct ServerFacts {
  std::string host;  ///< name or address; the folder of a unix socket
  std::string port;
  bool same_machine = false;  ///< unix socket or loopback
  std::string tls;            ///< protocol, e.g. `TLSv1.3`; empty: not encrypted
  bool certificate_checked = false;
  Pooling pooling = Pooling::none;
  std::string database;
  std::string role;
  bool superuser = false;
  int server_version = 0;  ///< e.g. 150018
  int client_version = 0;  ///< libpq's, likewise
  std::string encoding;
  bool in_recovery = false;
  std::optional<int> schema_version;  ///< of the tool's own; 0: none, nothing: may not look
  int known_schema_version = 0;
  std::chrono::milliseconds clock_ahead{0};     ///< the server's clock against ours
  std::map<std::string, std::string> settings;  ///< those of `log_settings` that the server has
};

/// The server's settings that decide what of a statement gets into its log.
std::vector<std::string> log_settings();

std::vector<HealthLine> check_server(const ServerFacts& facts);

/// Whether the role sees everything that the map's questions read: every table that is closed, in
/// whole or in columns, or has rows hidden by row-level security, and whatever is missing; and the
/// sets that it can read but finds no rows of, as it can look for nobody on whom they hang.
std::vector<HealthLine> check_access(const DataMap& map, const Catalogue& catalogue);

/// Indexes whose absence makes finding a subject read a large table from end to end, with the
/// statement that creates each.
std::vector<HealthLine> check_indexes(const DataMap& map, const Catalogue& catalogue);

}  // namespace dsar

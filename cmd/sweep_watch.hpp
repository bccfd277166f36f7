#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "cmd/progress.hpp"
#include "core/sweep_result.hpp"

namespace dsar::cmd {

/// What a sweep says while it works: a line of progress on a terminal, and in the log a line for
/// each record set and tenant that it has dealt with. No key and no value of a row.
class SweepWatch {
 public:
  explicit SweepWatch(const Globals& globals) : progress_(globals) {}

  void counting(const std::string& set);
  /// The sweep turns to `set`; what it did since it turned to the one before is logged.
  void sweeping(const std::string& set, const std::vector<SweepLine>& lines);
  /// Rows deleted and masked since the run began.
  void gone(std::uint64_t rows);
  /// A standby is that far behind, and the sweep waits for it; nothing: it goes on.
  void waiting(std::optional<std::chrono::milliseconds> lag);
  /// Logs what has not been logged yet.
  void finished(const std::vector<SweepLine>& lines);

 private:
  /// Tenant, record set, rule, action.
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  struct Told {
    std::uint64_t gone = 0;
    std::uint64_t failed = 0;
  };

  Progress progress_;
  std::string set_;
  bool waits_ = false;
  std::map<Key, Told> told_;
};

}  // namespace dsar::cmd

#pragma once

#include <chrono>
#include <string>

namespace dsar::cmd {

struct Globals;

/// One line on standard error that says how far a long work is, written over again and again. Only
/// where a person looks at it: on a terminal, without --quiet and --json.
class Progress {
 public:
  explicit Progress(const Globals& globals);
  /// Takes the line away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Not by two threads at once. Most calls show nothing: a line that changes faster than it can be
  /// read only costs time; `at_once` shows it all the same.
  void show(const std::string& line, bool at_once = false);

 private:
  bool enabled_;
  std::chrono::steady_clock::time_point shown_at_{};
};

/// What takes a line that is shown away; empty when there is none. For whoever writes to standard
/// error next.
std::string erase_progress();

}  // namespace dsar::cmd

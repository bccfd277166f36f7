#pragma once

#include <stop_token>
#include <thread>

namespace dsar::cmd {

/// While it lives, SIGINT, SIGTERM and SIGHUP ask the command to stop instead of killing the
/// process; the second one ends the process at once. Made first in main: threads made later inherit
/// its signal mask. Because a thread of its own waits for the signals, a std::stop_callback on the
/// token runs as ordinary code and may cancel a query.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  void wait_for_signals(const std::stop_token& program_ends);

  std::stop_source stop_;
  std::jthread waiting_;
};

/// Where a command may stop: throws Error (interrupted) when it was asked to.
void stop_if_interrupted(const std::stop_token& stop);

}  // namespace dsar::cmd

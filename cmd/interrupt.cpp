#include "cmd/interrupt.hpp"

#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t and friends are POSIX

#include <cstdlib>
#include <ctime>

#include "cmd/logging.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

namespace {

/// SIGTERM, and of the others those that the caller (nohup, a shell's background job) does not
/// want ignored.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  for (const int signal : {SIGINT, SIGHUP}) {
    struct sigaction current {};
    sigaction(signal, nullptr, &current);
    if (current.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  // A closed pipe is a write error that the writer reports, not a silent death.
  signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiting_ = std::jthread([this](const std::stop_token& end) { wait_for_signals(end); });
}

InterruptWatch::~InterruptWatch() {
  waiting_.request_stop();
  // Wakes it: the signal is blocked, so that it cannot kill.
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
  pthread_kill(waiting_.native_handle(), SIGTERM);
}

void InterruptWatch::wait_for_signals(const std::stop_token& program_ends) {
  const sigset_t signals = stop_signals();
  int signal = 0;
  sigwait(&signals, &signal);
  if (program_ends.stop_requested()) return;
  // Callbacks may take their time; the second signal must not wait for them.
  const std::jthread stopping([this] { stop_.request_stop(); });
  constexpr timespec patience{.tv_sec = 1, .tv_nsec = 0};
  if (sigtimedwait(&signals, nullptr, &patience) < 0) {
    log_warning("stopping; a second interrupt stops at once");
    sigwait(&signals, &signal);
  }
  if (program_ends.stop_requested()) return;
  std::_Exit(static_cast<int>(ExitCode::interrupted));
}

void stop_if_interrupted(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ExitCode::interrupted, "interrupted");
}

}  // namespace dsar::cmd

#pragma once

#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <string>

namespace dsar::cmd {

/// Sends messages to systemd's journal in its native protocol, with their priority. Silent where
/// there is no journal. By hand, for every command would have to load libsystemd, which brings half
/// a dozen libraries and takes as long as the rest of a start.
class JournalSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `identifier`: SYSLOG_IDENTIFIER of every entry.
  explicit JournalSink(std::string identifier);
  ~JournalSink() override;
  JournalSink(const JournalSink&) = delete;
  JournalSink& operator=(const JournalSink&) = delete;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  std::string identifier_;
  int socket_;
};

}  // namespace dsar::cmd

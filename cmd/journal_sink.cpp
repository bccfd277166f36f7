#include "cmd/journal_sink.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace dsar::cmd {
namespace {

constexpr std::string_view path = "/run/systemd/journal/socket";

int priority_of(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return LOG_ERR;
  if (level >= spdlog::level::warn) return LOG_WARNING;
  return level == spdlog::level::info ? LOG_INFO : LOG_DEBUG;
}

/// One of an entry's fields: what log_lines makes of a message is a single line.
void append_field(std::string& entry, std::string_view name, std::string_view text) {
  entry += name;
  entry += '=';
  entry += text;
  entry += '\n';
}

}  // namespace

JournalSink::JournalSink(std::string identifier)
    : identifier_(std::move(identifier)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) spdlog::throw_spdlog_ex("no socket for the journal", errno);
}

JournalSink::~JournalSink() {
  ::close(socket_);
}

void JournalSink::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t text;
  formatter_->format(message, text);
  std::string entry;
  append_field(entry, "MESSAGE", {text.data(), text.size()});
  append_field(entry, "PRIORITY", std::to_string(priority_of(message.level)));
  append_field(entry, "SYSLOG_IDENTIFIER", identifier_);

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  const auto sent = ::sendto(socket_, entry.data(), entry.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (sent < 0 && errno != ENOENT) spdlog::throw_spdlog_ex("cannot write to the journal", errno);
}

}  // namespace dsar::cmd

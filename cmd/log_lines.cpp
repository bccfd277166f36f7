#include "cmd/log_lines.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cmd/progress.hpp"
#include "core/rfc3339.hpp"
#include "formats/printable.hpp"

namespace dsar::cmd {

namespace {

using Buffer = spdlog::memory_buf_t;
using Message = spdlog::details::log_msg;

void append(Buffer& line, std::string_view text) {
  line.append(text.data(), text.data() + text.size());
}

std::string_view level_name(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return "error";
  if (level >= spdlog::level::warn) return "warning";
  return level == spdlog::level::info ? "info" : "debug";
}

std::string time_of(const Message& message) {
  return rfc3339(std::chrono::floor<std::chrono::milliseconds>(message.time));
}

std::string text_of(const Message& message) {
  return formats::printable({message.payload.data(), message.payload.size()});
}

std::string json_of(const Message& message) {
  const nlohmann::ordered_json json{
      {"time", time_of(message)},
      {"level", level_name(message.level)},
      {"message", std::string(message.payload.data(), message.payload.size())}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

class Lines : public spdlog::formatter {
 public:
  Lines(LogTarget target, LogFormat format) : target_(target), format_(format) {}

  void format(const Message& message, Buffer& line) override {
    if (target_ == LogTarget::standard_error) append(line, erase_progress());
    append(line, text(message));
    // The system's log ends its entries itself.
    if (target_ != LogTarget::syslog && target_ != LogTarget::journald) append(line, "\n");
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override {
    return std::make_unique<Lines>(target_, format_);
  }

 private:
  [[nodiscard]] std::string text(const Message& message) const {
    if (format_ == LogFormat::json) return json_of(message);
    const std::string level(level_name(message.level));
    switch (target_) {
      case LogTarget::standard_error:
        return "dsarctl: " + (message.level == spdlog::level::warn ? level + ": " : "") +
               text_of(message);
      case LogTarget::file:
        return time_of(message) + ' ' + level + ": " + text_of(message);
      case LogTarget::syslog:
      case LogTarget::journald:
        return text_of(message);
    }
    return {};
  }

  LogTarget target_;
  LogFormat format_;
};

}  // namespace

std::unique_ptr<spdlog::formatter> log_lines(LogTarget target, LogFormat format) {
  return std::make_unique<Lines>(target, format);
}

}  // namespace dsar::cmd

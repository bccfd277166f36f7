#include "cmd/logging.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/rfc3339.hpp"
#include "formats/printable.hpp"

namespace dsar::cmd {

namespace {

using Buffer = spdlog::memory_buf_t;

void append(Buffer& line, std::string_view text) {
  line.append(text.data(), text.data() + text.size());
}

/// `dsarctl: warning: message`
class TextLine : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, Buffer& line) override {
    append(line, "dsarctl: ");
    if (message.level >= spdlog::level::warn) append(line, "warning: ");
    append(line, formats::printable({message.payload.data(), message.payload.size()}));
    append(line, "\n");
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override {
    return std::make_unique<TextLine>();
  }
};

/// `{"time": …, "level": …, "message": …}`
class JsonLine : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, Buffer& line) override {
    const nlohmann::ordered_json json{
        {"time", rfc3339(std::chrono::floor<std::chrono::milliseconds>(message.time))},
        {"level", level_name(message.level)},
        {"message", std::string(message.payload.data(), message.payload.size())}};
    append(line, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    append(line, "\n");
  }
  [[nodiscard]] std::unique_ptr<formatter> clone() const override {
    return std::make_unique<JsonLine>();
  }

 private:
  static const char* level_name(spdlog::level::level_enum level) {
    if (level >= spdlog::level::warn) return "warning";
    return level == spdlog::level::info ? "info" : "debug";
  }
};

spdlog::level::level_enum level_of(const Globals& globals) {
  if (globals.quiet) return spdlog::level::err;
  return globals.verbose ? spdlog::level::debug : spdlog::level::info;
}

/// Made once, before any thread of ours logs.
spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("dsarctl", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_formatter(std::make_unique<TextLine>());
    return made;
  }();
  return instance;
}

}  // namespace

void start_logging(const Globals& globals) {
  if (globals.json_messages()) {
    logger().set_formatter(std::make_unique<JsonLine>());
  } else {
    logger().set_formatter(std::make_unique<TextLine>());
  }
  logger().set_level(level_of(globals));
}

void log_debug(const std::string& message) {
  logger().log(spdlog::level::debug, message);
}
void log_info(const std::string& message) {
  logger().log(spdlog::level::info, message);
}
void log_warning(const std::string& message) {
  logger().log(spdlog::level::warn, message);
}

}  // namespace dsar::cmd

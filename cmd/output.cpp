#include "cmd/output.hpp"

#include <cerrno>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "cmd/exit_codes.hpp"
#include "cmd/logging.hpp"
#include "cmd/progress.hpp"
#include "core/fault.hpp"
#include "formats/printable.hpp"

namespace dsar::cmd {

namespace {

/// Text from a file name or a server may be no UTF-8; that is no reason to fail.
std::string dump(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::ordered_json to_json(const Fault& fault) {
  nlohmann::ordered_json json{{"file", fault.where.file}};
  if (fault.where.line > 0) json["line"] = fault.where.line;
  if (fault.where.column > 0) json["column"] = fault.where.column;
  json["pointer"] = fault.where.pointer;
  json["message"] = fault.message;
  return json;
}

nlohmann::ordered_json to_json(const Error& error) {
  nlohmann::ordered_json json{{"code", static_cast<int>(error.code())},
                              {"name", exit_code_text(error.code()).name},
                              {"message", error.what()}};
  if (!error.hint().empty()) json["hint"] = error.hint();
  if (const auto* invalid = dynamic_cast<const Invalid*>(&error)) {
    json["faults"] = nlohmann::ordered_json::array();
    for (const Fault& fault : invalid->faults()) json["faults"].push_back(to_json(fault));
  }
  return {{"error", json}};
}

std::string to_text(const Error& error) {
  std::string text = "dsarctl: " + formats::printable(error.what()) + '\n';
  if (const auto* invalid = dynamic_cast<const Invalid*>(&error)) {
    // The message itself says the first.
    for (std::size_t i = 1; i < invalid->faults().size(); ++i) {
      text += "  " + formats::printable(invalid->faults()[i].text()) + '\n';
    }
  }
  if (!error.hint().empty()) text += "hint: " + formats::printable(error.hint()) + '\n';
  return text;
}

}  // namespace

void emit_text(Context& context, const std::string& text) {
  errno = 0;
  context.out << text << std::flush;
  if (context.out.good()) return;
  std::string message = "cannot write the result to standard output";
  if (errno != 0) message += ": " + std::generic_category().message(errno);
  throw Error(ExitCode::unexpected, message);
}

void emit(Context& context, const std::function<std::string()>& text,
          const std::function<nlohmann::ordered_json()>& json) {
  emit_text(context, context.globals.json ? dump(json(), 2) + '\n' : text());
}

void report_error(const Error& error, Context& context) {
  log_failure(error.what());
  context.err << erase_progress()
              << (context.globals.json_messages() ? dump(to_json(error), -1) + '\n'
                                                  : to_text(error))
              << std::flush;
}

}  // namespace dsar::cmd

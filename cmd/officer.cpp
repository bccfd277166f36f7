#include "cmd/officer.hpp"

#include "core/error.hpp"
#include "core/iso_date.hpp"

namespace dsar::cmd {

Date date_of_option(std::string_view option, const std::string& value) {
  if (const auto date = parse_iso_date(value)) return *date;
  throw Error(ExitCode::usage, std::string(option) + " is no date: " + value,
              "Write it like 2026-12-31.");
}

std::string text_of_option(std::string_view option, const std::string& value) {
  const auto first = value.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) throw Error(ExitCode::usage, std::string(option) + " is empty");
  return value.substr(first, value.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace dsar::cmd

#include "cmd/holidays_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "core/error.hpp"
#include "core/iso_date.hpp"

namespace dsar::cmd {

Holidays read_holidays(const std::string& path) {
  Holidays holidays;
  if (path.empty()) return holidays;
  errno = 0;
  std::ifstream file(path);
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const auto date = parse_iso_date(line);
    if (!date)
      throw Error(ExitCode::usage, path + ":" + std::to_string(number) + " is no date",
                  "Write one a line, like 2026-12-25.");
    holidays.insert(*date);
  }
  if (!file.is_open() || file.bad())
    throw Error(ExitCode::usage,
                "cannot read " + path + ": " + std::generic_category().message(errno));
  return holidays;
}

}  // namespace dsar::cmd

#include "cmd/whole_file.hpp"

#include <fstream>
#include <sstream>

#include "core/error.hpp"

namespace dsar::cmd {

std::string read_whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (file) content << file.rdbuf();
  if (!file || file.bad()) throw Error(ExitCode::usage, path + " cannot be read");
  return content.str();
}

}  // namespace dsar::cmd

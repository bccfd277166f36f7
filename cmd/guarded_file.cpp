#include "cmd/guarded_file.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/error.hpp"

namespace dsar::cmd {
namespace {

namespace fs = std::filesystem;

bool others_may(const fs::path& path, fs::perms what) {
  return (fs::status(path).permissions() & what) != fs::perms::none;
}

void refuse(const fs::path& path) {
  if (!others_may(path, fs::perms::others_write | fs::perms::group_write)) return;
  throw Error(ExitCode::refused, path.string() + ": others than its owner may write this file",
              "Whoever may write it decides what is deleted. Run: chmod go-w " + path.string());
}

std::string read_key(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ExitCode::usage, path + ": the key cannot be read");
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace

void refuse_files_of_others(const std::string& path) {
  refuse(path);
  if (!fs::is_directory(path)) return;
  for (const auto& entry : fs::recursive_directory_iterator(path)) refuse(entry.path());
}

std::string read_secret_file(const std::string& path) {
  auto key = read_key(path);
  if (others_may(path, fs::perms::group_all | fs::perms::others_all))
    throw Error(ExitCode::usage, path + ": others than its owner may use this key",
                "Run: chmod 600 " + path);
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  constexpr std::size_t least = 32;
  if (key.size() < least)
    throw Error(ExitCode::usage, path + ": a key has at least 32 characters",
                "Make one with: dsarctl keygen --hmac FILE");
  return key;
}

SigningKey read_signing_key(const std::string& path) {
  try {
    return SigningKey::from_pem(read_secret_file(path));
  } catch (const std::invalid_argument& fault) {
    throw Error(ExitCode::usage, path + ": " + fault.what(),
                "Make one with: dsarctl keygen --signing FILE");
  }
}

VerifyingKey read_verifying_key(const std::string& path) {
  try {
    return VerifyingKey::from_pem(read_key(path));
  } catch (const std::invalid_argument& fault) {
    throw Error(ExitCode::usage, path + ": " + fault.what(),
                "dsarctl keygen --signing FILE writes the public half to FILE.pub.");
  }
}

}  // namespace dsar::cmd

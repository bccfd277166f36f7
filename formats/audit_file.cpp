#include "formats/audit_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "core/error.hpp"
#include "core/rfc3339.hpp"
#include "formats/audit_json.hpp"

namespace dsar::formats {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw Error(ExitCode::usage, path + ": " + what + ": " + std::generic_category().message(errno));
}

/// The file, locked as long as this lives.
class OpenTrail {
 public:
  explicit OpenTrail(const std::string& path)
      : path_(path),
        file_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    if (file_ < 0) fail(path_, "the audit trail cannot be opened");
    if (::flock(file_, LOCK_EX) != 0) {
      ::close(file_);
      fail(path_, "the audit trail cannot be locked");
    }
    struct stat status {};
    if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
      ::close(file_);
      throw Error(ExitCode::usage, path_ + ": others may write this audit trail, or it is no file",
                  "Run: chmod 600 " + path_);
    }
    size_ = status.st_size;
  }
  OpenTrail(const OpenTrail&) = delete;
  OpenTrail& operator=(const OpenTrail&) = delete;
  ~OpenTrail() { ::close(file_); }

  /// The last line without its end; empty where there is none. A line that was cut off by a full
  /// disk or a crash is none of the chain's.
  [[nodiscard]] std::string last_line() const {
    constexpr off_t piece = 4096;
    std::string end;
    for (off_t from = size_; from > 0;) {
      const auto length = std::min(piece, from);
      from -= length;
      std::string part(static_cast<std::size_t>(length), '\0');
      if (::pread(file_, part.data(), part.size(), from) != length)
        fail(path_, "the audit trail cannot be read");
      end.insert(0, part);
      if (from + length == size_ && end.back() != '\n')
        throw Error(ExitCode::usage, path_ + ": the last line of the audit trail is cut off",
                    "Look at it, and begin a new file.");
      const auto before = end.size() < 2 ? std::string::npos : end.rfind('\n', end.size() - 2);
      if (before != std::string::npos) return end.substr(before + 1, end.size() - before - 2);
    }
    return end.empty() ? end : end.substr(0, end.size() - 1);
  }

  void append(const std::string& line) const {
    std::size_t written = 0;
    while (written < line.size()) {
      const auto n = ::write(file_, line.data() + written, line.size() - written);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        const auto cause = errno;
        // Nothing half written stays.
        if (::ftruncate(file_, size_) != 0) errno = cause;
        errno = cause;
        fail(path_, "the audit trail cannot be written");
      }
      written += static_cast<std::size_t>(n);
    }
    if (::fsync(file_) != 0) fail(path_, "the audit trail cannot be written");
  }

 private:
  std::string path_;
  int file_;
  off_t size_ = 0;
};

/// As the database writes it: six digits of a second, always.
std::string with_microseconds(Instant at) {
  auto text = rfc3339(at);
  text.pop_back();
  const auto dot = text.find('.');
  if (dot == std::string::npos) text += '.';
  const auto digits = text.size() - text.find('.') - 1;
  constexpr std::size_t wanted = 6;
  return text + std::string(wanted - digits, '0') + "Z";
}

}  // namespace

void append_audit_file(const std::string& path, const AuditNote& note, const std::string& role,
                       Instant at) {
  const OpenTrail trail(path);
  AuditEntry entry;
  entry.number = 1;
  entry.previous = audit_root;
  if (const auto line = trail.last_line(); !line.empty()) {
    try {
      const auto last = parse_audit_entry(line);
      entry.number = last.number + 1;
      entry.previous = last.hash;
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, path + ": its last line is " + fault.what(),
                  "Name another file with --audit-to.");
    }
  }
  entry.at = with_microseconds(at);
  entry.role = role;
  entry.note = note;
  entry.hash = audit_hash(entry);
  trail.append(audit_entry_json(entry).dump() + "\n");
}

void read_audit_file(const std::string& path, const std::function<void(const AuditEntry&)>& take) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, "the audit trail cannot be read");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    try {
      take(parse_audit_entry(line));
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, path + ":" + std::to_string(number) + " is " + fault.what());
    }
  }
  if (file.bad()) fail(path, "the audit trail cannot be read");
}

}  // namespace dsar::formats

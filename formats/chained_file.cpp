#include "formats/chained_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace dsar::formats {

ChainedFile::ChainedFile(std::string path, std::string what)
    : path_(std::move(path)),
      what_(std::move(what)),
      file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600)) {
  if (file_ < 0) fail("opened");
  struct stat status {};
  if (::flock(file_, LOCK_EX) != 0 || ::fstat(file_, &status) != 0) {
    ::close(file_);
    fail("locked");
  }
  if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    ::close(file_);
    throw Error(ExitCode::usage, path_ + ": others may write this " + what_ + ", or it is no file",
                "Run: chmod 600 " + path_);
  }
  size_ = status.st_size;
}

ChainedFile::~ChainedFile() {
  ::close(file_);
}

std::string ChainedFile::last_line() const {
  constexpr off_t piece = 4096;
  std::string end;
  for (off_t from = size_; from > 0;) {
    const auto length = std::min(piece, from);
    from -= length;
    std::string part(static_cast<std::size_t>(length), '\0');
    if (::pread(file_, part.data(), part.size(), from) != length) fail("read");
    end.insert(0, part);
    if (from + length == size_ && end.back() != '\n')
      throw Error(ExitCode::usage, path_ + ": the last line of the " + what_ + " is cut off",
                  "Look at it, and begin a new file.");
    const auto before = end.size() < 2 ? std::string::npos : end.rfind('\n', end.size() - 2);
    if (before != std::string::npos) return end.substr(before + 1, end.size() - before - 2);
  }
  return end.empty() ? end : end.substr(0, end.size() - 1);
}

void ChainedFile::reserve(off_t bytes) {
  while (::fallocate(file_, FALLOC_FL_KEEP_SIZE, size_, bytes) != 0) {
    if (errno == EINTR) continue;
    if (errno == EOPNOTSUPP || errno == ENOSYS) return;
    fail("written");
  }
}

void ChainedFile::append(const std::string& line) {
  const auto whole = line + "\n";
  std::size_t written = 0;
  while (written < whole.size()) {
    const auto n = ::write(file_, whole.data() + written, whole.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const auto cause = errno;
      // What could not be taken back is found by whoever reads the file next.
      [[maybe_unused]] const auto taken_back = ::ftruncate(file_, size_);
      errno = cause;
      fail("written");
    }
    written += static_cast<std::size_t>(n);
  }
  if (::fsync(file_) != 0) fail("written");
  size_ += static_cast<off_t>(whole.size());
}

void ChainedFile::fail(const char* doing) const {
  throw Error(ExitCode::usage, path_ + ": the " + what_ + " cannot be " + doing + ": " +
                                   std::generic_category().message(errno));
}

}  // namespace dsar::formats

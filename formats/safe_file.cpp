#include "formats/safe_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace dsar::formats {
namespace {

constexpr std::string_view temporary_prefix = ".dsarctl-";
constexpr std::string_view temporary_suffix = ".tmp";
constexpr ::mode_t private_mode = S_IRUSR | S_IWUSR;
constexpr ::mode_t public_mode = private_mode | S_IRGRP | S_IROTH;

std::string quote(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

/// The system's words for an errno in the grammar of our messages.
std::string reason(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

[[noreturn]] void refuse(const std::string& message, std::string hint = {}) {
  throw Error(ExitCode::usage, message, std::move(hint));
}

[[noreturn]] void refuse_existing(const std::filesystem::path& target) {
  refuse(quote(target) + " exists already", "Use --force to replace it.");
}

std::filesystem::path folder_of(const std::filesystem::path& target) {
  return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

bool is_temporary(std::string_view name) {
  return name.starts_with(temporary_prefix) && name.ends_with(temporary_suffix);
}

std::string random_temporary_name() {
  std::random_device random;
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", random());
  return std::string(temporary_prefix) + digits.data() + std::string(temporary_suffix);
}

/// A writer holds a lock on its temporary file for as long as it lives, so whoever gets the lock
/// has found a leftover (or a file that is just being made: `create_temporary` sees to that).
void remove_if_leftover(int folder, const char* name) {
  const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return;
  struct stat status {};
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
      flock(fd, LOCK_EX | LOCK_NB) == 0) {
    unlinkat(folder, name, 0);
  }
  close(fd);
}

int open_folder(const std::filesystem::path& target) {
  if (!target.has_filename() || target.filename() == "." || target.filename() == "..") {
    refuse(quote(target) + " names no file", "Name a file inside the folder.");
  }
  const std::filesystem::path folder = folder_of(target);
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) return fd;
  const int error = errno;
  switch (error) {
    case ENOENT:
      refuse("the folder " + quote(folder) + " does not exist",
             "Create it first, or name another folder.");
    case ENOTDIR:
      refuse(quote(folder) + " is not a folder");
    default:
      refuse("the folder " + quote(folder) + " cannot be opened: " + reason(error));
  }
}

}  // namespace

SafeFile::Descriptor::~Descriptor() {
  close(fd_);
}

SafeFile::SafeFile(std::filesystem::path target, Existing existing, Readers readers, int folder)
    : target_(std::move(target)), existing_(existing), readers_(readers), folder_(folder) {}

// Delegates so that the destructor removes the temporary file when this body throws.
SafeFile::SafeFile(const std::filesystem::path& target, Existing existing, Readers readers)
    : SafeFile(target, existing, readers, open_folder(target)) {
  check_target();
  remove_leftovers();
  create_temporary();
}

SafeFile::~SafeFile() {
  if (!temporary_.empty()) unlinkat(folder_.get(), temporary_.c_str(), 0);
}

void SafeFile::check_target() const {
  struct stat status {};
  if (fstatat(folder_.get(), target_.filename().c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    const int error = errno;
    if (error == ENOENT) return;
    refuse(quote(target_) + " cannot be used: " + reason(error));
  }
  if (S_ISLNK(status.st_mode)) {
    refuse(quote(target_) + " is a symbolic link", "Links are not followed: name the file itself.");
  }
  if (S_ISDIR(status.st_mode)) {
    refuse(quote(target_) + " is a folder", "Name a file inside it.");
  }
  if (!S_ISREG(status.st_mode)) refuse(quote(target_) + " is not an ordinary file");
  if (existing_ == Existing::refuse) refuse_existing(target_);
}

void SafeFile::remove_leftovers() const {
  const int fd = openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  const std::unique_ptr<DIR, decltype([](DIR* folder) { closedir(folder); })> folder(fdopendir(fd));
  if (!folder) {
    close(fd);
    return;
  }
  while (const dirent* entry = readdir(folder.get())) {
    if (is_temporary(&entry->d_name[0])) remove_if_leftover(folder_.get(), &entry->d_name[0]);
  }
}

void SafeFile::create_temporary() {
  for (;;) {
    std::string name = random_temporary_name();
    const int fd = openat(folder_.get(), name.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, private_mode);
    if (fd < 0) {
      const int error = errno;
      if (error == EEXIST) continue;
      if (error == ENOSPC || error == EDQUOT) fail_writing(error);
      refuse("the folder " + quote(folder_of(target_)) + " cannot be written: " + reason(error));
    }
    temporary_ = std::move(name);
    file_.reset(fdopen(fd, "wb"));
    if (!file_) {
      const int error = errno;
      close(fd);
      fail_writing(error);
    }
    // The umask may have taken more away than it should.
    if (fchmod(fd, private_mode) != 0) fail_writing(errno);
    // Another run that looks for leftovers may have been faster to lock and remove it. File systems
    // without locks never let it get that far.
    struct stat status {};
    if (flock(fd, LOCK_EX) != 0 || (fstat(fd, &status) == 0 && status.st_nlink > 0)) return;
  }
}

void SafeFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail_writing(errno);
}

void SafeFile::seek(std::uint64_t position) {
  if (fseeko(file_.get(), static_cast<::off_t>(position), SEEK_SET) != 0) fail_writing(errno);
}

std::uint64_t SafeFile::position() const {
  const ::off_t position = ftello(file_.get());
  if (position < 0) fail_writing(errno);
  return static_cast<std::uint64_t>(position);
}

void SafeFile::commit() {
  if (readers_ == Readers::everybody && fchmod(fileno(file_.get()), public_mode) != 0)
    fail_writing(errno);
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) fail_writing(errno);
  put_in_place();
  temporary_.clear();
  // Some file systems cannot flush a folder and say EINVAL.
  if (fsync(folder_.get()) != 0 && errno != EINVAL) fail_writing(errno);
}

void SafeFile::put_in_place() {
  const int folder = folder_.get();
  const std::string name = target_.filename().string();
  if (existing_ == Existing::replace) {
    if (renameat(folder, temporary_.c_str(), folder, name.c_str()) != 0) fail_writing(errno);
    return;
  }
  if (renameat2(folder, temporary_.c_str(), folder, name.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EINVAL || errno == ENOSYS) {  // not on this file system or kernel: a link instead
    if (linkat(folder, temporary_.c_str(), folder, name.c_str(), 0) == 0) {
      unlinkat(folder, temporary_.c_str(), 0);
      return;
    }
  }
  if (errno == EEXIST) refuse_existing(target_);
  fail_writing(errno);
}

void SafeFile::fail_writing(int error) const {
  if (error == ENOSPC || error == EDQUOT) {
    throw Error(ExitCode::unexpected, "the disk is full: " + quote(target_) + " was not written",
                "Free some space, or name a file on another disk.");
  }
  throw Error(ExitCode::unexpected, quote(target_) + " could not be written: " + reason(error));
}

}  // namespace dsar::formats

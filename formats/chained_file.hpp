#pragma once

#include <sys/types.h>

#include <string>

/// Files of which each line depends on the one before it, and to which lines are only added.
namespace dsar::formats {

/// Such a file, made where there is none (mode 0600), and locked as long as this lives: programs
/// wait for each other.
class ChainedFile {
 public:
  /// `what` the file is, for errors. Throws Error (usage) where it cannot be opened, is no file, or
  /// others may write it.
  ChainedFile(std::string path, std::string what);
  ChainedFile(const ChainedFile&) = delete;
  ChainedFile& operator=(const ChainedFile&) = delete;
  ~ChainedFile();

  /// The last line without its end; empty where there is none. Throws Error (usage) where it was
  /// cut off by a full disk or a crash.
  [[nodiscard]] std::string last_line() const;

  /// Keeps so much room on the disk for what is added next, where the file system can: a disk that
  /// is filled meanwhile does not get in the way. Throws Error (usage) where there is not so much.
  void reserve(off_t bytes);

  /// Adds a line and puts it on the disk; nothing half written stays. Throws Error (usage).
  void append(const std::string& line);

 private:
  [[noreturn]] void fail(const char* doing) const;

  std::string path_;
  std::string what_;
  int file_;
  off_t size_ = 0;
};

}  // namespace dsar::formats

#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace dsar::formats {

/// A file that appears whole or not at all. It is written under a temporary name in the target's
/// folder (mode 0600 until then), and `commit` makes it durable and puts it in the target's place.
/// Destroyed before that, or on any failure, it leaves nothing behind; what a killed run left is
/// removed by the next file written to the same folder.
///
/// Every failure is an `Error`: `usage` where the target is at fault (exists, no folder, symbolic
/// link, ...), `unexpected` where writing failed (disk full).
class SafeFile {
 public:
  /// What to do with a file that is there already. A symbolic link is refused in any case.
  enum class Existing : std::uint8_t { refuse, replace };

  /// Who may read the file in the end.
  enum class Readers : std::uint8_t { owner, everybody };

  /// Refuses a bad target at once, before any work is done.
  SafeFile(const std::filesystem::path& target, Existing existing,
           Readers readers = Readers::owner);
  SafeFile(const SafeFile&) = delete;
  SafeFile& operator=(const SafeFile&) = delete;
  ~SafeFile();

  /// Writes at the current position and moves it on.
  void write(std::string_view bytes);
  void seek(std::uint64_t position);
  [[nodiscard]] std::uint64_t position() const;

  /// Flushes to the disk, puts the file in place and flushes the folder. A target that has appeared
  /// meanwhile is not touched unless it is to be replaced. Call it once, last.
  void commit();

 private:
  /// Owns a file descriptor.
  class Descriptor {
   public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }

   private:
    int fd_;
  };
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  SafeFile(std::filesystem::path target, Existing existing, Readers readers, int folder);
  void check_target() const;
  void remove_leftovers() const;
  void create_temporary();
  void put_in_place();
  [[noreturn]] void fail_writing(int error) const;

  std::filesystem::path target_;
  Existing existing_;
  Readers readers_;
  Descriptor folder_;
  std::string temporary_;  ///< its name in the folder; empty when there is none
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace dsar::formats

#include "formats/safe_file.hpp"

#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "tests/formats/temporary_folder.hpp"

using dsar::Error;
using dsar::ExitCode;
using dsar::formats::SafeFile;
using dsar::test::read_file;
using dsar::test::TemporaryFolder;
using dsar::test::write_file;
using Existing = SafeFile::Existing;
using Names = std::vector<std::string>;

namespace {

Error failure_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return {ExitCode::done, ""};
}

Error refusal(const std::filesystem::path& target, Existing existing = Existing::refuse) {
  Error error = failure_of([&] { SafeFile(target, existing); });
  CHECK(error.code() == ExitCode::usage);
  return error;
}

}  // namespace

TEST_CASE("a safe file appears whole when it is committed, readable by its owner alone") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "out.zip";
  for (const mode_t mask : {0000U, 0277U}) {
    const mode_t umask_before = umask(mask);
    {
      SafeFile file(target, Existing::replace);
      file.write("..cde");
      file.seek(0);
      file.write("ab");
      CHECK(file.position() == 2);
      if (mask == 0) CHECK_FALSE(std::filesystem::exists(target));
      file.commit();
    }
    umask(umask_before);
    CHECK(read_file(target) == "abcde");
    CHECK(folder.names() == Names{"out.zip"});
    struct stat status {};
    REQUIRE(stat(target.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
  }
}

TEST_CASE("a safe file that is not committed leaves nothing") {
  const TemporaryFolder folder;
  {
    SafeFile file(folder.path() / "out.zip", Existing::refuse);
    file.write("secret");
    CHECK(folder.names().size() == 1);
  }
  CHECK(folder.names().empty());
}

TEST_CASE("an existing file is kept unless it is to be replaced") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "out.zip";
  write_file(target, "old");
  const Error error = refusal(target);
  CHECK(error.what() == "'" + target.string() + "' exists already");
  CHECK(error.hint() == "Use --force to replace it.");
  CHECK(read_file(target) == "old");
  {
    SafeFile file(target, Existing::replace);
    file.write("new");
    CHECK(read_file(target) == "old");
    file.commit();
  }
  CHECK(read_file(target) == "new");
  CHECK(folder.names() == Names{"out.zip"});
}

TEST_CASE("a file that appears while another is written is not touched") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "out.zip";
  {
    SafeFile file(target, Existing::refuse);
    file.write("late");
    write_file(target, "early");
    CHECK(failure_of([&] { file.commit(); }).code() == ExitCode::usage);
  }
  CHECK(read_file(target) == "early");
  CHECK(folder.names() == Names{"out.zip"});
}

TEST_CASE("a symbolic link is never followed nor replaced") {
  const TemporaryFolder folder;
  const auto victim = folder.path() / "victim";
  write_file(victim, "old");
  for (const char* aim : {"victim", "nowhere"}) {
    const auto link = folder.path() / (std::string("link-to-") + aim);
    std::filesystem::create_symlink(aim, link);
    for (const Existing existing : {Existing::refuse, Existing::replace}) {
      CHECK(std::string(refusal(link, existing).what()).ends_with("is a symbolic link"));
    }
  }
  CHECK(read_file(victim) == "old");
  CHECK(folder.names() == Names{"link-to-nowhere", "link-to-victim", "victim"});
}

TEST_CASE("a target that is no file in a folder is refused with one clear line") {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  write_file(path + "/file", "");
  CHECK(refusal(path + "/no/out.zip").what() == "the folder '" + path + "/no' does not exist");
  CHECK(refusal(path + "/file/out.zip").what() == "'" + path + "/file' is not a folder");
  CHECK(refusal(path, Existing::replace).what() == "'" + path + "' is a folder");
  CHECK(refusal(path + "/").what() == "'" + path + "/' names no file");
  CHECK(refusal("..").what() == std::string("'..' names no file"));
  CHECK(refusal("").what() == std::string("'' names no file"));
  CHECK(refusal("/dev/null", Existing::replace).what() ==
        std::string("'/dev/null' is not an ordinary file"));
  CHECK(refusal(path + "/" + std::string(300, 'x')).what() ==
        "'" + path + "/" + std::string(300, 'x') + "' cannot be used: file name too long");
  CHECK(folder.names() == Names{"file"});
}

TEST_CASE("a folder that may not be written is refused") {
  const TemporaryFolder folder;
  const auto closed = folder.path() / "closed";
  std::filesystem::create_directory(closed);
  constexpr ::uid_t nobody = 65534;
  const bool root = geteuid() == 0;  // who may write anywhere, so become somebody else
  if (root) {
    REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
    REQUIRE(chown(closed.c_str(), nobody, nobody) == 0);
  }
  REQUIRE(chmod(closed.c_str(), 0500) == 0);
  if (root) REQUIRE(seteuid(nobody) == 0);
  const std::string message = refusal(closed / "out.zip").what();
  if (root) REQUIRE(seteuid(0) == 0);
  CHECK(message == "the folder '" + closed.string() + "' cannot be written: permission denied");
}

TEST_CASE("a write that fails half-way says so and leaves nothing") {
  const TemporaryFolder folder;
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur = 4096;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const Error error = failure_of([&] {
    SafeFile file(folder.path() / "out.zip", Existing::refuse);
    file.write(std::string(100'000, 'x'));
    file.commit();
  });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, previous);
  CHECK(error.code() == ExitCode::unexpected);
  CHECK(std::string(error.what()).ends_with("could not be written: file too large"));
  CHECK(folder.names().empty());
}

TEST_CASE("a full disk is named, and the old file survives") {
  const TemporaryFolder folder;
  const auto disk = folder.path() / "disk";
  std::filesystem::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    MESSAGE("not tried: only root may mount a small disk");
    return;
  }
  write_file(disk / "out.zip", "old");
  const Error error = failure_of([&] {
    SafeFile file(disk / "out.zip", Existing::replace);
    file.write(std::string(1'000'000, 'x'));
    file.commit();
  });
  const std::string old = read_file(disk / "out.zip");
  const auto left = std::distance(std::filesystem::directory_iterator(disk), {});
  umount(disk.c_str());
  CHECK(error.what() == "the disk is full: '" + (disk / "out.zip").string() + "' was not written");
  CHECK_FALSE(error.hint().empty());
  CHECK(old == "old");
  CHECK(left == 1);
}

TEST_CASE("what a killed run left is removed by the next, what a living one writes is not") {
  const TemporaryFolder folder;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    SafeFile file(folder.path() / "killed.zip", Existing::refuse);
    file.write(std::string(100'000, 'x'));
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(folder.names().size() == 1);

  SafeFile living(folder.path() / "living.zip", Existing::refuse);
  CHECK(folder.names().size() == 1);
  {
    SafeFile next(folder.path() / "next.zip", Existing::refuse);
    CHECK(folder.names().size() == 2);
  }
  CHECK(folder.names().size() == 1);
  living.commit();
  CHECK(folder.names() == Names{"living.zip"});
}

TEST_CASE("other files with a temporary file's look are left alone") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / ".dsarctl-folder.tmp");
  std::filesystem::create_symlink("dsarctl-mine.tmp", folder.path() / ".dsarctl-link.tmp");
  write_file(folder.path() / "dsarctl-mine.tmp", "");
  SafeFile(folder.path() / "out.zip", Existing::refuse).commit();
  CHECK(folder.names() ==
        Names{".dsarctl-folder.tmp", ".dsarctl-link.tmp", "dsarctl-mine.tmp", "out.zip"});
}

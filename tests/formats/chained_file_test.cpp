#include "formats/chained_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/error.hpp"
#include "tests/formats/temporary_folder.hpp"

namespace dsar::formats {
namespace {

struct stat status_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status;
}

}  // namespace

TEST_CASE("a file of chained lines gives its last line, and keeps room without growing") {
  const test::TemporaryFolder folder;
  const auto path = (folder.path() / "chain").string();
  ChainedFile file(path, "chain");
  CHECK(file.last_line().empty());
  file.append("one");
  constexpr off_t room = 64 * 1024;
  file.reserve(room);
  const auto reserved = status_of(path);
  CHECK(reserved.st_size == 4);
  constexpr off_t block = 512;
  CHECK(reserved.st_blocks * block >= room);
  file.append("two");
  CHECK(status_of(path).st_size == 8);
  CHECK(status_of(path).st_blocks * block >= room);
  CHECK(file.last_line() == "two");
}

TEST_CASE("room that the disk does not have is refused") {
  const test::TemporaryFolder folder;
  ChainedFile file((folder.path() / "chain").string(), "chain");
  constexpr off_t petabyte = off_t{1} << 50;
  CHECK_THROWS_AS(file.reserve(petabyte), Error);
  file.append("one");
  CHECK(file.last_line() == "one");
}

}  // namespace dsar::formats

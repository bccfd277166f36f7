#include "formats/package_writer.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "tests/formats/synthetic_sources.hpp"
#include "tests/formats/temporary_folder.hpp"

using dsar::ByteSource;
using dsar::Error;
using dsar::ExitCode;
using dsar::RowSource;
using dsar::formats::DeflateEngine;
using dsar::formats::PackageOptions;
using dsar::formats::PackageSummary;
using dsar::formats::PackageWriter;
using dsar::test::read_file;
using dsar::test::SyntheticBytes;
using dsar::test::SyntheticRows;
using dsar::test::TemporaryFolder;
using nlohmann::json;
using Names = std::vector<std::string>;

namespace {

PackageOptions options() {
  PackageOptions options;
  options.tool_version = "1.2.3";
  using namespace std::chrono;
  options.created = sys_days(year(2026) / 3 / 31) + hours(12) + minutes(34) + seconds(56);
  return options;
}

auto rows(std::uint64_t count, const std::function<void(std::uint64_t)>& before_row = {}) {
  return [=]() -> std::unique_ptr<RowSource> {
    return std::make_unique<SyntheticRows>(count, before_row);
  };
}

auto bytes(std::uint64_t count) {
  return [=]() -> std::unique_ptr<ByteSource> { return std::make_unique<SyntheticBytes>(count); };
}

auto text(const std::string& text) {
  return [=] { return text; };
}

std::string quoted_path(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

/// What a command prints; the test fails with it when the command does.
std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> part{};
  while (const std::size_t length = std::fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), length);
  }
  const int status = pclose(pipe);
  INFO(output);
  REQUIRE(status == 0);
  return output;
}

/// Has the package read by programs that share nothing with its writer; returns the manifest's
/// files and the time in the ZIP.
json check(const std::filesystem::path& package) {
  output_of("unzip -t " + quoted_path(package));
  const auto script = std::filesystem::path(__FILE__).parent_path() / "check_package.py";
  return json::parse(output_of("python3 " + quoted_path(script) + " " + quoted_path(package)));
}

std::string content(const std::filesystem::path& package, const std::string& name) {
  return output_of("unzip -p " + quoted_path(package) + " " + quoted_path(name));
}

/// What peaks may differ by, in KiB. Under a sanitizer what is freed stays in quarantine for a
/// while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
constexpr long slack = 512L * 1024;
#else
constexpr long slack = 2L * 1024;
#endif

/// Peak memory in KiB of a process that does nothing but write one package of `count` rows.
long peak_memory(const std::filesystem::path& package, std::uint64_t count) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    PackageWriter writer(package, options());
    writer.add_rows("data/rows.json", {}, rows(count));
    writer.finish();
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  REQUIRE(wait4(child, &status, 0, &usage) == child);
  REQUIRE(status == 0);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("a package is read by others and its manifest is true") {
  struct Size {
    DeflateEngine engine;
    std::uint64_t rows;
    std::uint64_t bytes;
  };
  for (const Size& size : {Size{DeflateEngine::isal, 300'000, std::uint64_t{64} << 20},
                           Size{DeflateEngine::zlib, 20'000, std::uint64_t{4} << 20}}) {
    const TemporaryFolder folder;
    const auto target = folder.path() / "out.zip";
    PackageOptions some = options();
    some.deflate.engine = size.engine;
    PackageWriter writer(target, some);
    CHECK(writer.add_text("about.json", {{"policy", "visitor-chat"}}, text("{}\n")) ==
          "about.json");
    writer.add_rows("data/none.json", {{"record_set", "none"}, {"table", "public.none"}}, rows(0));
    writer.add_rows("data/one.json", {}, rows(1));
    writer.add_rows("data/many.json", {}, rows(size.rows));
    writer.add_bytes("files/empty.bin", {}, bytes(0));
    writer.add_bytes("files/large.bin", {{"column", "body"}}, bytes(size.bytes));
    const PackageSummary summary = writer.finish();

    const json seen = check(target);
    CHECK(seen["date_time"] == json({2026, 3, 31, 12, 34, 56}));
    CHECK(seen["files"].size() == 6);
    CHECK(summary.files.size() == 6);
    for (std::size_t i = 0; i < summary.files.size(); ++i) {
      const auto& file = summary.files[i];
      CHECK(seen["files"][i]["name"] == file.name);
      CHECK(seen["files"][i]["bytes"] == file.bytes);
      CHECK(seen["files"][i]["sha256"] == file.sha256);
      CHECK(seen["files"][i].contains("rows") == file.rows.has_value());
    }
    CHECK(seen["files"][0]["source"] == json({{"policy", "visitor-chat"}}));
    CHECK(seen["files"][3]["rows"] == size.rows);
    CHECK(summary.rows == size.rows + 1);
    CHECK(summary.files[5].bytes == size.bytes);
    CHECK(summary.manifest_sha256 == dsar::sha256_hex(content(target, "manifest.json")));
    CHECK(content(target, "data/none.json") == "[\n]\n");
    CHECK(content(target, "data/one.json") ==
          "[\n{\"id\":1,\"body\":\"line 1 says \\\"hello\\\"\\n\\tand 😀 2654435761\","
          "\"at\":\"2026-03-31T12:00:00+00:00\",\"amount\":1.10,\"read\":true,"
          "\"payload\":{\"a\": [1, 2]},\"nothing\":null}\n]\n");
    CHECK(folder.names() == Names{"out.zip"});
  }
}

TEST_CASE("a package of nothing is its manifest") {
  const TemporaryFolder folder;
  CHECK(PackageWriter(folder.path() / "out.zip", options()).finish().files.empty());
  CHECK(check(folder.path() / "out.zip")["files"].empty());
}

TEST_CASE("names from hostile data are made safe and told to the caller") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "out.zip";
  PackageWriter writer(target, options());
  CHECK(writer.add_text("../../escape", {}, text("1")) == "._/._/escape");
  CHECK(writer.add_text("/etc/\x01\x1b[31m", {}, text("2")) == "etc/__[31m");
  CHECK(writer.add_text("files/😀 Größe.txt", {}, text("3")) == "files/😀 Größe.txt");
  CHECK(writer.add_text("FILES/😀 GRÖSSE.txt", {}, text("4")) == "FILES/😀 GRÖSSE.txt");
  CHECK(writer.add_text("Manifest.json", {}, text("5")) == "Manifest~2.json");
  CHECK(writer.add_text("manifest.json/x", {{"a \"key\"", "a \"value\"\n"}}, text("6")) ==
        "manifest~3.json/x");
  writer.finish();
  CHECK(check(target)["files"][5]["source"]["a \"key\""] == "a \"value\"\n");
}

TEST_CASE("files are opened in order, one at a time, and the last know of the first") {
  const TemporaryFolder folder;
  PackageWriter writer(folder.path() / "out.zip", options());
  std::string log;
  int alive = 0;
  const auto logged = [&](char name, std::uint64_t count) {
    return [&log, &alive, name, count]() -> std::unique_ptr<RowSource> {
      class Counted final : public SyntheticRows {
       public:
        Counted(std::uint64_t rows, int& alive) : SyntheticRows(rows), alive_(alive) { ++alive_; }
        Counted(const Counted&) = delete;
        Counted& operator=(const Counted&) = delete;
        ~Counted() override { --alive_; }

       private:
        int& alive_;
      };
      CHECK(alive == 0);
      log += name;
      return std::make_unique<Counted>(count, alive);
    };
  };
  writer.add_rows("a.json", {}, logged('a', 50'000));
  writer.add_rows("b.json", {}, logged('b', 2));
  writer.add_text("log.txt", {}, [&] { return log + std::to_string(alive); });
  CHECK(log.empty());
  writer.finish();
  CHECK(content(folder.path() / "out.zip", "log.txt") == "ab0");
}

TEST_CASE("the same content makes the same bytes") {
  const TemporaryFolder folder;
  for (const char* name : {"a.zip", "b.zip"}) {
    PackageWriter writer(folder.path() / name, options());
    writer.add_rows("rows.json", {}, rows(30'000));
    writer.finish();
  }
  CHECK(read_file(folder.path() / "a.zip") == read_file(folder.path() / "b.zip"));
}

TEST_CASE("whatever fails comes out as it was, leaves nothing and keeps the old package") {
  struct OwnError : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  const auto fail = [] { throw OwnError("the connection was lost"); };
  const auto fail_at = [&](std::uint64_t bad) {
    return [=](std::uint64_t row) { return row == bad ? fail() : void(); };
  };
  const std::vector<std::function<void(PackageWriter&)>> faults = {
      [&](PackageWriter& writer) { writer.add_rows("x", {}, rows(10, fail_at(0))); },
      [&](PackageWriter& writer) { writer.add_rows("x", {}, rows(10, fail_at(9))); },
      [&](PackageWriter& writer) { writer.add_rows("x", {}, rows(200'000, fail_at(100'000))); },
      [&](PackageWriter& writer) {
        writer.add_rows("x", {}, [&]() -> std::unique_ptr<RowSource> {
          fail();
          return nullptr;
        });
      },
      [&](PackageWriter& writer) {
        writer.add_bytes("x", {}, [&]() -> std::unique_ptr<ByteSource> {
          fail();
          return nullptr;
        });
      },
      [&](PackageWriter& writer) {
        writer.add_text("x", {}, [&] {
          fail();
          return std::string();
        });
      },
  };
  for (const auto& add_fault : faults) {
    const TemporaryFolder folder;
    const auto target = folder.path() / "out.zip";
    dsar::test::write_file(target, "old");
    {
      PackageOptions replacing = options();
      replacing.existing = dsar::formats::SafeFile::Existing::replace;
      PackageWriter writer(target, replacing);
      writer.add_rows("before.json", {}, rows(1000));
      add_fault(writer);
      CHECK_THROWS_AS(writer.finish(), OwnError);
    }
    CHECK(folder.names() == Names{"out.zip"});
    CHECK(read_file(target) == "old");
  }
}

TEST_CASE("a package that is asked to stop is interrupted and leaves nothing") {
  for (const std::uint64_t stop_at : {0U, 1000U, 100'000U}) {
    const TemporaryFolder folder;
    std::stop_source stop;
    PackageOptions stoppable = options();
    stoppable.stop = stop.get_token();
    try {
      PackageWriter writer(folder.path() / "out.zip", stoppable);
      writer.add_rows("rows.json", {}, rows(1'000'000'000, [&](std::uint64_t row) {
                        if (row == stop_at) stop.request_stop();
                      }));
      writer.finish();
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::interrupted);
    }
    CHECK(folder.names().empty());
  }
}

TEST_CASE("a package whose file cannot be written fails with the file's error") {
  const TemporaryFolder folder;
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur = 100'000;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    PackageWriter writer(folder.path() / "out.zip", options());
    writer.add_bytes("large.bin", {}, bytes(10'000'000));
    writer.finish();
  } catch (const Error& error) {
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, previous);
  CHECK(message ==
        quoted_path(folder.path() / "out.zip") + " could not be written: file too large");
  CHECK(folder.names().empty());
}

TEST_CASE("a bad target is refused before anything is read") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "out.zip";
  dsar::test::write_file(target, "old");
  CHECK_THROWS_AS(PackageWriter(target, options()), Error);
  CHECK(read_file(target) == "old");
}

TEST_CASE("memory does not grow with the rows") {
  const TemporaryFolder folder;
  const long few = peak_memory(folder.path() / "few.zip", 40'000);
  const long many = peak_memory(folder.path() / "many.zip", 600'000);
  CHECK(many < few + slack);
}

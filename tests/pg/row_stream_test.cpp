#include "core/pg/row_stream.hpp"

#include <doctest/doctest.h>
#include <libpq-fe.h>

#include <fstream>
#include <stdexcept>

#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

using Row = std::vector<std::optional<std::string_view>>;

std::vector<Column> text_columns(std::size_t count) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < count; ++i) {
    columns.push_back({"c" + std::to_string(i), ValueKind::text});
  }
  return columns;
}

/// The most memory that this process has had, in KiB.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stoul(line.substr(6));
  }
  throw std::runtime_error("no VmHWM");
}

std::string read_all(ByteSource& source, std::size_t buffer_size) {
  std::string bytes;
  std::string buffer(buffer_size, '\0');
  while (const auto count = source.read(buffer.data(), buffer.size())) {
    bytes.append(buffer, 0, count);
  }
  return bytes;
}

std::string hex(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte / 16];
    text += digits[byte % 16];
  }
  return text;
}

}  // namespace

TEST_CASE("a row of every type is streamed as the server writes it") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec(
      "CREATE TYPE public.mood AS ENUM ('sad', 'glad'); CREATE TYPE public.pair AS (a int, b text);"
      "CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext");
  const std::vector<std::pair<std::string, std::optional<std::string>>> values{
      {"NULL::text", std::nullopt},
      {"''::text", ""},
      {"E'line\\n\\t\"quoted\" \\\\ \\x01 \U0001F600'", "line\n\t\"quoted\" \\ \x01 \U0001F600"},
      {"true", "t"},
      {"false", "f"},
      {"9223372036854775807::bigint", "9223372036854775807"},
      {"1.10::numeric(10,2)", "1.10"},
      {"123456789012345678901234567890.123456789::numeric",
       "123456789012345678901234567890.123456789"},
      {"'NaN'::numeric", "NaN"},
      {"0.1::float8 + 0.2::float8", "0.30000000000000004"},
      {"'-Infinity'::float8", "-Infinity"},
      {"'2026-03-31 14:00:00.123456+02'::timestamptz", "2026-03-31 12:00:00.123456+00"},
      {"'2026-03-31 14:00:00'::timestamp", "2026-03-31 14:00:00"},
      {"'infinity'::timestamp", "infinity"},
      {"'0044-03-15 BC'::date", "0044-03-15 BC"},
      {"'1 year 2 mons 3 days 04:05:06'::interval", "P1Y2M3DT4H5M6S"},
      {"'{\"a\":1.10,\"a\":2}'::json", "{\"a\":1.10,\"a\":2}"},
      {"'{\"b\":1, \"a\":[1.10]}'::jsonb", "{\"a\": [1.10], \"b\": 1}"},
      {"'\\x00ff'::bytea", "\\x00ff"},
      {"to_json(ARRAY['x', NULL, 'a,\"b\"'])", "[\"x\",null,\"a,\\\"b\\\"\"]"},
      {"to_json(ROW(1, 'x')::public.pair)", "{\"a\":1,\"b\":\"x\"}"},
      {"to_json('a=>1'::public.hstore)", "{\"a\": \"1\"}"},
      {"'::ffff:10.0.0.1/128'::inet", "::ffff:10.0.0.1"},
      {"'glad'::public.mood", "glad"},
      {"'Ada'::public.citext", "Ada"},
      {"'[1,5)'::int4range", "[1,5)"},
      {"'8a7f3c52-1111-4222-8333-444455556666'::uuid", "8a7f3c52-1111-4222-8333-444455556666"},
      {"'12:34:56+02'::timetz", "12:34:56+02"},
      {"'<a>&amp;</a>'::xml", "<a>&amp;</a>"},
      {"B'101'", "101"},
  };
  std::string sql = "SELECT ";
  for (const auto& [expression, expected] : values) {
    sql += (&expression == &values.front().first ? "" : ", ") + expression;
  }
  Transaction transaction(connection, TransactionMode::read_only);
  const auto source = stream_rows(connection, sql, {}, text_columns(values.size()));
  Row row;
  REQUIRE(source->next(row));
  for (std::size_t i = 0; i < values.size(); ++i) {
    CAPTURE(values[i].first);
    CHECK(row[i] == values[i].second);
  }
  CHECK_FALSE(source->next(row));
  CHECK_FALSE(source->next(row));
}

TEST_CASE("a million rows are streamed in flat memory") {
  Connection connection("");
  const auto source = stream_rows(
      connection, "SELECT n, repeat('x', $1::int) FROM generate_series(1, 1000000) AS n", {"100"},
      {{"n", ValueKind::number}, {"text", ValueKind::text}});
  Row row;
  REQUIRE(source->next(row));
  [[maybe_unused]] const auto before = peak_memory();
  std::size_t rows = 1;
  std::size_t bytes = 0;
  while (source->next(row)) {
    ++rows;
    bytes += row[1]->size();
  }
  CHECK(rows == 1000000);
  CHECK(bytes == 99999900);
  // The sanitizer keeps freed memory back on purpose; clang's does not say that it is there.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
  CHECK(peak_memory() - before < 8 * 1024);
#endif
}

TEST_CASE("an empty result has no row, and its columns are checked all the same") {
  Connection connection("");
  Row row;
  CHECK_FALSE(stream_rows(connection, "SELECT 1 WHERE false", {}, text_columns(1))->next(row));
  CHECK_THROWS_AS(stream_rows(connection, "SELECT 1 WHERE false", {}, text_columns(2))->next(row),
                  std::logic_error);
  CHECK_THROWS_AS(stream_rows(connection, "SELECT 1, 2", {}, text_columns(1))->next(row),
                  std::logic_error);
  CHECK(connection.exec("SELECT 1")->text(0, 0) == "1");
}

TEST_CASE("a stream that is dropped half way is cancelled and leaves the connection usable") {
  Connection connection("");
  {
    const auto source = stream_rows(connection,
                                    "SELECT n, pg_sleep(CASE WHEN n > 5000 THEN 60 ELSE 0 END) "
                                    "FROM generate_series(1, 6000) AS n",
                                    {}, text_columns(2));
    Row row;
    for (int i = 0; i < 10; ++i) REQUIRE(source->next(row));
  }
  CHECK(connection.exec("SELECT 1")->text(0, 0) == "1");
}

TEST_CASE("a second stream on a busy connection is a fault, and the first goes on") {
  Connection connection("");
  const auto first = stream_rows(connection, "SELECT generate_series(1, 3)", {}, text_columns(1));
  Row row;
  REQUIRE(first->next(row));
  CHECK_THROWS_AS(stream_rows(connection, "SELECT 1", {}, text_columns(1)), std::logic_error);
  REQUIRE(first->next(row));
  CHECK(row[0] == "2");
}

TEST_CASE("an error in the middle of a stream has its state and shows no value") {
  Connection connection("");
  const auto source =
      stream_rows(connection,
                  "SELECT CASE WHEN n < 3 THEN n ELSE ('ada@example.com' || n)::int END "
                  "FROM generate_series(1, 5) AS n",
                  {}, text_columns(1));
  Row row;
  REQUIRE(source->next(row));
  REQUIRE(source->next(row));
  try {
    source->next(row);
    FAIL("no error");
  } catch (const ServerError& e) {
    CHECK(e.sqlstate() == "22P02");
    CHECK(std::string(e.what()).find("ada") == std::string::npos);
  }
  CHECK_FALSE(source->next(row));
  CHECK(connection.exec("SELECT 1")->text(0, 0) == "1");
}

TEST_CASE("a backend killed in the middle of a stream is a lost database") {
  Connection connection("");
  Connection killer("");
  const auto source =
      stream_rows(connection, "SELECT n, repeat('x', 1000) FROM generate_series(1, 10000000) AS n",
                  {}, text_columns(2));
  Row row;
  REQUIRE(source->next(row));
  killer.exec("SELECT pg_terminate_backend($1::int, 5000)",
              {std::to_string(PQbackendPID(connection.raw()))});
  try {
    while (source->next(row)) {
    }
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.code() == ExitCode::database);
    // With the server's last word, where it was able to say one.
    CHECK(std::string(e.what()).rfind("the connection to the database was lost", 0) == 0);
  }
  CHECK_THROWS_AS(stream_rows(connection, "SELECT 1", {}, text_columns(1)), Error);
}

TEST_CASE("a large value is read in chunks, byte for byte") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  // 3 MiB and a bit, exactly 2 MiB, nothing, NULL.
  connection.exec(
      "CREATE TABLE file (id int, body bytea);"
      "ALTER TABLE file ALTER body SET STORAGE EXTERNAL;"
      "INSERT INTO file SELECT 1, string_agg(sha256(n::text::bytea), '') "
      "FROM generate_series(1, 100001) AS n;"
      "INSERT INTO file SELECT 2, string_agg(sha256(n::text::bytea), '') "
      "FROM generate_series(1, 65536) AS n;"
      "INSERT INTO file VALUES (3, ''), (4, NULL)");
  Transaction transaction(connection, TransactionMode::read_only);
  const auto source = [&](const std::string& id) {
    return stream_bytes(
        connection, "SELECT substring(body FROM $2 FOR $3) FROM public.file WHERE id = $1", {id});
  };
  const std::vector<std::pair<std::string, std::size_t>> files{
      {"1", 100001 * 32}, {"2", 65536 * 32}, {"3", 0}, {"4", 0}, {"5", 0}};
  for (const auto& file : files) {
    const auto& id = file.first;
    const auto size = file.second;
    CAPTURE(id);
    const auto bytes = read_all(*source(id), 70000);
    CHECK(bytes.size() == size);
    if (size == 0) continue;
    const auto same = connection.exec(
        "SELECT body = decode($2, 'hex') FROM public.file WHERE id = $1", {id, hex(bytes)});
    CHECK(same->text(0, 0) == "t");
  }
}

TEST_CASE("a chunk query that fails says so once and then has no more bytes") {
  Connection connection("");
  const auto source = stream_bytes(connection, "SELECT nowhere, $1, $2", {});
  char byte = 0;
  CHECK_THROWS_AS(source->read(&byte, 1), ServerError);
  CHECK(source->read(&byte, 1) == 0);
}

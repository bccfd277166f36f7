#include "core/pg/cancel_on_stop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

using namespace dsar::pg;

TEST_CASE("a stop request cancels the statement that is running") {
  Connection connection("");
  std::stop_source stop;
  const CancelOnStop cancel(connection, stop.get_token());
  const auto start = std::chrono::steady_clock::now();
  const std::jthread impatient([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop.request_stop();
  });
  std::string state;
  try {
    connection.exec("SELECT pg_sleep(60)");
  } catch (const ServerError& error) {
    state = error.sqlstate();
  }
  CHECK(state == "57014");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
}

TEST_CASE("a connection outlives what would have cancelled its statements") {
  Connection connection("");
  std::stop_source stop;
  { const CancelOnStop cancel(connection, stop.get_token()); }
  stop.request_stop();
  CHECK(connection.exec("SELECT 1")->text(0, 0) == "1");
}

#include "core/pg/connection_pool.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

struct World {
  TemporaryDatabase database;
  Connection connection = database.connect();
  ConnectionPool pool{"dbname=" + database.name()};
};

std::string process(LentConnection& lent) {
  return lent.get().exec("SELECT pg_backend_pid()")->text(0, 0);
}

}  // namespace

TEST_CASE("a connection that was given back is lent again, and to one at a time") {
  World world;
  std::string first;
  {
    auto lent = world.pool.lend();
    first = process(lent);
    auto other = world.pool.lend();
    CHECK(process(other) != first);
    other.close();
  }
  auto again = world.pool.lend();
  CHECK(process(again) == first);
  auto moved = std::move(again);
  CHECK(process(moved) == first);
}

TEST_CASE("what is left in a transaction, closed or ended by the server is not lent again") {
  World world;
  std::string first;
  {
    auto lent = world.pool.lend();
    first = process(lent);
    SUBCASE("in a transaction") {
      lent.get().exec("BEGIN");
    }
    SUBCASE("closed") {
      lent.close();
    }
    SUBCASE("lost") {
      world.connection.exec("SELECT pg_terminate_backend(" + first + ", 5000)");
      CHECK_THROWS_AS(lent.get().exec("SELECT 1"), Error);
    }
    SUBCASE("ended while it is lent, which nobody has noticed") {
      world.connection.exec("SELECT pg_terminate_backend(" + first + ", 5000)");
    }
  }
  auto next = world.pool.lend();
  CHECK(process(next) != first);
}

TEST_CASE("connections are opened ahead, and a fault in that is met by who would have had them") {
  World world;
  world.pool.open_ahead(2);
  auto one = world.pool.lend();
  auto two = world.pool.lend();
  auto three = world.pool.lend();
  CHECK(process(one) != process(two));
  CHECK(process(two) != process(three));
  ConnectionPool nowhere("host=/nowhere");
  nowhere.open_ahead(1);
  CHECK_THROWS_AS(nowhere.lend(), Error);
  nowhere.open_ahead(1);  // and nobody wants it
}

#include "core/pg/hold_lock.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>

#include "core/pg/catalogue.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/requests.hpp"
#include "formats/map_reader.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

using namespace std::chrono_literals;

NewHold hold_on_visitor(const std::string& id) {
  NewHold hold;
  hold.tenant = {"6", "harbour"};
  hold.subject = {"visitor", {{"visitor", id}}, {}, {{"visitors", {{id}}}}, {}};
  hold.ground = "litigation";
  hold.author = "tester";
  hold.review_on = Date(std::chrono::days(21000));
  return hold;
}

}  // namespace

TEST_CASE("a hold waits for what deletes, and the next batch of that knows of it") {
  const TemporaryDatabase database("dsar_reference");
  auto sweeping = database.connect();
  std::int64_t before = 0;
  std::future<std::int64_t> placing;
  {
    Transaction batch(sweeping, TransactionMode::read_write);
    before = share_hold_lock(sweeping);
    placing = std::async(std::launch::async, [&] {
      auto officer = database.connect();
      return place_hold(officer, hold_on_visitor("1"));
    });
    CHECK(placing.wait_for(300ms) == std::future_status::timeout);
    CHECK(hold_epoch(sweeping) == before);
    batch.commit();
  }
  const auto id = placing.get();
  Transaction batch(sweeping, TransactionMode::read_write);
  CHECK(share_hold_lock(sweeping) == before + 1);
  CHECK(id > 0);
}

TEST_CASE("a batch that begins while a hold is being placed waits for it, and knows of it") {
  const TemporaryDatabase database("dsar_reference");
  auto officer = database.connect();
  auto sweeping = database.connect();
  const auto before = hold_epoch(sweeping);
  Transaction placing(officer, TransactionMode::read_write);
  change_what_is_held(officer);
  auto beginning = std::async(std::launch::async, [&] {
    const Transaction batch(sweeping, TransactionMode::read_write, hold_lock_statements());
    return epoch_in(*batch.begun_with().back());
  });
  CHECK(beginning.wait_for(300ms) == std::future_status::timeout);
  placing.commit();
  CHECK(beginning.get() == before + 1);
}

TEST_CASE("several transactions may delete at once") {
  const TemporaryDatabase database("dsar_reference");
  auto one = database.connect();
  auto other = database.connect();
  const Transaction first(one, TransactionMode::read_write);
  const Transaction second(other, TransactionMode::read_write);
  CHECK(share_hold_lock(one) == share_hold_lock(other));
}

TEST_CASE("a hold is listed until it is released, and released once") {
  const TemporaryDatabase database("dsar_reference");
  auto connection = database.connect();
  const auto id = place_hold(connection, hold_on_visitor("1"));
  const auto holds = list_holds(connection, false);
  REQUIRE(holds.size() == 1);
  CHECK(holds[0].id == id);
  CHECK(holds[0].placed.kind == HoldKind::subject);
  CHECK(holds[0].placed.tenant.slug == "harbour");
  CHECK(holds[0].placed.subject.kind == "visitor");
  CHECK(holds[0].placed.subject.asked == std::vector<Identity>{{"visitor", "1"}});
  CHECK(holds[0].placed.subject.keys == SubjectKeys{{"visitors", {{"1"}}}});
  CHECK(holds[0].placed.review_on == Date(std::chrono::days(21000)));
  CHECK_FALSE(holds[0].released_at);

  release_hold(connection, id, "tester", "settled");
  CHECK(list_holds(connection, false).empty());
  CHECK(list_holds(connection, true).at(0).release_reason == "settled");
  CHECK_THROWS_WITH_AS(release_hold(connection, id, "tester", "again"),
                       doctest::Contains("released already"), Error);
  CHECK_THROWS_WITH_AS(release_hold(connection, id + 1, "tester", "again"),
                       doctest::Contains("there is no hold"), Error);
  const Transaction transaction(connection, TransactionMode::read_only);
  CHECK(hold_epoch(connection) == 3);  // what failed has counted nothing
}

TEST_CASE("what is held is looked up again, and stays held when it is no longer found") {
  const TemporaryDatabase database("dsar_reference");
  auto connection = database.connect();
  const auto map = formats::read_map(std::getenv("DSARCTL_MAP"));
  auto hold = hold_on_visitor("1");
  hold.subject.asked = {{"email", "ada@example.com"}};
  place_hold(connection, hold);
  NewRequest request;
  request.tenant = {"2", "meadow"};
  request.subject.asked = {{"email", "later@example.com"}};
  request.regimes = {Regime::uk_gdpr};
  request.due_by = "law";
  request.author = "tester";
  open_request(connection, request);

  const auto held = [&] {
    const Transaction transaction(connection, TransactionMode::read_write);
    return held_now(connection, map, read_catalogue(connection));
  };
  const auto visitors = [](const HeldSubject& subject) {
    const auto found = subject.keys.find("visitors");
    return found == subject.keys.end() ? 0 : found->second.size();
  };
  auto now = held();
  CHECK(now.epoch == 3);
  REQUIRE(now.subjects.size() == 2);
  CHECK(now.subjects[0].by == "hold 1");
  CHECK(now.subjects[1].by == "request 1");
  CHECK(visitors(now.subjects[0]) > 1);  // Ada's other rows, though one alone was recorded
  CHECK(visitors(now.subjects[1]) == 0);
  REQUIRE(now.parents);
  CHECK(now.parents->count("conversations") == 1);

  connection.exec(
      "UPDATE helpdesk.visitors SET email = 'later@example.com' WHERE id = 10;"
      "UPDATE helpdesk.visitors SET email = 'nobody@example.com', custom_fields = '{}', phone = "
      "NULL WHERE id = 1");
  now = held();
  CHECK(visitors(now.subjects[1]) == 1);
  const auto& keys = now.subjects[0].keys.at("visitors");
  CHECK(std::find(keys.begin(), keys.end(), std::vector<std::string>{"1"}) != keys.end());
}

TEST_CASE("a role that cannot see where a held subject may be deletes nothing") {
  const TemporaryDatabase database("dsar_reference");
  auto connection = database.connect();
  const auto map = formats::read_map(std::getenv("DSARCTL_MAP"));
  place_hold(connection, hold_on_visitor("1"));
  connection.exec(
      "CREATE ROLE dsar_test_blind; GRANT USAGE ON SCHEMA helpdesk, dsar TO dsar_test_blind;"
      "GRANT SELECT ON ALL TABLES IN SCHEMA helpdesk, dsar TO dsar_test_blind;"
      "REVOKE SELECT ON helpdesk.visitors FROM dsar_test_blind; SET ROLE dsar_test_blind");
  {
    const Transaction transaction(connection, TransactionMode::read_write);
    CHECK_THROWS_WITH_AS(held_now(connection, map, read_catalogue(connection)),
                         doctest::Contains("hold 1 may keep rows of visitors"), Error);
  }
  connection.exec("RESET ROLE; DROP OWNED BY dsar_test_blind; DROP ROLE dsar_test_blind");
}

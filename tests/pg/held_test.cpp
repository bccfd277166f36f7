#include "core/held.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "core/pg/catalogue.hpp"
#include "core/pg/holds.hpp"
#include "formats/map_reader.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

/// The reference database with its map; what is held is told by the counts of its rows.
struct ReferenceDatabase {
  TemporaryDatabase database{"dsar_reference"};
  Connection connection = database.connect();
  DataMap map = formats::read_map(std::getenv("DSARCTL_MAP"));
  Transaction transaction{connection, TransactionMode::read_write};
  Catalogue catalogue = read_catalogue(connection);

  std::map<std::string, std::uint64_t> counts(const Held& held) {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& covered : count_held(connection, map, catalogue, held))
      counts[covered.set] = covered.rows;
    return counts;
  }

  std::uint64_t count(const std::string& from_where) {
    return std::stoull(connection.exec("SELECT count(*) FROM helpdesk." + from_where)->text(0, 0));
  }

  /// The same by held_condition, as what deletes uses it.
  std::uint64_t count_by_condition(const Held& held, const std::string& set) {
    const auto ref = find_set(map, set);
    SqlStatement statement;
    const auto condition = held_condition(map, catalogue, held, ref, "t0", statement);
    if (condition.empty()) return 0;
    const auto total =
        std::stoull(connection.exec("SELECT count(*) FROM " + quote(ref.table->name))->text(0, 0));
    const auto predicate =
        ref.set->predicate ? "(" + ref.set->predicate->text + ") AND " : std::string();
    const auto from = "SELECT count(*) FROM " + quote(ref.table->name) + " AS t0 WHERE ";
    const auto held_rows =
        std::stoull(connection.exec(from + predicate + condition, statement.params())->text(0, 0));
    const auto others =
        std::stoull(connection.exec(from + "NOT " + condition, statement.params())->text(0, 0));
    if (!ref.set->predicate) CHECK(held_rows + others == total);  // never NULL
    return held_rows;
  }
};

Held subject(SubjectKeys keys) {
  Held held;
  held.subjects.push_back({"hold 1", "6", std::move(keys)});
  return held;
}

Held set(const std::string& name, const std::string& tenant, const std::string& predicate) {
  Held held;
  held.sets.push_back({"hold 1", tenant, name, SqlFragment{predicate, {}}});
  return held;
}

}  // namespace

using Counts = std::map<std::string, std::uint64_t>;

TEST_CASE("a held subject's rows are held with all that hangs on them, and nobody else's") {
  ReferenceDatabase reference;
  // Nada has a visitor's row alone: what a recount by hand finds is easily told.
  const auto held = subject({{"visitors", {{"20"}}}});
  const auto counts = reference.counts(held);
  const auto of = [&](const std::string& set) {
    const auto found = counts.find(set);
    return found == counts.end() ? 0 : found->second;
  };
  CHECK(of("visitors") == 1);
  CHECK(of("conversations") == reference.count("conversations WHERE visitor_id = 20"));
  CHECK(of("messages") ==
        reference.count("messages m JOIN helpdesk.conversations c ON c.id = m.conversation_id "
                        "WHERE c.visitor_id = 20"));
  CHECK(of("messages") > 0);
  CHECK(of("page_views") == reference.count("page_views WHERE visitor_id = 20"));
  CHECK(of("organizations") == 0);
}

TEST_CASE("rows on which a held subject's rows hang are held, and rows beside those are not") {
  ReferenceDatabase reference;
  const auto held = subject({{"visitors", {{"1"}, {"2"}, {"3"}}}, {"users_customers", {{"12"}}}});
  const auto counts = reference.counts(held);
  // Ada writes in Brook's conversation, which is Brook's visitor's, number 5.
  const std::string foreign =
      "messages m JOIN helpdesk.conversations c ON c.id = m.conversation_id "
      "WHERE m.sender_type = 'visitor' AND m.sender_id IN (1, 2, 3) AND c.visitor_id = 5";
  REQUIRE(reference.count(foreign) > 0);
  const auto is_held = [&](const std::string& set, const std::string& which) {
    SqlStatement statement;
    const auto ref = find_set(reference.map, set);
    const auto condition =
        held_condition(reference.map, reference.catalogue, held, ref, "t0", statement);
    return reference.connection
        .exec("SELECT count(*) FILTER (WHERE " + condition + "), count(*) FROM " +
                  quote(ref.table->name) + " AS t0 WHERE " + which,
              statement.params())
        ->text(0, 0);
  };
  CHECK(is_held("visitors", "id = 5") == "1");
  CHECK(is_held("conversations",
                "id IN (SELECT m.conversation_id FROM helpdesk." + foreign + ")") == "1");
  CHECK(is_held("messages", "id IN (SELECT m.id FROM helpdesk." + foreign + ")") ==
        std::to_string(reference.count(foreign)));
  // What Brook wrote there is not, but where it mentions Ada.
  CHECK(is_held("messages", "conversation_id IN (SELECT m.conversation_id FROM helpdesk." +
                                foreign +
                                ") AND sender_id = 5 AND id NOT IN (SELECT message_id FROM "
                                "helpdesk.mentions)") == "0");
  CHECK(is_held("visitors", "tenant_id <> 6") == "0");
}

TEST_CASE("looking parents up beforehand holds the same rows as asking for them in the condition") {
  ReferenceDatabase reference;
  auto held = subject({{"visitors", {{"1"}, {"2"}, {"3"}}}, {"users_customers", {{"12"}}}});
  const auto asked = reference.counts(held);
  SubjectKeys parents;
  for (const auto& ref : record_sets(reference.map)) {
    const auto statement = held_parents_statement(reference.map, reference.catalogue, held, ref);
    if (!statement) continue;
    const auto rows = reference.connection.exec(statement->text, statement->params());
    for (std::size_t r = 0; r < rows->rows(); ++r)
      parents[ref.set->name].push_back({rows->text(r, 0)});
  }
  held.parents = parents;
  CHECK(reference.counts(held) == asked);
  for (const auto& covered : asked) {
    CAPTURE(covered.first);
    CHECK(reference.count_by_condition(held, covered.first) == covered.second);
  }
}

TEST_CASE("a held record set keeps the rows of its predicate, their parents and their children") {
  ReferenceDatabase reference;
  const auto held = set("messages", "6", "id = 25");
  const auto counts = reference.counts(held);
  CHECK(counts.at("messages") == 1);
  CHECK(counts.at("conversations") == 1);
  CHECK(counts.at("visitors") >= 1);
  const auto attachments = reference.count("attachments WHERE message_id = 25");
  CHECK((counts.count("attachments") ? counts.at("attachments") : 0) == attachments);
  CHECK(reference.counts(set("messages", "2", "id = 25")).empty());  // not that tenant's
  for (const auto& covered : counts) {
    CAPTURE(covered.first);
    CHECK(reference.count_by_condition(held, covered.first) == covered.second);
  }
}

TEST_CASE("a held tenant keeps every row of its own and no other's") {
  ReferenceDatabase reference;
  Held held;
  held.tenants.push_back({"hold 1", "6"});
  const auto counts = reference.counts(held);
  for (const auto* name : {"visitors", "conversations", "page_views", "notes"}) {
    CAPTURE(name);
    CHECK(counts.at(name) == reference.count(std::string(name) + " WHERE tenant_id = 6"));
  }
  CHECK(counts.at("tenants") == 1);
  // Tables without a tenant: what hangs on the tenant's rows, and what those hang on.
  CHECK(counts.at("taggings") > 0);
  CHECK(counts.at("taggings") < reference.count("taggings"));
}

TEST_CASE("a hold on a record set that the map has lost stops everything") {
  ReferenceDatabase reference;
  const auto held = set("no_such_set", "", "true");
  SqlStatement statement;
  try {
    held_condition(reference.map, reference.catalogue, held, find_set(reference.map, "messages"),
                   "t0", statement);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::refused);
    CHECK(std::string(error.what()).find("hold 1") == 0);
  }
}

#include <doctest/doctest.h>

#include <algorithm>

#include "core/map/check.hpp"
#include "core/map/personal_looking.hpp"
#include "core/residue.hpp"

using namespace dsar;

namespace {

/// A map of one table that agrees with its catalogue.
struct Fixture {
  DataMap map;
  Catalogue catalogue;

  Fixture() {
    Table table;
    table.name = {"desk", "visitors"};
    RecordSet set;
    set.name = "visitors";
    table.sets.push_back(set);
    map.tables.push_back(table);
    map.files = {"map.json"};
    live().name = table.name;
    live().primary_key = {"id"};
    column("id", "bigint", 'N');
    column("email", "text", 'S');
    rule("id", ColumnUse::key);
    rule("email", ColumnUse::personal);
  }

  CatalogueTable& live() { return catalogue.tables[TableName{"desk", "visitors"}]; }

  CatalogueColumn& column(const std::string& name, const std::string& type, char category) {
    CatalogueColumn made;
    made.name = name;
    made.type = made.base_type = type;
    made.category = category;
    return live().columns.emplace_back(made);
  }

  ColumnRule& rule(const std::string& name, ColumnUse use) {
    ColumnRule made;
    made.name = name;
    made.use = use;
    return map.tables.front().columns.emplace_back(made);
  }

  [[nodiscard]] std::vector<std::string> rules() const {
    std::vector<std::string> rules;
    for (const auto& finding : check_map(map, catalogue)) rules.push_back(finding.rule);
    std::sort(rules.begin(), rules.end());
    return rules;
  }
};

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("a map that agrees with its database has no findings") {
  CHECK(Fixture().rules().empty());
}

TEST_CASE("what nobody has classified is a finding") {
  Fixture fixture;
  fixture.column("nickname", "text", 'S');
  fixture.catalogue.tables[TableName{"desk", "new"}].name = {"desk", "new"};
  CHECK(fixture.rules() == Rules{"unclassified-column", "unclassified-table"});
}

TEST_CASE("a view holds nothing of its own, and a partition is its table's") {
  Fixture fixture;
  auto& view = fixture.catalogue.tables[TableName{"desk", "a_view"}];
  view.kind = 'v';
  auto& leaf = fixture.catalogue.tables[TableName{"desk", "visitors_2026"}];
  leaf.partition_of = TableName{"desk", "visitors"};
  CHECK(fixture.rules().empty());
}

TEST_CASE("a column that the map names and the database lacks is a finding, once") {
  Fixture fixture;
  fixture.rule("gone", ColumnUse::secret);
  fixture.map.tables.front().key = {"gone"};
  CHECK(fixture.rules() == Rules{"missing-column"});
}

TEST_CASE("a column that sounds personal but is declared otherwise is questioned") {
  Fixture fixture;
  fixture.column("contact_phone", "text", 'S');
  fixture.rule("contact_phone", ColumnUse::not_personal);
  CHECK(fixture.rules() == Rules{"personal-looking-column"});
}

TEST_CASE("a mask that its column cannot take is a finding") {
  Fixture fixture;
  auto& email = fixture.map.tables.front().columns.back();
  email.mask = Mask{MaskKind::null, {}, 0};
  CHECK(fixture.rules().empty());
  SUBCASE("null in a NOT NULL column") {
    fixture.live().columns.back().not_null = true;
  }
  SUBCASE("one value in a unique column") {
    email.mask = Mask{MaskKind::literal, "erased", 0};
    fixture.live().unique_keys = {{"email"}};
  }
  SUBCASE("a text that is too long") {
    email.mask = Mask{MaskKind::literal, "erased", 0};
    fixture.live().columns.back().max_length = 5;
  }
  SUBCASE("a text for a number") {
    email.mask = Mask{MaskKind::keyed_hash, {}, 0};
    fixture.live().columns.back().category = 'N';
  }
  CHECK(fixture.rules() == Rules{"mask-does-not-fit"});
}

TEST_CASE("a cascade and a delete trigger that the map does not know are findings") {
  Fixture fixture;
  auto& other = fixture.catalogue.tables[TableName{"desk", "notes"}];
  other.name = {"desk", "notes"};
  CatalogueForeignKey key;
  key.name = "notes_visitor_fkey";
  key.target = {"desk", "visitors"};
  key.on_delete = 'c';
  other.foreign_keys.push_back(key);
  CatalogueTrigger trigger;
  trigger.name = "keep_copy";
  trigger.on_delete = true;
  fixture.live().triggers.push_back(trigger);
  Table notes;
  notes.name = other.name;
  notes.not_personal = "a test";
  fixture.map.tables.push_back(notes);
  CHECK(fixture.rules() == Rules{"unknown-cascade", "unknown-trigger"});
  fixture.map.tables.front().known_cascades = {"notes_visitor_fkey"};
  fixture.map.tables.front().known_triggers = {{"keep_copy", "copies the row"}};
  CHECK(fixture.rules().empty());
}

TEST_CASE("what a subject decides is recorded as true, false or since when") {
  Fixture fixture;
  for (const std::string type : {"boolean", "date", "timestamp with time zone", "text"}) {
    fixture.column("a " + type, type, type == "text" ? 'S' : 'B');
    fixture.rule("a " + type, ColumnUse::not_personal);
  }
  auto& recorded = fixture.map.tables.front().sets.front().recorded_in;
  recorded = {{SubjectChoice::restriction, "a timestamp with time zone"},
              {SubjectChoice::opt_out_ai, "a boolean"},
              {SubjectChoice::unsubscribed, "a date"}};
  CHECK(fixture.rules().empty());
  recorded[SubjectChoice::opt_out_sale] = "a text";
  CHECK(fixture.rules() == Rules{"choice-type"});
  recorded[SubjectChoice::opt_out_sale] = "no such column";
  CHECK(fixture.rules() == Rules{"missing-column"});
  recorded.erase(SubjectChoice::opt_out_sale);
  fixture.live().columns.at(2).generated = true;
  CHECK(fixture.rules() == Rules{"choice-type"});
}

TEST_CASE("a column in which identities cannot be redacted is told") {
  Fixture fixture;
  fixture.map.tables.front().columns.back().redact_residue = true;
  CHECK(fixture.rules().empty());
  fixture.live().unique_keys.push_back({"email"});
  CHECK(fixture.rules() == Rules{"residue-not-redactable"});
  fixture.live().unique_keys.clear();
  fixture.live().columns.back().category = 'A';
  CHECK(fixture.rules() == Rules{"residue-not-redactable"});
  fixture.live().columns.back().category = 'S';
  fixture.live().triggers.push_back({"keeps_history", false, true, false});
  CHECK(fixture.rules() == Rules{"residue-not-redactable"});
  fixture.map.tables.front().known_triggers["keeps_history"] = "keeps who changed it, not what";
  CHECK(fixture.rules().empty());
}

TEST_CASE("identities are not redacted where a row may be any tenant's") {
  Fixture fixture;
  auto& table = fixture.map.tables.front();
  table.columns.back().redact_residue = true;
  table.tenant.clear();
  const auto& live = fixture.catalogue.tables.at(table.name);
  fixture.map.tenants.reset();
  CHECK(not_redactable(fixture.map, table, fixture.catalogue, live.columns.back()).empty());
  fixture.map.tenants.emplace();
  CHECK(not_redactable(fixture.map, table, fixture.catalogue, live.columns.back()) ==
        "its rows are not told apart by tenant");
}

TEST_CASE("a row kept on a ground keeps what is historic, a masked one does not") {
  Fixture fixture;
  fixture.live().columns.back().not_null = true;
  fixture.map.tables.front().columns.back().historic = true;
  auto& erase = fixture.map.tables.front().sets.front().erase;
  erase.action = EraseAction::mask;
  CHECK(fixture.rules() == Rules{"mask-does-not-fit"});
  erase.action = EraseAction::keep;
  erase.mask_kept = true;
  CHECK(fixture.rules().empty());
}

TEST_CASE("events, tenants' paths and repointed keys name tables and columns that are there") {
  Fixture fixture;
  Hop hop;
  hop.table = {"desk", "gone"};
  SetEvent event;
  event.via = {hop};
  fixture.map.tables.front().sets.front().events = {event};
  CHECK(fixture.rules() == Rules{"missing-table"});
  fixture.map.tables.front().sets.front().events.clear();

  ReferenceRepoint repoint;
  repoint.reference = {{"desk", "visitors"}, {{"email", "id"}}, {}};
  fixture.map.tables.front().sets.front().erase.repoint_references = {repoint};
  CHECK(fixture.rules() == Rules{"type-mismatch"});
  fixture.map.tables.front().sets.front().erase.repoint_references.clear();

  fixture.map.tables.front().tenant.emplace_back().column = "tenant_id";
  CHECK(fixture.rules() == Rules{"missing-column"});
}

TEST_CASE("a tenant's rows go with it, so what deleting them sets off has to be known") {
  Fixture fixture;
  const TableName teams{"desk", "teams"};
  auto& live = fixture.catalogue.tables[teams];
  live.name = teams;
  CatalogueForeignKey key;
  key.name = "team_visitors_fkey";
  key.target = teams;
  key.on_delete = 'c';
  fixture.live().foreign_keys.push_back(key);
  Table table;
  table.name = teams;
  table.not_personal = "settings";
  auto& mapped = fixture.map.tables.emplace_back(table);
  CHECK(fixture.rules().empty());
  mapped.tenant.emplace_back().via = {Hop{{"desk", "visitors"}, "v", {}, {}, {}}};
  CHECK(fixture.rules() == Rules{"unknown-cascade"});
  mapped.known_cascades = {"team_visitors_fkey"};
  CHECK(fixture.rules().empty());
}

TEST_CASE("a waiver takes its finding out until it expires, and says when it is needed no more") {
  const std::vector<Finding> findings{
      {"unclassified-column", Severity::error, "desk.t.c", "message", "", {}}};
  const Date today{std::chrono::year(2026) / 3 / 31};
  const auto waiver = [](const std::string& subject, const std::string& expires) {
    return std::vector<Waiver>{{"unclassified-column", subject, "a reason", expires, {}}};
  };
  const auto accepted = apply_waivers(findings, waiver("desk.t.c", "2026-03-31"), today);
  CHECK(accepted.open.empty());
  REQUIRE(accepted.waived.size() == 1);
  CHECK(accepted.waived.front().reason == "a reason");

  const auto expired = apply_waivers(findings, waiver("desk.t.c", "2026-03-30"), today);
  REQUIRE(expired.open.size() == 2);
  CHECK(expired.open.front().rule == "expired-waiver");

  const auto unused = apply_waivers(findings, waiver("desk.t.d", "2026-12-31"), today);
  REQUIRE(unused.open.size() == 2);
  CHECK(unused.open.back().rule == "unused-waiver");
}

TEST_CASE("names that sound personal are told from names about personal data") {
  for (const auto* name : {"email", "senderEmail", "contact_phone", "first_name", "ip", "lastIP",
                           "user-agent", "reset_token", "dateOfBirth"}) {
    CAPTURE(name);
    CHECK(personal_looking_name(name).has_value());
  }
  for (const auto* name : {"id", "created_at", "email_count", "emailVerified", "phone_type", "zip",
                           "recipe", "status", "message_id", "name"}) {
    CAPTURE(name);
    CHECK_FALSE(personal_looking_name(name).has_value());
  }
}

TEST_CASE("values that look personal are found in texts") {
  for (const auto* value : {"ada@example.com", "write to <ada@example.com>.", "+44 7700 900123",
                            "from 192.0.2.7, port 80", "{\"mail\": \"a@example.org\"}"}) {
    CAPTURE(value);
    CHECK(personal_looking_value(value).has_value());
  }
  for (const auto* value : {"", "@", "user@host", "1.2.3", "version 1.2.3.400", "+44", "hello"}) {
    CAPTURE(value);
    CHECK_FALSE(personal_looking_value(value).has_value());
  }
}

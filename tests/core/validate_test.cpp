#include "core/map/validate.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/formats/map_fixture.hpp"

using map_fixture::faults_with;
using map_fixture::faults_without;

namespace {

/// The map of every key, changed in one place, has exactly this fault (and perhaps others).
void check_fault(const std::string& pointer, const std::string& value, const std::string& fault) {
  const auto faults = faults_with(pointer, value);
  std::string all;
  bool found = false;
  for (const auto& each : faults) {
    all += "\n  " + each;
    found = found || each.find(fault) == 0;
  }
  CAPTURE(pointer);
  CAPTURE(value);
  CAPTURE(all);
  CHECK_MESSAGE(found, "expected: " << fault);
}

const std::string visitors = "/tables/visitor/sets/visitors";
const std::string agents = "/tables/visitor/sets/agents";
const std::string messages = "/tables/message/sets/messages";
const std::string columns = "/tables/visitor/columns";

}  // namespace

TEST_CASE("the map of every key is consistent") {
  CHECK(faults_with("/zone", "\"UTC\"").empty());
  CHECK_FALSE(faults_without("/identities").empty());
}

TEST_CASE("names of sets are unique, and safe as names of files") {
  check_fault("/tables/ticket/sets/visitors", R"({"category": "usage", "subject": "none"})",
              "/tables/ticket/sets/visitors: the record set 'visitors' is already described in "
              "map.json:");
  check_fault("/tables/ticket/sets/..~1x", R"({"category": "usage", "subject": "none"})",
              "/tables/ticket/sets/..~1x: the name '../x' becomes a file's");
  check_fault("/tables/helpdesk.visitor", "{}",
              "/tables/helpdesk.visitor: the table helpdesk.visitor is already described");
  check_fault("/tables/x.", "{}", "/tables/x.: expected a table's name");
  CHECK(map_fixture::faults_in("{\"dsarctl_map\": 1}").at(0) ==
        "/tables: the map describes no table");
}

TEST_CASE("a set's category, subject and basis are known words") {
  check_fault(messages + "/category", "\"mesage\"",
              messages +
                  "/category: no policy knows the data category 'mesage'; did you mean "
                  "'message'?");
  check_fault(messages + "/subject", "\"The visitor\"",
              messages + "/subject: expected a word such as 'visitor'");
  check_fault(visitors + "/basis", "\"consnet\"",
              visitors + "/basis: unknown legal basis 'consnet'; did you mean 'consent'?");
  check_fault(visitors + "/events/unsubscribd", "\"x\"",
              visitors +
                  "/events/unsubscribd: unknown clock event 'unsubscribd'; did you mean "
                  "'unsubscribed'?");
  check_fault("/tenants/events/trialend", "\"x\"", "/tenants/events/trialend: unknown clock event");
}

TEST_CASE("several sets of one table each say which rows are theirs") {
  const auto faults = faults_without(visitors + "/where");
  REQUIRE_EQ(faults.size(), 1);
  CHECK(faults[0].find(visitors + ": its table has several record sets") == 0);
}

TEST_CASE("links lead to sets, are joined, and form no cycle") {
  check_fault(messages + "/links/0/to", "\"conversation\"",
              messages +
                  "/links/0/to: no record set is called 'conversation'; did you mean "
                  "'conversations'?");
  check_fault(messages + "/links/0", R"({"to": "conversations"})",
              messages + "/links/0: how the rows are joined is missing");
  check_fault("/tables/conversation/sets/conversations/links/1",
              R"({"to": "messages", "match": {"last_message_id": "id"}})",
              messages +
                  "/links/0/to: links form a cycle, leave one out or make it an identity: "
                  "conversations -> messages -> conversations");
  check_fault(messages + "/links/3", R"({"to": "messages", "match": {"reply_to": "id"}})",
              messages +
                  "/links/3/to: links form a cycle, leave one out or make it an identity: "
                  "messages -> messages");
  check_fault(messages + "/links/0/on", "\"conversation_id = 3\"",
              messages + "/links/0/on: SQL fragment, character 1: several tables are in sight");
}

TEST_CASE("hops have an alias of their own and a join") {
  const std::string via = "/tables/Attachment/sets/attachments/links/0/via";
  check_fault(via + "/0/as", "\"that\"", via + "/0/as: 'that' means a row of a record set");
  check_fault(via + "/0/as", "\"O\"", via + "/0/as: the alias 'O' cannot stand in a fragment");
  check_fault(via + "/1", R"({"table": "x", "as": "o", "match": {"a": "b"}})",
              via + "/1/as: the alias 'o' occurs twice in one path");
  check_fault(via + "/1", R"({"table": "x"})", via + "/1: how the hop is joined is missing");
  check_fault(via + "/0/on", "\"that.name = 'x'\"",
              via +
                  "/0/on: SQL fragment, character 1: nothing is called 'that' here; expected 'o' "
                  "or 'this'");
}

TEST_CASE("a set that no subject leads to is named") {
  check_fault(messages + "/links", "[]", messages + "/links: no subject leads to 'messages'");
  const auto faults = faults_without("/tables/conversation/sets/conversations/links");
  REQUIRE_EQ(faults.size(), 1);  // messages have other ways
  CHECK(faults[0].find("no subject leads to 'conversations'") != std::string::npos);
  check_fault(messages + "/subject", "\"none\"",
              messages + "/subject: 'messages' has identities or links");
  check_fault("/tables/page_content/sets/pages/subject", "\"visitor\"",
              "/tables/page_content/sets/pages/links: no subject leads to 'pages'");
}

TEST_CASE("identities are of a known kind and held in one way") {
  const std::string first = visitors + "/identities/0";
  check_fault(first + "/kind", "\"emial\"",
              first + "/kind: no identity is called 'emial'; did you mean 'email'?");
  check_fault(first + "/expression", "\"x\"",
              first + ": an identity is held in one way, found 'column', 'expression'");
  check_fault(first, R"({"kind": "email"})",
              first + ": where the identity is held must be said in one way");
  check_fault(first, R"({"kind": "email", "json": "a", "path": "email"})",
              first + "/path: expected an SQL/JSON path");
  check_fault(first, R"({"kind": "email", "column": "a", "path": "$"})",
              first + "/path: 'path' goes with 'json'");
  check_fault(first, R"({"kind": "email", "json": "a"})", first + ": the key 'path' is missing");
  check_fault(first, R"({"kind": "email", "expression": "that.x"})",
              first + "/expression: SQL fragment, character 1: nothing is called 'that' here");
  check_fault("/identities/phone/region", "\"UK\"",
              "/identities/phone/region: expected the two capital letters of a country");
  check_fault("/identities/email/region", "\"GB\"",
              "/identities/email/region: 'region' goes with 'normalise' 'phone'");
  check_fault("/identities/phone",
              R"({"category": "user.contact.phone_number", "normalise": "phone"})",
              "/identities/phone: numbers are read as those of a region");
  check_fault("/identities/E mail", R"({"category": "user.contact.email"})",
              "/identities/E mail: expected a word such as 'email'");
  check_fault("/identities/email/category", "\"email\"",
              "/identities/email/category: unknown category of personal data 'email'");
}

TEST_CASE("a clock runs in one way") {
  const std::string clock = messages + "/clock";
  check_fault(clock, "{}",
              clock + ": a clock has exactly one of 'expression' and 'parent', found 0");
  check_fault(clock, R"({"expression": "a", "parent": "conversations"})",
              clock + ": a clock has exactly one of 'expression' and 'parent', found 2");
  check_fault(clock, R"({"childless": ["attachments"]})",
              clock + ": 'childless' needs an 'expression' beside it");
  check_fault(clock, R"({"parent": "visitors", "childless": ["attachments"]})",
              clock + "/childless: 'childless' goes with 'expression'");
  check_fault(clock, R"({"parent": ["visitors", "invoices"]})",
              clock + "/parent: 'messages' has no link to 'invoices'");
  check_fault(clock, R"({"parent": "invoices"})",
              clock + "/parent: 'messages' has no link to 'invoices'");
  check_fault(clock, R"({"parent": "invoice"})",
              clock + "/parent: no record set is called 'invoice'");
  check_fault(clock, R"({"childless": ["invoices"]})",
              clock + "/childless: 'invoices' has no link to 'messages'");
  check_fault(clock, R"({"parent": "conversations"})",
              clock +
                  "/parent: clocks wait for each other: conversations -> messages -> "
                  "conversations");
  check_fault(clock, R"({"parent": "visitors", "epoch": "seconds"})",
              clock + ": 'epoch' and 'zone' go with 'expression'");
  check_fault(clock, R"({"expression": "a", "epoch": "seconds", "zone": "UTC"})",
              clock + "/zone: a number since 1970 has no zone");
  check_fault(clock, R"({"expression": "a", "zone": "Europe/Lodnon"})",
              clock + "/zone: unknown time zone Europe/Lodnon");
  check_fault(clock, "\"now() - interval '1 day'\"",
              clock + ": SQL fragment, character 1: function 'now' depends on when it runs");
  check_fault("/zone", "\"../etc\"", "/zone: not the name of a time zone");
}

TEST_CASE("what an erasure does is complete") {
  const std::string erase = messages + "/erase";
  check_fault(erase, "\"keep\"",
              erase + ": keeping what a subject wants erased needs its 'ground'");
  check_fault(erase, R"({"action": "keep", "ground": "tax"})", erase + ": keeping what");
  check_fault(erase, "\"repoint\"", erase + ": 'repoint' needs 'set'");
  check_fault(erase, R"({"action": "delete", "ground": "tax"})",
              erase + "/ground: 'ground' goes with the action 'keep', not with 'delete'");
  check_fault(erase, R"({"action": "mask", "set": {"a": "0"}})", erase + "/set: 'set' goes with");
  const std::string repoint = erase + "/repoint_references";
  check_fault(repoint, R"({"table": "x", "match": {"a": "b", "c": "d"}, "to": "0"})",
              repoint + ": 'match' names the one column that is set");
  check_fault(repoint, R"([{"table": "x", "to": "0"}])",
              repoint + "/0: 'match' names the one column that is set");
  check_fault(repoint, R"({"table": "x", "match": {"a": "b"}})",
              repoint + ": the key 'to' is missing");
  check_fault(repoint, R"({"table": "x", "match": {"a": "b"}, "to": "tenant_id"})",
              repoint + "/to: SQL fragment, character 1: ");
  check_fault(erase, R"({"action": "delete", "unless_referenced_by": {"table": "x"}})",
              erase + "/unless_referenced_by: the key 'match' is missing");
  check_fault("/tables/ticket/sets/tickets/erase", "\"mask\"",
              "/tables/ticket/sets/tickets/erase: there is nothing to mask");
  check_fault("/tables/ticket/sets/tickets/erase/set/created_by_id", "\"nextval('x')\"",
              "/tables/ticket/sets/tickets/erase/set/created_by_id: SQL fragment, character 1: "
              "function 'nextval' reaches beyond the row");
}

TEST_CASE("events are known ones, and say whose each column is where they join tables") {
  const std::string events = visitors + "/events";
  check_fault(events + "/unsubscribe", "\"a\"",
              events +
                  "/unsubscribe: unknown clock event 'unsubscribe'; did you mean "
                  "'unsubscribed'?");
  check_fault(events + "/creation", R"({"unless": "a"})",
              events + "/creation: the key 'expression' is missing");
  check_fault(events + "/creation", "[]", events + "/creation: expected at least one");
  check_fault(events + "/creation", R"(["a", {"expression": "b;"}])",
              events + "/creation/1/expression: SQL fragment, character 2: ';'");
  check_fault(events + "/last-inbound-message/expression", "\"created_at\"",
              events + "/last-inbound-message/expression: SQL fragment, character 1: ");
  check_fault(events + "/last-inbound-message/unless", "\"x.bounced\"",
              events +
                  "/last-inbound-message/unless: SQL fragment, character 1: nothing is "
                  "called 'x' here");
  check_fault(events + "/last-inbound-message/via/1", R"({"table": "message"})",
              events + "/last-inbound-message/via/1: how the hop is joined is missing");
}

TEST_CASE("choices are recorded as those of somebody") {
  const std::string choices = visitors + "/recorded_in";
  check_fault(choices + "/opt-out-of-ai", "\"ai_opt_out\"",
              choices +
                  "/opt-out-of-ai: unknown choice of a subject 'opt-out-of-ai'; did you "
                  "mean 'opt-out-ai'?");
  check_fault("/tables/page_content/sets/pages/recorded_in", R"({"unsubscribed": "url"})",
              "/tables/page_content/sets/pages/recorded_in: its rows are about nobody");
  check_fault("/tables/page_content/sets/pages/purpose_in", "\"url\"",
              "/tables/page_content/sets/pages/purpose_in: there is no 'recorded_in'");
}

TEST_CASE("a row belongs to the tenant of the first path whose condition holds") {
  const std::string tenant = "/tables/message/tenant";
  check_fault(tenant + "/0/when", "\"conversation_id is not null\"",
              tenant + "/0/when: SQL fragment, character 1: ");
  check_fault(tenant, R"([{"column": "a"}, {"column": "b"}])",
              tenant + "/0: it holds for every row, so those behind it never count");
  check_fault(tenant, R"({"column": "a", "via": {"table": "visitor", "match": {"a": "b"}}})",
              tenant + ": a row's tenant is said by 'column' or by 'via'");
  check_fault(tenant, R"({"via": {"table": "ticket", "match": {"a": "b"}}})",
              tenant + ": it leads to helpdesk.ticket, whose rows belong to no tenant");
  check_fault("/tables/conversation/tenant",
              R"({"via": {"table": "message", "match": {"id": "conversation_id"}}})",
              tenant +
                  "/0: each takes its tenant from the other: helpdesk.conversation -> "
                  "helpdesk.message -> helpdesk.conversation");
  CHECK(faults_with(tenant, R"({"via": {"table": "tenant", "match": {"a": "id"}}})").empty());
}

TEST_CASE("a table that holds nothing personal has no columns to speak of") {
  check_fault("/tables/inbox/columns", R"({"id": "key"})",
              "/tables/inbox/not_personal: a table that holds nothing personal has neither 'sets' "
              "nor 'columns'");
}

TEST_CASE("a column's parts fit its use") {
  check_fault(columns + "/x", "\"personal\"", columns + "/x: a personal column needs its");
  check_fault(columns + "/x", R"({"use": "personal"})",
              columns + "/x: a personal column needs its");
  check_fault(columns + "/x", R"({"origin": "provided"})",
              columns + "/x: what the column holds is missing");
  check_fault(columns + "/x", "\"user.contact.emial\"",
              columns +
                  "/x/category: unknown category of personal data 'user.contact.emial'; did "
                  "you mean 'user.contact.email'?");
  check_fault(columns + "/x", R"({"use": "key", "category": "user.name"})",
              columns + "/x/category: 'category' is for personal and secret columns");
  check_fault(columns + "/x", R"({"use": "key", "historic": true})", columns + "/x/historic: ");
  check_fault(columns + "/x", R"({"use": "key", "residue": "redact"})", columns + "/x/residue: ");
  check_fault(columns + "/x", R"({"category": "user.name", "historic": true, "residue": "redact"})",
              columns + "/x/residue: a historic column is kept as it was");
  check_fault(columns + "/x", R"({"use": "not_personal", "mask": "null"})",
              columns +
                  "/x/mask: 'mask' is for personal, secret and key columns; this one is "
                  "'not_personal'");
  check_fault(columns + "/x", R"({"use": "secret", "third_party": {"text": true}})",
              columns + "/x/third_party: 'third_party' is for personal and key columns");
  check_fault(columns + "/x", R"({"category": "user.name", "zone": "Mars"})",
              columns + "/x/zone: unknown time zone Mars");
  check_fault(agents + "/columns/x", "\"user.nme\"", agents + "/columns/x/category: unknown");
}

TEST_CASE("masks can do what they say") {
  const std::string mask = columns + "/email/mask";
  check_fault(mask, R"({"unique": "erased"})", mask + ": a unique mask needs '{key}'");
  check_fault(mask, R"({"truncate": 0})", mask + "/truncate: expected a whole number from 1");
  check_fault(mask, R"({"literal": "a", "unique": "{key}"})", mask + ": a mask has exactly one of");
  check_fault(mask, "{}", mask + ": a mask has exactly one of");
  check_fault(mask, "\"hash\"", mask + ": expected 'null' or 'keyed-hash', found 'hash'");
  check_fault(mask, "null", mask + ": expected 'null', 'keyed-hash' or an object");
}

TEST_CASE("third parties are named by a set, an identity or free text") {
  const std::string party = "/tables/message/columns/sender_id/third_party";
  check_fault(party, R"({"label": "agent"})", party + ": who it is about is missing");
  check_fault(party, R"({"set": "agents"})", party + ": the key 'label' is missing");
  check_fault(party, R"({"label": "agent", "set": "agent"})",
              party + "/set: no record set is called 'agent'; did you mean 'agents'?");
  check_fault(party, R"({"label": "agent", "identity": "mail"})",
              party + "/identity: no identity is called 'mail'; did you mean 'email'?");
  check_fault(party, R"({"label": "agent", "identity": "email", "set": "agents"})",
              party + ": a value is the key of a 'set' or an 'identity', not both");
  check_fault(party, R"({"label": "The agent", "set": "agents"})",
              party + "/label: expected a word such as 'agent'");
  check_fault(party + "/0/when", "\"sender_type = 'User\"",
              party + "/0/when: SQL fragment, character 15: string without its closing quote");
}

TEST_CASE("of several third parties only the last may hold in every row") {
  const std::string party = "/tables/message/columns/sender_id/third_party";
  check_fault(party, R"([{"label": "agent", "set": "agents"}, {"text": true}])",
              party + "/0: it holds in every row, so those behind it never count");
  check_fault(party + "/1", R"({"label": "visitor"})", party + "/1: who it is about is missing");
  check_fault(party, "[]", party + ": expected at least one");
}

TEST_CASE("paths into JSON are paths") {
  const std::string json = columns + "/attributes/json";
  for (const std::string path : {"address", "$..x", "$.", "$.a[", "$.a[]", "$.a[x]", "$ .a", "$.a.",
                                 "$.a b", "$.\"a", "$.a ? (@ > 1)"}) {
    check_fault(json, R"({")" + nlohmann::json(path).dump().substr(1) + R"(: "user.name"})",
                json + "/" + path + ": json path '" + path + "' ");
  }
  check_fault(json + "/$.x", "\"user.nam\"", json + "/$.x/category: unknown category");
  check_fault(json + "/$.x", R"({"mask": "null"})",
              json + "/$.x: what the path leads to is missing");
  check_fault(columns + "/attributes/encoding", "\"yaml\"",
              json + ": paths lead into JSON; the column's 'encoding' is 'yaml'");
  check_fault(columns + "/attributes/use", "\"secret\"", json + ": 'json' is for personal columns");
}

TEST_CASE("a copy is of a column that the map knows") {
  const std::string copy = "/tables/conversation/columns/last_message/copy_of";
  check_fault(copy, "\"body\"", copy + ": expected the record set and column that are copied");
  check_fault(copy, "\"message.body\"", copy + ": no record set is called 'message'");
  check_fault(copy, "\"messages.text\"", copy + ": the map says nothing of a column 'text'");
}

TEST_CASE("tables belong to tenants that the map describes") {
  check_fault("/tables/visitor/tenant", "{}",
              "/tables/visitor/tenant: a row's tenant is said by 'column' or by 'via'");
  check_fault("/tables/visitor/tenant",
              R"({"column": "a", "via": {"table": "b", "match": {"c": "d"}}})",
              "/tables/visitor/tenant: a row's tenant is said by 'column' or by 'via'");
  const auto faults = faults_without("/tenants");
  std::string all;
  for (const auto& fault : faults) all += fault + "\n";
  CHECK(all.find("/tables/visitor/tenant: the map says nothing of tenants") != std::string::npos);
  CHECK(all.find("/overrides/0/tenant: the map says nothing of tenants") != std::string::npos);
  const auto unnamed = faults_without("/tenants/policy");
  REQUIRE_EQ(unnamed.size(), 1);
  CHECK(unnamed[0].find("/tenants/policy_names: 'policy_names' translates") == 0);
}

TEST_CASE("personal columns of a table without a record set are named") {
  check_fault("/tables/lookup", R"({"columns": {"id": "key", "owner": "user.name"}})",
              "/tables/lookup/sets: its column 'owner' is personal, but no record set covers");
  CHECK(faults_with("/tables/lookup", R"({"columns": {"id": "key"}})").empty());
}

TEST_CASE("overrides and waivers are said once and can be read") {
  check_fault("/overrides/0/period", "\"a month\"",
              "/overrides/0/period: expected a period such as '30 days'");
  check_fault("/overrides/0/period", "\"at once\"", "/overrides/0/period: expected a period");
  check_fault("/overrides/1",
              R"({"tenant": "meadow", "rule": "chat", "period": "1 year", "reason": "x"})",
              "/overrides/1: the tenant 'meadow' overrides the rule 'chat' twice, first in "
              "map.json:");
  for (const std::string date : {"2027-02-29", "2027-1-31", "31.01.2027", "2027-01-31T00:00:00Z",
                                 "2027-13-01", "20270-1-01"}) {
    check_fault("/waivers/0/expires", '"' + date + '"',
                "/waivers/0/expires: expected a date such as 2027-01-31");
  }
  CHECK(faults_with("/waivers/0/expires", "\"2028-02-29\"").empty());
  check_fault("/waivers/1",
              R"({"finding": "personal-looking-column", "subject": "helpdesk.report.email_count",
                  "reason": "again", "expires": "2027-01-31"})",
              "/waivers/1: 'personal-looking-column' is waived twice");
  check_fault("/tenants/overrides/chat/unit", "\"weeks\"",
              "/tenants/overrides/chat/unit: expected 'days', 'months' or 'years'");
}

TEST_CASE("every fragment of a map is judged") {
  for (const std::string pointer : {"/tenants/display_name",
                                    "/tenants/contact",
                                    "/tenants/policy",
                                    "/tenants/zone",
                                    "/tenants/events/trial-end/expression",
                                    "/tenants/events/trial-end/unless",
                                    "/tenants/events/contract-end",
                                    "/tenants/overrides/chat/expression",
                                    "/tenants/integrations/via/on",
                                    "/tenants/integrations/expression",
                                    "/tables/visitor/sets/visitors/where",
                                    "/tables/visitor/sets/visitors/identities/6/expression",
                                    "/tables/visitor/sets/visitors/identities/7/via/on",
                                    "/tables/visitor/sets/visitors/identities/7/expression",
                                    "/tables/visitor/sets/visitors/clock/expression",
                                    "/tables/visitor/sets/visitors/clock/masked_when",
                                    "/tables/visitor/sets/visitors/events/unsubscribed",
                                    "/tables/message/sets/messages/links/1/on",
                                    "/tables/message/sets/messages/clock",
                                    "/tables/message/sets/messages/objects/0/key",
                                    "/tables/visitor/sets/visitors/events/last-inbound-message/"
                                    "expression",
                                    "/tables/visitor/sets/visitors/events/last-inbound-message/"
                                    "unless",
                                    "/tables/visitor/sets/visitors/events/account-closure/1/"
                                    "unless",
                                    "/tables/visitor/sets/visitors/erase/repoint_references/0/to",
                                    "/tables/conversation/sets/conversations/legal_ground",
                                    "/tables/message/tenant/0/when",
                                    "/tables/message/columns/sender_id/third_party/0/when",
                                    "/tables/Attachment/sets/attachments/links/0/via/0/on",
                                    "/tables/Attachment/sets/attachments/links/0/on",
                                    "/tables/ticket/sets/tickets/erase/set/created_by_id"}) {
    check_fault(pointer, "\"true) or (true\"",
                pointer + ": SQL fragment, character 5: ')' closes nothing");
  }
  check_fault("/tables/visitor/columns/attributes/json/$.agent.email/third_party/when", "\"a;\"",
              "/tables/visitor/columns/attributes/json/$.agent.email/third_party/when: SQL "
              "fragment, character 2: ';'");
}

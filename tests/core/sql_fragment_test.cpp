#include "core/sql_fragment.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/sql_lexer.hpp"

using namespace dsar;

namespace {

/// The first fault's message, or nothing.
std::string fault_of(const std::string& text) {
  const auto faults = check_fragment(SqlFragment{text, {"map.json", "/x", 7, 0}});
  return faults.empty() ? "" : faults.front().message;
}

std::string fault_of(const std::string& text, const std::set<std::string>& aliases, bool bare) {
  const auto faults = check_fragment(SqlFragment{text, {}}, aliases, bare);
  return faults.empty() ? "" : faults.front().message;
}

bool refuses(const std::string& text, const std::string& because) {
  const std::string fault = fault_of(text);
  CAPTURE(text);
  CAPTURE(fault);
  return !fault.empty() && fault.find(because) != std::string::npos;
}

std::string names(const std::string& text) {
  std::string result;
  for (const auto& use : referenced_names(text)) {
    if (!result.empty()) result += ' ';
    result += use.alias.empty() ? use.name : use.alias + "." + use.name;
  }
  return result;
}

}  // namespace

TEST_CASE("expressions that maps need pass") {
  for (const std::string text : {
           "kind = 'customer'",
           "coalesce(last_activity_at, created_at)",
           "this.sender_type = 'Visitor' and not deleted",
           "(settings->>'retention_days')::int",
           "lower(btrim(email)) like '%@example.com' escape '\\'",
           "changes #>> '{contact,id}'",
           "payload ? 'email'",
           "created_at at time zone 'Europe/London'",
           "created_at::timestamp with time zone",
           "cast(created_at as timestamp(3) without time zone)",
           "date '2026-01-31' + interval '1 day' * 3",
           "extract(epoch from this.created_at)",
           "substring(phone from 2 for 3)",
           "trim(both ' ' from name)",
           "status is distinct from 'open'",
           "status is not distinct from other.status",
           "(a, b) = (1, 2)",
           "array[1, 2]::bigint[] @> array[id]",
           "lower('x') = any(addresses)",
           "addresses[1] = 'x'",
           "\"from\" = \"to\"",
           "\"Mixed\".\"createdAt\" > 1.5e-3",
           "case when a then b else c end",
           "left(body, 20) || right(body, 3)",
           "make_interval(days => keep_days)",
           "age(ended_at, started_at)",
           "x between symmetric 1 and 2",
           "E'a\\'b' = note",
           "$tag$ it's; -- not a comment $tag$ = note",
           "$$plain$$ = note",
           "a operator(pg_catalog.+) b",
           "status = 'today'",
           "größe = 'ü'",
           "x::double precision > 1",
           "b'101'::bit(3) = flags",
           "this.delete or this.\"update\"",
           "public.normalised(email)",
           "name collate \"C\" < 'x'",
           "(home).street = 'x'",
       }) {
    CAPTURE(text);
    CHECK_EQ(fault_of(text), "");
  }
}

TEST_CASE("brackets must balance within the fragment") {
  CHECK(refuses("true) OR (true", "')' closes nothing"));
  CHECK(refuses("(a", "'(' is never closed"));
  CHECK(refuses("a[1", "'[' is never closed"));
  CHECK(refuses("(a]", "']' closes nothing"));
  CHECK(refuses("f(a]) = (b", "']' closes nothing"));
  CHECK_EQ(check_fragment(SqlFragment{"true) OR (true", {}}).size(), 2);
}

TEST_CASE("a fragment is one expression and nothing else") {
  CHECK(refuses("", "empty"));
  CHECK(refuses(" \n ", "empty"));
  CHECK(refuses("a; drop table b", "';'"));
  CHECK(refuses("a -- b", "comments"));
  CHECK(refuses("a /* b */", "comments"));
  CHECK(refuses("a +-- b", "comments"));
  CHECK(refuses("a +/* b", "comments"));
  CHECK(refuses("a = $1", "parameters"));
  CHECK(refuses("a, b", "comma"));
  CHECK(refuses("a as b", "'as'"));
  CHECK(refuses("a for update", "'for'"));
  CHECK(refuses("a from b", "'from'"));
  CHECK(refuses("true order by 1", "'order'"));
  CHECK(refuses("true limit 1", "'limit'"));
  CHECK(refuses("true union all table secrets", "'union'"));
  CHECK(refuses("true returning x", "'returning'"));
  CHECK(refuses("row_number() over (partition by x)", "'over'"));
  CHECK(refuses("count(x) filter (where true)", "'filter'"));
  CHECK(refuses("this.*", "'.*'"));
  CHECK(refuses("row(this.*)", "'.*'"));
}

TEST_CASE("a fragment holds no query of its own") {
  for (const std::string text :
       {"id in (select 1)", "exists(SELECT 1)", "id = (table other)", "id in (values (1))",
        "(with x as (select 1) select 1)", "delete", "(INSERT)", "update", "merge"}) {
    CAPTURE(text);
    CHECK(refuses(text, "query of its own"));
  }
}

TEST_CASE("strings and names must end, and end where PostgreSQL ends them") {
  CHECK(refuses("'a", "closing quote"));
  CHECK(refuses("'a''", "closing quote"));
  CHECK(refuses("\"a", "closing quote"));
  CHECK(refuses("\"\"", "empty quoted name"));
  CHECK(refuses("$a$ text $b$", "closing $a$"));
  CHECK(refuses("E'a\\'", "closing quote"));
  CHECK(refuses("E'\\", "closing quote"));
  CHECK_EQ(fault_of("'a\\'"), "");  // a backslash is a letter in a plain string
  CHECK(refuses("E'a'\n'\\' or true or x = '", "continued"));
  CHECK(refuses("'a' 'b'", "continued"));
  CHECK(refuses("U&'d\\0061t'", "U&"));
  CHECK(refuses("u&\"d\\0061t\"", "U&"));
  CHECK(refuses("a \\d", "backslash"));
  CHECK(refuses(std::string("a\0b", 3), "NUL"));
  CHECK(refuses(std::string("'\0'", 3), "NUL"));
  CHECK(refuses("a \x01", "control character"));
  CHECK(refuses("{a}", "'{' is not SQL"));
  CHECK(refuses("1abc", "number followed by letters"));
  CHECK(refuses("a $ b", "'$'"));
}

TEST_CASE("functions that act, or whose result changes, are refused") {
  for (const std::string text :
       {"pg_sleep(1)", "PG_SLEEP(1)", "pg_catalog.pg_sleep(1)", "\"pg_sleep\"(1)", "pg_sleep (1)",
        "pg_read_file('/etc/passwd')", "nextval('s')", "setval('s', 1)", "dblink('x', 'y')",
        "lo_import('x')", "set_config('a', 'b', true)", "txid_current()", "pg_advisory_lock(1)",
        "query_to_xml('x', true, true, '')", "pg_terminate_backend(1)", "current_setting('x')"}) {
    CAPTURE(text);
    CHECK(refuses(text, "reaches beyond the row"));
  }
  for (const std::string text :
       {"now()", "created_at < NOW()", "clock_timestamp()", "current_timestamp", "current_date",
        "CURRENT_DATE - 3", "localtimestamp(0)", "age(created_at)", "'now'::timestamptz",
        "' Today '::pg_catalog.date", "timestamp 'now'", "cast('yesterday' as date)"}) {
    CAPTURE(text);
    CHECK(refuses(text, "depends on when it runs"));
  }
  CHECK(refuses("random() < 0.5", "differently every time"));
  CHECK(refuses("gen_random_uuid()", "differently every time"));
  CHECK(refuses("owner = current_user", "depends on who runs it"));
  // Columns of such names are only columns.
  CHECK_EQ(fault_of("this.now > random"), "");
}

TEST_CASE("a fault says at which character") {
  CHECK_EQ(fault_of("true) or (true"), "SQL fragment, character 5: ')' closes nothing");
  const auto faults = check_fragment(SqlFragment{"a;", {"map.json", "/x", 7, 0}});
  REQUIRE_EQ(faults.size(), 1);
  CHECK_EQ(faults.front().where.pointer, "/x");
  CHECK_EQ(faults.front().where.line, 7);
}

TEST_CASE("names that a fragment uses are found as PostgreSQL folds them") {
  CHECK_EQ(names("This.Kind = 'x' AND \"Name\" is null"), "this.kind Name");
  CHECK_EQ(names("coalesce(a, b.c)::numeric(10, 2) + d"), "a b.c d");
  CHECK_EQ(names("a at time zone zone_name"), "a zone_name");
  CHECK_EQ(names("cast(a as double precision) + b"), "a b");
  CHECK_EQ(names("a::timestamp with time zone > b"), "a b");
  CHECK_EQ(names("date '2026-01-31' > c"), "c");
  CHECK_EQ(names("interval '1' day + d"), "d");
  CHECK_EQ(names("extract(year from a) = b"), "a b");
  CHECK_EQ(names("a is not null and b is unknown and c"), "a b c");
  CHECK_EQ(names("a is distinct from b"), "a b");
  CHECK_EQ(names("a not like b escape c"), "a b c");
  CHECK_EQ(names("a not in (b, c) and not d"), "a b c d");
  CHECK_EQ(names("case a when b then c else d end = e"), "a b c d e");
  CHECK_EQ(names("(home).street = this.x[n]"), "home this.x n");
  CHECK_EQ(names("public.f(a) collate \"C\" < b"), "a b");
  CHECK_EQ(names("array[a, b] operator(pg_catalog.&&) c"), "a b c");
  CHECK_EQ(names("make_interval(days => a)"), "a");
  CHECK_EQ(names("a -> 'b' ->> c"), "a c");
  CHECK_EQ(names("größe > $$x y$$"), "größe");
  CHECK_EQ(names("a or 'open"), "a");
  CHECK_EQ(names("date > time"), "date time");
}

TEST_CASE("a fragment names only what is in sight") {
  const std::set<std::string> row{"this"};
  CHECK_EQ(fault_of("kind = this.other", row, true), "");
  CHECK_EQ(fault_of("that.id = 1", row, true),
           "SQL fragment, character 1: nothing is called 'that' here; expected 'this'");
  CHECK_EQ(fault_of("helpdesk.visitor.id = 1", row, true),
           "SQL fragment, character 1: nothing is called 'helpdesk' here; expected 'this'");
  CHECK_EQ(fault_of("this is null", row, true),
           "SQL fragment, character 1: 'this' names a whole row; name a column of it");
  const std::set<std::string> link{"this", "that", "o"};
  CHECK_EQ(fault_of("that.id = o.id and o.name = 'x'", link, false), "");
  CHECK_EQ(
      fault_of("that.id = x.id", link, false),
      "SQL fragment, character 11: nothing is called 'x' here; expected 'o', 'that' or 'this'");
  CHECK(fault_of("name = 'x'", link, false).find("several tables are in sight") !=
        std::string::npos);
  CHECK_EQ(fault_of("public.f(that.id) = lower(this.x)", link, false), "");
}

TEST_CASE("binding aliases changes names alone") {
  const std::map<std::string, std::string> aliases{{"this", "t0"}, {"that", "t1"}, {"o", "\"t2\""}};
  const auto bound = [&](std::string_view text) { return bind_aliases(text, aliases); };
  CHECK_EQ(bound("this.x = that.y"), "t0.x = t1.y");
  CHECK_EQ(bound("\"this\".x = THIS . y"), "t0.x = t0 . y");
  CHECK_EQ(bound("\"This\".x"), "\"This\".x");
  CHECK_EQ(bound("lower(o.name) = 'this.x'"), "lower(\"t2\".name) = 'this.x'");
  CHECK_EQ(bound("$q$this.x$q$ || E'\\'this.x' || this.\"this.x\""),
           "$q$this.x$q$ || E'\\'this.x' || t0.\"this.x\"");
  CHECK_EQ(bound("this = 'x' and a.this.b"), "this = 'x' and a.this.b");
  CHECK_EQ(bound("thisx.y + x_this.z"), "thisx.y + x_this.z");
  CHECK_EQ(bound("  x  "), "  x  ");
  CHECK_EQ(bound("not\"this\".x"), "not t0.x");
  CHECK_EQ(bound("u&o.x"), "u& \"t2\".x");
  CHECK_EQ(bound("(this.x)[this.y]"), "(t0.x)[t0.y]");
  CHECK_EQ(bound("größe.this"), "größe.this");
  CHECK_THROWS_AS(bound("this.x -- y"), Error);
}

TEST_CASE("operators are cut at comments, and tokens cover all but blanks") {
  const auto tokens = lex_sql("a->>'b'::text[]<=.5");
  std::string all;
  for (const auto& token : tokens) all += std::string(token.text) + "|";
  CHECK_EQ(all, "a|->>|'b'|::|text|[|]|<=|.5|");
}

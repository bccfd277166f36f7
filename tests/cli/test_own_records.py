"""Holds and requests are records about people too: told to whom they are about, checked against the
map that is built in, kept until a period is set, and then swept."""

import json

from cli.package import Package
from cli.sweeping import NOON, SweepTest

HARBOUR = ("--tenant", "harbour")
ADA = (*HARBOUR, "email:ada@example.com")
BROOK = (*HARBOUR, "email:brook@example.net")
NAMESAKE = ("--tenant", "meadow", "email:ada@example.com")
LANDLINE = "phone:+44 1632 960001"


class OwnRecordsTest(SweepTest):
    """Officers place and open, readers look, with no more than `init --grants` gives them."""

    def as_role(self, kind):
        return {**self.env, "PGUSER": self.env["PGUSER"].replace("_sweeper_", f"_{kind}_")}

    def officer(self, *args):
        return self.run_dsarctl(*args, "--json", env=self.as_role("officer")).json

    def open(self, *who, kind="access"):
        return self.officer("request", "open", "--kind", kind, *who)["request"]

    def hold(self, *what, ground="a claim"):
        return self.officer("hold", "place", *what, "--ground", ground, "--review", "2099-01-01")[
            "hold"
        ]

    def export(self, *who, code=0):
        path = self.temporary_folder() / "package.zip"
        self.run_dsarctl(
            "export", *who, "--output", path, env=self.as_role("reader"), code=code
        )
        return Package(path)

    def told(self, *who):
        """The numbers of the requests and the holds that a person's package has."""
        package = self.export(*who)
        return tuple(
            [int(row["id"]) for row in package.rows(name)] if name in package.sets else []
            for name in ("dsar_requests", "dsar_holds")
        )


class Telling(OwnRecordsTest):
    def test_a_package_has_the_persons_own_requests_and_holds_and_nobody_elses(self):
        first, later = self.open(*ADA), self.open(*ADA, kind="rectification")
        brooks, elsewhere = self.open(*BROOK), self.open(*NAMESAKE)
        held, brook_held = self.hold(*ADA), self.hold(*BROOK)
        self.hold(*HARBOUR, "--whole-tenant")
        self.officer("request", "close", first, "--outcome", "answered", "--reason", "sent")
        self.assertEqual(self.told(*ADA), ([first, later], [held]))
        self.assertEqual(self.told(*BROOK), ([brooks], [brook_held]))
        self.assertEqual(self.told(*NAMESAKE), ([elsewhere], []))
        found = self.run_dsarctl("find", *ADA, "--json", env=self.as_role("reader")).json
        rows = {each["set"]: (each["rows"], each["role"]) for each in found["held"]}
        self.assertEqual(rows["dsar_requests"], (2, "controller"))
        self.assertEqual(rows["dsar_holds"], (1, "controller"))

    def test_it_says_what_the_register_says_without_others_addresses(self):
        self.open(*ADA)
        self.hold(*ADA, ground="a claim; ask brook@example.net")
        package = self.export(*ADA)
        (request,) = package.rows("dsar_requests")
        (server,) = self.database.rows("SELECT identities, keys, due_on FROM dsar.request")
        self.assertEqual(
            [self.plain(request[name]) for name in ("identities", "keys", "due_on")], list(server)
        )
        (hold,) = package.rows("dsar_holds")
        self.assertRegex(hold["ground"], r"^a claim; ask \[[a-z]+-\d+\]$")
        self.assertIn("dsar_holds.ground", package.listed("third_parties"))
        category = {each["category"]: each for each in package.json("about.json")["categories"]}
        self.assertEqual(
            category["request-record"]["rules"],
            ["legal", "request-record", "request-record-ccpa"],
        )

    @staticmethod
    def plain(value):
        """Without what package.exactly keeps beyond JSON's own values."""
        if isinstance(value, list) and value and isinstance(value[0], tuple):
            return {name: Telling.plain(each) for name, each in value}
        if isinstance(value, list):
            return [Telling.plain(each) for each in value]
        return value

    def test_the_steps_of_a_request_are_told_with_it(self):
        own, brooks = self.open(*ADA), self.open(*BROOK)
        for number in (own, brooks):
            self.officer("request", "extend", number, "--reason", "many records")
        (step,) = self.export(*ADA).rows("dsar_request_steps")
        self.assertEqual((int(step["request"]), step["reason"]), (own, "many records"))

    def test_who_only_may_be_meant_is_told_nothing(self):
        shared = self.open(*HARBOUR, LANDLINE)
        self.assertTrue(self.database.value("SELECT keys <> '{}' AS some FROM dsar.request"))
        self.assertEqual(self.told(*ADA), ([], []))
        self.assertEqual(self.told(*BROOK), ([], []))
        vouched = self.open(*ADA, "--also", LANDLINE)
        self.assertEqual(self.told(*ADA), ([vouched], []))
        # The rows that only the officer's word joined to Ada.
        more = self.database.rows(
            "SELECT k ->> 0 AS id FROM dsar.request, jsonb_array_elements(keys -> 'visitors') AS k "
            f"WHERE id = {vouched} AND NOT (proven -> 'visitors') @> jsonb_build_array(k)"
        )
        self.assertTrue(more)
        for (visitor,) in more:
            self.assertEqual(self.told(*HARBOUR, f"visitor:{visitor}"), ([], []))
        self.assertNotEqual(shared, vouched)

    def test_a_database_without_the_tools_schema_is_read_as_it_was(self):
        self.database.execute("DROP SCHEMA dsar CASCADE")
        # Without the schema the reading is put on record in a file.
        self.env["DSARCTL_AUDIT_TO"] = str(self.temporary_folder() / "audit")
        package = self.export(*ADA)
        self.assertFalse([name for name in package.sets if name.startswith("dsar_")])
        self.run_dsarctl("map", "check", env=self.env)

    def test_a_schema_not_yet_upgraded_is_an_incomplete_package_not_a_silent_one(self):
        self.database.execute("ALTER TABLE dsar.request DROP COLUMN proven")
        package = self.export(*ADA, code=3)
        self.assertNotIn("dsar_requests", package.sets)


class Checking(OwnRecordsTest):
    def findings(self):
        run = self.run_dsarctl("map", "check", "--json", env=self.database.env, code=4)
        return {(each["rule"], each["subject"]) for each in run.json["findings"]}

    def test_a_column_or_table_that_is_not_classified_is_a_finding(self):
        self.run_dsarctl("map", "check", env=self.database.env)
        self.database.execute(
            "ALTER TABLE dsar.hold ADD COLUMN remark text;"
            "ALTER TABLE dsar.request DROP COLUMN due_by;"
            "CREATE TABLE dsar.letter (text text)"
        )
        self.assertEqual(
            self.findings(),
            {
                ("unclassified-column", "dsar.hold.remark"),
                ("missing-column", "dsar.request.due_by"),
                ("unclassified-table", "dsar.letter"),
            },
        )

    def test_a_map_that_describes_the_schema_itself_is_refused_in_one_line(self):
        (self.map / "own.json").write_text(
            json.dumps({
                "dsarctl_map": 1,
                "not_personal": [{"tables": ["dsar.migration"], "reason": "versions"}],
            }),
            encoding="utf-8",
        )
        run = self.refuse("map", "show", env=self.env, message="leave its tables out$")
        self.assertRegex(run.err, r"own\.json:1: /not_personal/0/tables.*the schema dsar is the to")

    def test_the_map_shows_what_is_built_in(self):
        shown = self.run_dsarctl("map", "show", env=self.env).out
        self.assertRegex(shown, r"(?m)^dsar_requests  \(dsar\.request, built in\)$")
        sets = self.run_dsarctl("map", "show", "--json", env=self.env).json["record_sets"]
        self.assertEqual(
            [each["set"] for each in sets if each["built_in"]],
            ["dsar_holds", "dsar_wide_holds", "dsar_requests", "dsar_choices",
             "dsar_request_steps"],
        )


class Keeping(OwnRecordsTest):
    """How long: nothing goes until a period is set, and then only what is over."""

    def closed(self, age, *who):
        """A request that was closed so long before noon."""
        number = self.open(*who)
        self.officer("request", "extend", number, "--reason", "many records")
        self.officer("request", "close", number, "--outcome", "answered", "--reason", "sent")
        self.age("request", "closed_at", number, age)
        return number

    def released(self, age, *what):
        number = self.hold(*what)
        self.officer("hold", "release", number, "--reason", "settled")
        self.age("hold", "released_at", number, age)
        return number

    def age(self, table, column, number, age):
        self.database.execute(
            f"UPDATE dsar.{table} SET {column} = timestamptz '{NOON}' - interval '{age}' "
            f"WHERE id = {number}"
        )

    def left(self, table):
        return [row[0] for row in self.database.rows(f"SELECT id FROM dsar.{table} ORDER BY id")]

    def sweep_records(self, period=None):
        """Sweeps by this rule alone, with that period for Harbour's policy."""
        changes = ("--rule", "request-record")
        if period is not None:
            periods = {"request-record": {"period": period, "reason": "claims"}}
            changes += ("--policy", self.write("policy.json", json.dumps(
                {"dsarctl_policy": 1, "extends": "visitorchat", "periods": periods}
            )))
        return self.sweep_all(NOON, *changes)

    def test_nothing_goes_until_a_period_is_set_and_the_report_says_so(self):
        self.closed("40 years", *ADA)
        self.released("40 years", *ADA)
        result = self.sweep_records()
        self.assertEqual((len(self.left("request")), len(self.left("hold"))), (1, 1))
        unset = {(each["tenant"], each["rule"]) for each in result["not_set"]}
        self.assertLessEqual({("harbour", "request-record"), ("meadow", "request-record")}, unset)

    def test_then_what_was_closed_before_it_goes_and_what_is_open_never(self):
        self.closed("37 months", *ADA)
        stays = [self.closed("35 months", *ADA), self.open(*BROOK), self.closed("4 years", *NAMESAKE)]
        self.released("37 months", *ADA)
        self.released("37 months", *HARBOUR, "--whole-tenant")
        held = [self.released("35 months", *BROOK), self.hold(*BROOK)]
        result = self.sweep_records("3 years")
        self.assertEqual(self.left("request"), stays)
        self.assertEqual(self.left("hold"), held)
        deleted = {each["set"]: each["deleted"] for each in result["lines"]}
        self.assertEqual(
            deleted,
            {"dsar_requests": 1, "dsar_request_steps": 1, "dsar_holds": 1, "dsar_wide_holds": 1},
        )
        steps = self.database.rows("SELECT request FROM dsar.request_step ORDER BY 1")
        self.assertEqual(steps, [(stays[0],), (stays[2],)])

    def test_where_californias_law_applies_no_shorter_period_goes_below_its_24_months(self):
        self.closed("25 months", *ADA)
        stays = [self.closed("23 months", *ADA)]
        self.sweep_records("30 days")
        self.assertEqual(self.left("request"), stays)

    def test_what_a_hold_keeps_of_its_subject_includes_their_old_requests(self):
        old = self.closed("9 years", *ADA)
        self.hold(*ADA)
        self.sweep_records("3 years")
        self.assertEqual(self.left("request"), [old])

    def test_when_a_whole_tenant_goes_its_records_of_requests_stay(self):
        (email,) = self.database.rows(
            "SELECT v.email FROM helpdesk.visitors v JOIN helpdesk.tenants t ON t.id = v.tenant_id "
            "WHERE t.slug = 'orchard-old' AND v.email IS NOT NULL LIMIT 1"
        )[0]
        self.closed("1 year", "--tenant", "orchard-old", f"email:{email}")
        plan = self.sweep("--now", NOON, "--tenant", "orchard-old", "--json").json
        due = {each["set"] for each in plan["lines"] if each["due"]}
        self.assertIn("visitors", due)
        self.assertFalse({name for name in due if name.startswith("dsar_")})

    def test_records_of_requests_keep_nobodys_rows(self):
        self.closed("1 day", *ADA)
        covers = self.officer("hold", "place", "--set", "dsar_requests", "--ground", "an inquiry",
                              "--review", "2099-01-01")["covers"]
        self.assertEqual(covers, {"dsar_requests": 1, "dsar_request_steps": 1})

    def test_nor_does_it_matter_to_other_rows_that_there_are_any(self):
        before = self.sweep("--now", NOON, *HARBOUR, "--json").json
        self.released("1 day", *ADA)
        self.closed("1 day", *ADA)
        after = self.sweep("--now", NOON, *HARBOUR, "--json").json
        self.assertEqual(before["lines"], after["lines"])

"""map check and map show through the real binary: every change of the schema makes its finding."""

import json
import os
import shutil
from pathlib import Path

from cli.harness import CliTest

MAP = Path(os.environ.get("DSARCTL_MAP", ""))


class Changes(CliTest):
    def check(self, sql, expected):
        """Runs SQL on a fresh database; `expected`: {(rule, subject)} of the findings."""
        database = self.fresh_database()
        database.execute(sql)
        run = self.run_dsarctl("map", "check", "--json", env=database.env, code=4)
        findings = run.json["findings"]
        self.assertEqual({(each["rule"], each["subject"]) for each in findings}, expected, str(run))
        return findings

    def test_the_reference_map_agrees_with_its_database(self):
        run = self.run_dsarctl("map", "check", env=self.fresh_database().env)
        self.assertRegex(run.out, r"^0 errors, 0 warnings, \d+ waived\n$")

    def test_a_new_column_is_a_finding(self):
        self.check(
            "ALTER TABLE helpdesk.notes ADD COLUMN mood text",
            {("unclassified-column", "helpdesk.notes.mood")},
        )

    def test_a_new_table_is_a_finding_and_a_new_view_is_none(self):
        self.check(
            "CREATE TABLE helpdesk.gifts (id int); CREATE VIEW helpdesk.gift AS SELECT 1 AS one",
            {("unclassified-table", "helpdesk.gifts")},
        )

    def test_a_column_that_is_gone_is_a_finding_with_its_line(self):
        (finding,) = self.check(
            "ALTER TABLE helpdesk.participants DROP COLUMN joined_at CASCADE",
            {("missing-column", "helpdesk.participants.joined_at")},
        )
        line = Path(finding["file"]).read_text(encoding="utf-8").splitlines()[finding["line"] - 1]
        self.assertIn("joined_at", line)

    def test_a_table_that_is_gone_is_a_finding(self):
        self.check(
            "DROP TABLE helpdesk.message_embeddings CASCADE",
            {("missing-table", "helpdesk.message_embeddings")},
        )

    def test_a_cascade_and_a_delete_trigger_that_nobody_knows_are_findings(self):
        self.check(
            """
            CREATE TABLE helpdesk.replies (note bigint
              REFERENCES helpdesk.notes (id) ON DELETE CASCADE);
            CREATE FUNCTION helpdesk.odd() RETURNS trigger LANGUAGE plpgsql AS
              'BEGIN RETURN OLD; END';
            CREATE TRIGGER odd BEFORE DELETE ON helpdesk.notes
              FOR EACH ROW EXECUTE FUNCTION helpdesk.odd();
            """,
            {
                ("unclassified-table", "helpdesk.replies"),
                ("unknown-cascade", "helpdesk.notes"),
                ("unknown-trigger", "helpdesk.notes"),
            },
        )

    def test_addresses_in_a_column_declared_harmless_are_a_finding_without_the_address(self):
        findings = self.check(
            "UPDATE helpdesk.inboxes SET name = 'somebody@private.example'",
            {("personal-looking-content", "helpdesk.inboxes.name")},
        )
        self.assertNotIn("somebody@private.example", json.dumps(findings))


class Maps(CliTest):
    def changed_map(self, change):
        """A copy of the reference map in which `change` has altered the parsed files."""
        folder = self.temporary_folder() / "map"
        shutil.copytree(MAP, folder)
        files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()}
        change(files)
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
        return folder

    @staticmethod
    def record_set(files, name):
        for content in files.values():
            for table in content.get("tables", {}).values():
                if name in table.get("sets", {}):
                    return table["sets"][name]
        raise AssertionError(f"no record set {name}")

    def findings(self, change):
        run = self.run_dsarctl(
            "map", "check", "--json", "--map", self.changed_map(change),
            env=self.fresh_database().env, code=4,
        )
        return {(each["rule"], each["subject"]) for each in run.json["findings"]}

    def test_a_fragment_that_does_not_prepare_is_a_finding(self):
        def change(files):
            self.record_set(files, "notes")["clock"] = {"expression": "created_att"}

        self.assertIn(("bad-fragment", "notes"), self.findings(change))

    def test_integrations_that_do_not_prepare_are_a_finding(self):
        def change(files):
            for content in files.values():
                if "tenants" in content:
                    content["tenants"]["integrations"]["expression"] = "i.providerr"

        self.assertIn(("bad-fragment", "tenants"), self.findings(change))

    def test_a_clock_that_is_no_date_is_a_finding(self):
        def change(files):
            self.record_set(files, "notes")["clock"] = {"expression": "body"}

        self.assertEqual(self.findings(change), {("clock-type", "notes")})

    def test_a_policy_that_does_not_exist_and_a_period_that_none_allows_are_findings(self):
        def change(files):
            tenants = next(each["tenants"] for each in files.values() if "tenants" in each)
            tenants["policy_names"] = {"acme": "acme", "omniops": "omniops"}
            files["zz.json"] = {
                "dsarctl_map": 1,
                "overrides": [
                    {"tenant": "harbour", "rule": "chat", "period": "3 months", "reason": "asked"}
                ],
            }

        found = self.findings(change)
        self.assertIn(("unknown-policy", "acme"), found)
        self.assertIn(("bad-override", "harbour.chat"), found)

    def test_a_condition_that_leaves_rows_out_is_a_finding(self):
        def change(files):
            self.record_set(files, "notes")["where"] = "id < 2"

        self.assertEqual(self.findings(change), {("uncovered-rows", "helpdesk.notes")})

    def test_a_comparison_of_texts_with_numbers_is_a_finding(self):
        def change(files):
            self.record_set(files, "notes")["links"] = [
                {"to": "visitors", "match": {"body": "id"}}
            ]

        self.assertEqual(
            self.findings(change),
            {("type-mismatch", "notes"), ("bad-link", "notes"), ("bad-link", "notes_trash")}
        )

    def test_events_that_do_not_prepare_or_are_no_date_are_findings(self):
        def change(files):
            hop = {"table": "messages", "as": "m", "match": {"id": "sender_id"}}
            self.record_set(files, "visitors")["events"]["last-activity"] = {
                "via": hop, "expression": "m.sent_at"}
            self.record_set(files, "notes")["events"] = {"collection": "body"}
            self.record_set(files, "tickets")["events"] = {
                "collection": {"expression": "\"createdAt\"", "unless": "\"Subject\""}}

        self.assertEqual(
            self.findings(change),
            {("bad-fragment", "visitors"), ("clock-type", "notes"), ("bad-fragment", "tickets")},
        )

    def test_a_date_by_way_of_another_table_is_a_date(self):
        def change(files):
            hop = {"table": "messages", "as": "m", "match": {"id": "sender_id"}}
            events = self.record_set(files, "visitors")["events"]
            events["last-activity"] = {"via": hop, "expression": "m.created_at"}
            events["collection"] = {"via": hop, "expression": "m.body"}

        self.assertEqual(self.findings(change), {("clock-type", "visitors")})

    def test_a_legal_ground_that_is_no_text_is_a_finding(self):
        def change(files):
            self.record_set(files, "billing_records")["legal_ground"] = "amount"
            self.record_set(files, "purchases")["legal_ground"] = "'tax'"

        self.assertEqual(self.findings(change), {("ground-type", "billing_records")})

    def test_what_a_key_is_pointed_to_has_to_fit_it(self):
        def change(files):
            erase = self.record_set(files, "users_customers")["erase"]
            erase["repoint_references"][0]["to"] = "this.name"
            self.record_set(files, "organizations")["erase"]["set"] = {
                "primary_contact_id": "name"}

        self.assertEqual(
            self.findings(change),
            {("bad-fragment", "users_customers"), ("bad-fragment", "organizations")},
        )

    def test_a_choice_recorded_where_it_does_not_fit_is_a_finding(self):
        def change(files):
            self.record_set(files, "visitors")["recorded_in"]["restriction"] = "country"

        self.assertEqual(self.findings(change), {("choice-type", "helpdesk.visitors.country")})

    def test_a_tenant_that_does_not_prepare_is_a_finding(self):
        def change(files):
            files["desk.json"]["tables"]["taggings"]["tenant"][0]["when"] = "this.kind = 1"

        self.assertIn(("bad-tenant", "helpdesk.taggings"), self.findings(change))

    def test_a_waiver_takes_its_finding_out_and_says_why_until_it_expires(self):
        today = ("--now", "2026-03-31T12:00:00Z")
        waiver = {"finding": "clock-type", "subject": "notes", "reason": "to be seen to",
                  "expires": "2026-03-31"}

        def check(expires, code):
            def change(files):
                self.record_set(files, "notes")["clock"] = {"expression": "body"}
                files["desk.json"]["waivers"] = [{**waiver, "expires": expires}]

            return self.run_dsarctl(
                "map", "check", "--json", *today, "--map", self.changed_map(change),
                env=self.fresh_database().env, code=code,
            ).json

        accepted = check("2026-03-31", 0)
        self.assertEqual(accepted["findings"], [])
        self.assertIn(
            ("clock-type", "notes", "to be seen to"),
            {(each["rule"], each["subject"], each["reason"]) for each in accepted["waived"]},
        )
        expired = check("2026-03-30", 4)
        self.assertEqual(
            {each["rule"] for each in expired["findings"]}, {"clock-type", "expired-waiver"})

    def test_a_waiver_that_nothing_needs_is_a_finding(self):
        def change(files):
            files["desk.json"]["waivers"] = [
                {"finding": "clock-type", "subject": "notes", "reason": "none", "expires": "2027-01-31"}]

        self.assertEqual(self.findings(change), {("unused-waiver", "notes")})

    def test_links_in_a_circle_are_refused_by_name(self):
        def change(files):
            self.record_set(files, "conversations")["links"].append(
                {"to": "messages", "match": {"id": "conversation_id"}}
            )

        run = self.run_dsarctl("map", "show", "--map", self.changed_map(change), code=2)
        self.assertRegex(run.err, "conversations.*messages|messages.*conversations")

    def test_a_record_set_that_no_subject_leads_to_is_refused_by_name(self):
        def change(files):
            del self.record_set(files, "notes")["links"]

        run = self.run_dsarctl("map", "show", "--map", self.changed_map(change), code=2)
        self.assertIn("notes", run.err)


class Shown(CliTest):
    def test_the_graph_has_every_record_set_and_needs_no_database(self):
        nowhere = {"PGHOST": "/nonexistent"}
        shown = self.run_dsarctl("map", "show", "--json", env=nowhere).json
        names = [each["set"] for each in shown["record_sets"]]
        self.assertGreater(len(names), 40)
        text = self.run_dsarctl("map", "show", env=nowhere).out
        dot = self.run_dsarctl("map", "show", "--dot", env=nowhere).out
        self.assertTrue(dot.startswith("digraph "))
        for name in names:
            self.assertIn(f"\n{name}  (", text)
            self.assertIn(f'"{name}" [label=', dot)
        self.assertIn('"messages" -> "conversations"', dot)

    def test_what_a_sweep_goes_by_is_shown(self):
        shown = self.run_dsarctl("map", "show", "--json").json
        sets = {each["set"]: each for each in shown["record_sets"]}
        self.assertEqual(sets["message_reactions"]["clock"], "as messages or users_customers")
        self.assertEqual(
            sets["conversations"]["clock"], "created_at, and no messages and no results left")
        self.assertIn(
            "consent-withdrawn: consents.withdrawn_at, via helpdesk.consents, unless "
            "consents.granted_at > consents.withdrawn_at", sets["visitors"]["events"])
        self.assertEqual(sets["visitors"]["recorded_in"]["restriction"], "restricted_at")
        self.assertEqual(sets["billing_records"]["legal_ground"], "legal_ground")
        self.assertIn("tags.created_by_id to null::bigint", sets["users_bots"]["erase"])
        self.assertIn("of Ticket where this.object_id = 1; ", sets["histories"]["tenant"])
        self.assertEqual(sets["stored_files"]["tenant"], "every tenant's")
        text = self.run_dsarctl("map", "show").out
        self.assertRegex(text, r"(?m)^  records +opt-out-ai in ai_opt_out$")

"""Legal holds, through the binary: placing, listing, releasing, and what find says of them."""

import os
import pwd
import unittest

from cli.harness import CliTest, fresh_database
from cli.roles import granted

ADA = ("--tenant", "harbour", "email:ada@example.com")
WHY = ("--ground", "claim 7/26", "--review", "2026-12-31")
NOW = ("--now", "2026-03-31T12:00:00Z")


class HoldTest(CliTest):
    def setUp(self):
        self.database = self.fresh_database()

    def hold(self, *args, **options):
        return self.run_dsarctl("hold", *args, *NOW, env=self.database.env, **options)

    def refused(self, *args, **options):
        return self.refuse("hold", *args, *NOW, env=self.database.env, **options)

    def place(self, *args):
        return self.hold("place", *args, *WHY, "--json").json

    def listed(self, *args, **options):
        return self.hold("list", *args, "--json", **options).json["holds"]

    def covers(self, table):
        """What a recount by hand finds under Ada's visitors."""
        return self.database.value(f"SELECT count(*) FROM helpdesk.{table}")

    def epoch(self):
        return self.database.value("SELECT epoch FROM dsar.hold_epoch")


class Placing(HoldTest):
    def test_a_hold_on_a_person_covers_the_persons_rows_and_says_so_first(self):
        run = self.hold("place", *ADA, *WHY, "--actor", "counsel")
        self.assertRegex(run.out, r"(?s)^on visitor: .*visitors 1, 2, 3.*placed hold 1")
        self.assertRegex(run.out, r"(?m)^  messages +\d+$")
        (hold,) = self.listed()
        self.assertEqual(hold["id"], 1)
        self.assertEqual(hold["kind"], "subject")
        self.assertEqual(hold["tenant"], {"key": "6", "slug": "harbour"})
        self.assertEqual(sorted(hold["subject"]["rows"]["visitors"]), [["1"], ["2"], ["3"]])
        self.assertEqual(hold["ground"], "claim 7/26")
        self.assertEqual(hold["author"], "counsel")
        self.assertEqual(hold["review_on"], "2026-12-31")
        self.assertFalse(hold["overdue"])
        self.assertNotIn("ada", self.hold("list").out.lower())

    def test_without_a_name_the_operating_systems_user_has_placed_it(self):
        self.place(*ADA)
        self.assertEqual(self.listed()[0]["author"], pwd.getpwuid(os.geteuid()).pw_name)

    def test_an_identity_is_kept_as_the_server_compares_it(self):
        self.place("--tenant", "harbour", "email: ADA@example.com ")
        identities = self.database.value("SELECT identities FROM dsar.hold")
        self.assertEqual(
            identities, [{"kind": "email", "value": "ada@example.com", "also": False}]
        )

    def test_a_hold_on_a_tenant_covers_every_row_of_it(self):
        covers = self.place("--tenant", "harbour", "--whole-tenant")["covers"]
        for table in ("visitors", "conversations", "notes"):
            self.assertEqual(covers[table], self.covers(f"{table} WHERE tenant_id = 6"), table)

    def test_a_hold_on_a_record_set_keeps_parents_and_children(self):
        covers = self.place("--set", "messages", "--where", "id IN (25, 27)")["covers"]
        self.assertEqual(covers["messages"], 2)
        self.assertEqual(
            covers["conversations"],
            self.covers("conversations c WHERE EXISTS (SELECT 1 FROM helpdesk.messages m "
                        "WHERE m.conversation_id = c.id AND m.id IN (25, 27))"),
        )
        self.assertIn("visitors", covers)

    def test_a_record_set_is_held_in_one_tenant_or_in_all(self):
        one = self.place("--tenant", "meadow", "--set", "notes")["covers"]["notes"]
        every = self.place("--set", "notes")["covers"]["notes"]
        self.assertEqual(one, self.covers("notes WHERE tenant_id = 2"))
        self.assertEqual(every, self.covers("notes"))
        self.assertRegex(self.hold("list").out, r"(?m)^ +2 +every +notes ")

    def test_placing_and_releasing_are_counted(self):
        before = self.epoch()
        self.place(*ADA)
        self.assertEqual(self.epoch(), before + 1)
        self.hold("release", "1", "--reason", "settled")
        self.assertEqual(self.epoch(), before + 2)


class Refusing(HoldTest):
    def tearDown(self):
        self.assertEqual(self.database.value("SELECT count(*) FROM dsar.hold"), 0)

    def test_nobody_and_somebody_ambiguous_are_not_held(self):
        self.refused("place", "--tenant", "harbour", "email:nobody@example.com", *WHY, code=8,
                     message="nobody has this identity")
        self.refused("place", "email:ada@example.com", *WHY, code=7, message="several tenants")

    def test_exactly_one_thing_is_held(self):
        one = "one of a subject, --whole-tenant and --set"
        self.refused("place", *WHY, message=one)
        self.refused("place", *ADA, "--whole-tenant", *WHY, message=one)
        self.refused("place", "--set", "notes", "--whole-tenant", "--tenant", "harbour", *WHY,
                     message=one)
        self.refused("place", "--whole-tenant", *WHY, message="which tenant")
        self.refused("place", *ADA, "--where", "true", *WHY, message="--where")

    def test_ground_and_review_have_to_say_something(self):
        self.refused("place", *ADA, "--review", "2026-12-31", message="--ground")
        self.refused("place", *ADA, "--ground", "  ", "--review", "2026-12-31",
                     message="--ground is empty")
        self.refused("place", *ADA, "--ground", "x", "--review", "31/12/2026", message="no date")
        self.refused("place", *ADA, "--ground", "x", "--review", "2026-03-30", message="is over")

    def test_a_record_set_has_to_be_there(self):
        self.refused("place", "--set", "message", *WHY, message="did you mean 'messages'")

    def test_a_predicate_is_one_repeatable_condition(self):
        for where in (
            "true) OR (true",
            "id = 1; DROP TABLE helpdesk.messages",
            "id IN (SELECT 1)",
            "random() < 0.5",
            "created_at < now()",
            "no_such_column = 1",
            "body -- all",
            "id",
            "id = 'x'",
        ):
            with self.subTest(where):
                self.refused("place", "--set", "messages", "--where", where, *WHY,
                             message="predicate")

    def test_without_the_schema_nothing_can_be_held(self):
        with fresh_database() as database:
            database.execute("DROP SCHEMA dsar CASCADE")
            self.refuse("hold", "place", *ADA, *WHY, *NOW, env=database.env,
                        message="no schema 'dsar'", hint="dsarctl init")
            self.refuse("hold", "list", env=database.env, message="no schema 'dsar'")

    def test_the_role_has_to_see_whom_it_holds(self):
        role = f"{self.database.name}_role"
        self.database.execute(
            f"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA helpdesk, dsar TO {role};"
            f"GRANT SELECT ON ALL TABLES IN SCHEMA helpdesk, dsar TO {role};"
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dsar TO {role};"
            f"REVOKE SELECT ON helpdesk.users FROM {role}"
        )
        self.addCleanup(self.database.execute, f"DROP OWNED BY {role}; DROP ROLE {role}")
        self.refuse("hold", "place", *ADA, *WHY, *NOW, code=7,
                    env={**self.database.env, "PGUSER": role}, message="cannot see")


class Listing(HoldTest):
    def test_an_overdue_review_is_said_and_found_by_the_check(self):
        self.place(*ADA)
        later = ("--now", "2027-01-01T00:00:00Z")
        on_time = ("--now", "2026-12-31T23:59:59Z")
        env = self.database.env
        self.run_dsarctl("hold", "list", "--check", *on_time, env=env)
        run = self.run_dsarctl("hold", "list", "--check", *later, env=env, code=4)
        self.assertIn("1 review is overdue", run.out)
        self.run_dsarctl("hold", "list", *later, env=env)

    def test_a_released_hold_is_shown_on_demand(self):
        self.place(*ADA)
        self.hold("release", "1", "--reason", "settled", "--actor", "counsel")
        self.assertEqual(self.listed(), [])
        (hold,) = self.listed("--all")
        self.assertEqual(hold["released"]["reason"], "settled")
        self.assertEqual(hold["released"]["author"], "counsel")
        self.assertIn("no holds", self.hold("list").out)
        self.refused("release", "1", "--reason", "again", message="released already")
        self.refused("release", "2", "--reason", "again", message="there is no hold 2")

    def test_one_tenants_holds(self):
        self.place(*ADA)
        self.place("--tenant", "meadow", "--whole-tenant")
        self.assertEqual([hold["id"] for hold in self.listed("--tenant", "meadow")], [2])


class Finding(HoldTest):
    def held_by(self, *subject):
        run = self.run_dsarctl("find", *subject, "--json", env=self.database.env)
        return [(one["by"], one["on"]) for one in run.json["held_by"]]

    def test_find_says_what_keeps_the_rows(self):
        self.assertEqual(self.held_by(*ADA), [])
        self.place(*ADA)
        self.place("--tenant", "harbour", "--whole-tenant")
        self.place("--set", "messages", "--where", "id = 25")
        self.place("--set", "messages", "--where", "id = 25", "--tenant", "meadow")
        self.place("--tenant", "meadow", "email:ada@example.com")
        self.assertEqual(
            self.held_by(*ADA),
            [("hold 1", "subject"), ("hold 2", "tenant"), ("hold 3", "set messages")],
        )
        out = self.run_dsarctl("find", *ADA, env=self.database.env).out
        self.assertRegex(out, r"(?m)^  hold 1 +subject +claim 7/26 +2026-12-31$")

    def test_find_works_without_the_schema_if_its_record_goes_elsewhere(self):
        self.database.execute("DROP SCHEMA dsar CASCADE")
        trail = self.temporary_folder() / "trail"
        run = self.run_dsarctl("find", *ADA, "--json", "--audit-to", trail, env=self.database.env)
        self.assertIsNone(run.json["held_by"])
        self.refuse("find", *ADA, message="has no schema 'dsar' yet", hint="init",
                    env=self.database.env)


class LeastPrivilege(HoldTest):
    def test_the_officer_places_and_releases_and_the_reader_lists(self):
        logins = self.enterContext(granted(self.database))
        env = {role: {**self.database.env, "PGUSER": login} for role, login in logins.items()}
        self.run_dsarctl("hold", "place", *ADA, *WHY, *NOW, env=env["officer"])
        self.run_dsarctl("request", "open", *ADA, "--kind", "access", *NOW,
                         env=env["officer"])
        for role in logins:
            self.assertIn("harbour", self.run_dsarctl("hold", "list", env=env[role]).out, role)
            self.run_dsarctl("request", "list", env=env[role])
        for role in ("reader", "sweeper"):
            run = self.run_dsarctl("hold", "release", "1", "--reason", "x", env=env[role], code=2)
            self.assertIn("permission denied", run.err)
        self.run_dsarctl("hold", "release", "1", "--reason", "x", env=env["officer"])
        self.run_dsarctl("request", "close", "1", "--outcome", "answered", "--reason", "sent",
                         env=env["officer"])


if __name__ == "__main__":
    unittest.main()

"""The tool's own schema comes once and is never anybody else's; the roles do their work."""

import json
import os
import unittest
from pathlib import Path

from cli.harness import CliTest, fresh_database
from cli.roles import grant, granted, role_name

VERSION = 12  # of the schema dsar


class SchemaTest(CliTest):
    def setUp(self):
        self.database = self.fresh_database("template0")

    def init(self, *args, **options):
        return self.run_dsarctl("init", *args, env=self.database.env, **options)

    def test_it_is_created_once(self):
        first = self.init()
        self.assertIn("created the schema dsar\n", first.out)
        self.assertIn(f"database {self.database.name}: the schema dsar is at version {VERSION}\n", first.out)
        before = self.database.rows("SELECT * FROM dsar.migration")
        self.assertIn("nothing to do", self.init().out)
        self.assertEqual(self.database.rows("SELECT * FROM dsar.migration"), before)

    def test_the_result_as_json(self):
        first = self.init("--json").json
        self.assertEqual(first["database"], self.database.name)
        self.assertEqual(
            (first["created"], first["version_before"], first["version"]), (True, 0, VERSION))
        self.assertEqual(len(first["applied"]), VERSION)
        self.assertEqual(self.init("--json").json["applied"], [])

    def test_somebody_elses_schema_is_left_alone(self):
        self.database.execute("CREATE SCHEMA dsar; CREATE TABLE dsar.other (x int)")
        self.refuse("init", code=7, message="with tables not of dsarctl's", hint="Rename",
                    env=self.database.env)

    def test_a_newer_schema_is_refused(self):
        self.init()
        self.database.execute("INSERT INTO dsar.migration VALUES (99, 'from the future', '9')")
        self.refuse("init", code=7, message=f"has version 99, but this dsarctl knows only up to {VERSION}",
                    hint="newer", env=self.database.env)

    def test_a_role_that_may_not_create_it_is_told(self):
        role = f"{self.database.name}_weak"
        self.database.execute(f"CREATE ROLE {role} LOGIN")
        self.addCleanup(self.database.execute, f"DROP ROLE {role}")
        self.refuse("init", code=2, message="permission denied for database", hint="--grants",
                    env={**self.database.env, "PGUSER": role})


class GrantsTest(CliTest):
    """What the roles that `init --grants` makes may do, and the tool under them."""

    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(fresh_database())
        cls.logins = cls.enterClassContext(granted(cls.database))
        cls.reader = role_name(cls.database, "reader")

    def may(self, role, privilege, table, column=None):
        arguments = f"'{role_name(self.database, role)}', '{table}', '{privilege}'"
        if column is not None:
            arguments = f"'{role_name(self.database, role)}', '{table}', '{column}', '{privilege}'"
        kind = "table" if column is None else "column"
        return self.database.value(f"SELECT has_{kind}_privilege({arguments}) AS may")

    def as_role(self, role):
        return {**self.database.env, "PGUSER": self.logins[role]}

    def test_a_reader_finds_and_exports_but_cannot_read_secrets(self):
        subject = ("--tenant", "harbour", "email:ada@example.com")
        self.run_dsarctl("find", *subject, env=self.as_role("reader"))
        target = self.temporary_folder() / "ada.zip"
        self.run_dsarctl("export", *subject, "--output", target, env=self.as_role("reader"))
        self.assertTrue(target.exists())
        self.assertTrue(self.may("reader", "SELECT", "helpdesk.accounts", "login"))
        self.assertFalse(self.may("reader", "SELECT", "helpdesk.accounts", "password_hash"))

    def test_those_who_change_data_find_it_too(self):
        for role in ("officer", "sweeper"):
            self.run_dsarctl("find", "--tenant", "harbour", "email:ada@example.com",
                             env=self.as_role(role))

    def test_an_officer_deletes_and_masks(self):
        login = self.logins["officer"]
        self.database.execute("DELETE FROM helpdesk.messages WHERE false;"
                              "UPDATE helpdesk.accounts SET password_hash = '' WHERE false",
                              role=login)
        with self.assertRaisesRegex(AssertionError, "permission denied for table accounts"):
            self.database.execute("SELECT password_hash FROM helpdesk.accounts", role=login)

    def test_a_reader_changes_nothing(self):
        tables = self.database.rows(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE relnamespace = 'helpdesk'::regnamespace "
            f"AND relkind IN ('r', 'p') AND (has_any_column_privilege('{self.reader}', c.oid, 'UPDATE') "
            f"OR has_any_column_privilege('{self.reader}', c.oid, 'INSERT') "
            f"OR has_table_privilege('{self.reader}', c.oid, 'DELETE, TRUNCATE, TRIGGER'))")
        self.assertEqual(tables, [])

    def test_an_officer_may_delete_messages_and_a_sweeper_too(self):
        for role in ("officer", "sweeper"):
            self.assertTrue(self.may(role, "DELETE", "helpdesk.messages"), role)
            self.assertTrue(self.may(role, "SELECT", "helpdesk.messages"), role)
            self.assertFalse(self.may(role, "INSERT", "helpdesk.messages"), role)
            self.assertFalse(self.may(role, "TRUNCATE", "helpdesk.messages"), role)

    def test_doctor_has_nothing_to_say_of_a_reader(self):
        checks = self.run_dsarctl("doctor", "--json", env=self.as_role("reader")).json["checks"]
        health = {check["check"]: check["health"] for check in checks}
        for name in ("role", "schema", "access"):
            self.assertEqual(health[name], "ok", checks)

    def test_whoever_runs_it_again_gets_the_same(self):
        query = ("SELECT relname, relacl::text AS acl FROM pg_class WHERE relacl IS NOT NULL "
                 "AND relnamespace = 'helpdesk'::regnamespace ORDER BY relname")
        before = self.database.rows(query)
        grant(self.database)
        self.assertEqual(self.database.rows(query), before)

    def test_what_a_smaller_map_no_longer_names_is_taken_back(self):
        folder = self.temporary_folder()
        dropped = False
        for path in sorted(Path(os.environ["DSARCTL_MAP"]).glob("*.json")):
            part = json.loads(path.read_text(encoding="utf-8"))
            tables = part.get("tables", {})
            dropped = tables.pop("enquiries", None) is not None or dropped
            (folder / path.name).write_text(json.dumps(part), encoding="utf-8")
        self.assertTrue(dropped, "the reference map has no table enquiries")
        self.assertTrue(self.may("reader", "SELECT", "helpdesk.enquiries"))
        self.addCleanup(grant, self.database)
        grant(self.database, "--map", folder)
        self.assertFalse(self.may("reader", "SELECT", "helpdesk.enquiries"))
        self.assertTrue(self.may("reader", "SELECT", "helpdesk.messages"))


class GrantsTextTest(CliTest):
    def test_without_a_map_there_are_the_roles_alone(self):
        sql = self.run_dsarctl("init", "--grants", env={"DSARCTL_MAP": None}).out
        self.assertIn("dsar_sweeper", sql)
        self.assertNotIn("helpdesk", sql)

    def test_no_database_is_needed(self):
        self.run_dsarctl("init", "--grants", env={"PGHOST": "/nonexistent"})

    def test_an_invalid_map_is_an_error(self):
        path = self.write("map.json", "{}")
        self.refuse("init", "--grants", "--map", path, code=2, message="map.json")


if __name__ == "__main__":
    unittest.main()

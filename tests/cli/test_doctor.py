"""doctor names what keeps the tool from its work, says what to do, and that then helps."""

import os
import re
import unittest

from cli.harness import CliTest, dsarctl
from cli.pooler import pooler


class DoctorTest(CliTest):
    """As a role that only has what `init --grants` gives a reader, unless a test says otherwise."""

    def setUp(self):
        self.database = self.fresh_database()
        self.role = f"{self.database.name}_reader"
        self.database.execute(f"CREATE ROLE {self.role} LOGIN")
        self.addCleanup(self.database.execute, f"DROP OWNED BY {self.role}; DROP ROLE {self.role}")
        sql = dsarctl("init", "--grants").out.replace("dsar_reader", self.role)
        self.database.execute("\n".join(re.findall(rf"^GRANT [^;]*\bTO {self.role};", sql, re.M)))
        self.env = {**self.database.env, "PGUSER": self.role}

    def doctor(self, *args, code=0, env=None):
        """The lines by what they checked."""
        run = self.run_dsarctl("doctor", "--json", *args, code=code, env={**self.env, **(env or {})})
        lines = {}
        for check in run.json["checks"]:
            lines.setdefault(check["check"], []).append(check)
        order = ("ok", "warning", "error")
        worst = max(run.json["checks"], key=lambda check: order.index(check["health"]))
        self.assertEqual(run.json["health"], worst["health"])
        return lines

    def only(self, lines, name):
        self.assertEqual(len(lines[name]), 1, lines[name])
        return lines[name][0]

    def run_hint(self, line):
        """Does what the hint says, and the line is gone."""
        self.assertIn(": ", line["hint"])
        self.database.execute(line["hint"].split(": ", 1)[1])

    def test_a_reader_of_the_reference_database_lacks_nothing(self):
        lines = self.doctor()
        for name in ("connection", "pooler", "server", "client", "encoding", "role", "schema",
                     "standby", "clock", "server log", "access"):
            self.assertEqual(self.only(lines, name)["health"], "ok", lines[name])

    def test_the_text_has_a_line_for_each_check_and_hints_below(self):
        run = self.run_dsarctl("doctor", env={**self.env, "PGUSER": os.environ["PGUSER"]})
        self.assertRegex(run.out, r"(?m)^ok       connection  database '")
        self.assertRegex(run.out, r"(?m)^warning  role        '.*' is a superuser\n {21}Use a role")

    def test_a_closed_table_and_a_closed_column_are_named_and_the_hint_opens_them(self):
        self.database.execute(
            f"REVOKE SELECT ON helpdesk.notes FROM {self.role};"
            f"REVOKE SELECT (login) ON helpdesk.accounts FROM {self.role}")
        lines = self.doctor(code=4)["access"]
        self.assertEqual([line["health"] for line in lines], ["error", "error"])
        self.assertIn("helpdesk.accounts (login)", lines[0]["message"])
        self.assertIn("helpdesk.notes", lines[1]["message"])
        for line in lines:
            self.run_hint(line)
        self.assertEqual(self.only(self.doctor(), "access")["health"], "ok")

    def test_sets_that_hang_on_a_closed_root_alone_are_named_too(self):
        self.database.execute(f"REVOKE SELECT ON helpdesk.visitors, helpdesk.notes FROM {self.role}")
        lines = self.doctor(code=4)["access"]
        self.assertRegex(
            lines[-1]["message"],
            r"^finds no rows of 10 sets that hang on visitors alone: visitor_phones, .* and 5 more$",
        )
        for line in lines[:-1]:
            self.run_hint(line)
        self.assertEqual(self.only(self.doctor(), "access")["health"], "ok")

    def test_row_level_security_is_an_error(self):
        self.database.execute("ALTER TABLE helpdesk.notes ENABLE ROW LEVEL SECURITY")
        line = self.only(self.doctor(code=4), "access")
        self.assertIn("row-level security hides rows of helpdesk.notes", line["message"])

    def test_the_wrong_database_is_said_in_one_line(self):
        empty = self.fresh_database("template0")
        lines = self.doctor(code=4, env={"PGDATABASE": empty.name})
        self.assertRegex(self.only(lines, "access")["message"], r"the database lacks \d+ of .* more$")
        self.assertEqual(self.only(lines, "schema")["health"], "warning")

    def test_a_newer_schema_is_an_error(self):
        self.database.execute("INSERT INTO dsar.migration VALUES (99, 'from the future', '9')")
        self.assertEqual(self.only(self.doctor(code=4), "schema")["health"], "error")

    def test_a_server_that_logs_values_is_a_warning_and_the_hint_ends_it(self):
        self.database.execute(f"ALTER ROLE {self.role} SET log_statement = 'all'")
        line = self.only(self.doctor(), "server log")
        self.assertEqual(line["health"], "warning")
        self.run_hint(line)
        self.assertEqual(self.only(self.doctor(), "server log")["health"], "ok")

    def test_a_transaction_pooler_is_a_warning_and_a_session_pooler_is_not(self):
        for mode, health in (("transaction", "warning"), ("session", "ok")):
            with self.subTest(mode=mode), pooler(self.temporary_folder(), mode) as folder:
                line = self.only(self.doctor(env={"PGHOST": folder, "PGPORT": None}), "pooler")
                self.assertEqual(line["health"], health, line)
                self.assertIn("a pooler that", line["message"])

    def test_a_map_that_cannot_be_used_is_an_error_beside_the_other_lines(self):
        for path in ("/nonexistent/map.json", self.write("map.json", "{]")):
            lines = self.doctor("--map", path, code=4)
            self.assertEqual(self.only(lines, "map")["health"], "error")
            self.assertEqual(self.only(lines, "connection")["health"], "ok")
        lines = self.doctor(env={"DSARCTL_MAP": None})
        self.assertEqual(self.only(lines, "map")["health"], "warning")

    def test_a_large_table_without_an_index_is_a_warning_and_the_hint_ends_it(self):
        self.database.execute("UPDATE pg_class SET reltuples = 1000000 "
                              "WHERE oid = 'helpdesk.messages'::regclass")
        before = self.doctor()["index"]
        for line in before:
            if line["health"] == "warning":
                self.database.execute(
                    line["hint"].split(": ", 1)[1].replace(" CONCURRENTLY", ""))
        self.database.execute("UPDATE pg_class SET reltuples = 1000000 "
                              "WHERE oid = 'helpdesk.messages'::regclass")
        self.assertEqual(self.only(self.doctor(), "index")["health"], "ok")
        self.database.execute("""
            DO $$DECLARE i regclass; BEGIN
              FOR i IN SELECT indexrelid::regclass FROM pg_index WHERE NOT indisunique
                AND indrelid = 'helpdesk.messages'::regclass
              LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END$$;
            UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'helpdesk.messages'::regclass""")
        missing = [line for line in self.doctor()["index"] if "helpdesk.messages" in line["message"]]
        self.assertTrue(missing)
        self.assertIn('CREATE INDEX', missing[0]["hint"])

    def test_no_server_ends_it(self):
        self.refuse("doctor", code=5, message="cannot connect to the server", hint="--db",
                    env={"PGHOST": "/nonexistent"})


if __name__ == "__main__":
    unittest.main()

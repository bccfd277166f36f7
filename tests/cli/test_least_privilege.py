"""What a role may not look at is reported as that: never as nothing, never as an error.

The rest is found and exported all the same.
"""

from cli import harness, recount
from cli.package import Package, faults_by_schema

ADA = ("--tenant", "harbour", "email:ada@example.com")

# No other set with people in it leads there.
ON_VISITORS_ALONE = (
    "visitor_phones",
    "visitor_links",
    "consents",
    "conversations",
    "sla_events",
    "results",
    "reports",
    "notes",
    "notes_trash",
    "page_views",
    "analytics_events",
)
BEHIND_VISITORS = "reached from visitors, which cannot be seen"


class LeastPrivilegeTest(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.role = f"{self.database.name}_role"
        # Last in, first out: the role goes before its database does, and after all its runs.
        self.database.execute(f"CREATE ROLE {self.role} LOGIN")
        self.addCleanup(
            self.database.execute, f"DROP OWNED BY {self.role}; DROP ROLE {self.role}"
        )
        self.database.execute(
            f"GRANT USAGE ON SCHEMA helpdesk TO {self.role};"
            f"GRANT SELECT ON ALL TABLES IN SCHEMA helpdesk TO {self.role};"
            f"GRANT USAGE ON SCHEMA dsar TO {self.role};"
            "GRANT SELECT ON dsar.migration, dsar.hold, dsar.request, dsar.request_step, dsar.choice"
            f" TO {self.role};"
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dsar TO {self.role}"
        )
        self.env = {**self.database.env, "PGUSER": self.role}
        self.target = self.temporary_folder() / "package.zip"

    def close(self, table, columns=()):
        """Takes the table away, or these columns of it."""
        self.database.execute(f'REVOKE SELECT ON helpdesk."{table}" FROM {self.role}')
        if columns:
            rest = self.database.value(
                "SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute"
                f" WHERE attrelid = 'helpdesk.\"{table}\"'::regclass AND attnum > 0"
                f" AND NOT attisdropped AND attname NOT IN ('" + "', '".join(columns) + "')"
            )
            self.database.execute(
                f'GRANT SELECT ({rest}) ON helpdesk."{table}" TO {self.role}'
            )

    def hide_rows(self, table):
        self.database.execute(
            f"ALTER TABLE helpdesk.{table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY hidden ON helpdesk.{table} USING (false)"
        )

    def expect_unseen(self, unseen, ask=ADA):
        """find and export name exactly these, and give all the rest. Returns find's result and
        the package."""
        expected = [{"what": what, "reason": reason} for what, reason in unseen]
        find = self.run_dsarctl("find", *ask, "--json", env=self.env, code=3)
        self.assertEqual(find.json["cannot_see"], expected)
        text = self.run_dsarctl("find", *ask, env=self.env, code=3).out
        done = self.run_dsarctl(
            "export", *ask, "--output", self.target, "--json", env=self.env, code=3
        )
        self.assertEqual(done.json["cannot_see"], expected)
        forced = self.run_dsarctl(
            "export", *ask, "--output", self.target, "--force", env=self.env, code=3
        )
        for out in (text, forced.out):
            self.assertRegex(out, "(?m)^Cannot see")
            for what, reason in unseen:
                self.assertRegex(out, rf"(?m)^ *{what} +{reason}$")
        package = Package(self.target)
        self.assertEqual(package.redactions["cannot_see"], expected)
        self.assertEqual(faults_by_schema("redactions", package.files["redactions.json"]), [])
        return find.json, package

    def assert_counts(self, found, package, expected):
        """`expected` has None for a set that is not there at all."""
        expected = {name: rows for name, rows in expected.items() if rows}
        held = {one["set"]: one["rows"] for one in found["held"] if one["rows"]}
        packed = {name: rows for name, rows in package.counts().items() if rows}
        self.assertEqual(held, expected)
        self.assertEqual(packed, expected)

    def adas(self, *without):
        counts = recount.count(recount.ADA.counts, self.database.name)
        return {name: rows for name, rows in counts.items() if name not in without}


class AClosedTable(LeastPrivilegeTest):
    def test_a_role_that_sees_everything_misses_nothing(self):
        run = self.run_dsarctl("find", *ADA, "--json", env=self.env)
        self.assertEqual(run.json["cannot_see"], [])

    def test_a_table_is_named_and_the_rest_goes_on(self):
        self.close("notes")
        found, package = self.expect_unseen(
            [("notes", "no SELECT privilege on helpdesk.notes"),
             ("notes_trash", "no SELECT privilege on helpdesk.notes")]
        )
        self.assert_counts(found, package, self.adas("notes"))
        self.assertNotIn("data/notes.json", package.names)

    def test_what_is_reached_through_a_closed_table_is_named_too(self):
        self.close("conversations")
        find = self.run_dsarctl("find", *ADA, "--json", env=self.env, code=3)
        unseen = {one["what"] for one in find.json["cannot_see"]}
        self.assertLessEqual({"conversations", "messages", "attachments", "participants"}, unseen)
        for one in find.json["cannot_see"]:
            self.assertEqual(one["reason"], "no SELECT privilege on helpdesk.conversations")
        self.assertNotIn("visitors", unseen)

    def test_a_column_is_named_and_its_row_is_there(self):
        self.close("visitors", ["ip", "birth_date"])
        why = "no SELECT privilege on helpdesk.visitors."
        found, package = self.expect_unseen(
            [("visitors.ip", why + "ip"), ("visitors.birth_date", why + "birth_date")]
        )
        self.assert_counts(found, package, self.adas())
        for row in package.rows("visitors"):
            self.assertFalse({"ip", "birth_date"} & set(row))
            self.assertIn("name", row)

    def test_a_column_that_leads_to_the_rows_is_the_sets_loss(self):
        self.close("notes", ["visitor_id"])
        found, package = self.expect_unseen(
            [("notes", "no SELECT privilege on helpdesk.notes.visitor_id"),
             ("notes_trash", "no SELECT privilege on helpdesk.notes.visitor_id")]
        )
        self.assert_counts(found, package, self.adas("notes"))

    def test_a_secret_that_the_role_may_not_read_is_no_loss(self):
        self.close("accounts", ["password_hash", "otp_secret", "reset_token"])
        self.close("sessions", ["auth_token"])
        self.run_dsarctl("export", *ADA, "--output", self.target, env=self.env)
        self.assertEqual(
            {name: rows for name, rows in Package(self.target).counts().items() if rows},
            {name: rows for name, rows in self.adas().items() if rows},
        )


    def test_integrations_that_cannot_be_read_are_all_told_of(self):
        self.close("integrations")
        cleo = ("--tenant", "meadow", "email:cleo@example.com")
        self.run_dsarctl("export", *cleo, "--output", self.target, env=self.env)
        recipients = Package(self.target).json("about.json")["recipients"]
        optional = [one for one in recipients if "only_if_enabled" in one]
        self.assertEqual(len(optional), 9)


class RowLevelSecurity(LeastPrivilegeTest):
    def test_hidden_rows_are_not_taken_for_none(self):
        self.hide_rows("notes")
        found, package = self.expect_unseen(
            [("notes", "row-level security hides rows of helpdesk.notes"),
             ("notes_trash", "row-level security hides rows of helpdesk.notes")]
        )
        self.assert_counts(found, package, self.adas("notes"))

    def test_whom_the_policy_does_not_bind_sees_all(self):
        self.hide_rows("notes")
        run = self.run_dsarctl("find", *ADA, "--json", env=self.database.env)
        self.assertEqual(run.json["cannot_see"], [])
        self.database.execute(f"ALTER ROLE {self.role} BYPASSRLS")
        run = self.run_dsarctl("find", *ADA, "--json", env=self.env)
        self.assertEqual(run.json["cannot_see"], [])

    def test_two_ways_closed_for_one_reason_are_one_line(self):
        self.hide_rows("results")
        self.expect_unseen([("results", "row-level security hides rows of helpdesk.results")])


class AClosedRootSet(LeastPrivilegeTest):
    """Who stands in it cannot be known."""

    def closings(self):
        yield "no SELECT privilege on helpdesk.visitors", lambda: self.close("visitors")
        self.database.execute(f"GRANT SELECT ON helpdesk.visitors TO {self.role}")
        yield "row-level security hides rows of helpdesk.visitors", lambda: self.hide_rows(
            "visitors"
        )

    def test_what_other_root_sets_know_is_exported_and_the_closed_one_named(self):
        for reason, close in self.closings():
            with self.subTest(reason):
                close()
                self.target.unlink(missing_ok=True)
                behind = [(name, BEHIND_VISITORS) for name in ON_VISITORS_ALONE]
                # Whose tenant a visitor may say, and visitors themselves.
                closed = [(name, reason) for name in ("histories", "histories_accounts", "taggings", "visitors")]
                found, package = self.expect_unseen([*closed, *behind])
                self.assertIn("users_customers", package.sets)
                self.assertNotIn("visitors", package.sets)
                self.assertGreater(sum(one["rows"] for one in found["held"]), 10)

    def test_what_hangs_on_another_kind_of_subject_is_not_named(self):
        """Whether the request means an agent too cannot be known; a visitor's rows can."""
        self.close("users", ["kind"])
        run = self.run_dsarctl("find", *ADA, "--json", env=self.env, code=3)
        unseen = {one["what"]: one["reason"] for one in run.json["cannot_see"]}
        self.assertIn("users_agents", unseen)
        self.assertIn("reached from users_customers", unseen["team_members"])
        run = self.run_dsarctl(
            "find", *ADA, "--subject-kind", "visitor", "--json", env=self.env, code=3
        )
        self.assertNotIn("users_agents", {one["what"] for one in run.json["cannot_see"]})

    def test_a_closed_root_set_that_cannot_hold_the_identity_is_no_loss(self):
        self.close("survey_responses")  # holds emails alone
        numbered = self.run_dsarctl(
            "find", "--tenant", "harbour", "visitor:9", "--json", env=self.env
        )
        self.assertEqual(numbered.json["cannot_see"], [])
        self.refuse("find", "cookie:none", env=self.env, code=8, message="nobody has this identity")
        self.refuse(
            *("find", "email:none@example.com"),
            env=self.env,
            code=3,
            message="nobody who can be seen .*: cannot see survey_responses",
        )
        self.expect_unseen(
            [("survey_responses", "no SELECT privilege on helpdesk.survey_responses")]
        )

    def test_nobody_is_never_said_of_somebody_who_may_be_in_it(self):
        for reason, close in self.closings():
            with self.subTest(reason):
                close()
                for asked in ("visitor:9", "email:omar@example.org", "email:nobody@example.com"):
                    for command in (("find",), ("export", "--output", self.target)):
                        self.refuse(
                            *(*command, asked),
                            env=self.env,
                            code=3,
                            message="nobody who can be seen .*: cannot see .*visitors",
                            hint="doctor",
                        )
                self.assertFalse(self.target.exists())


if __name__ == "__main__":
    harness.unittest.main()

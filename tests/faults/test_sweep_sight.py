"""What the role cannot see is left alone and named; all else is swept."""

from cli.desk import Desk
from cli.roles import role_name
from cli.sweeping import NOON, SweepTest
from faults.small_world import SmallWorld
from faults.test_sweep_holds import WHY


class ColumnsOutOfSight(SmallWorld):
    def hide(self, table, column):
        """The sweeper may read the table's other columns alone."""
        columns = self.database.value(
            "SELECT string_agg(quote_ident(column_name), ', ') AS c FROM information_schema.columns"
            f" WHERE table_schema = 'small' AND table_name = '{table}' AND column_name <> '{column}'"
        )
        self.database.execute(
            f"REVOKE SELECT ON small.{table} FROM dsar_reader;"
            f"GRANT SELECT ({columns}) ON small.{table} TO dsar_reader"
        )

    def unseen(self, run):
        return {one["set"]: one["reason"] for one in run.json["cannot_see"]}

    def test_a_clock_that_cannot_be_read_leaves_its_rows_and_those_dated_by_them(self):
        before = self.contents()
        self.hide("posts", "created_at")
        planned = self.unseen(self.sweep(code=3))
        self.assertEqual(planned["posts"], "no SELECT privilege on small.posts.created_at")
        self.assertEqual(planned["notes"], "its dates are those of posts, which cannot be seen")
        self.assertEqual(set(planned), {"posts", "notes"})
        run = self.apply(code=3)
        self.assertEqual(run.json["state"], "partial")
        self.assertEqual(self.unseen(run), planned)
        self.assertGreater(self.line(run, "log")["deleted"], 0)
        self.assertEqual(self.due()["log"], set())
        after = self.contents()
        for table in ("small.posts", "small.notes", "small.people"):
            self.assertEqual(after[table], before[table], table)
        self.assertEqual(self.unseen(self.sweep("verify", code=3)), planned)
        for command in (("show", "small", "--schedule"), ("diff", "small", "small")):
            run = self.run_dsarctl(
                "policy", *command, *self.globals(), "--json", code=3, env=self.env
            )
            self.assertEqual(self.unseen(run), planned, command)

    def test_a_set_that_nobody_asked_for_is_not_missed(self):
        self.hide("posts", "created_at")
        self.assertEqual(self.sweep("--set", "log").json["cannot_see"], [])
        self.sweep("--set", "posts", code=3)

    def test_a_column_that_only_counting_needs_is_found_out_then(self):
        # Whether a thread still has posts is told by this column alone.
        self.hide("posts", "thread_id")
        run = self.apply(code=3)
        self.assertIn("threads", self.unseen(run))
        self.assertEqual([one for one in run.json["lines"] if one["set"] == "threads"], [])
        self.assertEqual(self.due()["log"], set())


class DatesOutOfSight(SweepTest):
    def hide(self, table, column):
        reader = role_name(self.database, "reader")
        columns = self.database.value(
            "SELECT string_agg(quote_ident(column_name), ', ') AS c FROM information_schema.columns"
            f" WHERE table_schema = 'helpdesk' AND table_name = '{table}'"
            f" AND column_name <> '{column}'"
        )
        self.database.execute(
            f"REVOKE SELECT ON helpdesk.{table} FROM {reader};"
            f"GRANT SELECT ({columns}) ON helpdesk.{table} TO {reader}"
        )

    def test_rows_stay_whose_dates_an_unseen_message_may_have_renewed(self):
        self.hide("messages", "created_at")
        run = self.sweep("--now", NOON, "--json", code=3)
        unseen = {one["set"]: one["reason"] for one in run.json["cannot_see"]}
        self.assertRegex(unseen["messages"], "helpdesk.messages.created_at")
        self.assertEqual(
            unseen["contact_forms"], "what renews its dates, visitors, cannot be seen"
        )
        self.assertNotIn("analytics_events", unseen)
        self.assertTrue(any(line["due"] for line in run.json["lines"]))

    def test_tenants_that_cannot_be_seen_stop_every_sweep(self):
        before = Desk(self.database).counts()
        for column in ("slug", "zone", "archived_at", "dashboard"):
            self.hide("tenants", column)
            message = f"cannot see the tenants: no SELECT privilege on helpdesk.tenants.{column}"
            for args in (
                ("sweep",), ("sweep", "--apply"), ("sweep", "verify"),
                ("policy", "show", "omniops", "--schedule"),
            ):  # fmt: skip
                now = () if "--apply" in args else ("--now", NOON)
                self.refuse(*args, *now, code=3, message=message, hint="doctor", env=self.env)
            history = self.sweep("history", "--json").json
            last = history["runs"][0]
            self.assertEqual((last["state"], last["result"]["gone"]), ("failed", 0))
            self.assertEqual(last["result"]["warnings"], [message])
            doctor = self.run_dsarctl("doctor", env=self.env, code=4)
            self.assertRegex(doctor.out, rf"tenants[^\n]*{column}")
        self.assertEqual(Desk(self.database).counts(), before)

    def test_tenants_that_row_security_hides_stop_every_sweep(self):
        self.database.execute(
            "ALTER TABLE helpdesk.tenants ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY one ON helpdesk.tenants TO {role_name(self.database, 'reader')}"
            " USING (slug = 'meadow')"
        )
        message = "cannot see the tenants: row-level security hides rows of helpdesk.tenants"
        self.refuse("sweep", "--now", NOON, code=3, message=message, hint="doctor", env=self.env)

    def test_a_hold_whose_rows_cannot_be_followed_stops_the_sets_around_them_alone(self):
        self.run_dsarctl(
            *("hold", "place", "email:ada@example.com", "--tenant", "meadow", *WHY), env=self.database.env
        )
        self.hide("messages", "conversation_id")
        run = self.sweep("--now", NOON, "--json", code=3)
        unseen = {one["set"] for one in run.json["cannot_see"]}
        self.assertIn("messages", unseen)
        self.assertIn("conversations", unseen)
        self.assertTrue(any(line["due"] for line in run.json["lines"]))

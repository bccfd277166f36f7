"""Counting over several connections comes to what one comes to."""

from cli.roles import KINDS, role_name
from cli.sweeping import NOON, SweepTest


class Jobs(SweepTest):
    def plan(self, jobs, code=0):
        return self.sweep("--now", NOON, "--jobs", jobs, "--json", code=code).json

    def test_any_number_of_connections_counts_the_same(self):
        one = self.plan(1)
        self.assertGreater(sum(line["due"] for line in one["lines"]), 1000)
        self.assertEqual(self.plan(2), one)
        self.assertEqual(self.plan(5), one)

    def test_what_is_closed_to_the_role_is_told_as_by_one_connection(self):
        # A table that rows of others hang on, and one that only a count of what goes along reads.
        roles = ", ".join(role_name(self.database, kind) for kind in KINDS)
        self.database.execute(
            f"REVOKE ALL ON helpdesk.messages, helpdesk.page_views FROM {roles}")
        one = self.plan(1, code=3)
        self.assertIn("messages", [left["set"] for left in one["cannot_see"]])
        self.assertEqual(self.plan(4, code=3), one)

    def test_a_server_without_further_connections_is_asked_over_one(self):
        one = self.plan(1)
        self.database.execute(
            f"ALTER ROLE {self.env['PGUSER']} CONNECTION LIMIT 1")
        self.assertEqual(self.plan(4), one)

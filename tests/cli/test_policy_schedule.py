"""`policy show --schedule`: what a policy comes to in the live database, recounted by hand."""

import os
import unittest

from cli.harness import CliTest, Database
from cli.policy_sql import VIEWED_WITHOUT_CONSENT

NOW = ("--now", "2026-03-31T12:00:00Z")
# Meadow is in Los Angeles.
VIEWED_ON = "(viewed_at AT TIME ZONE 'America/Los_Angeles')::date"


class Schedule(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shown = {}

    def show(self, policy, *args, **options):
        return self.run_dsarctl("policy", "show", policy, "--schedule", *args, *NOW, **options)

    def lines(self, policy, tenant):
        """The tenant's lines by record set and rule."""
        if policy not in self.shown:
            self.shown[policy] = self.show(policy, "--json").json
        (found,) = [one for one in self.shown[policy]["tenants"] if one["tenant"] == tenant]
        return {(line["set"], line["rule"], line["state"]): line for line in found["lines"]}

    def value(self, sql):
        return Database(os.environ["PGDATABASE"]).value(sql)

    def test_due_rows_and_the_next_due_date_are_those_of_a_count_by_hand(self):
        line = self.lines("omniops", "meadow")["page_views", "analytics", "by-clock"]
        # 180 days, counted in dates: what was viewed on date d is due on d + 181.
        views = ("SELECT {} FROM helpdesk.page_views WHERE tenant_id = 2 AND " + VIEWED_ON +
                 " + 181 {} date '2026-03-31'")
        # Of those who have withdrawn their consent every row goes, by another line.
        old = self.value(views.format("count(*)", "<=") + " AND NOT " + VIEWED_WITHOUT_CONSENT)
        self.assertEqual(line["due"], old)
        self.assertGreater(line["due"], 0)
        event = self.lines("omniops", "meadow")["page_views", "analytics-consent", "by-event"]
        self.assertEqual(event["due"], self.value(
            "SELECT count(*) FROM helpdesk.page_views WHERE tenant_id = 2 AND " + VIEWED_WITHOUT_CONSENT))
        self.assertGreater(self.value(views.format("count(*)", "<=")), old, "some are due by both")
        day = self.value(views.format(f"min({VIEWED_ON}) + 181", ">"))
        self.assertEqual(line["next_due"], f"{day}T07:00:00Z")
        self.assertEqual(line["cut_off"], "2025-10-02T07:00:00Z")
        self.assertEqual(line["reason"], "creation + 180 days")
        self.assertEqual(line["action"], "delete")
        oldest = self.value(views.format("to_char(min(viewed_at) AT TIME ZONE 'UTC', "
                                         "'YYYY-MM-DD\"T\"HH24:MI:SS')", "<="))
        self.assertEqual(line["oldest"][:19], oldest)

    def test_rows_dated_by_another_fall_due_with_the_next_of_those_that_have_any(self):
        seen = "(coalesce(last_seen_at, v.created_at) AT TIME ZONE 'America/Los_Angeles')::date + 61"
        written = "(m.created_at AT TIME ZONE 'America/Los_Angeles')::date + 61"
        for name, day in (
            ("visitor_phones", f"SELECT min({seen}) AS d FROM helpdesk.visitors v WHERE tenant_id = 2"
             f" AND {seen} > date '2026-03-31' AND EXISTS (SELECT FROM helpdesk.visitor_phones p"
             " WHERE p.visitor_id = v.id)"),
            ("mail_envelopes", f"SELECT min({written}) AS d FROM helpdesk.messages m"
             f" WHERE tenant_id = 2 AND {written} > date '2026-03-31' AND EXISTS (SELECT FROM"
             " helpdesk.mail_envelopes e WHERE e.message_id = m.id)"),
        ):  # fmt: skip
            with self.subTest(name):
                line = self.lines("omniops", "meadow")[name, "chat", "by-clock"]
                self.assertEqual(line["next_due"], f"{self.value(day)}T07:00:00Z")
                self.assertGreater(line["due"], 0)
                self.assertFalse(line.get("oldest"))

    def test_an_override_of_the_tenant_is_told_with_its_period(self):
        line = self.lines("omniops", "meadow")["messages", "chat", "by-clock"]
        self.assertRegex(line["reason"], r"^creation \+ 60 days \(")
        self.assertEqual(line["cut_off"], "2026-01-30T08:00:00Z")

    def test_a_clock_in_numbers_is_told_as_a_date(self):
        line = self.lines("omniops", "meadow")["analytics_events", "analytics", "by-clock"]
        self.assertRegex(line["oldest"], r"^20\d\d-\d\d-\d\dT")

    def test_rules_without_period_clock_or_event_are_told_in_their_own_words(self):
        meadow = self.lines("omniops", "meadow")
        self.assertEqual(meadow["billing_records", "billing", "keeps"]["reason"],
                         "kept by law: the policy states no period, and none has been set")
        self.assertEqual(meadow["purchases", "child", "no-clock"]["reason"],
                         "the map does not say when: child discovered")
        orchard = self.lines("web1on1", "orchard")
        self.assertEqual(orchard["messages", "archived", "not-happened"]["reason"],
                         "no organisation archived + 30 days")
        quarry = self.lines("dataops", "quarry")
        self.assertIn("the policy states no period, and none has been set",
                      {line["reason"] for line in quarry.values() if line["state"] == "not-set"})
        text = self.show("web1on1", "--tenant", "orchard").out
        self.assertRegex(text, r"(?s)Nothing goes by these:.*archived: no organisation archived")

    def test_an_event_of_the_tenant_makes_all_rows_due_but_those_kept_by_law(self):
        old = self.lines("web1on1", "orchard-old")
        line = old["messages", "archived", "all-due"]
        self.assertEqual(line["due"], (self.value(
            "SELECT count(*) FROM helpdesk.messages WHERE tenant_id = 5")))
        # 2026-02-10 + 30 days, in Amsterdam.
        self.assertEqual(line["since"], "2026-03-12T23:00:00Z")
        self.assertGreater(old["billing_records", "archived", "all-due"]["kept_by_law"], 0)

    def test_its_sums_are_those_of_the_plan_of_a_sweep(self):
        plan = self.run_dsarctl("sweep", "--json", *NOW).json
        for policy, tenant in (("omniops", "meadow"), ("visitorchat", "harbour-ended")):
            with self.subTest(policy=policy):
                # A file may be several tenants': the plan of all of them counts it for none.
                shown = sum(line["due"] for line in self.lines(policy, tenant).values()
                            if line["set"] != "stored_files")
                self.assertEqual(shown, sum(line["due"] for line in plan["lines"]
                                            if line["tenant"] == tenant))
                self.assertGreater(shown, 0)

    def test_tenant_narrows_and_has_to_live_under_the_policy(self):
        shown = self.show("web1on1", "--tenant", "orchard", "--json").json
        self.assertEqual([one["tenant"] for one in shown["tenants"]], ["orchard"])
        self.refuse("policy", "show", "web1on1", "--schedule", "--tenant", "meadow", *NOW,
                    message="tenant 'meadow' does not live under policy web1on1",
                    hint="It lives under omniops")
        self.refuse("policy", "show", "web1on1", "--schedule", "--tenant", "nobody", *NOW,
                    message="there is no tenant 'nobody'")


if __name__ == "__main__":
    unittest.main()

"""`policy diff`: what a change of policy or of a period would make due, recounted by hand."""

import json
import os
import unittest

from cli.harness import CliTest, Database
from cli.policy_sql import VIEWED_WITHOUT_CONSENT

NOW = ("--now", "2026-03-31T12:00:00Z")
SHORTER = {"tenant": "meadow", "rule": "analytics", "period": "90 days", "reason": "asked for"}
LOG_RULE = {"id": "technical-log", "categories": "technical-log", "clock": "creation",
            "period": "30 days", "bound": "ceiling", "override": "no", "action": "delete-row",
            "citation": {"document": "Retention decision", "clause": "2"}}


class Diff(CliTest):
    def policy(self, **parts):
        parts = {"dsarctl_policy": 1, "extends": "omniops", **parts}
        return self.write("changed.json", json.dumps(parts))

    def diff(self, *args):
        return self.run_dsarctl("policy", "diff", *args, *NOW)

    def changes(self, *args):
        return json.loads(self.diff(*args, "--json").out)

    def viewed_before(self, days):
        """Meadow's page views that are older than so many days, in dates of Los Angeles, and are not
        due anyway."""
        return Database(os.environ["PGDATABASE"]).value(
            "SELECT count(*) FROM helpdesk.page_views WHERE tenant_id = 2 AND "
            "(viewed_at AT TIME ZONE 'America/Los_Angeles')::date "
            f"+ {days + 1} <= date '2026-03-31' AND NOT {VIEWED_WITHOUT_CONSENT}")

    def test_a_shorter_period_makes_rows_due_and_the_notice_is_told(self):
        diff = self.changes("omniops", self.policy(overrides=[SHORTER]))
        (meadow,) = diff["tenants"]
        self.assertEqual(meadow["tenant"], "meadow")
        sets = {one["set"]: one for one in meadow["sets"]}
        # Visitors go when nothing hangs on them any more; those that would now go have phones, but
        # no consents.
        self.assertEqual(set(sets), {"page_views", "analytics_events", "visitors",
                                     "visitor_phones"})
        newly = self.viewed_before(90) - self.viewed_before(180)
        self.assertGreater(newly, 0)
        self.assertEqual(sets["page_views"]["newly_due"], newly)
        self.assertEqual(sets["page_views"]["no_longer_due"], 0)
        self.assertEqual(diff["newly_due"], sum(one["newly_due"] for one in meadow["sets"]))
        for line in meadow["lines"]:
            self.assertEqual((line["rule"], line["change"]), ("analytics", "sooner"))
            self.assertEqual(line["before"]["cut_off"], "2025-10-02T07:00:00Z")
            self.assertEqual(line["after"]["cut_off"], "2025-12-31T08:00:00Z")
        self.assertEqual(diff["notice"]["ahead"], "30 days")
        text = self.diff("omniops", self.policy(overrides=[SHORTER])).out
        self.assertIn("warning: the policy promises notice of 30 days before a material", text)
        self.assertIn("analytics, sooner: creation + 180 days, cut-off 2025-10-02 -> "
                      "creation + 90 days (asked for), cut-off 2025-12-31\n", text)

    def test_the_other_way_round_the_rows_are_no_longer_due(self):
        changed = self.policy(overrides=[SHORTER])
        back = self.changes(changed, "omniops")
        self.assertEqual(back["newly_due"], 0)
        self.assertEqual(back["no_longer_due"], self.changes("omniops", changed)["newly_due"])
        self.assertEqual({line["change"] for line in back["tenants"][0]["lines"]}, {"later"})

    def test_a_rule_more_appears_and_the_other_way_round_vanishes(self):
        changed = self.policy(documents=[{"title": "Retention decision", "dated": "2026-05-04"}],
                              rules=[LOG_RULE])
        for args, change in ((("omniops", changed), "appears"), ((changed, "omniops"), "vanishes")):
            (meadow,) = self.changes(*args)["tenants"]
            self.assertEqual({(line["set"], line["rule"], line["change"])
                              for line in meadow["lines"]},
                             {(name, "technical-log", change)
                              for name in ("devices", "sessions", "technical_log")})

    def test_without_a_change_nothing_is_told_and_no_notice_asked_for(self):
        diff = self.changes("omniops", "omniops")
        self.assertEqual((diff["tenants"], diff["newly_due"], diff["notice"]), ([], 0, None))

    def test_another_policy_is_laid_over_those_who_live_under_the_first(self):
        diff = self.changes("web1on1", "omniops", "--tenant", "orchard")
        (orchard,) = diff["tenants"]
        kinds = {line["change"] for line in orchard["lines"]}
        self.assertLessEqual({"appears", "vanishes"}, kinds)
        self.assertGreater(diff["newly_due"], 0)
        self.assertEqual(diff["to"], {"policy": "omniops", "file": None})

    def test_what_does_not_exist_or_is_not_allowed_is_refused(self):
        self.refuse("policy", "diff", "omniops", "nothing.json", message="no policy of that name")
        longer = self.policy(overrides=[{**SHORTER, "period": "200 days"}])
        self.refuse("policy", "diff", "omniops", longer, *NOW,
                    message="only shorter periods are allowed")


if __name__ == "__main__":
    unittest.main()

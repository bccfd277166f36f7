"""Extending a request, and stopping its clock, through the binary."""

import unittest

from cli.harness import CliTest, dsarctl
from cli.roles import granted

ADA = ("--tenant", "harbour", "email:ada@example.com")


class ClockTest(CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.env = dict(self.database.env)
        self.env["PGUSER"] = self.enterContext(granted(self.database))["officer"]

    def request(self, *args, today="2026-03-20", **options):
        now = ("--now", f"{today}T12:00:00Z", "--actor", "Olive")
        return self.run_dsarctl("request", *args, *now, env=self.env, **options)

    def refused(self, *args, today="2026-03-20", **options):
        return self.refuse("request", *args, "--now", f"{today}T12:00:00Z", env=self.env, **options)

    def open(self, *regimes, kind="access", received="2026-03-02"):
        laws = [part for regime in regimes for part in ("--regime", regime)]
        run = self.request("open", "--kind", kind, *ADA, "--received", received, *laws, "--json")
        return str(run.json["request"])

    def show(self, number, **options):
        return self.request("show", number, "--json", **options).json

    def overdue(self, today):
        return dsarctl("request", "list", "--overdue", "--now", f"{today}T12:00:00Z",
                       env=self.env).code == 4


class Extending(ClockTest):
    def test_adds_two_months_once_and_says_who_and_why(self):
        number = self.open("uk-gdpr")
        self.assertEqual(self.show(number)["due_on"], "2026-04-02")
        run = self.request("extend", number, "--reason", "four systems to search")
        self.assertIn(f"extended request {number}: due on 2026-06-02\n", run.out)
        shown = self.show(number)
        self.assertEqual(shown["due_on"], "2026-06-02")
        (step,) = shown["steps"]
        self.assertEqual(
            (step["step"], step["on"], step["reason"], step["author"]),
            ("extended", "2026-03-20", "four systems to search", "Olive"),
        )
        self.assertFalse(self.overdue("2026-06-02"))
        self.assertTrue(self.overdue("2026-06-03"))
        text = self.request("show", number).out
        self.assertRegex(text, r"extended\s+on 2026-03-20 by Olive: four systems to search")
        self.refused("extend", number, "--reason", "more", message="extended already")

    def test_comes_too_late_once_the_first_time_is_over(self):
        number = self.open("uk-gdpr")
        self.refused("extend", number, "--reason", "late", today="2026-04-03",
                     message="had to be told of an extension by 2026-04-02")
        self.request("extend", number, "--reason", "in time", today="2026-04-02")

    def test_goes_as_far_as_every_law_allows_or_less(self):
        number = self.open("uk-gdpr", "ccpa")
        run = self.request("extend", number, "--reason", "many", "--json")
        self.assertEqual(run.json["due_on"], "2026-05-31")
        number = self.open("uk-gdpr")
        for day in ("2026-06-03", "2026-04-02"):
            self.refused("extend", number, "--until", day, "--reason", "many",
                         message="no day after 2026-04-02 and up to 2026-06-02")
        run = self.request("extend", number, "--until", "2026-05-04", "--reason", "many", "--json")
        self.assertEqual(run.json["due_on"], "2026-05-04")

    def test_is_not_allowed_for_every_kind(self):
        number = self.open("ccpa", kind="opt-out-of-sale")
        self.refused("extend", number, "--reason", "many", message="allows more time for its kind")

    def test_needs_an_open_request(self):
        number = self.open("uk-gdpr")
        self.request("close", number, "--outcome", "answered", "--reason", "sent")
        for command in (("extend",), ("pause", "--for", "fee"), ("resume",)):
            self.refused(*command, number, "--reason", "x", message="is closed already")
        self.refused("extend", "99", "--reason", "x", message="no request 99")


class Pausing(ClockTest):
    def test_the_month_begins_when_the_proof_arrives(self):
        number = self.open("uk-gdpr")
        run = self.request("pause", number, "--for", "identity", "--reason", "no proof",
                           "--on", "2026-03-04")
        self.assertIn("the clock stands", run.out)
        self.assertTrue(self.show(number)["paused"])
        self.assertIn("paused", self.request("list").out)
        self.assertFalse(self.overdue("2026-09-01"))
        self.refused("pause", number, "--for", "fee", "--reason", "x", message="paused already")
        self.request("resume", number, "--on", "2026-03-20", "--reason", "proof received")
        shown = self.show(number)
        self.assertEqual((shown["paused"], shown["due_on"]), (False, "2026-04-20"))
        self.assertEqual(
            [(one["step"], one["on"], one.get("for")) for one in shown["steps"]],
            [("paused", "2026-03-04", "identity"), ("resumed", "2026-03-20", None)],
        )
        self.assertTrue(self.overdue("2026-04-21"))
        self.refused("resume", number, "--reason", "x", message="is not paused")

    def test_other_laws_run_on(self):
        number = self.open("uk-gdpr", "ccpa")
        run = self.request("pause", number, "--for", "clarification", "--reason", "what?", "--json")
        self.assertEqual((run.json["paused"], run.json["due_on"]), (False, "2026-04-16"))
        self.assertTrue(self.overdue("2026-04-17"))
        number = self.open("eu-gdpr")
        self.refused("pause", number, "--for", "identity", "--reason", "x",
                     message="no law that the request falls under lets the clock stop")

    def test_days_are_no_later_than_today_and_in_order(self):
        number = self.open("uk-gdpr")
        for day, message in (("2026-03-21", "still to come"), ("2026-03-01", "before 2026-03-02")):
            self.refused("pause", number, "--for", "fee", "--on", day, "--reason", "x",
                         message=message)
        self.request("pause", number, "--for", "fee", "--on", "2026-03-10", "--reason", "x")
        self.refused("resume", number, "--on", "2026-03-09", "--reason", "x",
                     message="before 2026-03-10")

    def test_a_request_stays_protected_while_its_clock_stands(self):
        number = self.open("uk-gdpr")
        self.request("pause", number, "--for", "identity", "--reason", "no proof")
        held = self.run_dsarctl("find", *ADA, "--now", "2026-03-20T12:00:00Z", env=self.env)
        self.assertIn(f"request {number}", held.out)


class Remembering(ClockTest):
    """A request's day is computed from what was promised when it was opened, and from the holidays
    that were named then, until others are."""

    PROMISED = ("--tenant", "meadow", "email:ada@example.com")

    def open_promised(self):
        run = self.request("open", "--kind", "access", *self.PROMISED, "--received", "2026-03-02",
                           "--regime", "uk-gdpr", "--json")
        self.assertEqual(run.json["due_on"], "2026-04-01")
        return str(run.json["request"])

    def another_policy(self):
        self.database.execute(
            "UPDATE helpdesk.tenants SET policy ="
            " (SELECT policy FROM helpdesk.tenants WHERE slug = 'quarry') WHERE slug = 'meadow'"
        )

    def pause_and_resume(self, number, *args):
        self.request("pause", number, "--for", "clarification", "--reason", "what?",
                     "--on", "2026-03-04")
        return self.request("resume", number, "--on", "2026-03-05", "--reason", "said", *args,
                            "--json").json

    def holidays(self, *days):
        return self.write("holidays", "".join(f"{day}\n" for day in days))

    def test_a_promise_stands_whatever_the_policy_says_later(self):
        number = self.open_promised()
        self.another_policy()
        resumed = self.pause_and_resume(number)
        self.assertEqual(resumed["due_on"], "2026-04-01")
        self.assertIn("OmniOps", resumed["due_by"])
        shown = self.show(number)
        self.assertEqual((shown["promise"]["within"], shown["promise"]["binding"]),
                         ("30 days", True))
        self.assertRegex(self.request("show", number).out, r"promised\s+30 days, by OmniOps")

    def test_holidays_count_until_others_are_named(self):
        run = self.request("open", "--kind", "access", *ADA, "--received", "2026-03-03",
                           "--regime", "eu-gdpr", "--regime", "uk-gdpr",
                           "--holidays", self.holidays("2026-06-03"), "--json")
        number = str(run.json["request"])
        run = self.request("extend", number, "--reason", "many", "--json")
        self.assertEqual(run.json["due_on"], "2026-06-04")
        self.assertEqual(self.show(number)["holidays"], ["2026-06-03"])
        resumed = self.pause_and_resume(
            number, "--holidays", self.holidays("2026-06-04", "2026-06-05")
        )
        self.assertEqual(resumed["due_on"], "2026-06-03")
        self.assertEqual(self.show(number)["holidays"], ["2026-06-04", "2026-06-05"])
        # Only the Union's month runs: with the holidays that were named last.
        run = self.request("pause", number, "--for", "fee", "--reason", "x", "--json")
        self.assertEqual(run.json["due_on"], "2026-06-03")

    def test_requests_older_than_such_records_go_by_what_is_promised_today(self):
        number = self.open_promised()
        self.database.execute(
            "ALTER TABLE dsar.request DROP COLUMN promised, DROP COLUMN promise_binds,"
            " DROP COLUMN promised_by, DROP COLUMN holidays;"
            "DELETE FROM dsar.migration WHERE version = 12"
        )
        self.refused("pause", number, "--for", "fee", "--reason", "x", message="needs 12")
        upgraded = self.run_dsarctl("init", "--json", env=self.database.env).json
        self.assertEqual((upgraded["version_before"], len(upgraded["applied"])), (11, 1))
        shown = self.show(number)
        self.assertEqual(shown["due_on"], "2026-04-01")
        self.assertNotIn("holidays", shown)
        self.another_policy()
        resumed = self.pause_and_resume(number)
        self.assertEqual(resumed["due_on"], "2026-04-07")  # the month, a day and Easter
        self.assertNotIn("holidays", self.show(number))


if __name__ == "__main__":
    unittest.main()

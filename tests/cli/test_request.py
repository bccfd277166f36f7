"""The register of requests, through the binary."""

import unittest

from cli.harness import CliTest

ADA = ("--tenant", "harbour", "email:ada@example.com")
NOW = ("--now", "2026-03-31T12:00:00Z")


class RequestTest(CliTest):
    def setUp(self):
        self.database = self.fresh_database()

    def request(self, *args, now=NOW, **options):
        return self.run_dsarctl("request", *args, *now, env=self.database.env, **options)

    def refused(self, *args, **options):
        return self.refuse("request", *args, *NOW, env=self.database.env, **options)

    def open(self, *args):
        return self.request("open", "--kind", "access", *args, "--json").json


class Opening(RequestTest):
    def test_the_earlier_of_law_and_policy_governs(self):
        # OmniOps promises 30 days; the month would end later.
        opened = self.open("--tenant", "meadow", "email:ada@example.com", "--received", "2026-01-15",
                           "--regime", "uk-gdpr")
        self.assertEqual(opened["due_on"], "2026-02-14")
        self.assertIn("OmniOps", opened["due_by"])
        statute = next(one for one in opened["limits"] if "12A" in one["source"])
        self.assertEqual((statute["on"], statute["extended"]), ("2026-02-16", "2026-04-15"))

    def test_a_promise_that_does_not_bind_is_a_target(self):
        opened = self.open("--tenant", "quarry", "customer:18", "--received", "2026-01-15")
        self.assertEqual(opened["due_on"], "2026-02-16")
        self.assertIn(("2026-02-14", False),
                      [(one["on"], one["binding"]) for one in opened["limits"]])

    def test_the_laws_are_those_that_the_policy_names_or_the_officer(self):
        ccpa = self.open(*ADA, "--received", "2026-03-02", "--regime", "ccpa")
        self.assertEqual(ccpa["due_on"], "2026-04-16")
        self.assertEqual(ccpa["confirm_by"], "2026-03-16")
        by_policy = self.open(*ADA, "--received", "2026-03-02")
        self.assertGreater(len(by_policy["limits"]), 1)
        self.assertEqual(by_policy["due_on"], "2026-04-02")

    def test_holidays_are_known_or_read(self):
        day = ("--received", "2026-03-03")
        self.assertEqual(self.open(*ADA, *day, "--regime", "uk-gdpr")["due_on"], "2026-04-07")
        self.assertEqual(self.open(*ADA, *day, "--regime", "eu-gdpr")["due_on"], "2026-04-03")
        path = self.write("holidays", "# Easter\n2026-04-03\n\n2026-04-06\n")
        read = self.open(*ADA, *day, "--regime", "eu-gdpr", "--holidays", path)
        self.assertEqual(read["due_on"], "2026-04-07")
        bad = self.write("holidays", "2026-04-03\n6 April\n")
        self.refused("open", "--kind", "access", *ADA, "--holidays", bad, message="holidays:2")
        self.refused("open", "--kind", "access", *ADA, "--holidays", "/nonexistent/x",
                     message="cannot read")

    def test_received_today_in_the_tenants_zone_unless_said(self):
        # It is still the day before in Los Angeles.
        now = ("--now", "2026-03-31T03:00:00Z")
        run = self.request("open", "--kind", "access", "--tenant", "meadow",
                           "email:ada@example.com", "--json", now=now)
        self.assertEqual(run.json["received_on"], "2026-03-30")
        self.refused("open", "--kind", "access", *ADA, "--received", "2026-04-01",
                     message="still to come")

    def test_somebody_unknown_is_registered_where_the_tenant_is_named(self):
        nobody = ("email:nobody@example.com",)
        opened = self.open("--tenant", "harbour", *nobody)
        self.assertFalse(opened["found"])
        self.refused("open", "--kind", "access", *nobody, code=8, message="in any tenant",
                     hint="--tenant")

    def test_an_identity_of_several_people_keeps_all_of_them(self):
        self.open("--tenant", "harbour", "phone:+44 1632 960001")
        rows = self.database.value("SELECT keys FROM dsar.request")
        self.assertLessEqual({("5",), ("6",)}, {tuple(row) for row in rows["visitors"]})

    def test_several_tenants_are_refused(self):
        self.refused("open", "--kind", "access", "email:ada@example.com", code=7,
                     message="several tenants")

    def test_a_kind_that_nobody_may_ask_for_is_refused(self):
        self.refused("open", "--kind", "acess", *ADA, message="did you mean 'access'",
                     hint="erasure")
        self.refused("open", "--kind", "access", "--regime", "gdpr", *ADA, message="--regime")


class Keeping(RequestTest):
    def test_requests_are_listed_shown_and_closed(self):
        self.open(*ADA, "--actor", "officer")
        self.open("--tenant", "meadow", "email:ada@example.com")
        listed = self.request("list", "--json").json["requests"]
        self.assertEqual([one["id"] for one in listed], [1, 2])
        self.assertEqual(
            [one["id"] for one in self.request("list", "--tenant", "meadow", "--json")
             .json["requests"]], [2])
        shown = self.request("show", "1", "--json").json
        self.assertEqual((shown["author"], shown["kind"], shown["open"]),
                         ("officer", "access", True))
        self.assertIn("visitors 1, 2, 3", self.request("show", "1").out)
        for run in (self.request("list"), self.request("show", "1")):
            self.assertNotIn("ada@", run.out.lower())

        self.request("close", "1", "--outcome", "answered", "--reason", "package sent")
        self.assertEqual([one["id"] for one in self.request("list", "--json").json["requests"]],
                         [2])
        closed = self.request("show", "1", "--json").json["closed"]
        self.assertEqual((closed["outcome"], closed["reason"]), ("answered", "package sent"))
        self.assertIn("answered", self.request("list", "--all").out)
        self.refused("close", "1", "--outcome", "answered", "--reason", "x",
                     message="closed already")
        self.refused("close", "9", "--outcome", "answered", "--reason", "x",
                     message="no request 9")
        self.refused("show", "9", message="no request 9")
        self.refused("close", "2", "--outcome", "done", "--reason", "x", message="--outcome",
                     hint="answered, refused")

    def test_an_overdue_request_is_said_from_the_day_after(self):
        self.open(*ADA, "--received", "2026-03-02")
        last = ("--now", "2026-04-02T23:59:59Z")
        after = ("--now", "2026-04-03T00:00:00Z")
        self.assertIn("no requests", self.request("list", "--overdue", now=last).out)
        run = self.request("list", "--overdue", now=after, code=4)
        self.assertIn("overdue", run.out)
        self.request("close", "1", "--outcome", "refused", "--reason", "excessive")
        self.request("list", "--overdue", now=after)

    def test_find_shows_an_open_request_and_the_epoch_counts_it(self):
        epoch = "SELECT epoch FROM dsar.hold_epoch"
        before = self.database.value(epoch)
        self.open(*ADA, "--received", "2026-03-02")
        self.assertEqual(self.database.value(epoch), before + 1)
        find = lambda: self.run_dsarctl("find", *ADA, "--json", env=self.database.env).json
        (held,) = find()["held_by"]
        self.assertEqual((held["by"], held["on"], held["date"]),
                         ("request 1", "access", "2026-04-02"))
        self.request("close", "1", "--outcome", "withdrawn", "--reason", "by phone")
        self.assertEqual(self.database.value(epoch), before + 2)
        self.assertEqual(find()["held_by"], [])


if __name__ == "__main__":
    unittest.main()

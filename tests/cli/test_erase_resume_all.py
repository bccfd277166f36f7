"""What erasures had to withhold goes when nothing keeps it, without anybody's naming them."""

from cli.test_erase import ADA, BROOK, NOW, ApplyTest


class ResumeAllTest(ApplyTest):
    def setUp(self):
        super().setUp()
        self.hold("--set", "messages", "--tenant", "harbour", "--where", "id = 1")
        self.first = [self.erase(*who, *self.apply_now, "--scan-later").json["erasure"]
                      for who in (ADA, BROOK)]

    def resume_all(self, *args, code=0):
        run = self.run_dsarctl("erase", "resume", "--all", *args, *NOW, "--json", env=self.env,
                               code=code)
        return {one["erasure"]: one for one in run.json["resumed"]}


class ResumeAll(ResumeAllTest):
    def test_only_those_of_which_something_may_go_are_followed_by_another(self):
        kept = self.resume_all(*self.apply_now)
        self.assertEqual({one["followed_by"] for one in kept.values()}, {None})
        self.assertGreater(kept[self.first[0]]["withheld"], 0)
        self.owner("hold", "release", "1", "--reason", "over")
        planned = self.resume_all()
        self.assertEqual(len(self.certificates()), 2)
        done = self.resume_all(*self.apply_now)
        self.assertEqual(done[self.first[0]]["deleted"], planned[self.first[0]]["deleted"])
        self.assertGreater(done[self.first[0]]["deleted"], 0)
        self.assertIsNone(done[self.first[1]]["followed_by"])
        self.assertEqual(self.certificates()[-1]["follows"], self.first[0])
        # What follows has taken its place.
        self.assertNotIn(self.first[0], self.resume_all())

    def test_a_failure_of_one_leaves_the_others(self):
        self.owner("hold", "release", "1", "--reason", "over")
        self.database.execute("INSERT INTO dsar.erasure_rest (erasure, record_set, row_key) SELECT erasure, 'gone_set', row_key"
                              f" FROM dsar.erasure_rest WHERE erasure = '{self.first[1]}' LIMIT 1")
        done = self.resume_all(*self.apply_now, code=3)
        self.assertIn("no longer has the record set", done[self.first[1]]["failure"])
        self.assertIsNotNone(done[self.first[0]]["followed_by"])


class BySweep(ResumeAllTest):
    """Told so, the sweep does it by itself."""

    def setUp(self):
        super().setUp()
        self.owner("hold", "release", "1", "--reason", "over")
        both = self.env["PGUSER"] + "_and_sweeper"
        sweeper = self.env["PGUSER"].replace("_officer_login", "_sweeper")
        self.database.execute(f"CREATE ROLE {both} LOGIN IN ROLE {sweeper},"
                              f" {self.env['PGUSER'].removesuffix('_login')}")
        self.addCleanup(self.database.execute, f"DROP OWNED BY {both}; DROP ROLE {both}")
        self.sweeper = {**self.env, "PGUSER": both}
        plan = self.keys / "sweep.plan"
        chosen = ("--tenant", "harbour", "--rule", "analytics")
        self.run_dsarctl("sweep", *chosen, "--plan-out", plan, *NOW, env=self.sweeper)
        self.arguments = ("sweep", "--apply", "--plan", plan, *chosen, *self.hash_key, "--json",
                          "--resume-erasures")

    def test_it_takes_up_what_was_withheld(self):
        self.run_dsarctl(*self.arguments, code=2, env=self.sweeper)
        self.assertEqual(len(self.certificates()), 2)
        run = self.run_dsarctl(*self.arguments, *self.apply_now[1:3], env=self.sweeper)
        resumed = {one["erasure"]: one for one in run.json["resumed_erasures"]}
        self.assertGreater(resumed[self.first[0]]["deleted"], 0)
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.visitors WHERE id IN (1,2,3)"),
            0)

    def test_what_was_swept_is_told_though_it_breaks_off_then(self):
        self.database.execute("ALTER TABLE dsar.erasure_rest RENAME TO gone")
        run = self.run_dsarctl(*self.arguments, *self.apply_now[1:3], env=self.sweeper, code=1)
        self.assertEqual(run.json["state"], "done")
        self.assertEqual(run.json["resumed_erasures"], [])
        self.assertIn("erasure_rest", run.error["message"])


if __name__ == "__main__":
    import unittest

    unittest.main()

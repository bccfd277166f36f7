"""What erasures had to withhold goes when nothing keeps it, without anybody's naming them."""

from cli.test_erase import ADA, BROOK, NOW, ApplyTest


class ResumeAll(ApplyTest):
    def setUp(self):
        super().setUp()
        self.hold("--set", "messages", "--tenant", "harbour", "--where", "id = 1")
        self.first = [self.erase(*who, *self.apply_now, "--scan-later").json["erasure"]
                      for who in (ADA, BROOK)]

    def resume_all(self, *args, code=0):
        run = self.run_dsarctl("erase", "resume", "--all", *args, *NOW, "--json", env=self.env,
                               code=code)
        return {one["erasure"]: one for one in run.json["resumed"]}

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

    def test_the_sweep_does_it_by_itself_where_it_is_told_so(self):
        self.owner("hold", "release", "1", "--reason", "over")
        both = self.env["PGUSER"] + "_and_sweeper"
        sweeper = self.env["PGUSER"].replace("_officer_login", "_sweeper")
        self.database.execute(f"CREATE ROLE {both} LOGIN IN ROLE {sweeper},"
                              f" {self.env['PGUSER'].removesuffix('_login')}")
        self.addCleanup(self.database.execute, f"DROP OWNED BY {both}; DROP ROLE {both}")
        env = {**self.env, "PGUSER": both}
        plan = self.keys / "sweep.plan"
        self.run_dsarctl("sweep", "--tenant", "harbour", "--rule", "analytics", "--plan-out", plan,
                         *NOW, env=env)
        arguments = ("sweep", "--apply", "--plan", plan, "--tenant", "harbour", "--rule",
                     "analytics", *self.hash_key, "--json")
        self.run_dsarctl(*arguments, "--resume-erasures", code=2, env=env)
        self.assertEqual(len(self.certificates()), 2)
        run = self.run_dsarctl(*arguments, "--resume-erasures", "--signing-key",
                               self.keys / "sign.pem", env=env)
        resumed = {one["erasure"]: one for one in run.json["resumed_erasures"]}
        self.assertGreater(resumed[self.first[0]]["deleted"], 0)
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.visitors WHERE id IN (1,2,3)"),
            0)

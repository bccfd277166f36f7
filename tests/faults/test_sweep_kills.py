"""The reference database, with all its traps, swept by runs that are killed at random points: what
they come to is what an undisturbed run comes to."""

import random
import subprocess
import time

from cli import harness
from cli.roles import granted
from cli.sweeping import NOON, SweepTest

SEEDS = (3, 8)
KILLS = 3


class Kills(SweepTest):
    def setUp(self):
        super().setUp()
        # What is held: a person, and rows of a set.
        for place in (
            ("--tenant", "harbour", "email:ada@example.com"),
            ("--set", "messages", "--where", "id % 97 = 0"),
        ):
            self.run_dsarctl(
                *("hold", "place", *place, "--ground", "claim 7/26", "--review", "2026-12-31"),
                env=self.database.env,
            )

    def review(self, env):
        plan = self.temporary_folder() / "plan.json"
        self.run_dsarctl("sweep", "--now", NOON, "--plan-out", plan, env=env)
        return plan

    def to_apply(self, plan, *more):
        return tuple(map(str, ("sweep", "--apply", "--plan", plan, "--hash-key", self.key, *more)))

    @staticmethod
    def contents(database):
        """A digest of each table, without what a trigger's clock or a sequence writes."""
        tables = database.rows(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname"
            " = 'helpdesk' UNION VALUES ('dsar.kept_event'), ('dsar.removed_object') ORDER BY 1"
        )
        skipped = {
            "helpdesk.histories": "{id,created_at}",
            "helpdesk.notes_trash": "{deleted_at}",
            "dsar.removed_object": "{id,run,reported_at}",
        }
        script = "".join(
            f"SELECT '{name} ' || count(*) || ' ' || coalesce(md5(string_agg(j, E'\\n' ORDER BY j)),"
            f" '') FROM (SELECT (to_jsonb(t) - '{skipped.get(name, '{updated_at}')}'::text[])::text"
            f" AS j FROM {name} AS t) AS r;\n"
            for (name,) in tables
        )
        return dict(line.split(" ", 1) for line in database.execute(script).splitlines())

    def kill_after(self, lines, plan, env):
        """Begins to carry the plan out, and kills it once it has told of so many record sets."""
        log = self.temporary_folder() / "log"
        told = lambda: log.read_text().count(": swept ") if log.exists() else 0
        with subprocess.Popen(
            [harness.BINARY, *self.to_apply(plan, "--batch", "20", "--log-file", log)],
            env=harness.environment(env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            while process.poll() is None and told() < lines:
                time.sleep(0.002)
            process.kill()
        return told()

    def test_runs_that_are_killed_come_to_what_an_undisturbed_one_comes_to(self):
        copies = [
            self.enterContext(harness.fresh_database(self.database.name)) for _ in range(len(SEEDS))
        ]
        held = self.database.rows("SELECT id FROM helpdesk.messages WHERE id % 97 = 0 ORDER BY 1")
        log = self.temporary_folder() / "log"
        first = self.run_dsarctl(
            *self.to_apply(self.review(self.env), "--log-file", log), env=self.env
        )
        expected = self.contents(self.database)
        all_lines = log.read_text().count(": swept ")
        self.assertGreater(all_lines, 20, first)
        for seed, copy in zip(SEEDS, copies):
            with self.subTest(seed=seed), granted(copy, env={**self.env, **copy.env}) as logins:
                env = {**self.env, **copy.env, "PGUSER": logins["sweeper"]}
                chance = random.Random(seed)
                # One plan for all of them: what is gone already was part of it.
                plan = self.review(env)
                killed = [
                    self.kill_after(chance.randrange(1, all_lines // 2), plan, env)
                    for _ in range(KILLS)
                ]
                self.run_dsarctl(*self.to_apply(plan), env=env)
                self.assertEqual(self.contents(copy), expected, f"killed after {killed} record sets")
                states = [s for (s,) in copy.rows("SELECT state FROM dsar.sweep_run ORDER BY id")]
                self.assertGreaterEqual(states.count("interrupted"), 2, "too few were at work")
                self.assertEqual(states[-1], "done")
                self.assertEqual(
                    held,
                    copy.rows("SELECT id FROM helpdesk.messages WHERE id % 97 = 0 ORDER BY 1"),
                )


if __name__ == "__main__":
    harness.unittest.main()

"""The reference database, with all its traps: a sweep that is killed again and again comes to what
an undisturbed one comes to, keeps what is held, and tells nothing personal."""

import os
import random
import subprocess
import time

from cli import harness
from faults.small_world import grant

NOW = "2026-03-31T12:00:00Z"
ROLE = f"dsar_reference_sweeper_{os.getpid()}"


class ReferenceSweep(harness.CliTest):
    @classmethod
    def setUpClass(cls):
        postgres = harness.Database("postgres")
        cls.map = os.environ["DSARCTL_MAP"]
        cls.template = cls.enterClassContext(harness.fresh_database())
        grant(cls.template, cls.map)
        postgres.execute(f"CREATE ROLE {ROLE} LOGIN; GRANT dsar_sweeper TO {ROLE}")
        cls.addClassCleanup(postgres.execute, f"DROP ROLE {ROLE}")
        # What is held: a person, and rows of a set.
        for place in (
            ("--tenant", "harbour", "email:ada@example.com"),
            ("--set", "messages", "--where", "id % 97 = 0"),
        ):
            held = cls.template.dsarctl(
                "hold", "place", *place, "--ground", "claim 7/26", "--review", "2026-12-31"
            )
            if held.code != 0:
                raise AssertionError(str(held))

    def setUp(self):
        self.key = self.write("key", "0123456789abcdef" * 4)

    def copy(self):
        return self.fresh_database(self.template.name)

    def arguments(self, *args):
        return ("sweep", *map(str, args), "--now", NOW, "--json")

    def env(self, database):
        return {**database.env, "PGUSER": ROLE}

    def review(self, database):
        """Writes the plan; database names differ, so every copy has its own."""
        plan = self.temporary_folder() / "plan.json"
        run = self.run_dsarctl(*self.arguments("--plan-out", plan), env=self.env(database))
        self.assertGreater(run.json["due"], 0)
        return plan

    def to_apply(self, plan, *more):
        return self.arguments("--apply", "--plan", plan, "--hash-key", self.key, *more)

    def contents(self, database):
        """A digest of each table, without what a trigger's clock writes."""
        tables = database.rows(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname"
            " = 'helpdesk' UNION VALUES ('dsar.kept_event'), ('dsar.removed_object') ORDER BY 1"
        )
        clocks = "'{updated_at}'"
        skipped = {
            "helpdesk.histories": "'{id,created_at}'",
            "helpdesk.notes_trash": "'{deleted_at}'",
            "dsar.removed_object": "'{id,run,reported_at}'",
        }
        script = "".join(
            f"SELECT '{name} ' || count(*) || ' ' || coalesce(md5(string_agg(j, E'\\n' ORDER BY j)),"
            f" '') FROM (SELECT (to_jsonb(t) - {skipped.get(name, clocks)}::text[])::text AS j FROM"
            f" {name} AS t) AS rows;\n"
            for (name,) in tables
        )
        return dict(line.split(" ", 1) for line in database.execute(script).splitlines())

    def test_killed_again_and_again_it_comes_to_the_same(self):
        undisturbed, disturbed = self.copy(), self.copy()
        plan = self.review(undisturbed)
        began = time.monotonic()
        first = harness.dsarctl(*self.to_apply(plan), env=self.env(undisturbed))
        took = time.monotonic() - began
        chance = random.Random(7)
        for _ in range(3):
            # What has gone has made room for more: each run has a plan of its own.
            plan = self.review(disturbed)
            with subprocess.Popen(
                [harness.BINARY, *self.to_apply(plan, "--batch", "20")],
                env=harness.environment(self.env(disturbed)),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as process:
                time.sleep(chance.uniform(0.2, 0.7) * took)
                process.kill()
        last = harness.dsarctl(*self.to_apply(self.review(disturbed)), env=self.env(disturbed))
        self.assertEqual((first.code, last.code), (0, 0), f"{first}\n{last}")
        self.assertEqual(self.contents(disturbed), self.contents(undisturbed))
        states = disturbed.rows("SELECT state FROM dsar.sweep_run ORDER BY id")
        self.assertIn(("interrupted",), states, "no run was killed while it worked")
        self.assertEqual(states[-1], ("done",))

    def test_nothing_that_is_written_names_anybody(self):
        database = self.copy()
        people = {
            value
            for (value,) in database.rows(
                "SELECT DISTINCT v AS value FROM (SELECT email FROM helpdesk.visitors UNION SELECT"
                " email FROM helpdesk.users UNION SELECT phone FROM helpdesk.visitors UNION SELECT"
                " name FROM helpdesk.visitors WHERE name LIKE '% %') AS t(v)"
                " WHERE length(btrim(v)) > 5"
            )
        }
        self.assertGreater(len(people), 100)
        metrics, plan = self.temporary_folder() / "metrics", self.review(database)
        run = self.run_dsarctl(
            *self.to_apply(plan, "--metrics", metrics, "--verbose"), env=self.env(database)
        )
        text = self.run_dsarctl("sweep", "--now", NOW, env=self.env(database))
        history = self.run_dsarctl("sweep", "history", "--json", env=self.env(database))
        verify = self.run_dsarctl("sweep", "verify", "--now", NOW, env=self.env(database))
        record = database.execute("SELECT t::text FROM dsar.sweep_run AS t")
        told = "\n".join(
            (run.out, run.err, text.out, text.err, history.out, verify.out, record,
             plan.read_text(), metrics.read_text())
        ).lower()  # fmt: skip
        self.assertEqual([one for one in people if one.strip().lower() in told], [])


if __name__ == "__main__":
    harness.unittest.main()

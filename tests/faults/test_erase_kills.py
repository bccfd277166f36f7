"""Erasures that go in batches and are killed, stopped and disturbed between them: what they come to
in the end is what an undisturbed one comes to, under one number."""

import json
import pathlib
import random
import re
import signal
import time

from cli import harness, roles
from cli.test_erase import ApplyTest
from faults import test_sweep_kills
from faults.sessions import Session

NOW = ("--now", "2026-03-31T12:00:00Z")
SEEDS = (5, 11)
KILLS = 3


class Batches(ApplyTest):
    """Erasures in the background, looked at while they are at work."""

    arguments = ()  # whom they are about

    def setUp(self):
        super().setUp()
        sweeper = roles.role_name(self.database, "sweeper")
        self.database.execute(f"GRANT {sweeper} TO {self.env['PGUSER']}")

    def command(self, *more):
        return tuple(map(str, ("erase", *self.arguments, *self.apply_now, "--wait", "5", *more, *NOW,
                               "--json")))

    def erasing(self, *more, env=None):
        return harness.at_work(*self.command(*more), env=env or self.env)

    def wait_for_rows(self, database, process, rows):
        """Waits until so many rows are gone, or the erasure has ended; how many they were."""
        gone = 0
        with Session(database) as session:
            while process.poll() is None and gone < rows:
                told = session.run("SELECT coalesce(sum(rows), 0) FROM dsar.erasure_progress")
                gone = int(told[0])
                time.sleep(0.001)
        return gone

    def slow(self, table, file, seconds=0.002):
        """Every row's delete takes a while, by a trigger that the map knows."""
        self.database.execute(
            "CREATE FUNCTION helpdesk.slow() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_sleep({seconds}); RETURN OLD; END $$;"
            f"CREATE TRIGGER slow BEFORE DELETE ON helpdesk.{table}"
            " FOR EACH ROW EXECUTE FUNCTION helpdesk.slow()")
        path = pathlib.Path(self.env["DSARCTL_MAP"]) / file
        content = json.loads(path.read_text(encoding="utf-8"))
        content["tables"][table].setdefault("known_triggers", {})["slow"] = "waits"
        path.write_text(json.dumps(content), encoding="utf-8")

    @staticmethod
    def counts(certificate):
        lines = {(line["set"], line["action"], line["cause"], line["by"]): line["rows"]
                 for line in certificate["lines"]}
        return (lines, certificate["objects"], certificate["withheld"])

    def check_kills(self, most):
        """Kills at seeded points: `most` rows go in an undisturbed run at least."""
        copies = [self.enterContext(harness.fresh_database(self.database.name)) for _ in SEEDS]
        self.run_dsarctl(*self.command(), code=3, env=self.env)
        expected = test_sweep_kills.Kills.contents(self.database)
        (certificate,) = self.certificates()
        for seed, copy in zip(SEEDS, copies):
            with self.subTest(seed=seed), roles.granted(copy, env=copy.env) as logins:
                copy.execute(f"GRANT {roles.role_name(copy, 'sweeper')} TO {logins['officer']}")
                env = {**self.env, **copy.env, "PGUSER": logins["officer"]}
                chance = random.Random(seed)
                points = sorted(chance.randrange(1, most) for _ in range(KILLS))
                begun = set()
                for point in points:
                    with self.erasing(*self.small, env=env) as process:
                        self.wait_for_rows(copy, process, point)
                        process.kill()
                        process.wait()
                    begun |= {id for (id,) in copy.rows("SELECT id FROM dsar.erasure_begun")}
                self.assertEqual(len(begun), 1, f"killed at {points}")
                self.run_dsarctl(*self.command(*self.small), code=3, env=env)
                self.assertEqual(test_sweep_kills.Kills.contents(copy), expected)
                ((text,),) = copy.rows("SELECT certificate FROM dsar.erasure")
                self.assertEqual(self.counts(json.loads(text)), self.counts(certificate))
                self.assertEqual({json.loads(text)["erasure"]}, begun)
                self.assertEqual(copy.rows("SELECT erasure FROM dsar.erasure_progress"), [])

    def stopped_and_carried_on(self, rows):
        """Asked to stop after so many rows it says so, doctor names it, and resume goes on."""
        with self.erasing(*self.small) as process:
            self.wait_for_rows(self.database, process, rows)
            process.send_signal(signal.SIGTERM)
            run = harness.ended(process)
        self.assertEqual(run.code, 130, str(run))
        gone = re.search("was stopped: ([0-9]+) rows are gone", run.error["message"])
        self.assertLess(int(gone[1]), 4 * rows + 100, str(run))  # the batch, and not all
        ((begun,),) = self.database.rows("SELECT id FROM dsar.erasure_begun")
        health = self.run_dsarctl("doctor", env={**self.env, **self.database.env})
        self.assertIn(f"'dsarctl erase resume {begun} --apply'", health.out)
        done = self.run_dsarctl("erase", "resume", begun[:12], *self.apply_now, *NOW, "--json",
                                code=3, env=self.env)
        self.assertEqual(done.json["erasure"], begun)
        return done

    small = ()  # what makes it go in batches


class Persons(Batches):
    arguments = ("--tenant", "harbour", "email:ada@example.com")
    small = ("--erase-max-rows", "60", "--batch", "2")

    def test_runs_that_are_killed_come_to_what_one_transaction_comes_to(self):
        self.check_kills(28)

    def test_one_that_is_asked_to_stop_is_named_and_carried_on(self):
        # Hers too, as whoever asked for it knew; no identity of hers leads there.
        self.database.execute("INSERT INTO helpdesk.visitors (id, tenant_id, phone, created_at)"
                              " VALUES (990001, 6, '+447700955555', '2026-01-01')")
        self.arguments = (*self.arguments, "phone:+447700955555")
        self.slow("page_views", "traces.json", seconds=0.3)
        done = self.stopped_and_carried_on(2)
        self.assertIn("is carried on", done.err)
        self.assertEqual(len(self.certificates()[0]["subject"]["identities"]), 2)
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.visitors WHERE id IN (1, 2, 3, 990001)"), 0)

    def test_a_hold_that_is_placed_between_batches_keeps_its_rows_and_is_told(self):
        self.slow("page_views", "traces.json", seconds=0.3)
        consents = "SELECT count(*) AS n FROM helpdesk.sessions WHERE visitor_id IN (1, 2, 3)"
        with self.erasing(*self.small) as process:
            self.wait_for_rows(self.database, process, 2)
            self.owner("hold", "place", "--set", self.last_set(), "--tenant", "harbour",
                       "--ground", "claim", "--review", "2026-12-31")
            run = harness.ended(process)
        self.assertEqual(run.code, 3, str(run))
        (certificate,) = self.certificates()
        held = [line for line in certificate["lines"] if line["cause"] == "hold"]
        self.assertIn(self.last_set(), {line["set"] for line in held})
        self.assertEqual({(line["by"], line["until"]) for line in held}, {("hold 1", "2026-12-31")})

    def test_what_nothing_leads_to_once_a_killed_run_has_gone_so_far_is_named(self):
        self.slow("page_views", "traces.json", seconds=0.3)
        with self.erasing(*self.small) as process:
            self.wait_for_rows(self.database, process, 24)
            process.kill()
        done = self.run_dsarctl(*self.command(), code=3, env=self.env)
        self.assertRegex(" ".join(done.json["warnings"]),
                         "erased [0-9]+ rows of attachments: .* is not found, in stored_files")

    def last_set(self):
        return "results"

    def test_of_two_at_once_one_refuses(self):
        self.slow("page_views", "traces.json", seconds=0.3)
        with self.erasing(*self.small) as process:
            self.wait_for_rows(self.database, process, 2)
            self.refuse(*self.command()[:-1], env=self.env, code=6,
                        message="another erasure is going on in batches")
            run = harness.ended(process)
        self.assertEqual(run.code, 3, str(run))


class WholeTenants(Batches):
    arguments = ("--whole-tenant", "--tenant", "harbour")
    small = ("--batch", "20")

    def test_runs_that_are_killed_come_to_what_an_undisturbed_one_comes_to(self):
        self.check_kills(5000)

    def test_one_that_is_asked_to_stop_ends_after_the_batch_and_is_carried_on(self):
        self.slow("messages", "conversations.json")
        self.stopped_and_carried_on(300)

    def test_a_hold_that_is_placed_between_batches_keeps_its_rows_and_is_told(self):
        self.slow("messages", "conversations.json")
        messages = ("SELECT count(*) AS n FROM helpdesk.messages m JOIN helpdesk.tenants t"
                    " ON t.id = m.tenant_id WHERE t.slug = 'harbour' AND m.id % 3 = 0")
        with self.erasing("--batch", "20") as process:
            self.wait_for_rows(self.database, process, 600)
            self.owner("hold", "place", "--set", "messages", "--tenant", "harbour", "--where",
                       "id % 3 = 0", "--ground", "claim", "--review", "2026-12-31")
            kept = self.database.value(messages)
            run = harness.ended(process)
        self.assertEqual(run.code, 3, str(run))
        self.assertGreater(kept, 0)
        self.assertEqual(self.database.value(messages), kept)
        (certificate,) = self.certificates()
        held = [line for line in certificate["lines"]
                if line["set"] == "messages" and line["cause"] == "hold"]
        self.assertGreaterEqual(held[0]["rows"], kept)
        self.assertEqual((held[0]["by"], held[0]["until"]), ("hold 1", "2026-12-31"))

    def test_of_two_at_once_one_refuses(self):
        self.slow("messages", "conversations.json")
        with self.erasing("--batch", "20") as process:
            self.wait_for_rows(self.database, process, 300)
            self.refuse(*self.command()[:-1], env=self.env, code=6,
                        message="another erasure is going on in batches")
            run = harness.ended(process)
        self.assertEqual(run.code, 3, str(run))

    def test_rows_that_are_added_while_it_runs_go_too(self):
        self.slow("messages", "conversations.json")
        with self.erasing("--batch", "20") as process, Session(self.database) as writer:
            self.wait_for_rows(self.database, process, 300)
            writer.run("BEGIN; INSERT INTO helpdesk.page_views SELECT (jsonb_populate_record(p,"
                       " jsonb_build_object('id', 9000000 + p.id))).* FROM helpdesk.page_views p"
                       " JOIN helpdesk.tenants t ON t.id = p.tenant_id WHERE t.slug = 'harbour'"
                       " LIMIT 7; COMMIT")
            run = harness.ended(process)
        self.assertEqual(run.code, 3, str(run))
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.page_views p JOIN helpdesk.tenants t"
            " ON t.id = p.tenant_id WHERE t.slug = 'harbour'"), 0)


if __name__ == "__main__":
    harness.unittest.main()

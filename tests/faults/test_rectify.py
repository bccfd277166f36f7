"""A rectification that is killed, kept waiting or overtaken changes everything or nothing."""

import random
import signal
import time

from cli import harness
from faults.sessions import Session
from faults.small_world import SmallWorld, small_map

OLD, NEW = "person7@example.net", "new7@example.net"
CHANGE = ("visitor:7", "--replace", f"email:{OLD}={NEW}")


class RectifyFaults(SmallWorld):
    def setUp(self):
        super().setUp()
        # A thread's subject is an address here.
        content = small_map()
        content["tables"]["threads"]["columns"]["subject"] = "user.contact.email"
        content["tables"]["people"]["known_triggers"] = {"slow": "waits"}
        self.use_map(content)
        self.database.execute(f"UPDATE small.threads SET subject = '{OLD}' WHERE person_id = 7")
        self.threads = self.count("threads", "person_id = 7")
        self.assertGreater(self.threads, 5)
        self.before = self.contents()

    def rectify(self, *args, code=0, **options):
        return self.run_dsarctl(
            "rectify", *args, *self.globals()[:4], code=code, env=self.database.env,
            personal=("@example.net",), **options,
        )  # fmt: skip

    def background(self):
        return self.enterContext(self.rectifying(*CHANGE))

    def rectifying(self, *change):
        return harness.at_work(
            "rectify", *change, "--apply", *self.globals()[:4], env=self.database.env)

    def slowly(self, seconds):
        """The person's own row, which is changed first, takes that long."""
        self.database.execute(
            "CREATE FUNCTION small.slow() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$;"
            "CREATE TRIGGER slow BEFORE UPDATE ON small.people"
            " FOR EACH ROW EXECUTE FUNCTION small.slow()"
        )

    def wait_for_sleep(self, process):
        self.wait_until(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            f" AND datname = '{self.database.name}') AS b", process)

    def assert_done(self):
        self.assertEqual(self.count("people", f"email = '{NEW}' AND id = 7"), 1)
        self.assertEqual(self.count("threads", f"subject = '{NEW}'"), self.threads)
        self.assertEqual(self.count("people", f"email = '{OLD}'"), 0)

    def test_killed_in_the_midst_nothing_is_changed_and_the_next_run_does_it(self):
        self.slowly(1)
        process = self.background()
        self.wait_for_sleep(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.wait_until("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event ="
                        f" 'PgSleep' AND datname = '{self.database.name}') AS b")
        self.assertEqual(self.contents(), self.before)
        self.rectify(*CHANGE, "--apply")
        self.assert_done()

    def test_killed_at_any_moment_all_is_done_or_nothing(self):
        for delay in random.Random(7).sample(range(0, 400), 12):
            process = self.background()
            time.sleep(delay / 1000)
            process.kill()
            process.wait()
            self.wait_until("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE"
                            f" '%UPDATE%small%' AND datname = '{self.database.name}'"
                            " AND pid <> pg_backend_pid()) AS b")
            done = self.count("people", f"email = '{NEW}'") == 1
            if done:
                self.assert_done()
                self.database.execute(
                    f"UPDATE small.people SET email = '{OLD}' WHERE id = 7;"
                    f"UPDATE small.threads SET subject = '{OLD}' WHERE person_id = 7"
                )
            self.assertEqual(self.contents(), self.before)
        self.rectify(*CHANGE, "--apply")
        self.assert_done()

    def test_a_row_that_is_changed_meanwhile_is_not_written_over(self):
        self.slowly(2)
        process = self.background()
        self.wait_for_sleep(process)
        self.database.execute(
            "UPDATE small.threads SET subject = 'mine' WHERE id ="
            " (SELECT max(id) FROM small.threads WHERE person_id = 7)"
        )
        between = self.contents()
        run = self.end(process, 7)
        self.assertIn("a row of threads was changed by somebody else meanwhile", run.err)
        self.assertEqual(self.contents(), between)

    def test_a_row_that_comes_in_meanwhile_is_put_right_too(self):
        self.slowly(2)
        process = self.background()
        self.wait_for_sleep(process)
        self.database.execute(
            f"INSERT INTO small.threads VALUES (9999, 7, now(), '{OLD}')"
        )
        self.threads += 1
        self.end(process, 0)
        self.assert_done()

    def test_who_is_being_changed_by_somebody_else_is_refused(self):
        with Session(self.database) as other:
            other.run(f"BEGIN; UPDATE small.people SET email = 'x{OLD}' WHERE id = 7")
            process = self.enterContext(self.rectifying(f"email:{OLD}", *CHANGE[1:]))
            self.wait_until(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                f" AND datname = '{self.database.name}') AS b", process)
            other.run("COMMIT")
            run = self.end(process, 7)
        self.assertIn("changing which rows are this subject's", run.err)
        self.assertEqual(self.count("threads", f"subject = '{NEW}'"), 0)

    def test_a_lock_that_is_not_to_be_had_ends_it_soon(self):
        with Session(self.database) as other:
            other.run("BEGIN; SELECT 1 FROM small.people WHERE id = 7 FOR UPDATE")
            began = time.monotonic()
            run = self.rectify(*CHANGE, "--apply", code=5)
            self.assertLess(time.monotonic() - began, 30)
        self.assertIn("held a lock", run.err)
        self.assertEqual(self.contents(), self.before)

    def test_a_deferred_constraint_is_told_by_the_plan(self):
        self.database.execute(
            f"UPDATE small.threads SET subject = id::text; UPDATE small.threads SET subject = '{OLD}'"
            " WHERE id = (SELECT min(id) FROM small.threads WHERE person_id = 7);"
            f"UPDATE small.threads SET subject = '{NEW}' WHERE id ="
            " (SELECT min(id) FROM small.threads WHERE person_id = 8);"
            "ALTER TABLE small.threads ADD CONSTRAINT once UNIQUE (subject)"
            " DEFERRABLE INITIALLY DEFERRED"
        )
        for args in ((), ("--apply",)):
            run = self.rectify(*CHANGE, *args, code=2)
            self.assertRegex(run.err, r"must be unique \(constraint once\)")
        self.assertEqual(self.count("people", f"email = '{NEW}'"), 0)

    def test_a_connection_that_breaks_leaves_nothing(self):
        self.slowly(5)
        process = self.background()
        self.wait_for_sleep(process)
        self.database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            f" AND datname = '{self.database.name}'"
        )
        self.end(process, 5)
        self.assertEqual(self.contents(), self.before)


if __name__ == "__main__":
    harness.unittest.main()

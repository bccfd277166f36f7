"""A sweep that is cut short or disturbed: what it leaves, the next one finishes, and nothing that
should have stayed is gone."""

import random
import signal
import time

from cli import harness
from faults.small_world import DUE_POSTS, DUE_THREADS, SmallWorld, small_map
from faults.sessions import Session

# Batches are small and slow, so that there are many to be cut short in.
SMALL = ("--batch", "20")


class CutShort(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()

    def test_an_undisturbed_sweep_does_what_the_policy_says(self):
        run = self.apply(*SMALL)
        self.assert_swept()
        self.assertEqual(self.line(run, "posts")["deleted"], self.before["posts"])
        self.assertEqual(self.line(run, "log")["undated"], 200)
        self.assertEqual(self.runs(), ["done"])
        again = self.apply(*SMALL)
        self.assertEqual(again.json["gone"], 0)

    def test_killed_anywhere_the_next_run_finishes_it(self):
        self.slow_down()
        chance = random.Random(20260331)
        for number in range(6):
            with self.running(*SMALL, "--jobs", chance.choice(("1", "2"))) as process:
                self.wait_until(
                    "SELECT count(*) = 1 AS n FROM dsar.sweep_run WHERE state = 'running'", process
                )
                if number % 2:  # in the midst of the posts, however slow the machine
                    self.wait_for_batches(process, self.count("posts") - chance.randint(1, 60))
                time.sleep(chance.uniform(0.01, 0.2))
                process.kill()
                process.wait(20)
            # The session that has the run's lock may be busy, and does not know yet.
            self.wait_until(
                "SELECT count(*) = 0 AS b FROM pg_locks JOIN pg_database AS d ON d.oid = database"
                " WHERE locktype = 'advisory' AND objid = 3 AND d.datname = current_database()"
            )
            # A note never outlives its post nor a post its thread, at no moment.
            orphans = "thread_id NOT IN (SELECT id FROM small.threads)"
            self.assertEqual(self.count("posts", orphans), 0)
        left = self.count("posts")
        self.assertLess(left, 2000, "no run was killed in the midst of it")
        self.assertGreater(left, 2000 - self.before["posts"], "no run was killed before its end")
        self.apply()
        self.assert_swept()
        # One that was killed before it began has left no record.
        *killed, last = self.runs()
        self.assertEqual((set(killed), last), ({"interrupted"}, "done"))
        self.assertLessEqual(len(killed), 6)

    def test_a_signal_ends_it_after_the_batch(self):
        self.slow_down()
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name), self.running(*SMALL) as process:
                self.wait_for_batches(process, self.count("posts") - 100)
                process.send_signal(number)
                run = self.end(process, 130)
                self.assertEqual(run.json["state"], "interrupted")
                self.assertGreater(self.line(run, "posts")["left_over"], 0)
        self.assertEqual(self.runs(), ["interrupted", "interrupted"])
        self.apply()
        self.assert_swept()

    def test_a_worker_whose_connection_dies_ends_the_run(self):
        self.slow_down()
        for jobs in ("1", "2"):
            with self.subTest(jobs=jobs), self.running(*SMALL, "--jobs", jobs) as process:
                self.wait_for_batches(process, self.count("posts") - 100)
                self.kill_backend("query LIKE '%DELETE FROM%small%'")
                run = self.end(process, 5)
                self.assertRegex(run.error["message"], "connection to the database was lost")
        self.assertEqual(self.runs(), ["failed", "failed"])
        self.apply()
        self.assert_swept()

    def test_a_lost_lock_ends_the_run(self):
        self.slow_down(milliseconds=5)  # some five seconds for the posts alone
        with self.running(*SMALL) as process:
            self.wait_for_batches(process)
            self.kill_backend("pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
                              " AND objid = 3 AND mode = 'ExclusiveLock')")  # fmt: skip
            run = self.end(process, 5)
            self.assertRegex(run.error["message"], "connection to the database was lost")
        self.assertTrue(self.due()["posts"], "it was noticed only when all had gone")
        self.assertEqual(self.runs(), ["running"])
        self.apply()
        self.assert_swept()
        self.assertEqual(self.runs(), ["interrupted", "done"])

    def kill_backend(self, where):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            killed = self.database.rows(
                "SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE"
                f" datname = current_database() AND pid <> pg_backend_pid() AND ({where}) LIMIT 1"
            )
            if killed:
                return
        self.fail(f"no backend where {where}")


class OneAtATime(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()
        self.slow_down()

    def test_a_second_sweep_is_refused(self):
        with self.running(*SMALL) as process:
            self.wait_for_batches(process)
            self.refused(code=6, message="another sweep is running: run 2, started at 2",
                         hint="sweep history")  # fmt: skip
            self.end(process, 0)
        self.assert_swept()

    def test_a_plan_may_be_made_meanwhile(self):
        with self.running(*SMALL) as process:
            self.wait_for_batches(process)
            self.sweep()
            self.end(process, 0)

    def test_a_run_that_another_has_closed_deletes_nothing_more(self):
        with self.running(*SMALL, "--jobs", "2") as process:
            self.wait_for_batches(process)
            # Waits for the batches at hand, as a next run's own statement does.
            self.database.execute(
                "UPDATE dsar.sweep_run SET state = 'interrupted', ended_at = now()"
                " WHERE state = 'running'"
            )
            left = self.count("posts")
            run = self.end(process, 6)
            self.assertRegex(run.error["message"], "another sweep has taken over from run 2")
        self.assertEqual(self.count("posts"), left)
        self.assertEqual(self.runs(), ["interrupted"])
        self.apply()
        self.assert_swept()


class InTheWay(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()

    def wait_for_a_lock(self, process):
        self.wait_until(
            "SELECT count(*) > 0 AS waits FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database() AND query LIKE '%small%'",
            process,
        )

    def test_a_table_that_somebody_locks_fails_and_the_others_are_done(self):
        with Session(self.database) as other:
            other.run("BEGIN; LOCK TABLE small.log IN SHARE ROW EXCLUSIVE MODE")
            run = self.apply("--metrics", self.folder / "metrics", code=3)
        log = self.line(run, "log")
        self.assertEqual((log["deleted"], log["failed"]), (0, self.before["log"]))
        self.assertRegex(log["note"], "another session held a lock for too long")
        self.assertEqual(self.line(run, "posts")["deleted"], self.before["posts"])
        self.assertEqual(run.json["state"], "partial")
        self.assertEqual(self.runs(), ["partial"])
        self.assertIn(
            f'dsarctl_sweep_failed_rows{{tenant="",rule="chat",set="log",action="delete"}}'
            f" {self.before['log']}\n",
            (self.folder / "metrics").read_text(),
        )
        self.apply()
        self.assert_swept()

    def test_a_deadlock_with_a_writer_is_tried_again(self):
        # Beyond the first batches, which are small.
        oldest = "SELECT id FROM small.posts ORDER BY created_at, id LIMIT 20 OFFSET 10"
        ids = [key for (key,) in self.database.rows(oldest)]
        # Not the first of the batch, whether the sweep goes by key or by clock.
        middle = max(ids[1:])
        # The one to be given up is the sweep: it looks for a deadlock before its lock_timeout.
        self.database.execute(f"ALTER DATABASE {self.database.name} SET deadlock_timeout = '1500ms'")
        with Session(self.database) as other:
            other.run(
                "SET deadlock_timeout = '20s'; BEGIN;"
                f" SELECT FROM small.posts WHERE id = {middle} FOR UPDATE"
            )
            with self.running(*SMALL) as process:
                self.wait_for_a_lock(process)
                other.run(
                    f"UPDATE small.posts SET body = 'new' WHERE id IN ({oldest}); COMMIT"
                )
                run = self.end(process, 0)
        self.wait_until(
            "SELECT deadlocks > 0 AS n FROM pg_stat_database WHERE datname = current_database()"
        )
        self.assertEqual(self.line(run, "posts")["failed"], 0)
        # The batch itself, not another round: it has waited for the deadlock to be found.
        self.assertGreaterEqual(run.json["longest_batch_ms"], 1500)
        self.assert_swept()

    def test_a_row_that_is_renewed_meanwhile_stays(self):
        key = self.database.value(f"SELECT min(id) AS id FROM ({DUE_POSTS}) AS t")
        with Session(self.database) as other:
            other.run(f"BEGIN; UPDATE small.posts SET created_at = '2026-03-30' WHERE id = {key}")
            with self.running(*SMALL) as process:
                self.wait_for_a_lock(process)
                other.run("COMMIT")
                self.end(process, 0)
        self.assertEqual(self.count("posts", f"id = {key}"), 1)
        self.assertEqual(self.count("threads", f"id = {key} % 400 + 1"), 1)

    def test_no_cascade_takes_a_row_that_comes_in_meanwhile(self):
        self.database.execute(
            "ALTER TABLE small.posts DROP CONSTRAINT posts_thread_id_fkey, ADD FOREIGN KEY"
            " (thread_id) REFERENCES small.threads ON DELETE CASCADE"
        )
        content = small_map()
        content["tables"]["threads"]["known_cascades"] = ["posts_thread_id_fkey"]
        self.use_map(content)
        key = self.database.value(f"SELECT min(id) AS id FROM ({DUE_THREADS}) AS t")
        with Session(self.database) as other:
            other.run(f"BEGIN; INSERT INTO small.posts VALUES (9999, {key}, '2026-03-30', 'new')")
            with self.running(*SMALL) as process:
                self.wait_for_a_lock(process)
                other.run("COMMIT")
                self.end(process, 0)
        self.assertEqual(self.count("posts", "id = 9999"), 1)
        self.assertEqual(self.count("threads", f"id = {key}"), 1)


if __name__ == "__main__":
    harness.unittest.main()

"""Holds, open requests and restrictions that come up while a sweep is under way: what is held when `hold place`
has returned is never deleted, and a release makes just the withheld rows due again."""

from cli import harness
from faults.sessions import Session
from faults.small_world import CUT_OFF, SmallWorld

SMALL = ("--batch", "20")
WHY = ("--ground", "claim 7/26", "--review", "2026-12-31")


class Gaps(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()
        self.slow_down(milliseconds=6)

    def rows_of(self, person):
        """Keys of all rows of a person, as the database links them."""
        threads = f"SELECT id FROM small.threads WHERE person_id = {person}"
        posts = f"SELECT id FROM small.posts WHERE thread_id IN ({threads})"
        return {
            "threads": self.keys(threads),
            "posts": self.keys(posts),
            "notes": self.keys(f"SELECT id FROM small.notes WHERE post_id IN ({posts})"),
        }

    def place_in_every_gap(self, process, place):
        """Places a hold on one person after another while the sweep runs; gives what was there
        when each had been placed."""
        held = {}
        for person in range(1, 21):
            place(person)
            if process.poll() is not None:
                break
            held[person] = self.rows_of(person)
        return held

    def assert_kept(self, held):
        for person, rows in held.items():
            self.assertEqual(self.rows_of(person), rows, f"person {person} is held")

    def assert_in_the_midst(self, held):
        """The holds came neither before the sweep's first batch nor after its last."""
        self.assertGreater(len(held), 1)
        partly = [
            person
            for person, rows in held.items()
            if 0 < len(rows["posts"]) < 100
            and self.database.value(
                "SELECT count(*) AS n FROM small.posts p JOIN small.threads t ON t.id = p.thread_id"
                f" WHERE t.person_id = {person} AND p.created_at < {CUT_OFF}"
            )
        ]
        self.assertTrue(partly, "no hold was placed in the midst of a person's rows")

    def email(self, person):
        return f"email:person{person}@example.net"

    def test_a_hold_in_every_gap_keeps_what_was_there_when_it_was_placed(self):
        self.hold_in_every_gap("1")

    def test_the_same_with_two_connections_that_delete(self):
        self.hold_in_every_gap("2")

    def hold_in_every_gap(self, jobs):
        with self.running(*SMALL, "--jobs", jobs) as process:
            self.wait_for_batches(process, 1950)
            held = self.place_in_every_gap(
                process, lambda one: self.officer("hold", "place", self.email(one), *WHY)
            )
            run = self.end(process, 0)
        self.assert_in_the_midst(held)
        self.assert_kept(held)
        self.assertGreater(self.line(run, "posts")["held"], 0)
        self.assert_release_gives_back(self.officer("hold", "list", "--json").json["holds"])

    def assert_release_gives_back(self, holds):
        withheld = {name: len(keys) for name, keys in self.due().items()}
        self.assertGreater(withheld["posts"], 0)
        self.assertEqual(self.sweep().json["due"], 0)
        for hold in holds:
            self.officer("hold", "release", str(hold["id"]), "--reason", "settled")
        plan = self.sweep()
        self.assertEqual(self.line(plan, "posts")["due"], withheld["posts"])
        self.assertEqual(self.line(plan, "threads")["due"], withheld["threads"])
        self.apply()
        self.assert_swept()

    def test_a_hold_on_a_record_set_stops_the_sweep_of_it(self):
        with self.running(*SMALL) as process:
            self.wait_for_batches(process)
            self.officer("hold", "place", "--set", "posts", *WHY)
            left = self.contents()
            self.end(process, 0)
        after = self.contents()
        for table in ("small.posts", "small.notes"):
            self.assertEqual(after[table], left[table], table)
        self.assert_release_gives_back([{"id": 1}])

    def test_a_request_that_comes_in_keeps_its_persons_rows(self):
        with self.running(*SMALL) as process:
            self.wait_for_batches(process, 1950)
            held = self.place_in_every_gap(
                process,
                lambda one: self.officer(
                    "request", "open", "--kind", "access", self.email(one), "--received", "2026-03-30"
                ),
            )
            self.end(process, 0)
        self.assert_in_the_midst(held)
        self.assert_kept(held)

    def test_a_restriction_that_is_placed_keeps_its_persons_rows(self):
        with self.running(*SMALL) as process:
            self.wait_for_batches(process, 1950)
            held = self.place_in_every_gap(
                process,
                lambda one: self.officer(
                    "restrict", "place", self.email(one), "--ground", "accuracy contested"
                ),
            )
            self.end(process, 0)
        self.assert_in_the_midst(held)
        self.assert_kept(held)

    def test_nobody_can_place_a_hold_in_the_midst_of_a_batch(self):
        first = self.database.value("SELECT id FROM small.posts ORDER BY created_at, id LIMIT 1")
        with Session(self.database) as other:
            other.run(f"BEGIN; SELECT FROM small.posts WHERE id = {first} FOR UPDATE")
            with self.running(*SMALL) as process:
                self.wait_until(
                    "SELECT count(*) > 0 AS waits FROM pg_stat_activity WHERE wait_event_type ="
                    " 'Lock' AND datname = current_database() AND query LIKE '%small%'",
                    process,
                )
                waits = "SELECT NOT pg_try_advisory_lock(1685283186, 2) AS waits"
                self.assertTrue(self.database.value(waits), "a batch does not keep holds out")
                other.run("COMMIT")
                self.end(process, 0)
        self.assert_swept()


if __name__ == "__main__":
    harness.unittest.main()

"""Tables of every shape are swept whole, in small batches, by one connection or several."""

import json

from cli import harness
from faults.small_world import SWEEPER, TEMPLATE, SmallWorld, small_map

TIES = 300_000


class Walks(SmallWorld):
    def big_log(self, statements, key=None):
        """The log with other rows in it, and how the map knows them."""
        self.database.execute(f"TRUNCATE small.log; {statements}; ANALYZE small.log")
        content = small_map()
        if key:
            content["tables"]["log"]["key"] = [key]
            content["tables"]["log"]["columns"][key] = "key"
        self.use_map(content)

    def count_batches(self):
        """From now on the database keeps how many rows each statement on the log took."""
        self.database.execute(
            "CREATE TABLE small.batches (rows bigint, backend int);"
            "CREATE FUNCTION small.count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
            " BEGIN INSERT INTO small.batches SELECT count(*), pg_backend_pid() FROM gone;"
            " RETURN NULL; END $$;"
            "CREATE TRIGGER counted AFTER DELETE ON small.log REFERENCING OLD TABLE AS gone"
            " FOR EACH STATEMENT EXECUTE FUNCTION small.count()"
        )
        content = self.map_content()
        content["tables"]["log"]["known_triggers"] = {"counted": "counts"}
        self.use_map(content)

    def map_content(self):
        return json.loads(self.map.read_text())

    def sweep_log(self, *args):
        run = self.apply("--set", "log", "--breaker-share", "1", *args)
        return self.line(run, "log")

    def batches(self):
        taken = self.database.rows("SELECT rows FROM small.batches WHERE rows > 0")
        return [rows for (rows,) in taken]

    def test_equal_clocks_by_the_hundred_thousand_go_in_small_batches(self):
        self.big_log(
            "ALTER TABLE small.log ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"
            f"INSERT INTO small.log SELECT '2025-11-11 11:11', '' FROM generate_series(1, {TIES});"
            "INSERT INTO small.log SELECT '2026-03-01', '' FROM generate_series(1, 500);"
            "CREATE INDEX ON small.log (created_at, id)",
            key="id",
        )
        self.count_batches()
        self.assertEqual(self.sweep_log()["deleted"], TIES)
        self.assertEqual(self.count("log"), 500)
        self.assertLessEqual(max(self.batches()), 20_000)
        self.assertGreater(len(self.batches()), TIES // 20_000)

    def test_so_do_those_of_a_table_without_key_or_index(self):
        self.big_log(
            f"INSERT INTO small.log SELECT '2025-11-11 11:11', 'x' FROM generate_series(1, {TIES});"
            "INSERT INTO small.log SELECT '2026-03-01', '' FROM generate_series(1, 500)"
        )
        self.count_batches()
        self.assertEqual(self.sweep_log("--jobs", "2")["deleted"], TIES)
        self.assertEqual(self.count("log"), 500)
        self.assertLessEqual(max(self.batches()), 40_000)

    def test_clocks_that_are_numbers_go_in_their_own_order(self):
        # As text, 9 comes after 10.
        self.big_log(
            "ALTER TABLE small.log ALTER created_at TYPE bigint USING 0,"
            " ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"
            "INSERT INTO small.log SELECT n * 70000, '' FROM generate_series(1, 30000) n;"
            "CREATE INDEX ON small.log (created_at, id)",
            key="id",
        )
        content = self.map_content()
        content["tables"]["log"]["sets"]["log"]["clock"] = {
            "expression": "created_at", "epoch": "seconds",
        }  # fmt: skip
        self.use_map(content)
        self.count_batches()
        cut_off = 1767139200  # 31 December 2025
        due = self.count("log", f"created_at < {cut_off}")
        run = self.apply("--set", "log", "--breaker-share", "1", "--batch", "100")
        self.assertEqual(run.json["warnings"], [])
        self.assertEqual(self.line(run, "log")["deleted"], due)
        self.assertEqual(self.count("log"), 30000 - due)
        self.assertEqual(self.batches()[0], 100)

    def test_the_number_of_connections_makes_no_difference(self):
        self.expect()
        for jobs in ("1", "2", "4"):
            with self.subTest(jobs=jobs):
                self.database = self.fresh_database(TEMPLATE)
                self.env = {**self.env, **self.database.env}
                self.use_map(small_map())
                self.apply("--jobs", jobs, "--batch", "30")
                self.assert_swept()

    def test_several_connections_share_the_work(self):
        self.big_log(
            "ALTER TABLE small.log ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"
            "INSERT INTO small.log SELECT '2025-11-11', '' FROM generate_series(1, 40000);"
            "CREATE INDEX ON small.log (created_at, id)",
            key="id",
        )
        self.count_batches()
        self.sweep_log("--jobs", "4", "--batch", "200")
        connections = "SELECT count(DISTINCT backend) AS n FROM small.batches"
        self.assertGreater(self.database.value(connections), 1)
        self.assertEqual(sum(self.batches()), 40_000)

    def test_what_a_cascade_takes_is_counted(self):
        # Reactions hang on notes, both go by the keys of posts; other keys look the same but are
        # not of the map's kind.
        reactions = (
            "CREATE TABLE small.reactions (id bigint PRIMARY KEY, note_id bigint NOT NULL"
            " REFERENCES small.notes ON DELETE CASCADE);"
            "INSERT INTO small.reactions SELECT n.id * 10 + i, n.id FROM small.notes n,"
            " generate_series(1, 3) i WHERE n.id % 8 = 0;"
            "CREATE INDEX ON small.reactions (note_id)"
        )
        for title, counted, held in (
            ("by the server", "on", False),
            ("by statements of their own, for nobody counts", "off", False),
            ("by statements of their own, for a hold has to be looked at", "on", True),
        ):
            with self.subTest(title):
                self.database = self.fresh_database(TEMPLATE)
                self.env = {**self.env, **self.database.env}
                self.database.execute(
                    f"{reactions}; ALTER ROLE {SWEEPER} IN DATABASE {self.database.name}"
                    f" SET track_counts = {counted}"
                )
                content = small_map()
                content["tables"]["notes"]["known_cascades"] = ["reactions_note_id_fkey"]
                content["tables"]["reactions"] = {
                    "sets": {"reactions": {
                        "category": "message", "subject": "visitor", "relation": "own",
                        "basis": "contract", "clock": {"parent": "notes"},
                        "links": [{"to": "notes", "match": {"note_id": "id"}}],
                    }},
                    "columns": {"id": "key", "note_id": "key"},
                }  # fmt: skip
                self.use_map(content)
                if held:
                    self.officer("hold", "place", "--set", "notes", "--where", "id = 4",
                                 "--ground", "a claim", "--review", "2027-01-01")
                before = {name: self.count(name) for name in ("notes", "reactions")}
                run = self.apply("--batch", "100")
                for name, rows in before.items():
                    gone = rows - self.count(name)
                    self.assertGreater(gone, 100)
                    self.assertEqual(self.line(run, name)["deleted"], gone, name)


if __name__ == "__main__":
    harness.unittest.main()

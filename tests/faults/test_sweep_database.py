"""A database that is not as the map and the grants say: each fault in its own words, the rest done,
and nothing beyond the plan lost."""

from cli import harness
from faults.small_world import SmallWorld, small_map


class Changed(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()

    def execute(self, statements):
        self.database.execute(statements)

    def test_a_clock_without_its_index_is_told_with_the_index_to_make(self):
        self.execute(
            "INSERT INTO small.posts SELECT p, 1, '2026-03-01', ''"
            " FROM generate_series(10001, 25000) p; ANALYZE small.posts"
        )
        self.assertEqual(self.sweep().json["warnings"], [])
        self.execute("DROP INDEX small.posts_created_at_id_idx")
        (warning,) = self.sweep().json["warnings"]
        self.assertRegex(warning, "^no index serves the clock of posts")
        before = self.count("posts")
        run = self.apply()
        self.assertEqual(run.json["warnings"], [warning])
        self.assertEqual(self.count("posts"), before - self.before["posts"])
        self.execute(warning[warning.index("CREATE INDEX"):].replace("CONCURRENTLY ", ""))
        self.assertEqual(self.sweep().json["warnings"], [])

    def test_a_reference_without_its_index_is_told_with_the_index_to_make(self):
        self.execute(
            "INSERT INTO small.notes SELECT n, 11, '' FROM generate_series(10001, 12000) n;"
            "DROP INDEX small.notes_post_id_idx; ANALYZE small.notes"
        )
        (warning,) = self.sweep().json["warnings"]
        self.assertRegex(warning, r"^no index on small\.notes \(post_id\), which refers to rows")
        self.execute(warning[warning.index("CREATE INDEX"):].replace("CONCURRENTLY ", ""))
        self.assertEqual(self.sweep().json["warnings"], [])

    def test_a_renamed_column_is_one_clear_line_and_nothing_is_touched(self):
        self.execute("ALTER TABLE small.posts RENAME created_at TO made_at")
        before = self.contents()
        self.refused(
            code=2,
            message='the date of record set posts: column "created_at" does not exist',
            hint="map check",
        )
        self.assertEqual(self.contents(), before)

    def test_a_table_that_is_gone_is_named(self):
        self.execute("DROP TABLE small.log")
        run = self.apply(code=3)
        self.assertEqual(
            [(one["set"], one["reason"]) for one in run.json["cannot_see"]],
            [("log", "the database has no table small.log")],
        )
        self.assertEqual(self.line(run, "posts")["deleted"], self.before["posts"])

    def test_rows_that_row_security_hides_are_not_taken_for_nothing(self):
        self.execute(
            "ALTER TABLE small.notes ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY hidden ON small.notes USING (false)"
        )
        before = self.contents()
        run = self.apply(code=3)
        seen = {one["set"]: one["reason"] for one in run.json["cannot_see"]}
        self.assertEqual(seen["notes"], "row-level security hides rows of small.notes")
        self.assertEqual(run.json["state"], "partial")
        # Posts have notes on them, of which nothing can be known.
        after = self.contents()
        for table in ("small.notes", "small.posts"):
            self.assertEqual(after[table], before[table], table)
        self.assertEqual(self.line(run, "log")["deleted"], self.before["log"])

    def test_a_table_that_the_role_may_not_read_is_named_and_the_rest_is_done(self):
        for role in ("dsar_reader", "dsar_sweeper"):
            self.execute(f"REVOKE ALL ON small.log FROM {role}")
        run = self.apply(code=3)
        self.assertEqual(
            [(one["set"], one["reason"]) for one in run.json["cannot_see"]],
            [("log", "no SELECT privilege on small.log")],
        )
        self.assertEqual(self.line(run, "posts")["deleted"], self.before["posts"])
        self.assertEqual(self.count("log"), 2000)

    def test_what_the_role_may_not_delete_fails_in_the_servers_words(self):
        self.execute("REVOKE DELETE ON small.posts FROM dsar_sweeper")
        run = self.apply(code=3)
        posts = self.line(run, "posts")
        self.assertEqual((posts["deleted"], posts["failed"]), (0, self.before["posts"]))
        self.assertEqual(posts["note"], "permission denied for table posts (SQLSTATE 42501)")
        self.assertEqual(self.line(run, "log")["deleted"], self.before["log"])

    def test_children_that_the_role_may_not_delete_keep_their_parents(self):
        self.execute("REVOKE DELETE ON small.notes FROM dsar_sweeper")
        run = self.apply(code=3)
        note = "permission denied for table notes (SQLSTATE 42501)"
        self.assertEqual(self.line(run, "posts")["note"], note)
        self.assertEqual((self.count("notes"), self.count("posts")), (500, 2000))


class SideEffects(SmallWorld):
    def setUp(self):
        super().setUp()
        self.expect()

    def refused_set(self, why, touched):
        plan = self.sweep()
        self.assertRegex(self.line(plan, "posts")["note"], why)
        before = self.contents()
        run = self.apply(code=3)
        posts = self.line(run, "posts")
        self.assertEqual(posts["deleted"], 0)
        self.assertEqual(posts["failed"] + posts["left_over"], self.before["posts"])
        self.assertGreater(posts["failed"], 900)
        self.assertRegex(posts["note"], why)
        after = self.contents()
        for table in touched:
            self.assertEqual(after[table], before[table], table)
        self.assertEqual(self.line(run, "log")["deleted"], self.before["log"])

    def test_a_trigger_that_the_map_does_not_know_stops_the_set(self):
        self.database.execute(
            "CREATE TABLE small.copies (LIKE small.posts);"
            "CREATE FUNCTION small.copy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
            " BEGIN INSERT INTO small.copies SELECT (OLD).*; RETURN OLD; END $$;"
            "CREATE TRIGGER keep_copy BEFORE DELETE ON small.posts FOR EACH ROW"
            " EXECUTE FUNCTION small.copy()"
        )
        self.refused_set(
            r"small\.posts: deleting a row sets off trigger keep_copy, which the map does not know",
            ("small.posts", "small.copies"),
        )

    def test_so_does_one_on_rows_that_go_along(self):
        self.database.execute(
            "CREATE FUNCTION small.keep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$;"
            "CREATE TRIGGER keep_all BEFORE DELETE ON small.notes FOR EACH ROW"
            " EXECUTE FUNCTION small.keep()"
        )
        self.refused_set(
            r"small\.notes: .*trigger keep_all", ("small.posts", "small.notes")
        )

    def test_a_trigger_that_does_not_fire_on_delete_is_no_matter(self):
        self.database.execute(
            "CREATE FUNCTION small.ok() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$;"
            "CREATE TRIGGER ok BEFORE INSERT OR UPDATE ON small.posts FOR EACH ROW"
            " EXECUTE FUNCTION small.ok()"
        )
        self.apply()
        self.assert_swept()

    EXTRA = (
        "CREATE TABLE small.extra (post_id bigint REFERENCES small.posts ON DELETE CASCADE);"
        "GRANT SELECT ON small.extra TO dsar_sweeper;"
        "INSERT INTO small.extra SELECT id FROM small.posts ORDER BY created_at, id LIMIT 3"
    )

    def test_a_cascade_that_the_map_does_not_know_stops_the_set(self):
        self.database.execute(self.EXTRA)
        self.refused_set(
            r"small\.posts: deleting a row also deletes rows of small\.extra \(foreign key "
            r"extra_post_id_fkey\), which the map does not know",
            ("small.posts", "small.extra"),
        )

    def test_a_known_cascade_takes_no_row_that_the_sweep_does_not_take_itself(self):
        self.database.execute(self.EXTRA)
        content = small_map()
        content["tables"]["posts"]["known_cascades"].append("extra_post_id_fkey")
        content["not_personal"] = [{"tables": "extra", "reason": "numbers alone"}]
        self.use_map(content)
        self.database.execute("GRANT SELECT ON small.extra TO dsar_sweeper")
        run = self.apply(code=3)
        posts = self.line(run, "posts")
        self.assertEqual(self.count("extra"), 3)
        self.assertEqual((posts["deleted"], posts["left_over"]), (self.before["posts"] - 3, 3))
        self.assertEqual(posts["note"], "a row that stays refers to them")


if __name__ == "__main__":
    harness.unittest.main()

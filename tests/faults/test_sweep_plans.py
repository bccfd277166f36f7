"""A plan's numbers are what a sweep may do at most, and are met to the row where nothing else comes
in between: also of rows that wait until nothing hangs on them, however many go before them."""

import copy
import json

from faults.small_world import POLICY, SmallWorld, small_map

# Rooms have talks, talks have lines, lines have marks; boxes have marks too.
TABLES = """
CREATE TABLE small.rooms (id bigint PRIMARY KEY, created_at timestamptz NOT NULL);
CREATE TABLE small.boxes (id bigint PRIMARY KEY, created_at timestamptz NOT NULL);
CREATE TABLE small.talks (
  id bigint PRIMARY KEY, room_id bigint NOT NULL REFERENCES small.rooms,
  created_at timestamptz NOT NULL);
CREATE TABLE small.lines (
  id bigint PRIMARY KEY, talk_id bigint NOT NULL REFERENCES small.talks,
  created_at timestamptz NOT NULL);
CREATE TABLE small.marks (
  id bigint PRIMARY KEY, line_id bigint NOT NULL REFERENCES small.lines,
  box_id bigint NOT NULL REFERENCES small.boxes);
INSERT INTO small.rooms SELECT r, '2025-08-01' FROM generate_series(1, 40) r;
INSERT INTO small.boxes SELECT b, '2025-08-01' FROM generate_series(1, 40) b;
INSERT INTO small.talks SELECT t, (t + 1) / 2, '2025-09-01' FROM generate_series(1, 80) t;
-- Every fifth line of every tenth talk is young.
INSERT INTO small.lines
  SELECT l, (l - 1) % 80 + 1,
    CASE WHEN l % 10 = 0 AND l % 50 = 0 THEN timestamptz '2026-03-20' ELSE '2025-10-01' END
  FROM generate_series(1, 400) l;
INSERT INTO small.marks SELECT l, l, (l - 1) % 40 + 1 FROM generate_series(1, 400) l;
CREATE INDEX ON small.talks (room_id);
CREATE INDEX ON small.lines (talk_id);
CREATE INDEX ON small.marks (line_id);
CREATE INDEX ON small.marks (box_id);
ANALYZE;
"""
YOUNG = "created_at >= timestamptz '2025-12-31'"


def of_rooms(category, clock, **links):
    return {
        "category": category,
        "subject": "none",
        "clock": clock,
        "links": [{"to": to, "match": {by: "id"}} for to, by in links.items()],
    }


def rooms_map():
    content = small_map()
    sets = {
        "rooms": of_rooms("conversation", {"expression": "created_at", "childless": ["talks"]}),
        "boxes": of_rooms("conversation", {"expression": "created_at", "childless": ["marks"]}),
        "talks": of_rooms(
            "conversation", {"expression": "created_at", "childless": ["lines"]}, rooms="room_id"
        ),
        "lines": of_rooms("message", "created_at", talks="talk_id"),
        "marks": of_rooms("message", {"parent": "lines"}, lines="line_id", boxes="box_id"),
    }
    for name, one in sets.items():
        columns = {"id": "key", "created_at": "not_personal"}
        if name == "marks":
            columns = {"id": "key"}
        columns.update({link: "key" for hop in one["links"] for link in hop["match"]})
        content["tables"][name] = {"sets": {name: one}, "columns": columns}
    return content


class Plans(SmallWorld):
    def setUp(self):
        super().setUp()
        self.database.execute(TABLES)
        self.use_map(rooms_map())
        self.reviewed = self.folder / "plan.json"

    def take(self, **periods):
        """A policy with these periods by category."""
        policy = copy.deepcopy(POLICY)
        (rule,) = policy["rules"]
        policy["rules"] = [
            {**rule, "id": category, "categories": [category], "period": period}
            for category, period in periods.items()
        ]
        self.policy = self.write("policy.json", json.dumps(policy))

    @staticmethod
    def rows(run, what):
        counted = {}
        for line in run.json["lines"]:
            counted[line["set"]] = counted.get(line["set"], 0) + line[what]
        return counted

    def planned_and_gone(self, code=0):
        plan = self.rows(self.sweep("--plan-out", self.reviewed), "due")
        run = self.apply("--plan", self.reviewed, code=code)
        gone = self.rows(run, "deleted")
        self.assertEqual({name: plan.get(name, 0) for name in gone}, gone)
        self.assertEqual(self.sweep().json["due"], 0)
        return gone

    def test_a_chain_of_three_levels_is_planned_to_the_row(self):
        young = self.count("lines", YOUNG)
        talks = self.keys(f"SELECT DISTINCT talk_id AS t FROM small.lines WHERE {YOUNG}")
        rooms = self.keys(
            f"SELECT DISTINCT (talk_id + 1) / 2 AS r FROM small.lines WHERE {YOUNG}"
        )
        boxes = self.keys(f"SELECT DISTINCT (id - 1) % 40 AS b FROM small.lines WHERE {YOUNG}")
        gone = self.planned_and_gone()
        self.assertTrue(rooms)
        self.assertEqual(gone["lines"], 400 - young)
        self.assertEqual(gone["marks"], 400 - young)
        self.assertEqual(gone["talks"], 80 - len(talks))
        self.assertEqual(gone["rooms"], 40 - len(rooms))
        self.assertEqual(gone["boxes"], 40 - len(boxes))

    def test_a_held_row_keeps_all_above_it_out_of_the_plan(self):
        self.officer(
            *("hold", "place", "--set", "lines", "--where", "id = 7"),
            *("--ground", "claim", "--review", "2026-12-31"),
        )  # fmt: skip
        free = self.planned_and_gone()
        self.assertEqual(
            [self.count(name, f"id = {key}") for name, key in
             (("lines", 7), ("talks", 7), ("rooms", 4), ("marks", 7), ("boxes", 7))],
            [1] * 5,
        )  # fmt: skip
        self.assertEqual(free["talks"], 80 - 1 - self.count("talks", "id <> 7"))

    def test_children_of_another_category_go_by_their_own_period_first(self):
        self.take(conversation="90 days", message="30 days")
        gone = self.planned_and_gone()
        self.assertGreater(gone["rooms"], 30)

    def test_children_that_stay_longer_keep_what_they_hang_on(self):
        self.take(conversation="30 days", message="300 days")
        gone = self.planned_and_gone()
        self.assertEqual(gone.get("rooms", 0), 0)

    def test_rows_that_go_along_before_their_own_time_keep_nothing(self):
        # Marks would stay for 300 days, but lines take them along after 90: boxes are empty then.
        content = rooms_map()
        content["tables"]["marks"]["sets"]["marks"]["category"] = "technical-log"
        self.use_map(content)
        self.take(**{"conversation": "90 days", "message": "90 days", "technical-log": "300 days"})
        gone = self.planned_and_gone()
        self.assertGreater(gone["boxes"], 30)
        self.assertEqual(gone["marks"], gone["lines"])

    def test_marks_of_marks_are_counted_with_what_they_hang_on_at_a_distance(self):
        self.database.execute(
            "CREATE TABLE small.stamps (id bigint PRIMARY KEY,"
            " mark_id bigint NOT NULL REFERENCES small.marks);"
            "INSERT INTO small.stamps SELECT id, id FROM small.marks;"
            "CREATE INDEX ON small.stamps (mark_id)"
        )
        content = rooms_map()
        content["tables"]["stamps"] = {
            "sets": {"stamps": of_rooms("message", {"parent": "marks"}, marks="mark_id")},
            "columns": {"id": "key", "mark_id": "key"},
        }
        self.use_map(content)
        gone = self.planned_and_gone()
        self.assertEqual(gone["stamps"], gone["marks"])

    def slow_talks(self):
        """Every talk takes a while to go, by a trigger that the map knows."""
        self.database.execute(
            "CREATE FUNCTION small.slow() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.02); RETURN OLD; END $$;"
            "CREATE TRIGGER slow BEFORE DELETE ON small.talks"
            " FOR EACH ROW EXECUTE FUNCTION small.slow()"
        )
        content = rooms_map()
        content["tables"]["talks"]["known_triggers"] = {"slow": "waits"}
        self.use_map(content)

    def test_a_plan_holds_for_the_run_after_one_that_was_killed_between_children_and_parents(self):
        self.slow_talks()
        plan = self.rows(self.sweep("--plan-out", self.reviewed), "due")
        before = {name: self.count(name) for name in plan}
        with self.running("--plan", self.reviewed, "--batch", "5") as process:
            self.wait_until("SELECT count(*) < 70 AS t FROM small.talks", process)
            process.kill()
        self.assertEqual(self.due()["posts"], set())
        self.apply("--plan", self.reviewed)
        self.assertEqual({name: before[name] - self.count(name) for name in plan}, plan)
        self.assertEqual(self.sweep().json["due"], 0)

    def test_rows_that_come_up_in_the_midst_are_no_part_of_a_reviewed_plan(self):
        self.slow_talks()
        self.sweep("--plan-out", self.reviewed)
        with self.running("--plan", self.reviewed, "--batch", "5") as process:
            self.wait_until("SELECT count(*) < 70 AS t FROM small.talks", process)
            self.database.execute(
                "INSERT INTO small.log SELECT '2025-10-01', 'late' FROM generate_series(1, 5)"
            )
            run = self.end(process, 3)
        self.assertEqual(self.count("log", "line = 'late'"), 5)
        self.assertRegex(
            " ".join(run.json["warnings"]),
            r"more has come up than the reviewed plan has: log: \d+ rows instead of \d+",
        )
        self.apply()
        self.assertEqual(self.count("log", "line = 'late'"), 0)

    def test_copies_that_a_trigger_keeps_go_with_a_reviewed_plan_also_after_a_kill(self):
        self.database.execute(
            "CREATE TABLE small.trash (line_id bigint PRIMARY KEY);"
            "CREATE FUNCTION small.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN INSERT INTO small.trash VALUES (OLD.id); RETURN OLD; END $$;"
            "CREATE TRIGGER keep BEFORE DELETE ON small.lines"
            " FOR EACH ROW EXECUTE FUNCTION small.keep()"
        )
        content = rooms_map()
        content["tables"]["lines"]["known_triggers"] = {"keep": "copies to trash, which is mapped"}
        trash = of_rooms("message", {"parent": "lines", "undated": "due"}, lines="line_id")
        content["tables"]["trash"] = {"sets": {"trash": trash}, "columns": {"line_id": "key"}}
        self.use_map(content)
        self.database.execute("TRUNCATE small.log, small.posts, small.notes, small.threads")
        plan = self.rows(self.sweep("--plan-out", self.reviewed), "due")
        run = self.apply("--plan", self.reviewed, "--max-rows", "500", code=3)
        self.assertIn("ended by --max-rows", run.json["warnings"])
        self.assertGreater(self.count("trash"), 0)
        self.apply("--plan", self.reviewed)
        self.assertEqual(self.count("trash"), 0)
        self.assertEqual(self.count("lines"), 400 - plan["lines"])

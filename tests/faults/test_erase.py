"""An erasure that is disturbed: it is done whole, or not at all, or says what is left."""

import contextlib
import json
import signal
import subprocess

from cli import harness
from faults import small_world
from faults.sessions import Session

ONE = "email:person1@example.net"
OFFICER = f"{small_world.TEMPLATE}_officer"

# Hangs on a person without any key: nothing keeps others from adding rows.
LIKES = """
CREATE TABLE small.likes (id bigint PRIMARY KEY, person_id bigint NOT NULL, what text);
INSERT INTO small.likes SELECT l, l % 20 + 1, 'this' FROM generate_series(1, 100) l
"""


def erasable_map():
    content = small_world.small_map()
    content["tables"]["likes"] = {
        "sets": {
            "likes": {
                "category": "message",
                "subject": "visitor",
                "relation": "own",
                "basis": "contract",
                "links": [{"to": "people", "match": {"person_id": "id"}}],
            }
        },
        "columns": {
            "id": "key",
            "person_id": "key",
            "what": {"category": "user.content.private", "origin": "provided"},
        },
    }
    return content


class ErasureWorld(small_world.SmallWorld):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(_officer())

    def setUp(self):
        super().setUp()
        self.database.execute(LIKES)
        self.use_map(erasable_map())
        self.env = {**self.database.env, "PGUSER": OFFICER}
        self.run_dsarctl("keygen", "--signing", self.folder / "sign.pem")

    def erase_arguments(self, *args):
        return tuple(str(arg) for arg in (
            "erase", ONE, "--apply", "--signing-key", self.folder / "sign.pem", *args,
            *self.globals()))

    def erase(self, *args, code=0, **options):
        return self.run_dsarctl(*self.erase_arguments(*args, "--json"), code=code, env=self.env,
                                personal=("@example.net", "person1"), **options)

    def refused(self, *args, code, message, hint=None, env=None):
        return self.refuse(*self.erase_arguments(*args), code=code, message=message, hint=hint,
                           env=env or self.env, personal=("@example.net",))

    def erasing(self, *args):
        """An erasure in the background; killed when the block ends before it does."""
        return harness.at_work(*self.erase_arguments(*args, "--json"), env=self.env)

    def known_trigger(self, table, name):
        content = erasable_map()
        content["tables"][table]["known_triggers"] = {name: "is looked at here"}
        self.use_map(content)

    def slow(self, milliseconds=20):
        self.database.execute(
            "CREATE FUNCTION small.slow() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_sleep({milliseconds / 1000}); RETURN OLD; END $$;"
            "CREATE TRIGGER slow BEFORE DELETE ON small.posts"
            " FOR EACH ROW EXECUTE FUNCTION small.slow()")
        self.known_trigger("posts", "slow")

    def erasures(self):
        return self.database.value("SELECT count(*) AS n FROM dsar.erasure")

    def left(self):
        """Rows of person 1, counted apart from the tool."""
        threads = "SELECT id FROM small.threads WHERE person_id = 1"
        posts = f"SELECT id FROM small.posts WHERE thread_id IN ({threads})"
        return tuple(self.database.value(f"SELECT count(*) AS n FROM small.{rows}") for rows in (
            "people WHERE id = 1", "threads WHERE person_id = 1",
            f"posts WHERE thread_id IN ({threads})", f"notes WHERE post_id IN ({posts})",
            "likes WHERE person_id = 1"))

    def assert_whole(self):
        self.assertEqual(self.left(), (0, 0, 0, 0, 0))

    def assert_untouched(self, before):
        self.assertEqual(self.contents(), before)
        self.assertEqual(self.erasures(), 0)

    def statement_runs(self, part):
        return ("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
                f" AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%{part}%') AS b")


class ErasureFaults(ErasureWorld):
    def test_undisturbed_it_takes_everything_of_the_person_and_nothing_of_others(self):
        expected = small_world.contents(self.database, "small")
        with harness.fresh_database(self.database.name) as copy:
            threads = "SELECT id FROM small.threads WHERE person_id = 1"
            copy.execute(
                f"DELETE FROM small.posts WHERE thread_id IN ({threads});"
                "DELETE FROM small.threads WHERE person_id = 1;"
                "DELETE FROM small.people WHERE id = 1; DELETE FROM small.likes WHERE person_id = 1")
            expected = small_world.contents(copy, "small")
        self.erase()
        self.assertEqual(self.contents(), expected)
        self.assert_whole()

    def many_posts_of_which_one_is_quoted(self):
        """By somebody else; a foreign key guards it. Gives the post's number."""
        self.database.execute(
            "INSERT INTO small.posts SELECT (p).* FROM (SELECT jsonb_populate_record(p,"
            " jsonb_build_object('id', 500000 + n)) AS p FROM (SELECT p FROM small.posts p"
            " JOIN small.threads t ON t.id = p.thread_id WHERE t.person_id = 1 LIMIT 1) AS one,"
            " generate_series(1, 1500) AS n) AS many;"
            "CREATE TABLE small.quotes (id bigint PRIMARY KEY, person_id bigint NOT NULL,"
            " post_id bigint NOT NULL REFERENCES small.posts);"
            "INSERT INTO small.quotes VALUES (1, 2, 500700)")
        content = erasable_map()
        content["tables"]["quotes"] = {
            "sets": {
                "quotes": {
                    "category": "message",
                    "subject": "visitor",
                    "relation": "own",
                    "basis": "contract",
                    "links": [{"to": "people", "match": {"person_id": "id"}}],
                }
            },
            "columns": {"id": "key", "person_id": "key", "post_id": "key"},
        }
        self.use_map(content)
        return 500700

    def assert_only_that_post_stays(self, post):
        run = self.erase("--scan-later", code=3)
        kept = [(line["set"], line["rows"]) for line in run.json["lines"] if line["withheld"]]
        self.assertEqual(dict(kept)["posts"], 1)
        self.assertEqual(
            self.database.rows("SELECT id FROM small.posts WHERE id >= 500000"), [(post,)])
        self.assertEqual(self.erasures(), 1)

    def test_of_many_rows_one_that_a_key_guards_stays(self):
        self.assert_only_that_post_stays(self.many_posts_of_which_one_is_quoted())

    def test_of_many_rows_one_stays_though_its_key_is_not_enforced(self):
        post = self.many_posts_of_which_one_is_quoted()
        self.database.execute("ALTER TABLE small.quotes DISABLE TRIGGER ALL;"
                              "ALTER TABLE small.posts DISABLE TRIGGER ALL")
        self.assert_only_that_post_stays(post)

    def test_what_a_transaction_adds_that_was_open_is_waited_for_and_erased(self):
        with Session(self.database) as writer:
            writer.run("BEGIN; INSERT INTO small.likes VALUES (1001, 1, 'late')")
            with self.erasing() as process:
                self.wait_until("SELECT count(*) = 1 AS b FROM dsar.erasure", process)
                self.assertEqual(self.left()[:4], (0, 0, 0, 0))
                writer.run("COMMIT")
                run = self.end(process, 0)
        self.assert_whole()
        self.assertEqual(len(run.json["followed_by"]), 1)
        follows = self.database.value("SELECT follows FROM dsar.erasure WHERE follows IS NOT NULL")
        self.assertEqual(follows, run.json["erasure"])

    def test_what_comes_late_and_is_held_by_then_stays(self):
        with Session(self.database) as writer:
            writer.run("BEGIN; INSERT INTO small.likes VALUES (1001, 1, 'late')")
            with self.erasing() as process:
                self.wait_until("SELECT count(*) = 1 AS b FROM dsar.erasure", process)
                self.officer("hold", "place", "--set", "likes", "--ground", "claim", "--review",
                             "2026-12-31")
                writer.run("COMMIT")
                process.communicate()
        self.assertEqual(self.left(), (0, 0, 0, 0, 1))
        self.assertEqual(self.erasures(), 1)

    def test_what_is_not_waited_for_is_told(self):
        with Session(self.database) as writer:
            writer.run("BEGIN; INSERT INTO small.likes VALUES (1001, 1, 'late')")
            run = self.erase("--wait", "0", code=3)
            writer.run("COMMIT")
        self.assertRegex(run.json["warnings"][0], "have not ended: run it again")
        self.assertEqual(self.left(), (0, 0, 0, 0, 1))

    def test_a_constraint_that_is_broken_in_the_last_step_leaves_everything(self):
        self.database.execute(
            "CREATE TABLE small.badges (person_id bigint REFERENCES small.people"
            " DEFERRABLE INITIALLY DEFERRED);"
            "CREATE FUNCTION small.gives() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN INSERT INTO small.badges VALUES (OLD.id); RETURN NULL; END $$;"
            "CREATE TRIGGER gives AFTER DELETE ON small.people"
            " FOR EACH ROW EXECUTE FUNCTION small.gives()")
        content = erasable_map()
        content["tables"]["people"]["known_triggers"] = {"gives": "gives a badge"}
        content["not_personal"] = [{"tables": "badges", "reason": "badges"}]
        self.use_map(content)
        self.database.execute("REVOKE SELECT ON small.badges FROM dsar_reader, dsar_officer")
        self.refused(code=7, message="cannot see small.badges: whether rows of it refer to rows")
        self.database.execute("GRANT SELECT ON small.badges TO dsar_officer")
        before = self.contents()
        self.refused(code=1, message="a constraint of the database refused a change")
        self.assert_untouched(before)

    def test_a_deferred_trigger_that_refuses_leaves_everything(self):
        self.database.execute(
            "CREATE FUNCTION small.never() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'never delete %', OLD.email; END $$;"
            "CREATE CONSTRAINT TRIGGER never AFTER DELETE ON small.people DEFERRABLE INITIALLY"
            " DEFERRED FOR EACH ROW EXECUTE FUNCTION small.never()")
        self.known_trigger("people", "never")
        before = self.contents()
        self.refused(code=1, message="a function or trigger raised an error")
        self.assert_untouched(before)

    def test_a_trigger_that_keeps_rows_leaves_everything(self):
        self.database.execute(
            "CREATE FUNCTION small.keeps() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF OLD.id % 40 = 0 THEN RETURN NULL; END IF; RETURN OLD; END $$;"
            "CREATE TRIGGER keeps BEFORE DELETE ON small.likes"
            " FOR EACH ROW EXECUTE FUNCTION small.keeps()")
        self.known_trigger("likes", "keeps")
        before = self.contents()
        self.refused(code=7, message="small.likes changed .* nothing has been changed")
        self.assert_untouched(before)

    def test_a_trigger_that_never_stops_adding_leaves_everything(self):
        self.database.execute(
            "CREATE FUNCTION small.adds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN INSERT INTO small.likes VALUES (OLD.id + 10000, OLD.person_id, OLD.what);"
            " RETURN OLD; END $$;"
            "CREATE TRIGGER adds BEFORE DELETE ON small.likes"
            " FOR EACH ROW EXECUTE FUNCTION small.adds()")
        self.known_trigger("likes", "adds")
        before = self.contents()
        self.refused(code=7, message="triggers keep adding rows")
        self.assert_untouched(before)

    def test_a_lock_that_is_held_too_long_leaves_everything(self):
        before = self.contents()
        with Session(self.database) as other:
            other.run("BEGIN; UPDATE small.people SET email = email WHERE id = 1")
            self.refused("--lock-timeout", "1", code=5,
                         message="another session held a lock for too long")
            other.run("ROLLBACK")
        self.assert_untouched(before)
        self.erase()
        self.assert_whole()

    def test_a_row_that_goes_to_somebody_else_meanwhile_is_not_erased(self):
        with Session(self.database) as other:
            other.run("BEGIN; UPDATE small.likes SET person_id = 2 WHERE id = 20")
            with self.erasing("--lock-timeout", "30") as process:
                self.wait_until(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) AS b", process)
                other.run("COMMIT")
                self.end(process, 0)
        self.assert_whole()
        self.assertEqual(self.count("likes", "id = 20 AND person_id = 2"), 1)

    def test_killed_before_the_commit_it_leaves_everything(self):
        self.slow()
        before = self.contents()
        with self.erasing() as process:
            self.wait_until(self.statement_runs("DELETE FROM \"small\".\"posts\""), process)
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        self.wait_until(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend') AS b")
        self.assert_untouched(before)
        self.erase()
        self.assert_whole()

    def test_interrupted_before_the_commit_it_leaves_everything(self):
        self.slow()
        before = self.contents()
        with self.erasing() as process:
            self.wait_until(self.statement_runs("DELETE FROM \"small\".\"posts\""), process)
            process.send_signal(signal.SIGTERM)
            self.end(process, 130)
        self.assert_untouched(before)

    def test_a_hold_that_is_being_placed_is_waited_for_and_kept(self):
        place = ("hold", "place", ONE, "--ground", "claim", "--review", "2026-12-31")
        before = self.contents()
        with Session(self.database) as holder:
            # As one does that is about to place a hold.
            holder.run("BEGIN; SELECT pg_advisory_xact_lock(1685283186, 2)")
            with self.erasing() as process:
                self.wait_until("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
                                " AND NOT granted) AS b", process)
                holder.run(
                    "UPDATE dsar.hold_epoch SET epoch = epoch + 1; INSERT INTO dsar.hold (kind,"
                    " subject_kind, identities, keys, proven, ground, author, review_on) VALUES"
                    " ('subject', 'visitor', '[{\"kind\": \"visitor\", \"value\": \"1\","
                    " \"also\": false}]', '{\"people\": [[\"1\"]]}', '{\"people\": [[\"1\"]]}',"
                    " 'claim', 'me', '2026-12-31'); COMMIT")
                run = self.end(process, 3)
        self.assertEqual(self.contents(), before)
        self.assertEqual(run.json["deleted"], 0)
        self.assertEqual({line["by"] for line in run.json["lines"]},
                         {"hold 1", "legal claims"})
        self.officer(*place)

    def test_a_hold_waits_until_the_erasure_is_done(self):
        self.slow(50)
        place = ("hold", "place", "--set", "likes", "--ground", "claim", "--review", "2026-12-31",
                 *self.globals())
        with self.erasing() as process:
            self.wait_until(self.statement_runs("DELETE FROM \"small\".\"posts\""), process)
            placed = self.run_dsarctl(*place, env=self.database.env)
            self.assertEqual(placed.code, 0)
            self.assertEqual(self.left(), (0, 0, 0, 0, 0))
            self.end(process, 0)

    def test_a_cascade_takes_no_row_that_was_added_behind_it(self):
        self.slow(10)
        with self.erasing() as process:
            self.wait_until(self.statement_runs("DELETE FROM \"small\".\"posts\""), process)
            # Its parent is locked: it waits, and then finds none.
            added = subprocess.run(
                [harness.psql(), "-X", "-q", "-d", self.database.name, "-c",
                 "INSERT INTO small.notes SELECT 90001, p.id, 'behind' FROM small.posts p JOIN"
                 " small.threads t ON t.id = p.thread_id WHERE t.person_id = 1"
                 " ORDER BY p.id DESC LIMIT 1"],
                capture_output=True, check=False)
            self.assertNotEqual(added.returncode, 0)
            self.end(process, 0)
        self.assert_whole()

    def test_a_certificate_that_cannot_be_written_is_in_the_database_all_the_same(self):
        target = self.folder / "there.json"
        target.write_text("already", encoding="utf-8")
        run = self.erase("--certificate", target, code=3)
        self.assertRegex(run.json["warnings"][0], "certificate was not written: .* certificate show")
        self.assert_whole()
        shown = self.run_dsarctl("certificate", "show", run.json["erasure"], "--json", env=self.env)
        self.assertEqual(json.loads(shown.out)["erasure"], run.json["erasure"])
        self.assertEqual(target.read_text(encoding="utf-8"), "already")


@contextlib.contextmanager
def _officer():
    """Somebody to log in as, and nothing but an officer."""
    server = harness.Database("postgres")
    server.execute(
        "DO $$ BEGIN CREATE ROLE dsar_officer NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL;"
        f" END $$; CREATE ROLE {OFFICER} LOGIN; GRANT dsar_officer TO {OFFICER}")
    try:
        yield
    finally:
        server.execute(f"DROP ROLE {OFFICER}")

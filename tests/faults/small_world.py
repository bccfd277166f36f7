"""A database small enough to be swept many times over, with all that a sweep can trip over.

People hold threads, threads hold posts, posts hold notes by a cascading key; a log has no key at
all. Half of everything is older than the one period, 90 days. Tests run as a role that has what
`init --grants` gives a sweeper and nothing more.
"""

import contextlib
import json
import os
import time

from cli import harness

NOW = "2026-03-31T12:00:00Z"
TEMPLATE = f"dsar_small_{os.getpid()}"
SWEEPER = f"{TEMPLATE}_sweeper"

SCHEMA = """
CREATE SCHEMA small;
CREATE TABLE small.people (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE small.threads (
  id bigint PRIMARY KEY, person_id bigint NOT NULL REFERENCES small.people,
  created_at timestamptz NOT NULL, subject text);
CREATE TABLE small.posts (
  id bigint PRIMARY KEY, thread_id bigint NOT NULL REFERENCES small.threads,
  created_at timestamptz NOT NULL, body text);
CREATE TABLE small.notes (
  id bigint PRIMARY KEY, post_id bigint NOT NULL REFERENCES small.posts ON DELETE CASCADE,
  body text);
CREATE TABLE small.log (created_at timestamptz, line text);

INSERT INTO small.people SELECT p, 'person' || p || '@example.net' FROM generate_series(1, 20) p;
INSERT INTO small.threads
  SELECT t, t % 20 + 1, timestamptz '2025-06-01' + t * interval '1 day', 'thread of person' || t
  FROM generate_series(1, 400) t;
INSERT INTO small.posts
  SELECT p, p % 400 + 1,
    CASE WHEN p % 11 = 0 THEN timestamptz '2026-03-01' ELSE t.created_at END,
    'person' || t.person_id || '@example.net wrote this'
  FROM generate_series(1, 2000) p JOIN small.threads t ON t.id = p % 400 + 1;
INSERT INTO small.notes
  SELECT p.id, p.id, 'on ' || p.body FROM small.posts p WHERE p.id % 4 = 0;
INSERT INTO small.log
  SELECT CASE WHEN l % 10 > 0 THEN timestamptz '2025-10-01' + l / 5 * interval '1 day' END,
    'line ' || l FROM generate_series(1, 2000) l;
CREATE INDEX ON small.threads (created_at, id);
CREATE INDEX ON small.threads (person_id);
CREATE INDEX ON small.posts (created_at, id);
CREATE INDEX ON small.posts (thread_id);
CREATE INDEX ON small.notes (post_id);
ANALYZE;
"""


def small_map():
    """The map as Python; tests change it."""
    free_text = {"category": "user.content.private", "origin": "provided"}

    def visitors_own(category, clock, to=None, by=None):
        links = [{"to": to, "match": {by: "id"}}] if to else []
        return {
            "category": category,
            "subject": "visitor" if to else "none",
            **({"relation": "own", "basis": "contract", "links": links} if to else {}),
            "clock": clock,
        }

    return {
        "dsarctl_map": 1,
        "schema": "small",
        "policy": "small",
        "zone": "UTC",
        "identities": {
            "visitor": {"category": "user.unique_id", "strength": "record"},
            "email": {"category": "user.contact.email", "normalise": "folded"},
        },
        "tables": {
            "people": {
                "sets": {
                    "people": {
                        "category": "account",
                        "subject": "visitor",
                        "basis": "contract",
                        "identities": [
                            {"kind": "visitor", "column": "id"},
                            {"kind": "email", "column": "email"},
                        ],
                    }
                },
                "columns": {"id": "key", "email": "user.contact.email"},
            },
            "threads": {
                "sets": {
                    "threads": visitors_own(
                        "conversation",
                        {"expression": "created_at", "childless": ["posts"]},
                        "people",
                        "person_id",
                    )
                },
                "columns": {
                    "id": "key",
                    "person_id": "key",
                    "created_at": "not_personal",
                    "subject": free_text,
                },
            },
            "posts": {
                "known_cascades": ["notes_post_id_fkey"],
                "sets": {"posts": visitors_own("message", "created_at", "threads", "thread_id")},
                "columns": {
                    "id": "key",
                    "thread_id": "key",
                    "created_at": "not_personal",
                    "body": free_text,
                },
            },
            "notes": {
                "sets": {
                    "notes": visitors_own("message", {"parent": "posts"}, "posts", "post_id")
                },
                "columns": {"id": "key", "post_id": "key", "body": free_text},
            },
            "log": {
                "sets": {"log": visitors_own("technical-log", "created_at")},
                "columns": {"created_at": "not_personal", "line": free_text},
            },
        },
    }


POLICY = {
    "dsarctl_policy": 1,
    "id": "small",
    "title": "Small",
    "documents": [{"title": "Small Privacy", "dated": "2026-01-01"}],
    "publisher": {"name": "Small Ltd", "citation": "1"},
    "regimes": "uk-gdpr",
    "roles": [
        {"categories": "all", "role": "controller", "answered_by": "Small Ltd", "citation": "2"}
    ],
    "rules": [
        {
            "id": "chat",
            "categories": ["conversation", "message", "technical-log"],
            "clock": "creation",
            "period": "90 days",
            "bound": "ceiling",
            "override": "no",
            "action": "delete-row",
            "citation": "3",
        }
    ],
}

# Rows of the policy, told without the tool's code: created before 31 December 2025, nothing left
# on them.
CUT_OFF = "timestamptz '2025-12-31'"
DUE_POSTS = f"SELECT id FROM small.posts WHERE created_at < {CUT_OFF}"
DUE_THREADS = (
    f"SELECT id FROM small.threads t WHERE created_at < {CUT_OFF} AND NOT EXISTS (SELECT FROM"
    f" small.posts p WHERE p.thread_id = t.id AND p.created_at >= {CUT_OFF})"
)
DUE_LOG = f"SELECT line FROM small.log WHERE created_at < {CUT_OFF}"


class SmallWorld(harness.CliTest):
    """A copy of the small database for every test; `self.sweep()` runs as the sweeper."""

    @classmethod
    def setUpClass(cls):
        """The template of the copies, made once a class."""
        cls.enterClassContext(_template())

    def setUp(self):
        self.database = self.fresh_database(TEMPLATE)
        self.env = {**self.database.env, "PGUSER": SWEEPER}
        self.folder = self.temporary_folder()
        self.policy = self.write("policy.json", json.dumps(POLICY))
        self.use_map(small_map())

    def use_map(self, content):
        """Takes that map from now on, and gives the sweeper what it asks for."""
        self.map = self.write("map.json", json.dumps(content))
        grant(self.database, self.map)

    def globals(self):
        return ("--map", self.map, "--policy", self.policy, "--now", NOW)

    def arguments(self, *args):
        return tuple(str(arg) for arg in ("sweep", *args, *self.globals()))

    def sweep(self, *args, code=0, **options):
        """`sweep` with these arguments to its end; standard output as JSON is its result."""
        return self.run_dsarctl(
            *self.arguments(*args, "--json"),
            code=code,
            env=self.env,
            personal=("@example.net", "person"),
            **options,
        )

    def apply(self, *args, code=0, **options):
        return self.sweep("--apply", *args, code=code, **options)

    def refused(self, *args, code, message, hint=None, env=None):
        return self.refuse(
            *self.arguments("--apply", *args),
            code=code,
            message=message,
            hint=hint,
            env=env or self.env,
            personal=("@example.net",),
        )

    def line(self, run, name):
        (line,) = [one for one in run.json["lines"] if one["set"] == name]
        return line

    def officer(self, *args, **options):
        """A command beside the sweep, as the owner."""
        return self.run_dsarctl(
            *args, *self.globals(), env=self.database.env, **options
        )

    def slow_down(self, table="posts", milliseconds=1):
        """Every row's delete takes that long, by a trigger that the map knows."""
        self.database.execute(
            "CREATE FUNCTION small.slow() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_sleep({milliseconds / 1000}); RETURN OLD; END $$;"
            f"CREATE TRIGGER slow BEFORE DELETE ON small.{table}"
            " FOR EACH ROW EXECUTE FUNCTION small.slow()"
        )
        content = small_map()
        content["tables"][table]["known_triggers"] = {"slow": "waits"}
        self.use_map(content)

    def count(self, table, where="true"):
        return self.database.value(f"SELECT count(*) AS n FROM small.{table} WHERE {where}")

    def contents(self):
        """A digest of every table's rows, whatever their order."""
        return contents(self.database, "small")

    def due(self):
        """Keys of what the policy wants gone, counted apart from the tool."""
        return {
            "posts": self.keys(DUE_POSTS),
            "threads": self.keys(DUE_THREADS),
            "log": self.keys(DUE_LOG),
        }

    def keys(self, query):
        return {key for (key,) in self.database.rows(query)}

    def assert_swept(self):
        """Nothing due is there, nothing else is gone, no orphan is left."""
        self.assertEqual(self.due(), {"posts": set(), "threads": set(), "log": set()})
        self.assertEqual(self.contents(), self.expected)

    def expect(self):
        """Notes what an undisturbed sweep must come to, worked out by SQL alone on a copy."""
        with harness.fresh_database(TEMPLATE) as copy:
            copy.execute(
                f"DELETE FROM small.notes WHERE post_id IN ({DUE_POSTS});"
                f"DELETE FROM small.posts WHERE id IN ({DUE_POSTS});"
                f"DELETE FROM small.threads WHERE id IN ({DUE_THREADS});"
                f"DELETE FROM small.log WHERE created_at < {CUT_OFF}"
            )
            self.expected = contents(copy, "small")
        self.before = {name: len(keys) for name, keys in self.due().items()}

    def runs(self):
        """The states of this test's runs, in order."""
        query = "SELECT state FROM dsar.sweep_run WHERE actor <> 'the template' ORDER BY id"
        return [state for (state,) in self.database.rows(query)]

    def running(self, *args):
        """A sweep in the background; killed when the block ends before it does."""
        return harness.at_work(*self.arguments("--apply", *args, "--json"), env=self.env)

    def end(self, process, code):
        """Waits for a sweep in the background and expects that exit code."""
        run = harness.ended(process)
        self.assertEqual(run.code, code, str(run))
        self.assert_says_nothing_personal(run, ("@example.net", "person"))
        return run

    def wait_until(self, query, process=None, what=None):
        """Waits until the query's value is true."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.database.value(query):
                return
            if process is not None and process.poll() is not None:
                self.fail(f"it ended first, {what or query}\n{process.communicate()}")
            time.sleep(0.01)
        self.fail(f"never came true: {what or query}")

    def wait_for_batches(self, process, left=1700, table="posts"):
        """Waits until the sweep is in the midst of the table."""
        self.wait_until(f"SELECT count(*) <= {left} AS b FROM small.{table}", process)


def grant(database, map_file):
    printed = harness.dsarctl(
        "init", "--grants", "--map", map_file, env={**database.env, "DSARCTL_MAP": None}
    )
    if printed.code != 0:
        raise AssertionError(str(printed))
    for attempt in range(5):
        try:
            return database.execute(printed.out)
        except AssertionError as error:
            # Roles belong to the whole server: another test may be at them.
            if attempt == 4 or "concurrently" not in str(error):
                raise
            time.sleep(0.2)


def contents(database, schema):
    """A digest of every table of the schema, and of what the tool keeps itself."""
    tables = database.rows(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        f" WHERE schemaname = '{schema}' ORDER BY 1"
    )
    script = "".join(
        f"SELECT '{name} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n'"
        f" ORDER BY t::text)), '') FROM {name} AS t;\n"
        for name in (*(name for (name,) in tables), "dsar.kept_event")
    )
    script += (
        "SELECT 'objects ' || count(*) || md5(coalesce(string_agg(o, ' ' ORDER BY o), ''))"
        " FROM (SELECT store || object_key FROM dsar.removed_object) AS t(o);\n"
    )
    return dict(line.split(" ", 1) for line in database.execute(script).splitlines())


@contextlib.contextmanager
def _template():
    server = harness.Database("postgres")
    harness.maintain(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
    database = harness.Database(TEMPLATE)
    try:
        made = database.dsarctl("init")
        if made.code != 0:
            raise AssertionError(str(made))
        database.execute(SCHEMA)
        # The first sweep of all needs a reviewed plan; here one has run before.
        database.execute(
            "INSERT INTO dsar.sweep_run (state, ended_at, actor, tool_version, as_of, result)"
            " VALUES ('done', now(), 'the template', '0', '2026-03-30', '{\"gone\": 100000}')"
        )
        with _role(server):
            yield
    finally:
        harness.maintain(f"DROP DATABASE {TEMPLATE} WITH (FORCE)")


@contextlib.contextmanager
def _role(server):
    """Somebody to log in as, and nothing but a sweeper."""
    server.execute(
        "DO $$ BEGIN CREATE ROLE dsar_sweeper NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL;"
        f" END $$; CREATE ROLE {SWEEPER} LOGIN; GRANT dsar_sweeper TO {SWEEPER}"
    )
    try:
        yield
    finally:
        server.execute(f"DROP ROLE {SWEEPER}")

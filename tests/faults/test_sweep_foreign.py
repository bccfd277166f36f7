"""A sweep of foreign tables: by deletes that the remote server does itself, or not at all."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from cli.harness import CliTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-03-31T12:00:00Z"

# 90 days before, counted in dates: what was created before 2025-12-31 is due.
ROWS = """
INSERT INTO messages SELECT i, 'old ' || i, timestamptz '2025-10-01' + i * interval '1 hour'
  FROM generate_series(1, 500) AS i;
INSERT INTO messages SELECT 1000 + i, 'new ' || i, timestamptz '2025-12-31' + i * interval '1 hour'
  FROM generate_series(0, 99) AS i;
"""
PLAIN = "CREATE TABLE messages (id int PRIMARY KEY, body text, created_at timestamptz NOT NULL);"
PARTITIONED = """
CREATE TABLE messages (id int, body text, created_at timestamptz NOT NULL)
  PARTITION BY RANGE (created_at);
CREATE TABLE messages_2025 PARTITION OF messages FOR VALUES FROM (MINVALUE) TO ('2025-11-01');
CREATE TABLE messages_2026 PARTITION OF messages FOR VALUES FROM ('2025-11-01') TO (MAXVALUE);
"""
MAP = {
    "dsarctl_map": 1,
    "policy": "omniops",
    "tables": {
        "messages": {
            "key": ["id"],
            "sets": {"messages": {"category": "message", "subject": "none", "clock": "created_at"}},
            "columns": {"id": "key", "body": "not_personal", "created_at": "not_personal"},
        }
    },
}


class ForeignSweepTest(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A server of its own, which lives as long as its command reads.
        cls.remote = subprocess.Popen(
            [str(ROOT / "scripts" / "with-postgres"), "--empty", "bash", "-c",
             'echo "$PGHOST $PGPORT $PGUSER"; cat >/dev/null'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.host, cls.port, cls.user = cls.remote.stdout.readline().split()

    @classmethod
    def tearDownClass(cls):
        cls.remote.stdin.close()
        cls.remote.stdout.close()
        cls.remote.wait(timeout=60)
        super().tearDownClass()

    def at_remote(self, sql):
        run = subprocess.run(
            ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p", self.port, "-U",
             self.user, "-d", "chat", "-c", sql], capture_output=True, text=True, check=True)
        return run.stdout.strip()

    def prepare(self, table):
        self.at_remote("DROP TABLE IF EXISTS messages CASCADE")
        self.at_remote(table + ROWS)
        database = self.fresh_database()
        database.execute(f"""
            CREATE EXTENSION postgres_fdw;
            CREATE SERVER archive FOREIGN DATA WRAPPER postgres_fdw
              OPTIONS (host '{self.host}', port '{self.port}', dbname 'chat');
            CREATE USER MAPPING FOR CURRENT_USER SERVER archive OPTIONS (user '{self.user}');
            CREATE FOREIGN TABLE public.messages (id int, body text, created_at timestamptz NOT NULL)
              SERVER archive OPTIONS (schema_name 'public');""")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        path = self.folder / "map.json"
        path.write_text(json.dumps(MAP))
        path.chmod(0o600)
        self.env = {**database.env, "DSARCTL_MAP": str(path)}
        return database

    def sweep(self, code, *options):
        plan = self.folder / "plan.json"
        plan.unlink(missing_ok=True)
        self.run_dsarctl("sweep", "--now", NOW, "--plan-out", str(plan), env=self.env, code=0)
        return self.run_dsarctl("sweep", "--json", "--apply", "--plan", str(plan), *options,
                                env=self.env, code=code).json

    def test_due_rows_of_a_foreign_table_are_deleted_at_the_remote_server(self):
        for name, table in (("plain", PLAIN), ("partitioned", PARTITIONED)):
            with self.subTest(remote=name):
                self.prepare(table)
                line, = self.sweep(0, "--batch", "60")["lines"]
                self.assertEqual((line["due"], line["deleted"], line["left_over"]), (500, 500, 0))
                self.assertEqual(self.at_remote("SELECT count(*), min(id) FROM messages"), "100|1000")

    def test_held_rows_of_a_foreign_table_stay(self):
        self.prepare(PLAIN)
        self.run_dsarctl("hold", "place", "--set", "messages", "--where", "id between 10 and 19",
                         "--ground", "a claim", "--review", "2027-01-01", env=self.env, code=0)
        line, = self.sweep(0)["lines"]
        self.assertEqual((line["deleted"], line["held"]), (490, 10))
        self.assertEqual(self.at_remote("SELECT count(*) FROM messages WHERE id < 1000"), "10")

    def test_what_the_remote_server_would_not_delete_by_itself_is_refused(self):
        # A local filter makes PostgreSQL delete row by row, by a place that a partitioned table has
        # once in every partition.
        self.prepare(PARTITIONED)
        changed = json.loads(json.dumps(MAP))
        changed["tables"]["messages"]["sets"]["messages"]["where"] = "(body like 'old%') is true"
        (self.folder / "map.json").write_text(json.dumps(changed))
        result = self.sweep(3)
        line, = result["lines"]
        self.assertEqual((line["deleted"], line["failed"]), (0, 500))
        self.assertIn("the remote server does not delete by itself", line["note"])
        self.assertEqual(self.at_remote("SELECT count(*) FROM messages"), "600")


if __name__ == "__main__":
    unittest.main()

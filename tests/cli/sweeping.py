"""What tests of the sweep share: a copy of the reference database, the sweeper's role and nothing
more, a plan and its applying, and time that is moved."""

import os
import secrets
import shutil
from collections import Counter
from datetime import datetime

from cli.desk import Desk
from cli.harness import CliTest
from cli.policy_sql import Judge
from cli.roles import granted

NOON = "2026-03-31T12:00:00Z"  # the reference database's present


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class SweepTest(CliTest):
    """A database of its own, swept by a login that may do what `init --grants` gives a sweeper."""

    def setUp(self):
        self.database = self.fresh_database()
        self.folder = self.temporary_folder()
        self.map = self.folder / "map"
        # A map that others may write is refused, and a checkout's may be.
        shutil.copytree(os.environ["DSARCTL_MAP"], self.map)
        for path in (self.map, *self.map.iterdir()):
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.key = self.write("hash.key", secrets.token_hex(32))
        self.env = {**self.database.env, "DSARCTL_MAP": str(self.map)}
        self.env["PGUSER"] = self.enterContext(granted(self.database, env=self.env))["sweeper"]

    def sweep(self, *args, code=0, **options):
        return self.run_dsarctl("sweep", *args, env=self.env, code=code, **options)

    def sweep_all(self, now, *policies, code=0):
        """A plan, reviewed by nobody, carried out. Gives the result as JSON."""
        plan = self.folder / f"plan-{secrets.token_hex(4)}.json"
        self.sweep("--now", now, *policies, "--plan-out", plan)
        return self.sweep(
            *policies, "--apply", "--plan", plan, "--hash-key", self.key, "--json", code=code
        ).json

    # ------------------------------------------------------------------------------ the witness

    def assert_swept(self, before, after, judge):
        """What should have gone has, and nothing else; what should be masked is, and nothing
        else. Rows are known by their keys; masks may change these, so the rest is compared."""
        whose = {tenant["id"]: tenant["slug"] for tenant in before.rows["tenants"]}
        expected = {name: Counter() for name in before.rows}
        for row in judge.gone:
            expected[row.table][row.key] += 1
        masked = judge.masked - judge.gone
        faults = []
        for name, rows in before.rows.items():
            by_key = {row.key: row for row in rows}
            left = Counter(row.key for row in after.rows[name])
            gone = Counter(row.key for row in rows) - left
            hidden = Counter(row.key for row in masked if row.table == name)
            stray = gone - expected[name]
            if name in MASKED_KEYS:  # the mask is the new key
                self.assertEqual(len(after.rows[name]), len(rows) - sum(expected[name].values()))
                stray -= hidden
                self.assertFalse(hidden & left, "a key still shows whom it is about")
            else:
                for key in left - Counter(row.key for row in rows):
                    faults.append(f"{name} {key}: a row that was not there before")
            for key in stray:
                faults.append(f"{name} {key} ({whose.get(before.tenant(by_key[key]))}): "
                              "gone, and should have stayed")
            for key in expected[name] - gone:
                faults.append(f"{name} {key} ({whose.get(before.tenant(by_key[key]))}): "
                              "still there, and should have gone")
            faults += self.unmasked(name, rows, after.rows[name], masked)
        self.assertEqual(faults, [])

    def unmasked(self, name, before, after, masked):
        """Personal columns that are still there where they should not be, or the other way."""
        if name not in PERSONAL_COLUMNS:
            return
        hidden = {row.key for row in masked if row.table == name}
        old = {row.key: row for row in before}
        for row in after:
            if name in MASKED_KEYS and row.key not in old:
                if "@" in row["email"] or any(row[c] for c in PERSONAL_COLUMNS[name]):
                    yield f"{name} {row.key}: not masked"
                continue
            for column in PERSONAL_COLUMNS[name]:
                value = row[column]
                empty = value in (None, [], {}, "cleared")
                if row.key in hidden and not empty:
                    yield f"{name} {row.key}: {column} should have been masked"
                if row.key not in hidden and value != old[row.key][column]:
                    yield f"{name} {row.key}: {column} should have been left alone"


MASKED_KEYS = {"marketing_subscriptions"}
PERSONAL_COLUMNS = {
    "contact_forms": (
        "visitor_id", "name", "email", "phone_country", "phone_number", "company", "message",
        "extra",
    ),
    "reports": ("rows", "conversation_ids"),
    "marketing_subscriptions": ("name", "phone", "source", "token"),
}


def shift(database, days):
    """Moves all that ever happened, so that another day can be the present."""
    columns = database.rows(
        "SELECT c.table_name AS t, c.column_name AS c, c.data_type AS d "
        "FROM information_schema.columns c JOIN information_schema.tables t "
        "USING (table_schema, table_name) WHERE c.table_schema = 'helpdesk' "
        "AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' "
        "AND (c.data_type LIKE 'timestamp%' OR c.data_type = 'date' OR c.column_name = 'at_ms') "
        "AND c.table_name NOT LIKE 'page\\_views\\_%' ORDER BY 1, 2"
    )
    changes = {}
    for table, column, kind in columns:
        by = f"{days}" if kind == "date" else f"interval '{days} days'"
        if column == "at_ms":
            by = f"{days * 86400000}::bigint"
        changes.setdefault(table, []).append(f'"{column}" = "{column}" + {by}')
    script = "SET session_replication_role = replica;"  # what has moved has not changed
    for table, sets in changes.items():
        script += f'UPDATE helpdesk."{table}" SET {", ".join(sets)};'
    database.execute(script)


def judged(test, now, **settings):
    """The database as it stands, and what is to become of it."""
    desk = Desk(test.database)
    return desk, Judge(desk, moment(now), **settings)

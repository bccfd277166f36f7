"""Runs the real binary as a user would, and gives a test a database of its own.

DSARCTL names the binary; PG* lead to a server that has the template dsar_reference, and DSARCTL_MAP
to its map, as scripts/with-postgres sets them up.
"""

import contextlib
import glob
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

BINARY = os.environ.get("DSARCTL", "dsarctl")
TEMPLATE = "dsar_reference"

# People of the reference database. Messages may never hold any of this, whatever goes wrong.
PERSONAL = (
    "ada@example.com",
    "ada.work@example.org",
    "7700 900123",
    "7700900123",
    "1632 960001",
    "1632960001",
)


@dataclass(frozen=True)
class Run:
    """What a run of the binary came to."""

    args: tuple
    code: int
    out: str
    err: str

    @property
    def json(self):
        """Standard output as JSON; numbers keep their digits."""
        return json.loads(self.out, parse_float=Decimal)

    @property
    def messages(self):
        """Standard error as JSON, one message a line."""
        return [json.loads(line) for line in self.err.splitlines()]

    @property
    def error(self):
        """The error that ended a run with --json."""
        return self.messages[-1]["error"]

    def __str__(self):
        return (
            f"dsarctl {' '.join(self.args)}\nexit code {self.code}\n"
            f"--- stdout\n{self.out}--- stderr\n{self.err}"
        )


def environment(changes=None):
    """The caller's environment without its settings files; None in `changes` removes a variable."""
    env = {**os.environ, "DSARCTL_CONFIG": "/dev/null", "HOME": "/nonexistent", **(changes or {})}
    return {name: value for name, value in env.items() if value is not None}


def dsarctl(*args, env=None, stdin="", cwd=None, timeout=120):
    """Runs the binary to its end."""
    args = tuple(str(arg) for arg in args)
    done = subprocess.run(
        [BINARY, *args],
        input=stdin,
        env=environment(env),
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout,
        check=False,
    )
    return Run(args, done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def at_work(*args, env=None):
    """The binary in the background; killed when the block ends before it does."""
    with subprocess.Popen(
        [BINARY, *map(str, args)],
        env=environment(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process, timeout=120):
    """What a run in the background came to."""
    out, err = process.communicate(timeout=timeout)
    return Run(tuple(process.args[1:]), process.returncode, out, err)


class CliTest(unittest.TestCase):
    """A test through the binary. Every run is checked for personal data in its messages."""

    maxDiff = None

    def run_dsarctl(self, *args, code=0, personal=(), **options):
        """Runs the binary and expects that exit code. `personal`: more that no message may hold."""
        run = dsarctl(*args, **options)
        self.assertEqual(run.code, code, str(run))
        self.assert_says_nothing_personal(run, personal)
        return run

    def refuse(self, *args, code=2, message, hint=None, **options):
        """Expects one line that matches `message` and, where one is expected, its hint; nothing
        on standard output."""
        run = self.run_dsarctl(*args, code=code, **options)
        lines = run.err.splitlines()
        hints = [line for line in lines if line.startswith("hint: ")]
        errors = [line for line in lines if re.match(r"dsarctl: (?!warning: )", line)]
        self.assertEqual(run.out, "", str(run))
        self.assertTrue(errors, str(run))
        self.assertRegex(errors[-1], message)
        self.assertFalse(errors[-1].endswith("."), errors[-1])
        if hint is not None:
            self.assertEqual(len(hints), 1, str(run))
            self.assertRegex(hints[0], hint)
        return run

    def assert_says_nothing_personal(self, run, more=()):
        for value in (*PERSONAL, *more):
            self.assertNotIn(value.lower(), run.err.lower(), f"a message holds {value!r}\n{run}")

    def temporary_folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def write(self, name, text, mode=0o600):
        """A file of that name in a folder of its own; its path."""
        path = self.temporary_folder() / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def fresh_database(self, template=TEMPLATE):
        """A database that goes when the test ends."""
        return self.enterContext(fresh_database(template))


def psql():
    """The real client: Debian's wrapper in /usr/bin takes longer than the queries."""
    found = glob.glob("/usr/lib/postgresql/*/bin/psql")
    newest = sorted(found, key=lambda path: int(path.split("/")[4]))[-1:]
    return newest[0] if newest else shutil.which("psql") or "psql"


class Database:
    """A database as an independent witness sees it: through psql, without the tool's code."""

    def __init__(self, name):
        self.name = name
        self.env = {"PGDATABASE": name}

    def execute(self, script, role=None):
        """Runs SQL; all of it or, after an error, nothing. Returns what it printed."""
        if role is not None:
            script = f'SET SESSION AUTHORIZATION "{role}";\n{script}'
        done = subprocess.run(
            [psql(), "-X", "-q", "-At", "-1", "-v", "ON_ERROR_STOP=1", "-d", self.name, "-f", "-"],
            input=script,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"},
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"psql failed\n{script}\n{done.stderr}")
        return done.stdout

    def rows(self, query):
        """A query's rows as tuples of what JSON makes of the values. Column names must differ."""
        query = query.strip().rstrip(";")
        lines = self.execute(f"SELECT row_to_json(dsar_row) FROM ({query}\n) AS dsar_row")
        return [
            tuple(json.loads(line, parse_float=Decimal).values()) for line in lines.splitlines()
        ]

    def value(self, query):
        """The one value of a query."""
        ((value,),) = self.rows(query)
        return value

    def dsarctl(self, *args, env=None, **options):
        """Runs the binary on this database."""
        return dsarctl(*args, env={**self.env, **(env or {})}, **options)


_numbers = itertools.count(1)


@contextlib.contextmanager
def fresh_database(template=TEMPLATE):
    """A copy of the reference database (template0: an empty one), dropped afterwards."""
    if "PGHOST" not in os.environ:
        raise AssertionError("no server to test with: run this by scripts/test")
    name = f"dsar_test_{os.getpid()}_{next(_numbers)}"
    # The quicker way where nothing is fsynced.
    maintain(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield Database(name)
    finally:
        maintain(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def maintain(statement):
    """Runs a statement that no transaction may hold, such as CREATE DATABASE."""
    subprocess.run(
        [psql(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", statement],
        check=True,
    )

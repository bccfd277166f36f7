"""A package as its reader opens it, and the same rows as the server itself tells them."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

SCHEMAS = Path(__file__).resolve().parents[2] / "formats" / "schemas"
LABEL = re.compile(r"(?:agent|person|visitor)-[0-9]+")

# What makes the server write values as a package has them.
SERVER_STYLE = "SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601'; SET DateStyle = 'ISO';"


class Number(str):
    """A JSON number with the digits that it was written with: 1.10 is not 1.1."""

    def __eq__(self, other):
        return isinstance(other, Number) and str.__eq__(self, other)

    __hash__ = str.__hash__


class Members(list):
    """A JSON object: its members in their order, also those whose name stands there twice."""

    def __eq__(self, other):
        return isinstance(other, Members) and list.__eq__(self, other)

    __hash__ = None


def exactly(text):
    """JSON without any loss."""
    return json.loads(
        text,
        parse_int=Number,
        parse_float=Number,
        parse_constant=lambda name: f"not JSON: {name}",
        object_pairs_hook=Members,
    )


class Package:
    """A package's files."""

    def __init__(self, path):
        self.path = Path(path)
        with zipfile.ZipFile(path) as opened:
            self.names = opened.namelist()
            self.files = {name: opened.read(name) for name in self.names}

    def json(self, name):
        return json.loads(self.files[name])

    @property
    def manifest(self):
        return self.json("manifest.json")

    @property
    def redactions(self):
        return self.json("redactions.json")

    @property
    def sets(self):
        return [name[5:-5] for name in self.names if name.startswith("data/")]

    def rows(self, record_set):
        """A set's rows, column by column, with nothing lost."""
        return [dict(row) for row in exactly(self.files[f"data/{record_set}.json"])]

    def counts(self):
        return {name: len(self.rows(name)) for name in self.sets}

    def column_bytes(self, value):
        """The content that a bytea column's value points to."""
        entry = dict(value)
        content = self.files[entry["file"]]
        if str(len(content)) != entry["bytes"]:
            raise AssertionError(f"{entry['file']} has {len(content)} bytes, not {entry['bytes']}")
        return content

    def listed(self, which, key="column"):
        """What redactions.json lists there."""
        return {item[key] for item in self.redactions[which]}


def server_rows(database, conditions):
    """{set: rows} as the server writes them; conditions as in recount.py."""
    parts = " UNION ALL ".join(
        f"SELECT $n${name}$n$ AS name, (SELECT json_agg(r) FROM (SELECT * FROM helpdesk.{rows}) r)"
        " AS rows"
        for name, rows in conditions.items()
    )
    text = database.execute(f"{SERVER_STYLE} SELECT json_object_agg(name, rows) FROM ({parts}) p")
    return {name: [dict(row) for row in rows or []] for name, rows in exactly(text)}


def bytea(value):
    """The bytes of a bytea as row_to_json writes it."""
    if not value.startswith("\\x"):
        raise AssertionError("not a bytea")
    return bytes.fromhex(value[2:])


def is_reference(value):
    return isinstance(value, Members) and [name for name, _ in value] == ["file", "bytes"]


class Comparison:
    """Compares exported values with the server's: labels may stand in redacted columns only."""

    def __init__(self, package):
        self.package = package
        self.labelled = {}  # (what the server has, label): the files where they met
        self.changed = {}  # set.column: how many values have labels
        self.redacted = package.listed("third_parties")

    def row(self, record_set, exported, server):
        """The columns that differ without a reason."""
        met, differing = [], []
        for column, value in exported.items():
            what = f"{record_set}.{column}"
            labels = []
            if self.same(value, server.get(column, "no such column"), labels, what):
                met += [(what, labels)] if labels else []
            else:
                differing.append(column)
        if not differing:
            for what, labels in met:
                self.changed[what] = self.changed.get(what, 0) + 1
                for original, label in labels:
                    self.labelled.setdefault((original, label), set()).add(record_set)
        return differing

    def same(self, exported, server, labels, what):
        if is_reference(exported) and isinstance(server, str) and server.startswith("\\x"):
            content = self.package.column_bytes(exported)
            return hashlib.sha256(content).digest() == hashlib.sha256(bytea(server)).digest()
        if type(exported) is type(server) and exported == server:
            return True
        if what not in self.redacted or server is None:
            return False
        if isinstance(exported, str) and LABEL.fullmatch(exported):
            if not isinstance(server, str):
                return False
            labels.append((str(server), exported))
            return True
        if type(exported) is not type(server):
            return False
        if isinstance(exported, str):
            return not isinstance(exported, Number) and self.same_text(exported, server, labels)
        if isinstance(exported, (list, tuple)):
            return len(exported) == len(server) and all(
                self.same(one, other, labels, what) for one, other in zip(exported, server)
            )
        return False

    @staticmethod
    def same_text(exported, server, labels):
        """The same but for [labels] in the place of something."""
        found = re.findall(rf"\[({LABEL.pattern})\]", exported)
        parts = re.split(rf"\[{LABEL.pattern}\]", exported)
        match = re.fullmatch("(.+?)".join(map(re.escape, parts)), server, re.DOTALL)
        if match is None or not found:
            return False
        labels += zip(match.groups(), found)
        return True


def faults_by_schema(name, document):
    """What the published schema refuses in a document; by the Python that has jsonschema."""
    script = (
        "import json, sys, jsonschema\n"
        "schema = json.load(open(sys.argv[1]))\n"
        "jsonschema.Draft202012Validator.check_schema(schema)\n"
        "for e in jsonschema.Draft202012Validator(schema).iter_errors(json.load(sys.stdin)):\n"
        "    print(e.json_path, e.message)\n"
    )
    arguments = ["-c", script, str(SCHEMAS / f"{name}.schema.json")]
    for python in (sys.executable, "/usr/bin/python3"):
        done = subprocess.run(
            [python, *arguments], input=document, capture_output=True, check=False
        )
        if b"ModuleNotFoundError" not in done.stderr:
            break
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return done.stdout.decode().splitlines()

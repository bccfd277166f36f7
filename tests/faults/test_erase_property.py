"""Erasures on random small schemas: composite keys, polymorphic links, links without keys, every
kind of foreign key, cycles, rows that refer to their own table, shared rows, several record sets a
table. What must be left is worked out here, from the rows alone and without the tool's code.
"""

import json
import os
import random
from dataclasses import dataclass, field

from cli import harness

NOW = "2026-03-31T12:00:00Z"
SEEDS = range(int(os.environ.get("DSAR_SEED", "1")),
              int(os.environ.get("DSAR_SEED", "1")) + int(os.environ.get("DSAR_WORLDS", "25")))

ON_DELETE = {"fk": "", "restrict": "ON DELETE RESTRICT", "cascade": "ON DELETE CASCADE",
             "setnull": "ON DELETE SET NULL", "deferred": "DEFERRABLE INITIALLY IMMEDIATE",
             "nullify": ""}
BLOCKS = ("fk", "restrict", "cascade", "deferred")  # while a row refers, the other one stays


@dataclass
class Reference:
    """Columns of a table that lead to rows of another."""

    columns: tuple
    to: "Table"
    kind: str  # of ON_DELETE, or loose, or polymorphic
    link: bool  # what hangs by it belongs to the same person
    shared: bool = False  # the other row goes only when nothing refers to it

    def target(self, row):
        """The key of the row that this one leads to, or None."""
        if self.kind == "polymorphic":
            kind, key = (row[column] for column in self.columns)
            return (int(key),) if kind == self.to.name else None
        key = tuple(row[column] for column in self.columns)
        return None if None in key else key


@dataclass
class Table:
    name: str
    key: tuple
    split: bool  # two record sets
    actions: list  # of the record sets
    references: list = field(default_factory=list)
    rows: dict = field(default_factory=dict)  # key -> {column: value}

    def sets(self):
        return [f"{self.name}_{number}" for number in (0, 1)] if self.split else [self.name]

    def action(self, row):
        return self.actions[row["kind"] if self.split else 0]


class World:
    """A schema, its map and its rows."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tables = [Table("people", ("id",), False, ["delete"])]
        for number in range(self.random.randint(3, 7)):
            self.add_table(number)
        self.add_files()
        self.add_back_references()
        self.fill()

    def add_table(self, number):
        chance = self.random
        table = Table(f"t{number}", chance.choice([("id",), ("id",), ("grp", "id")]),
                      chance.random() < 0.3,
                      [chance.choices(["delete", "mask", "keep"], (8, 1, 1))[0] for _ in (0, 1)])
        for place in range(chance.choice([1, 1, 2])):
            to = chance.choice(self.tables)
            kinds = ["fk", "restrict", "cascade", "setnull", "deferred", "loose"]
            kind = chance.choice(kinds + (["polymorphic"] * 2 if to.key == ("id",) else []))
            suffix = ("type", "key") if kind == "polymorphic" else to.key
            columns = tuple(f"r{place}_{part}" for part in suffix)
            table.references.append(Reference(columns, to, kind, True))
        self.tables.append(table)

    def add_files(self):
        """Rows that several people's rows share."""
        files = Table("files", ("id",), False, ["delete"])
        users = self.random.sample(self.tables[1:], self.random.choice([1, 2]))
        for table in users:
            kind = self.random.choice(["fk", "loose"])
            table.references.append(Reference(("file_id",), files, kind, False, shared=True))
        self.files, self.file_users = files, users
        self.tables.append(files)

    def add_back_references(self):
        """From a table to itself, or to one whose rows hang on it."""
        for table in self.tables[:-1]:
            if table.key != ("id",) or self.random.random() < 0.5:
                continue
            hanging = [other for other in self.tables if other.key == ("id",) and
                       (other is table or any(one.to is table and one.link
                                              for one in other.references))]
            to = self.random.choice(hanging)
            kinds = ["nullify", "setnull"] + ([] if to is table else ["deferred"])
            table.references.append(
                Reference(("back_id",), to, self.random.choice(kinds), False))

    def fill(self):
        chance = self.random
        for number in range(1, 6):
            self.tables[0].rows[(number,)] = {
                "id": number, "kind": 0, "body": f"person{number}@example.net"}
        for table in self.tables[1:]:
            for number in range(chance.randint(4, 25)):
                row = {"id": number, "kind": chance.randint(0, 1), "body": f"{table.name} {number}"}
                if "grp" in table.key:
                    row["grp"] = number % 3
                for one in table.references:
                    self.refer(one, row)
                table.rows[tuple(row[column] for column in table.key)] = row
        # Back references lead to rows that come later, and so do those to files.
        for table in self.tables:
            for one in table.references:
                if one.columns == ("back_id",) or one.shared:
                    for row in table.rows.values():
                        self.refer(one, row)

    def refer(self, one, row):
        if not one.to.rows or self.random.random() < 0.15:
            row.update(dict.fromkeys(one.columns))
            return
        key = self.random.choice(list(one.to.rows))
        if one.kind == "polymorphic":
            key = (self.random.choice([one.to.name, "something else"]), str(key[0]))
        row.update(zip(one.columns, key))

    # ------------------------------------------------------------------ what is put into the database

    def columns(self, table):
        names = [*table.key, "kind", "body"]
        return names + [column for one in table.references for column in one.columns]

    def type_of(self, table, column):
        if column == "body" or column.endswith(("_type", "_key")):
            return "text"
        return "bigint"

    def sql(self):
        script = ["CREATE SCHEMA w"]
        for table in self.tables:
            columns = ", ".join(f"{name} {self.type_of(table, name)}"
                                for name in self.columns(table))
            script.append(f"CREATE TABLE w.{table.name} ({columns},"
                          f" PRIMARY KEY ({', '.join(table.key)}))")
            for row in table.rows.values():
                values = ", ".join("NULL" if row.get(name) is None else f"'{row[name]}'"
                                   for name in self.columns(table))
                script.append(f"INSERT INTO w.{table.name} VALUES ({values})")
        for table in self.tables:
            for one in table.references:
                if one.kind in ON_DELETE:
                    script.append(
                        f"ALTER TABLE w.{table.name} ADD CONSTRAINT {self.constraint(table, one)}"
                        f" FOREIGN KEY ({', '.join(one.columns)}) REFERENCES w.{one.to.name}"
                        f" ({', '.join(one.to.key)}) {ON_DELETE[one.kind]}")
        return ";\n".join(script)

    @staticmethod
    def constraint(table, one):
        return f"{table.name}_{one.columns[0]}_fkey"

    def map(self):
        tables = {table.name: self.map_of(table) for table in self.tables}
        return {
            "dsarctl_map": 1, "schema": "w", "policy": "visitorchat", "zone": "UTC",
            "identities": {
                "email": {"category": "user.contact.email", "normalise": "folded"}},
            "tables": tables,
        }

    def map_of(self, table):
        personal = {"category": "user.content.private", "origin": "provided"}
        cascades = [self.constraint(other, one) for other in self.tables
                    for one in other.references if one.to is table and one.kind == "cascade"]
        sets = {}
        for number, name in enumerate(table.sets()):
            one = {"category": "message", "subject": "visitor", "relation": "own",
                   "basis": "contract", "erase": self.erase_of(table, table.actions[number])}
            if table.split:
                one["where"] = f"kind = {number}"
            if table.name == "people":
                one["identities"] = [{"kind": "email", "column": "body"}]
            else:
                one["links"] = self.links_of(table)
            sets[name] = one
        columns = {name: "key" for name in self.columns(table)}
        columns |= {"kind": "not_personal", "body": personal}
        return {"sets": sets, "columns": columns,
                **({"known_cascades": cascades} if cascades else {})}

    def erase_of(self, table, action):
        erase = {"action": action}
        if action == "keep":
            erase |= {"ground": "tax", "citation": "Art. 17(3)(b) GDPR"}
        nullified = [one.columns[0] for one in table.references if one.kind == "nullify"]
        if nullified:
            erase["nullify_first"] = nullified
        if table is self.files:
            erase["unless_referenced_by"] = [
                {"table": user.name, "match": {"file_id": "id"}} for user in self.file_users]
        return erase

    def links_of(self, table):
        links = []
        for one in table.references:
            for to in one.to.sets() if one.link else ():
                if one.kind == "polymorphic":
                    kind, key = one.columns
                    links.append({"to": to, "on": f"this.{kind} = '{one.to.name}' and"
                                                  f" this.{key} = that.id::text"})
                else:
                    links.append({"to": to, "match": dict(zip(one.columns, one.to.key))})
        if table is self.files:
            links = [{"to": to, "match": {"id": "file_id"}}
                     for user in self.file_users for to in user.sets()]
        return links

    # ------------------------------------------------------------------ what must come of it

    def reached(self, person):
        """(table name, key) of every row that is the person's."""
        found = {("people", (person,))}
        for table in self.tables[1:-1]:
            for key, row in table.rows.items():
                if any(one.link and (one.to.name, one.target(row)) in found
                       for one in table.references):
                    found.add((table.name, key))
        for user in self.file_users:
            for key, row in user.rows.items():
                if (user.name, key) in found and row["file_id"] is not None:
                    found.add(("files", (row["file_id"],)))
        return found

    def referred(self, going):
        """(row, reference, row that refers to it and stays), where that keeps the first."""
        for table in self.tables:
            for key, row in table.rows.items():
                if (table.name, key) in going:
                    continue
                for one in table.references:
                    if one.shared or one.kind in BLOCKS:
                        yield (one.to.name, one.target(row)), one, (table.name, key)

    def expected(self, person):
        """{table: {key: row}} after the person was erased, and whether anything was withheld."""
        reached = self.reached(person)
        by_name = {table.name: table for table in self.tables}
        action = {(name, key): by_name[name].action(by_name[name].rows[key])
                  for name, key in reached}
        withheld = any(one == "keep" for one in action.values())
        going = {where for where, one in action.items() if one == "delete"}
        masked = {where for where, one in action.items() if one == "mask"}
        while True:
            stay = {where: one for where, one, _ in self.referred(going) if where in going}
            if not stay:
                break
            for where, one in stay.items():
                going.discard(where)
                if not one.shared:
                    masked.add(where)
                    withheld = True
        # What others need as well is not withheld, unless a row of the person's own keeps it too.
        withheld = withheld or any(
            one.shared and where in reached and by in reached
            for where, one, by in self.referred(going))
        left = {}
        for table in self.tables:
            rows = left[table.name] = {}
            for key, row in table.rows.items():
                if (table.name, key) in going:
                    continue
                row = dict(row)
                if (table.name, key) in masked:
                    row["body"] = None
                for one in table.references:
                    if one.kind in ("setnull", "nullify") and (
                            one.to.name, one.target(row)) in going:
                        row.update(dict.fromkeys(one.columns))
                rows[key] = row
        return left, withheld


class ErasureProperty(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database("template0")
        self.run_dsarctl("init", env=self.database.env)
        self.folder = self.temporary_folder()
        self.run_dsarctl("keygen", "--signing", self.folder / "sign.pem")

    def contents(self, world):
        return {
            table.name: {
                tuple(row[column] for column in table.key): row
                for (row,) in self.database.rows(
                    f"SELECT to_jsonb(t) AS row FROM w.{table.name} AS t")
            }
            for table in world.tables
        }

    def test_nothing_of_the_person_is_left_but_what_must_be_and_nobody_else_is_touched(self):
        for seed in SEEDS:
            world = World(seed)
            self.database.execute("DROP SCHEMA IF EXISTS w CASCADE;" + world.sql())
            map_file = self.write("map.json", json.dumps(world.map()))
            for person in (1, 2):
                with self.subTest(seed=seed, person=person):
                    expected, withheld = world.expected(person)
                    self.run_dsarctl(
                        "erase", f"email:person{person}@example.net", "--apply", "--signing-key",
                        self.folder / "sign.pem", "--map", map_file, "--now", NOW,
                        env=self.database.env, code=3 if withheld else 0)
                    left = self.contents(world)
                    for table in world.tables:
                        self.assertEqual(left[table.name], expected[table.name], table.name)
                for table in world.tables:  # the second person's erasure begins with this
                    table.rows = self.contents(world)[table.name]

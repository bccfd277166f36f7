"""Who did what is on record, in a chain that nobody alters unseen: seen through the binary, and by
psql and openssl beside it."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import unittest

from cli.harness import CliTest, fresh_database, psql
from cli.roles import granted

ADA = ("--tenant", "harbour", "email:ada@example.com")
COLUMNS = "number, at, actor, role, command, tenant_key, subjects, facts, previous, hash"


class Trail(CliTest):
    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(fresh_database())
        cls.logins = cls.enterClassContext(granted(cls.database))

    def setUp(self):
        folder = self.temporary_folder()
        self.key = self.write("hash.key", "0123456789abcdef" * 4)
        self.run_dsarctl("keygen", "--signing", folder / "signing.pem")
        self.signing = folder / "signing.pem"
        self.public = folder / "signing.pem.pub"
        # An empty trail of its own for each test, which only the owner of the tables can make.
        self.owner("TRUNCATE dsar.audit_entry, dsar.audit_checkpoint; "
                   "UPDATE dsar.audit_head SET number = 0, hash = repeat('0', 64)")

    def owner(self, sql):
        """As somebody who may even switch the guards off."""
        self.database.execute("SET session_replication_role = replica;" + sql)

    def run_as(self, kind, *args, **options):
        env = {**self.database.env, "PGUSER": self.logins[kind], "DSARCTL_HASH_KEY": str(self.key)}
        return self.run_dsarctl(*args, env=env, **options)

    def entries(self):
        return self.run_as("reader", "audit", "show", "--json").json["entries"]

    def faults(self, *args):
        run = self.run_as("reader", "audit", "verify", "--json", *args, code=4)
        return [fault["what"] for fault in run.json["faults"]]

    def some_entries(self, number=6):
        for _ in range(number):
            self.run_as("reader", "find", *ADA)

    def checkpoint(self, *args):
        return self.run_as("officer", "audit", "checkpoint", "--signing-key", self.signing, *args)

    def verify(self, *args):
        return self.run_as("reader", "audit", "verify", "--public-key", self.public, *args).out


class Entries(Trail):
    def test_a_find_is_on_record_before_it_is_shown(self):
        self.run_as("reader", "find", *ADA, "--actor", "Grace")
        (entry,) = self.entries()
        self.assertEqual((entry["number"], entry["actor"], entry["role"], entry["command"]),
                         (1, "Grace", self.logins["reader"], "find"))
        self.assertEqual(entry["facts"]["outcome"], "found")
        self.assertTrue(entry["subjects"])

    def test_an_export_is_on_record_when_it_begins_and_with_its_manifest(self):
        target = self.temporary_folder() / "ada.zip"
        done = self.run_as("reader", "export", *ADA, "--output", target, "--json").json
        begun, closed = self.entries()
        self.assertEqual(begun["facts"], {"stage": "begun"})
        self.assertEqual(closed["facts"]["manifest_sha256"], done["manifest_sha256"])
        self.assertEqual(closed["facts"]["rows"], str(done["rows"]))

    def test_without_a_record_there_is_no_export(self):
        role = f"{self.database.name}_mute"
        self.database.execute(
            f"CREATE ROLE {role} LOGIN IN ROLE {self.logins['reader']};"
            f"REVOKE EXECUTE ON FUNCTION dsar.audit(text, text, text, text[], jsonb) FROM PUBLIC")
        self.addCleanup(self.database.execute, f"DROP ROLE {role}")
        reader = self.logins["reader"].removesuffix("_login")
        right = "EXECUTE ON FUNCTION dsar.audit(text, text, text, text[], jsonb)"
        self.database.execute(f"REVOKE {right} FROM {reader}")
        self.addCleanup(self.database.execute, f"GRANT {right} TO {reader}")
        target = self.temporary_folder() / "ada.zip"
        for command in (("find", *ADA), ("export", *ADA, "--output", target)):
            self.refuse(*command, message="may not write the audit trail", hint="--grants",
                        env={**self.database.env, "PGUSER": role})
        self.assertFalse(target.exists())

    def test_holds_and_requests_are_on_record(self):
        placed = self.run_as("officer", "hold", "place", *ADA, "--ground", "claim", "--review",
                             "2099-01-01", "--json").json["hold"]
        self.run_as("officer", "hold", "release", placed, "--reason", "settled")
        opened = self.run_as("officer", "request", "open", *ADA, "--kind", "access",
                             "--json").json["request"]
        self.run_as("officer", "request", "close", opened, "--outcome", "answered", "--reason", "-")
        self.assertEqual([entry["command"] for entry in self.entries()],
                         ["hold place", "hold release", "request open", "request close"])
        self.assertEqual(self.entries()[0]["facts"]["hold"], str(placed))

    def test_registers_that_are_looked_at_are_on_record(self):
        self.run_as("officer", "request", "open", "--kind", "erasure", *ADA)
        number = self.entries()[-1]["facts"]["request"]
        for command in (("hold", "list"), ("request", "list"), ("request", "show", number),
                        ("consent", "list")):
            self.run_as("reader", *command)
        entries = self.entries()[-4:]
        self.assertEqual([entry["command"] for entry in entries],
                         ["hold list", "request list", "request show", "choice list"])
        self.assertEqual(entries[2]["facts"], {"request": number})

    def test_a_rectification_is_on_record_with_what_it_changed(self):
        # A map that others may write is refused, and a checkout's may be.
        own_map = self.temporary_folder() / "map"
        shutil.copytree(os.environ["DSARCTL_MAP"], own_map)
        for path in (own_map, *own_map.iterdir()):
            path.chmod(0o700 if path.is_dir() else 0o600)
        change = ("rectify", *ADA, "--replace", "user.name:Ada Nwosu=Ada Obi", "--map", own_map)
        self.run_as("officer", *change)
        self.run_as("officer", *change, "--apply")
        planned, done = self.entries()
        self.assertEqual((planned["command"], planned["facts"]["stage"]), ("rectify", "plan"))
        self.assertEqual((done["command"], done["facts"]["stage"]), ("rectify", "done"))
        self.assertEqual(planned["facts"] | {"stage": "done"}, done["facts"])
        self.assertTrue([name for name in done["facts"] if name.startswith("rows ")])

    def test_choices_are_on_record(self):
        placed = self.run_as("officer", "restrict", "place", *ADA, "--ground", "accuracy contested",
                             "--json").json["id"]
        self.run_as("officer", "restrict", "lift", placed, "--reason", "settled")
        recorded, lifted = self.entries()
        self.assertEqual(recorded["facts"],
                         {"stage": "recorded", "choice": str(placed), "kind": "restriction"})
        self.assertEqual(lifted["facts"]["stage"], "lifted")
        self.assertTrue(set(lifted["subjects"]) <= set(recorded["subjects"]))

    def test_no_personal_value_is_in_it(self):
        self.some_entries(2)
        self.run_as("officer", "hold", "place", *ADA, "--ground", "claim of Ada Lovelace",
                    "--review", "2099-01-01")
        # A digest may have any letters in it.
        trail = re.sub(r"\b[0-9a-f]{64}\b", "", self.database.execute(
            "SELECT * FROM dsar.audit_entry"))
        for value in ("ada", "lovelace", "example.com", "7700"):
            self.assertNotIn(value, trail.lower())

    def test_a_persons_entries_are_found_by_the_key_alone(self):
        self.run_as("reader", "find", *ADA)
        self.run_as("reader", "find", "--tenant", "harbour", "visitor:1")
        self.run_as("reader", "find", "--tenant", "meadow", "email:ada@example.com")
        show = ("audit", "show", "--json", *ADA)
        found = self.run_as("reader", *show).json["entries"]
        self.assertEqual([entry["number"] for entry in found], [1, 2])
        self.refuse("audit", "show", *ADA, message="no key", hint="--hash-key",
                    env=self.database.env)

    def test_entries_are_shown_by_command_time_and_number(self):
        self.some_entries(3)
        target = self.temporary_folder() / "ada.zip"
        self.run_as("reader", "export", *ADA, "--output", target)
        numbers = lambda *args: [entry["number"] for entry in self.run_as(
            "reader", "audit", "show", "--json", *args).json["entries"]]
        self.assertEqual(numbers("--command", "export"), [4, 5])
        self.assertEqual(numbers("--last", "2"), [4, 5])
        self.assertEqual(numbers("--since", "2020-01-01"), [1, 2, 3, 4, 5])
        self.assertEqual(numbers("--since", "2099-01-01"), [])
        self.assertIn("export", self.run_as("reader", "audit", "show").out)


class Chain(Trail):
    def test_the_hashes_are_those_that_are_documented(self):
        self.some_entries(2)

        def net(text):
            return f"{len(text.encode())}:{text},"

        previous = "0" * 64
        for entry in self.entries():
            text = net("dsarctl audit 1") + net(str(entry["number"])) + net(entry["at"])
            for field in ("actor", "role", "command", "tenant_key"):
                text += net(entry[field])
            text += net(str(len(entry["subjects"]))) + "".join(map(net, entry["subjects"]))
            facts = sorted(entry["facts"].items())
            text += net(str(len(facts))) + "".join(net(k) + net(v) for k, v in facts)
            text += net(previous)
            previous = hashlib.sha256(text.encode()).hexdigest()
            self.assertEqual(entry["hash"], previous)

    def test_a_whole_trail_verifies(self):
        self.assertIn("nothing is wrong", self.verify())
        self.some_entries()
        self.checkpoint()
        self.some_entries(1)
        self.assertIn("entries 1 to 7", self.verify())

    def test_every_altered_column_is_found(self):
        self.some_entries(5)
        changes = {
            "at": "at + interval '1 microsecond'", "actor": "'Mallory'", "role": "'postgres'",
            "command": "'export'", "tenant_key": "'2'", "subjects": "'{}'",
            "facts": "facts || '{\"record_sets\": \"0\"}'", "hash": "repeat('1', 64)",
        }
        for column, value in changes.items():
            with self.subTest(column):
                self.owner("CREATE TABLE IF NOT EXISTS public.kept AS TABLE dsar.audit_entry")
                self.owner(f"UPDATE dsar.audit_entry SET {column} = {value} WHERE number = 3")
                self.assertIn("entry 3 is altered", self.faults())
                self.owner("TRUNCATE dsar.audit_entry;"
                           "INSERT INTO dsar.audit_entry TABLE public.kept")
        self.owner("UPDATE dsar.audit_entry SET subjects = subjects || NULL::text WHERE number = 3")
        self.assertEqual(self.faults(), ["entry 3 is altered"])
        self.owner("DROP TABLE public.kept")

    def test_removed_entries_are_found_wherever_they_were(self):
        for gone, what in (((2, 3), "entries 2 to 3 are gone"), ((6,), "entry 6 is gone"),
                           ((1,), "entry 1 is gone, and no checkpoint says what the last")):
            with self.subTest(gone):
                self.owner("TRUNCATE dsar.audit_entry; "
                           "UPDATE dsar.audit_head SET number = 0, hash = repeat('0', 64)")
                self.some_entries()
                numbers = ", ".join(map(str, gone))
                self.owner(f"DELETE FROM dsar.audit_entry WHERE number IN ({numbers})")
                self.assertRegex(" ".join(self.faults()), what)

    def test_a_trail_that_was_written_anew_contradicts_the_checkpoint(self):
        self.some_entries(4)
        statement = self.temporary_folder() / "checkpoint.json"
        self.checkpoint("--output", statement)
        forged = """
            DO $$ DECLARE e dsar.audit_entry; last text := repeat('0', 64); BEGIN
              FOR e IN SELECT * FROM dsar.audit_entry ORDER BY number LOOP
                e.actor := 'Mallory'; e.previous := last;
                e.hash := encode(sha256(dsar.audit_bytes(e)), 'hex'); last := e.hash;
                UPDATE dsar.audit_entry SET actor = e.actor, previous = e.previous, hash = e.hash
                  WHERE number = e.number;
              END LOOP;
              UPDATE dsar.audit_head SET hash = last;
            END $$;"""
        self.owner(forged)
        self.assertEqual(
            self.faults("--public-key", self.public),
            ["entry 4 or what comes before it has been rewritten since the checkpoint"])
        # With the database's own checkpoints gone too, one that was taken out still tells.
        self.owner("TRUNCATE dsar.audit_checkpoint")
        self.verify()
        self.assertEqual(len(self.faults("--public-key", self.public, "--checkpoint", statement)), 1)

    def test_a_checkpoint_by_another_key_is_not_believed(self):
        self.some_entries(1)
        self.checkpoint()
        other = self.temporary_folder() / "other.pem"
        self.run_dsarctl("keygen", "--signing", other)
        self.assertEqual(self.faults("--public-key", f"{other}.pub"),
                         ["the checkpoint at entry 1 is not signed by a key that was given"])

    def test_openssl_verifies_a_checkpoint(self):
        self.some_entries(1)
        statement = self.temporary_folder() / "checkpoint.json"
        self.checkpoint("--output", statement)
        verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", self.public, "-rawin",
                  "-in", statement, "-sigfile", f"{statement}.sig"]
        self.assertEqual(subprocess.run(verify, capture_output=True, check=False).returncode, 0)
        stated = json.loads(statement.read_text())
        self.assertEqual((stated["entry"], stated["hash"]), (1, self.entries()[0]["hash"]))
        statement.write_text(statement.read_text().replace('"entry":1', '"entry":2'))
        self.assertNotEqual(subprocess.run(verify, capture_output=True, check=False).returncode, 0)

    def test_nobody_changes_an_entry(self):
        self.some_entries(1)
        for statement in ("UPDATE dsar.audit_entry SET actor = 'x'", "DELETE FROM dsar.audit_entry",
                          "TRUNCATE dsar.audit_entry"):
            with self.assertRaisesRegex(AssertionError, "only appended to"):
                self.database.execute(statement)  # a superuser
            for login in self.logins.values():
                with self.assertRaisesRegex(AssertionError, "permission denied"):
                    self.database.execute(statement, role=login)
        for login in self.logins.values():
            with self.assertRaisesRegex(AssertionError, "permission denied"):
                self.database.execute(
                    f"INSERT INTO dsar.audit_entry ({COLUMNS}) VALUES "
                    "(9, now(), 'x', 'x', 'x', '', '{}', '{}', 'x', 'x')", role=login)

    def test_many_at_once_make_one_chain(self):
        env = {**self.database.env, "PGUSER": self.logins["reader"]}
        script = "; ".join("SELECT dsar.audit('a', 'find', '', '{}', '{}')" for _ in range(20))
        runs = [
            subprocess.Popen([psql(), "-X", "-q", "-c", script], env={**os.environ, **env},
                             stdout=subprocess.DEVNULL)
            for _ in range(4)
        ]
        for run in runs:
            self.assertEqual(run.wait(), 0)
        self.assertIn("entries 1 to 80", self.verify())


class Cut(Trail):
    def age(self, numbers):
        """Makes entries of long ago, and the chain fit."""
        self.owner(f"""
            DO $$ DECLARE e dsar.audit_entry; last text := repeat('0', 64); BEGIN
              FOR e IN SELECT * FROM dsar.audit_entry ORDER BY number LOOP
                IF e.number <= {numbers} THEN e.at := timestamptz '2020-05-05'; END IF;
                e.previous := last;
                e.hash := encode(sha256(dsar.audit_bytes(e)), 'hex'); last := e.hash;
                UPDATE dsar.audit_entry SET at = e.at, previous = e.previous, hash = e.hash
                  WHERE number = e.number;
              END LOOP;
              UPDATE dsar.audit_head SET hash = last;
            END $$;""")

    def cut(self, *args, **options):
        return self.run_as("sweeper", "audit", "cut", "--public-key", self.public, *args, **options)

    def test_only_what_is_behind_a_checkpoint_goes_and_the_rest_verifies(self):
        self.some_entries(5)
        self.age(4)
        self.assertIn("4 entries are older than 24 months; 0 can go", self.cut("--apply").out)
        self.owner("CREATE TABLE public.kept AS TABLE dsar.audit_entry")
        self.owner("DELETE FROM dsar.audit_entry WHERE number > 3;"
                   "UPDATE dsar.audit_head SET number = 3, hash = e.hash FROM dsar.audit_entry AS e"
                   " WHERE e.number = 3")
        self.checkpoint()
        self.owner("INSERT INTO dsar.audit_entry SELECT * FROM public.kept WHERE number > 3;"
                   "UPDATE dsar.audit_head SET number = 5, hash = e.hash FROM dsar.audit_entry AS e"
                   " WHERE e.number = 5; DROP TABLE public.kept")
        self.assertIn("3 can go", self.cut().out)
        self.assertEqual(len(self.entries()), 5)
        self.assertIn("3 are gone", self.cut("--apply").out)
        left = self.entries()
        self.assertEqual([entry["number"] for entry in left], [4, 5, 6])
        self.assertEqual((left[-1]["command"], left[-1]["facts"]["up_to"]), ("audit cut", "3"))
        self.assertIn("entries 4 to 6", self.verify())
        # The first of what is left cannot be taken out unseen either.
        self.owner("DELETE FROM dsar.audit_entry WHERE number = 4")
        self.assertRegex(" ".join(self.faults()), "entries 1 to 4 are gone")

    def test_young_entries_stay(self):
        self.some_entries(3)
        self.checkpoint()
        self.assertIn("0 entries are older", self.cut("--apply").out)
        self.assertEqual(len(self.entries()), 3)

    def test_a_period_that_a_policy_forbids_is_refused(self):
        self.refuse("audit", "cut", "--public-key", self.public, "--keep", "23 months",
                    message="shorter than the 24 months for which the policy omniops",
                    hint="Data Retention", env=self.database.env)

    def test_a_trail_with_a_fault_is_neither_signed_nor_cut(self):
        self.some_entries(3)
        self.owner("UPDATE dsar.audit_entry SET actor = 'Mallory' WHERE number = 2")
        for command in (("cut", "--public-key", self.public, "--apply"),
                        ("checkpoint", "--signing-key", self.signing)):
            self.refuse("audit", *command, code=7, message="entry 2 is altered",
                        hint="audit verify", env=self.database.env)


class File(Trail):
    def test_what_only_reads_can_be_put_on_record_in_a_file(self):
        trail = self.temporary_folder() / "trail"
        self.run_as("reader", "find", *ADA, "--audit-to", trail)
        self.run_as("reader", "find", *ADA, "--audit-to", trail)
        self.assertEqual(self.entries(), [])
        self.assertEqual(trail.stat().st_mode & 0o777, 0o600)
        lines = trail.read_text().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertNotIn("ada@", trail.read_text())
        out = self.run_dsarctl("audit", "verify", "--file", trail).out
        self.assertIn("entries 1 to 2", out)
        self.assertIn("find", self.run_dsarctl("audit", "show", "--file", trail).out)
        trail.write_text(lines[0].replace('"find"', '"export"') + "\n" + lines[1] + "\n")
        run = self.run_dsarctl("audit", "verify", "--file", trail, code=4)
        self.assertIn("entry 1 is altered", run.out)

    def test_a_file_that_cannot_be_appended_to_shows_nothing(self):
        trail = self.write("trail", "{}\n")
        find = ("find", *ADA, "--audit-to", trail)
        self.refuse(*find, message="its last line is not an entry", env=self.database.env)
        trail.write_text("half a li")
        self.refuse(*find, message="is cut off", env=self.database.env)
        trail.write_text("")
        trail.chmod(0o666)
        self.refuse(*find, message="others may write this audit trail", hint="chmod 600",
                    env=self.database.env)
        self.refuse("find", *ADA, "--audit-to", "/nowhere/trail", message="cannot be opened",
                    env=self.database.env)


if __name__ == "__main__":
    unittest.main()

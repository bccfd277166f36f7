"""A backup from before three erasures, a hold and a rectification is restored: nothing that destroys
runs until the ledger has been replayed."""

import hashlib
import json
import os
import shutil
import subprocess

from cli import harness, roles

NOW = ("--now", "2026-03-31T12:00:00Z")
HARBOUR = ("--tenant", "harbour")
ADA, WREN = "ada@example.com", "person1182@mail.example"
HERS = ("SELECT count(*) AS n FROM helpdesk.visitors AS v JOIN helpdesk.tenants AS t"
        " ON t.id = v.tenant_id WHERE t.slug = 'harbour' AND v.email = 'ada@example.com'")
PG_BIN = os.path.dirname(harness.psql())


class LedgerTest(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.logins = self.enterContext(roles.granted(self.database))
        folder = self.temporary_folder()
        own_map = folder / "map"
        shutil.copytree(os.environ["DSARCTL_MAP"], own_map)
        subprocess.run(["chmod", "-R", "go-w", own_map], check=True)
        self.run_dsarctl("keygen", "--signing", folder / "sign.pem", "--hmac", folder / "hash.key")
        self.ledger = folder / "ledger"
        self.signing = ("--signing-key", folder / "sign.pem")
        self.own = {"DSARCTL_MAP": str(own_map), "DSARCTL_HASH_KEY": str(folder / "hash.key"),
                    "DSARCTL_LEDGER": str(self.ledger)}
        self.backup = folder / "backup"

    def run_on(self, database, *args, role="officer", **options):
        env = {**database.env, **self.own, "PGUSER": self.logins[role]}
        return self.run_dsarctl(*args, env=env, **options)

    def officer(self, *args, **options):
        return self.run_on(self.database, *args, **options)

    def erase(self, email, *more, database=None, code=None):
        run = harness.dsarctl(
            "erase", *HARBOUR, f"email:{email}", *NOW, "--apply", *self.signing, "--json", *more,
            env={**(database or self.database).env, **self.own, "PGUSER": self.logins["officer"]})
        self.assertIn(run.code, (0, 3) if code is None else (code,), str(run))
        return run

    def dump(self):
        subprocess.run([f"{PG_BIN}/pg_dump", "-Fc", "-f", self.backup, self.database.name],
                       check=True)

    def restore(self):
        other = self.fresh_database("template0")
        subprocess.run([f"{PG_BIN}/pg_restore", "-d", other.name, self.backup], check=True)
        # Roles are the server's; what they may do came with the backup.
        return other

    def health(self, database):
        run = harness.dsarctl("doctor", "--json", env={
            **database.env, **self.own, "PGUSER": self.logins["officer"]})
        (line,) = [one for one in run.json["checks"] if one["check"] == "ledger"]
        return line

    def kinds(self):
        if not self.ledger.exists():
            return []
        return [json.loads(line)["kind"] for line in self.ledger.read_text().splitlines()]


class Writing(LedgerTest):
    def test_an_erasure_is_in_the_ledger_before_and_after_it_is_done(self):
        self.erase(ADA)
        self.assertEqual(self.kinds(), ["erasure", "done"])
        entry = json.loads(self.ledger.read_text().splitlines()[0])
        self.assertEqual(entry["id"], self.database.value("SELECT id FROM dsar.erasure"))
        self.assertEqual(
            (entry["audit"], entry["audit_hash"]),
            self.database.rows("SELECT number, hash FROM dsar.audit_entry WHERE command = 'erase'"
                               " AND facts ->> 'stage' = 'done'")[0])
        self.assertEqual(self.ledger.stat().st_mode & 0o777, 0o600)
        self.assertNotIn("ada@", self.ledger.read_text())
        self.assertEqual(self.officer("ledger", "verify", "--json").json,
                         {"entries": 2, "lost": 0, "undecided": 0})

    def test_without_a_ledger_that_can_be_written_nothing_is_erased(self):
        for spoil, message in ((lambda: self.ledger.write_text("half"), "is cut off"),
                               (lambda: self.ledger.write_text("{}\n"), "not an entry of a ledger"),
                               (lambda: (self.ledger.write_text(""), self.ledger.chmod(0o666)),
                                "others may write this ledger")):
            with self.subTest(message):
                self.ledger.unlink(missing_ok=True)
                spoil()
                run = self.erase(ADA, code=2)
                self.assertIn(message, run.err)
                self.assertEqual(
                    self.database.value("SELECT count(*) AS n FROM dsar.erasure"), 0)
                self.assertEqual(self.database.value(HERS), 1)

    def test_an_erasure_does_not_begin_where_there_is_no_room_to_say_how_it_ended(self):
        disk = self.temporary_folder()
        # The entry of Ada's erasure has room, but not the one that it is done.
        run = subprocess.run(
            ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=8k none "$0" && exec "$@"',
             disk, harness.BINARY, "erase", *HARBOUR, f"email:{ADA}", *NOW, "--apply",
             *self.signing],
            env=harness.environment({**self.database.env, **self.own,
                                     "DSARCTL_LEDGER": str(disk / "ledger"),
                                     "PGUSER": self.logins["officer"]}),
            capture_output=True, text=True, check=False)
        if "unshare" in run.stderr or "mount:" in run.stderr:
            self.skipTest("a small disk cannot be mounted here")
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn("the ledger cannot be written: No space left on device", run.stderr)
        self.assertEqual(self.database.value(HERS), 1)

    def test_a_key_is_needed(self):
        self.refuse("erase", *HARBOUR, f"email:{ADA}", *NOW, "--apply", *self.signing,
                    message="the ledger wants a key", hint="--hash-key",
                    env={**self.database.env, **self.own, "DSARCTL_HASH_KEY": None,
                         "PGUSER": self.logins["officer"]})

    def test_an_erasure_that_fails_at_its_end_is_undone_in_the_ledger(self):
        # The constraint is looked at by the commit alone.
        self.database.execute("""
            CREATE FUNCTION helpdesk.no() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'no'; END $$;
            CREATE CONSTRAINT TRIGGER no AFTER INSERT ON dsar.erasure
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION helpdesk.no()""")
        run = self.erase(ADA, code=1)
        self.assertEqual(run.out, "")
        self.assertIn(self.kinds(), ([], ["erasure", "undone"]))
        self.assertEqual(self.officer("ledger", "verify", "--json").json["lost"], 0)

    def test_an_altered_or_missing_entry_is_found(self):
        self.erase(ADA)
        lines = self.ledger.read_text().splitlines(keepends=True)
        self.ledger.write_text(lines[0].replace('"erasure"', '"hold"') + lines[1])
        run = self.officer("ledger", "verify", code=7)
        self.assertIn(":1: this entry of the ledger has been altered", run.err)
        self.ledger.write_text(lines[1])
        run = self.officer("ledger", "verify", code=7)
        self.assertIn("is missing or another one", run.err)


class Replaying(LedgerTest):
    def test_a_restored_backup_is_brought_up_to_date(self):
        self.dump()
        (dale, email), _, (_, third) = self.database.rows(
            "SELECT id, email FROM helpdesk.visitors WHERE tenant_id = (SELECT id FROM"
            " helpdesk.tenants WHERE slug = 'harbour') AND email IS NOT NULL ORDER BY id DESC LIMIT 3")
        for gone in (ADA, WREN, third):
            self.erase(gone)
        self.officer("hold", "place", *HARBOUR, f"visitor:{dale}", "--ground", "claim",
                     "--review", "2099-01-01")
        self.officer("restrict", "place", *HARBOUR, f"visitor:{dale}", "--ground", "contested",
                     *NOW)
        right = ("rectify", *HARBOUR, f"visitor:{dale}", "--replace",
                 f"email:{email}=dale.now@example.org", "--apply")
        self.officer(*right)
        self.assertEqual(self.kinds(), [
            "erasure", "done", "erasure", "done", "erasure", "done", "hold", "done", "choice", "done",
            "rectification", "done"])
        self.officer("ledger", "verify")
        self.assertNotIn("dale", self.ledger.read_text())
        self.assertNotIn(email, self.ledger.read_text())
        self.assertEqual(self.health(self.database)["health"], "ok")

        restored = self.restore()
        self.assertEqual((self.database.value(HERS), restored.value(HERS)), (0, 1))
        # Wren's number has been given to somebody else meanwhile.
        restored.execute("UPDATE helpdesk.visitors SET email = 'new@example.org', phone = NULL,"
                         " name = 'New' WHERE id = 2182")
        for role, command in (
                ("officer", ("erase", *HARBOUR, f"visitor:{dale}", *NOW, "--apply", *self.signing)),
                ("sweeper", ("sweep", "--apply", *NOW))):
            run = self.run_on(restored, *command, role=role, code=7)
            self.assertIn("the ledger is ahead of the database by 6 entries", run.err)
            self.assertIn("ledger replay", run.err)
        self.assertEqual(self.run_on(restored, "ledger", "verify", "--json", code=4).json["lost"], 6)
        ill = self.health(restored)
        self.assertEqual(ill["health"], "error")
        self.assertIn("ahead of the database by 6 entries", ill["message"])

        before = restored.value("SELECT count(*) AS n FROM dsar.erasure")
        plan = self.run_on(restored, "ledger", "replay", "--json", code=3).json
        self.assertEqual([(e["kind"], e["rows_back"] > 0, e["keys_reused"]) for e in plan["entries"]],
                         [("erasure", True, 0), ("erasure", False, 1), ("erasure", True, 0),
                          ("hold", True, 0), ("choice", True, 0), ("rectification", True, 0)])
        self.assertEqual((restored.value(HERS), restored.value(
            "SELECT count(*) AS n FROM dsar.erasure")), (1, before))

        replay = ("ledger", "replay", "--apply", *self.signing, "--json")
        done = self.run_on(restored, *replay, code=3).json
        self.assertEqual([e["open"] for e in done["entries"]], [False] * 5 + [True])
        self.assertIn("erased again as", done["entries"][0]["outcome"])
        self.assertIn("left alone", done["entries"][1]["outcome"])
        self.assertEqual(restored.value(HERS), 0)
        self.assertEqual(restored.value("SELECT count(*) AS n FROM helpdesk.visitors"
                                        " WHERE email = 'new@example.org'"), 1)
        self.assertEqual(restored.value("SELECT count(*) AS n FROM dsar.erasure"), before + 2)

        # What was put right is so no longer, and the ledger does not know what it was.
        self.assertIn("data were put right (user.contact.email): ", done["entries"][5]["outcome"])
        self.assertIn("hold something else", done["entries"][5]["outcome"])
        self.run_on(restored, "erase", *HARBOUR, f"visitor:{dale}", *NOW, "--apply", *self.signing,
                    code=7)
        self.run_on(restored, *right)
        (put_right,) = self.run_on(restored, *replay).json["entries"]
        self.assertFalse(put_right["open"])
        self.assertIn("still are", put_right["outcome"])
        self.assertEqual(self.health(restored)["health"], "ok")

        # Held and restricted as before: the same rows of the same person, until the same day.
        for told in ("SELECT kind, tenant_key, tenant, subject_kind, keys, proven, review_on"
                     " FROM dsar.hold",
                     "SELECT kind, purpose, tenant_key, tenant, subject_kind, keys, proven, made_at"
                     " FROM dsar.choice"):
            self.assertEqual(restored.rows(told), self.database.rows(told))
        self.assertIn("ledger entry 7: hold 1, lost with a restore",
                      restored.value("SELECT ground FROM dsar.hold"))
        self.run_on(restored, "ledger", "verify")
        plan = self.run_on(restored, "erase", *HARBOUR, f"visitor:{dale}", *NOW, "--json", code=3)
        self.assertIn("hold 1", {line["by"] for line in plan.json["lines"]})
        self.assertIn("all that the ledger has", self.run_on(restored, "ledger", "replay").out)
        # What was done again is in the ledger, for the next restore.
        self.assertEqual(self.kinds()[12:], [
            "erasure", "done", "settled", "settled", "erasure", "done", "settled", "hold", "done",
            "settled", "choice", "done", "settled", "rectification", "done", "settled"])

    def test_a_person_whose_address_was_put_right_before_the_erasure_is_erased_again(self):
        old, new = WREN, "wren.new@mail.example"
        self.dump()
        self.officer("rectify", *HARBOUR, f"email:{old}", "--replace", f"email:{old}={new}",
                     "--apply", *NOW)
        self.erase(new)
        restored = self.restore()
        self.run_on(restored, "find", *HARBOUR, f"email:{old}")
        replay = self.run_on(restored, "ledger", "replay", "--apply", *self.signing, *NOW, "--json")
        outcomes = {entry["kind"]: entry["outcome"] for entry in replay.json["entries"]}
        self.assertIn("erased again", outcomes["erasure"])
        self.assertIn("erased since", outcomes["rectification"])
        self.run_on(restored, "find", *HARBOUR, f"email:{old}", code=8)
        self.run_on(restored, "ledger", "verify")

    def test_an_erasure_of_which_nobody_knows_is_done_only_if_it_is_named(self):
        self.dump()
        self.erase(ADA)
        self.ledger.write_text(self.ledger.read_text().splitlines(keepends=True)[0])
        restored = self.restore()
        replay = ("ledger", "replay", "--apply", *self.signing, "--json")
        told = self.run_on(restored, *replay, code=3).json["entries"][0]
        self.assertEqual((told["undecided"], told["open"]), (True, True))
        self.assertIn("--include 1", told["outcome"])
        self.assertEqual(restored.value("SELECT count(*) AS n FROM dsar.erasure"), 0)
        told = self.run_on(restored, *replay, "--include", "1").json["entries"][0]
        self.assertFalse(told["open"])
        self.assertEqual(restored.value("SELECT count(*) AS n FROM dsar.erasure"), 1)

    def test_doctor_tells_of_a_ledger_that_cannot_be_used_and_changes_nothing(self):
        self.assertEqual(self.health(self.database)["health"], "warning")
        self.assertFalse(self.ledger.exists())
        self.erase(ADA)
        whole = self.ledger.read_text()
        begun = whole.splitlines(keepends=True)[0]
        for text, mode, status, message in (
                (whole, 0o600, "ok", "2 entries"),
                (begun, 0o600, "ok", "1 entries"),
                (whole, 0o666, "error", "others may write this ledger"),
                (whole.replace('"erasure"', '"hold"'), 0o600, "error", "has been altered"),
                (whole[:-9], 0o600, "error", "is cut off")):
            with self.subTest(message):
                self.ledger.write_text(text)
                self.ledger.chmod(mode)
                line = self.health(self.database)
                self.assertEqual(line["health"], status)
                self.assertIn(message, line["message"])
                self.assertEqual(self.ledger.read_text(), text)

    def test_what_was_committed_and_not_said_is_no_gap(self):
        self.erase(ADA)
        self.ledger.write_text(self.ledger.read_text().splitlines(keepends=True)[0])
        self.officer("ledger", "verify")
        self.assertEqual(self.kinds(), ["erasure", "done"])


class Repeating(LedgerTest):
    """Holds and choices that a restore has taken away, or brought back."""

    def hold(self, *what):
        return self.officer("hold", "place", *HARBOUR, *what, "--ground", "claim", "--review",
                            "2099-01-01", "--json").json["hold"]

    def replayed(self, restored, code=0):
        replay = ("ledger", "replay", "--json")
        planned = self.run_on(restored, *replay, code=3).json["entries"]
        done = self.run_on(restored, *replay, "--apply", *self.signing, code=code).json["entries"]
        self.assertEqual([one["entry"] for one in planned], [one["entry"] for one in done])
        return done

    def holds(self, database, *more):
        return self.run_on(database, "hold", "list", *more, "--json").json["holds"]

    def test_holds_on_tenants_and_record_sets_are_placed_again_unless_they_have_a_condition(self):
        self.dump()
        self.hold("--whole-tenant")
        self.hold("--set", "consents")
        self.hold("--set", "consents", "--where", "visitor_id = 1")
        restored = self.restore()
        tenant, whole_set, condition = self.replayed(restored, code=3)
        self.assertEqual([one["open"] for one in (tenant, whole_set, condition)],
                         [False, False, True])
        self.assertIn("ledger settle 5", condition["outcome"])
        self.assertNotIn("visitor_id", self.ledger.read_text())
        before = self.holds(self.database)
        for was, now in zip(before, self.holds(restored), strict=False):
            for told in ("kind", "tenant", "set", "review_on"):
                self.assertEqual(was.get(told), now.get(told))
        self.assertEqual(len(self.holds(restored)), 2)

    def test_what_began_and_ended_after_the_backup_is_not_done_again(self):
        self.dump()
        number = self.hold("visitor:1")
        self.officer("hold", "release", number, "--reason", "settled")
        choice = self.officer("restrict", "place", *HARBOUR, "visitor:2", "--ground", "contested",
                              "--json").json["id"]
        self.officer("restrict", "lift", choice, "--reason", "verified")
        restored = self.restore()
        # Numbers are given again: this hold is another one.
        other = self.run_on(restored, "hold", "place", *HARBOUR, "visitor:3", "--ground", "other",
                            "--review", "2099-01-01", "--json").json["hold"]
        self.assertEqual(other, number)
        for one in self.replayed(restored):
            self.assertIn("began and ended", one["outcome"])
            self.assertFalse(one["open"])
        (left,) = self.holds(restored, "--all")
        self.assertNotIn("released", left)
        self.assertEqual(restored.value("SELECT count(*) AS n FROM dsar.choice"), 0)

    def test_what_the_backup_still_has_is_ended_again(self):
        number = self.hold("visitor:1")
        choice = self.officer("restrict", "place", *HARBOUR, "visitor:2", "--ground", "contested",
                              "--json").json["id"]
        self.officer("consent", "withdraw", *HARBOUR, "visitor:3", "--ground", "by email")
        self.dump()
        self.officer("hold", "release", number, "--reason", "settled")
        self.officer("restrict", "lift", choice, "--reason", "verified")
        self.officer("consent", "give", *HARBOUR, "visitor:3", "--ground", "banner")
        restored = self.restore()
        self.assertEqual(restored.value("SELECT count(*) AS n FROM dsar.choice"
                                        " WHERE lifted_at IS NULL"), 2)
        self.assertEqual([one["open"] for one in self.replayed(restored)], [False] * 3)
        self.assertEqual(self.holds(restored), [])
        self.assertEqual(restored.value("SELECT count(*) AS n FROM dsar.choice"
                                        " WHERE lifted_at IS NULL"), 0)

    def test_a_hold_on_rows_that_the_backup_does_not_have_is_left_to_whoever_knows(self):
        self.dump()
        self.hold("visitor:2182")
        restored = self.restore()
        restored.execute("UPDATE helpdesk.visitors SET email = 'new@example.org', phone = NULL"
                         " WHERE id = 2182")
        (one,) = self.replayed(restored, code=3)
        self.assertTrue(one["open"])
        self.assertIn("are somebody else's now", one["outcome"])
        self.assertEqual(self.holds(restored), [])

    def test_the_release_of_another_hold_of_that_number_is_not_repeated(self):
        self.dump()
        number = self.hold("visitor:1")
        self.officer("hold", "release", number, "--reason", "settled")
        restored = self.restore()
        self.run_on(restored, "hold", "place", *HARBOUR, "visitor:3", "--ground", "other",
                    "--review", "2099-01-01")
        self.officer("ledger", "settle", 1, "--reason", "not needed")
        (release,) = self.replayed(restored, code=3)
        self.assertIn("hold 1 is not there", release["outcome"])
        self.assertEqual(len(self.holds(restored)), 1)

    def test_entries_from_before_are_listed(self):
        self.dump()
        self.hold("visitor:1")
        previous = "0" * 64
        lines = []
        for line in self.ledger.read_text().splitlines():
            entry = json.loads(line)
            previous = entry["previous"] if not lines else previous
            entry.pop("details", None)
            entry.pop("hash")
            entry["previous"] = previous
            text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
            previous = entry["hash"] = hashlib.sha256(text.encode()).hexdigest()
            lines.append(json.dumps(entry, separators=(",", ":"), ensure_ascii=False) + "\n")
        self.ledger.write_text("".join(lines))
        (one,) = self.replayed(self.restore(), code=3)
        self.assertIn("repeat it by hand, then 'dsarctl ledger settle 1'", one["outcome"])


if __name__ == "__main__":
    import unittest

    unittest.main()

"""All that a tenant has is erased, and nothing of anybody else's; under the officer's and the
sweeper's roles together, and nothing more."""

import collections
import json
import subprocess

from cli import harness, roles
from cli.desk import Desk
from cli.test_erase import ApplyTest

HARBOUR = ("--whole-tenant", "--tenant", "harbour")
# Of what belongs to a tenant, what is there when all of it has been erased.
KEPT = {"billing_records", "billing_lines", "purchases", "audit_log", "tenants"}


class TenantTest(ApplyTest):
    def setUp(self):
        super().setUp()
        sweeper = roles.role_name(self.database, "sweeper")
        self.database.execute(f"GRANT {sweeper} TO {self.env['PGUSER']}")

    def rows_of(self, slug):
        """The tenant's rows and everybody else's, each by table, told without the tool's code;
        what nobody owns counts with everybody else's."""
        desk = Desk(self.database)
        (number,) = [row["id"] for row in desk.rows["tenants"] if row["slug"] == slug]
        mine, others = collections.defaultdict(list), collections.defaultdict(list)
        for table, rows in desk.rows.items():
            for row in rows:
                (mine if desk.tenant(row) == number else others)[table].append(str(row.values))
        return mine, others

    def lines_by(self, run):
        return {(line["set"], line["action"], line["cause"]): line["rows"]
                for line in run.json["lines"]}


class Plan(TenantTest):
    def test_a_plan_tells_every_row_of_the_tenant_and_changes_nothing(self):
        before = Desk(self.database).counts()
        run = self.erase(*HARBOUR)
        self.assertTrue(run.json["whole_tenant"])
        mine, _ = self.rows_of("harbour")
        told = collections.Counter()
        for line in run.json["lines"]:
            if line["table"].startswith("helpdesk.") and line["cause"] != "shared":
                told[line["table"].split(".")[1].strip('"')] += line["rows"]
        shared = {"stored_files", "tags"}
        self.assertEqual({name: rows for name, rows in told.items() if name not in shared},
                         {name: len(rows) for name, rows in mine.items()})
        self.assertEqual(Desk(self.database).counts(), before)

    def test_it_is_named_by_its_slug_alone(self):
        # The key of one tenant may be the slug of another.
        self.refuse("erase", "--whole-tenant", "--tenant", "6", *NOW, env=self.env, code=8,
                    message="there is no tenant '6'")

    def test_what_stays_has_its_ground(self):
        grounds = {line["set"]: (line["by"], line["clause"]) for line in self.erase(*HARBOUR).json["lines"]
                   if line["cause"] == "law"}
        self.assertEqual(grounds, {
            "billing_records": ("tax", "Art. 17(3)(b) GDPR"),
            "billing_lines": ("tax", "Art. 17(3)(b) GDPR"),
            "purchases": ("tax", "Art. 17(3)(b) GDPR"),
            "audit_log": ("accountability", "Art. 17(3)(b) and 5(2) GDPR")})

    def test_a_subject_a_plan_file_and_no_tenant_are_refused(self):
        for args, message in (
            (("--whole-tenant",), "needs --tenant"),
            ((*HARBOUR, "email:ada@example.com"), "name no subject"),
            ((*HARBOUR, "--request", "1"), "name no subject"),
            ((*HARBOUR, "--scan"), "goes without --scan"),
            ((*HARBOUR, "--certificate", self.keys / "c"), "goes with --apply"),
        ):
            self.refuse("erase", *args, *NOW, env=self.env, message=message)
        self.refuse("erase", "--whole-tenant", "--tenant", "nobody", *NOW, env=self.env, code=8,
                    message="there is no tenant 'nobody'")


NOW = ("--now", "2026-03-31T12:00:00Z")


class Apply(TenantTest):
    def test_everything_of_the_tenant_goes_but_what_is_kept_and_nobody_elses_row_is_touched(self):
        plan = self.lines_by(self.erase(*HARBOUR))
        _, others = self.rows_of("harbour")
        done = self.erase(*HARBOUR, *self.apply_now)
        # A trigger puts a copy of each note aside, which goes as well.
        trash = ("notes_trash", "delete", "whole-tenant")
        plan[trash] += plan["notes", "delete", "whole-tenant"]
        self.assertEqual(self.lines_by(done), plan)
        mine, others_after = self.rows_of("harbour")
        self.assertEqual({name for name, rows in mine.items() if rows}, KEPT)
        for table in others.keys() | others_after.keys():
            if table not in ("stored_files", "tags", "taggings"):
                self.assertEqual(others_after[table], others[table], table)
        # What it shared with others stays exactly where somebody still needs it.
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.stored_files f WHERE NOT EXISTS"
            " (SELECT FROM helpdesk.attachments a WHERE a.file_hash = f.hash)"), self.orphans())
        (stored,) = self.certificates()
        self.assertEqual((stored["whole_tenant"], stored["residue"], stored["subject"]),
                         (True, "counted", {"rows": 0, "hashed_with": None, "identities": []}))
        self.assertEqual(stored["deleted"], done.json["deleted"])
        self.assertEqual(self.database.rows("SELECT id FROM dsar.erasure_begun"), [])

    def orphans(self):
        """Files that nothing needed before either."""
        return harness.Database(harness.TEMPLATE).value(
            "SELECT count(*) AS n FROM helpdesk.stored_files f WHERE NOT EXISTS"
            " (SELECT FROM helpdesk.attachments a WHERE a.file_hash = f.hash)")

    def test_files_that_only_it_needed_go_with_their_objects(self):
        alone = ("FROM helpdesk.stored_files f WHERE EXISTS (SELECT FROM helpdesk.attachments a"
                 " JOIN helpdesk.messages m ON m.id = a.message_id JOIN helpdesk.tenants t"
                 " ON t.id = m.tenant_id WHERE a.file_hash = f.hash AND t.slug = 'harbour')")
        shared = (" AND EXISTS (SELECT FROM helpdesk.attachments a LEFT JOIN (helpdesk.messages m"
                  " JOIN helpdesk.tenants t ON t.id = m.tenant_id) ON m.id = a.message_id"
                  " WHERE a.file_hash = f.hash AND t.slug IS DISTINCT FROM 'harbour')")
        needed = self.database.value(f"SELECT count(*) AS n {alone}")
        others = self.database.value(f"SELECT count(*) AS n {alone}{shared}")
        self.assertGreater(others, 0)
        in_bucket = " AND f.storage = 'bucket'"
        bucket = self.database.value(f"SELECT count(*) AS n {alone}{in_bucket}")
        shared_bucket = self.database.value(f"SELECT count(*) AS n {alone}{shared}{in_bucket}")
        before = self.database.value("SELECT count(*) AS n FROM helpdesk.stored_files")
        done = self.erase(*HARBOUR, *self.apply_now)
        self.assertEqual(self.database.value("SELECT count(*) AS n FROM helpdesk.stored_files"),
                         before - (needed - others))
        objects = {one["store"]: one["count"] for one in done.json["objects"]}
        self.assertEqual(objects["files"], bucket - shared_bucket)
        listed = self.run_dsarctl("erase", "objects", done.json["erasure"], env=self.env)
        self.assertEqual(len(listed.out.splitlines()), sum(objects.values()))

    def test_accounting_is_pseudonymised_where_it_stays(self):
        self.erase(*HARBOUR, *self.apply_now)
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.billing_records b JOIN helpdesk.tenants t"
            " ON t.id = b.tenant_id WHERE t.slug = 'harbour' AND billing_email LIKE '%@%'"), 0)
        again = self.erase(*HARBOUR, *self.apply_now)
        self.assertEqual((again.json["deleted"], again.json["masked"]), (0, 0))

    def test_a_hold_and_an_open_request_keep_their_rows_and_a_later_run_takes_them(self):
        self.owner("hold", "place", "--tenant", "harbour", "email:brook@example.net",
                   "--ground", "claim", "--review", "2026-12-31")
        self.owner("request", "open", "--kind", "access", "--tenant", "harbour",
                   "email:ada@example.com", "--received", "2026-03-20", "--regime", "uk-gdpr")
        first = self.erase(*HARBOUR, *self.apply_now)
        kept = {(line["cause"], line["by"], line["until"]) for line in first.json["lines"]
                if line["cause"] in ("hold", "request")}
        self.assertEqual(kept, {("hold", "hold 1", "2026-12-31"), ("request", "request 1", None)})
        messages = {line["by"]: line["rows"] for line in self.lines(first, "messages")
                    if line["cause"] == "hold"}
        left = self.database.value("SELECT count(*) AS n FROM helpdesk.messages m JOIN"
                                   " helpdesk.tenants t ON t.id = m.tenant_id"
                                   " WHERE t.slug = 'harbour'")
        self.assertEqual(left, sum(line["rows"] for line in self.lines(first, "messages")
                                   if line["action"] == "keep"))
        self.assertGreater(messages["hold 1"], 0)
        self.owner("hold", "release", "1", "--reason", "over")
        self.owner("request", "close", "1", "--outcome", "answered", "--reason", "sent")
        planned = self.resume(first.json["erasure"])
        self.assertIsNone(planned["erasure"])
        self.assertGreater(planned["deleted"], 0)
        second = self.resume(first.json["erasure"], *self.apply_now)
        self.assertEqual(second["follows"], first.json["erasure"])
        # Triggers put rows aside that no plan knows of.
        self.assertGreaterEqual(second["deleted"], planned["deleted"])
        mine, _ = self.rows_of("harbour")
        self.assertEqual({name for name, rows in mine.items() if rows}, KEPT)

    def resume(self, *args, code=3):
        return self.run_dsarctl("erase", "resume", *args, *NOW, "--json", env=self.env,
                                code=code).json

    def test_all_that_have_something_left_are_taken_up_and_nothing_else(self):
        self.owner("hold", "place", "--tenant", "harbour", "email:brook@example.net",
                   "--ground", "claim", "--review", "2026-12-31")
        first = self.erase(*HARBOUR, *self.apply_now).json["erasure"]
        (kept,) = self.resume("--all", *self.apply_now, code=0)["resumed"]
        self.assertEqual((kept["erasure"], kept["followed_by"], kept["failure"]),
                         (first, None, None))
        self.owner("hold", "release", "1", "--reason", "over")
        (done,) = self.resume("--all", *self.apply_now, code=0)["resumed"]
        self.assertGreater(done["deleted"], 0)
        self.assertEqual(self.certificates()[-1]["erasure"], done["followed_by"])
        # What follows has taken its place; the law keeps what is left.
        (left,) = self.resume("--all", *self.apply_now, code=0)["resumed"]
        self.assertEqual((left["erasure"], left["followed_by"]), (done["followed_by"], None))
        self.assertEqual(len(self.certificates()), 2)

    def test_where_nothing_is_kept_the_tenants_own_row_goes_too(self):
        for table in ("billing_lines", "billing_records", "purchases", "audit_log"):
            self.database.execute(f"DELETE FROM helpdesk.{table} WHERE tenant_id ="
                                  " (SELECT id FROM helpdesk.tenants WHERE slug = 'harbour')")
        done = self.erase(*HARBOUR, *self.apply_now, code=0)
        self.assertEqual(done.json["withheld"], 0)
        self.assertEqual(self.line(done, "tenants")["action"], "delete")
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.tenants WHERE slug = 'harbour'"), 0)
        self.refuse("erase", *HARBOUR, *NOW, env=self.env, code=8, message="there is no tenant")

    def test_the_certificate_is_shown_and_verified_and_says_that_it_is_about_a_tenant(self):
        target = self.keys / "certificate.json"
        done = self.erase(*HARBOUR, *self.apply_now, "--certificate", target)
        verify = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
                  self.keys / "sign.pem.pub", "-in", target, "-sigfile", f"{target}.sig"]
        self.assertEqual(subprocess.run(verify, check=False, capture_output=True).returncode, 0)
        page = self.keys / "certificate.html"
        shown = self.run_dsarctl("certificate", "show", done.json["erasure"], "--html", page,
                                 env=self.env)
        self.assertRegex(shown.out, r"Whole tenant +harbour")
        self.assertRegex(page.read_text(encoding="utf-8"), "Counted once all was done")
        self.assertNotIn("Rows that were the person", shown.out)

    def test_rows_that_name_it_where_the_map_does_not_know_are_counted_told_and_left(self):
        self.database.execute(
            "CREATE TABLE helpdesk.stray (id int, tenant_id text);"
            "INSERT INTO helpdesk.stray SELECT n, id FROM helpdesk.tenants, generate_series(1, 3) n"
            " WHERE slug IN ('harbour', 'meadow');"
            "CREATE TABLE helpdesk.closed (id int, tenant_id int);"
            f"GRANT SELECT ON helpdesk.stray TO {self.env['PGUSER']}")
        done = self.erase(*HARBOUR, *self.apply_now)
        (certificate,) = self.certificates()
        counted = certificate["counted"]
        self.assertEqual(certificate["residue"], "counted")
        self.assertEqual(counted["found"],
                         [{"table": "helpdesk.stray", "column": "tenant_id", "rows": 3}])
        self.assertEqual([one["what"] for one in counted["cannot_see"]],
                         ["helpdesk.closed.tenant_id"])
        self.assertGreater(counted["record_sets"], 50)
        self.assertRegex(" ".join(done.json["warnings"]),
                         "3 rows of helpdesk.stray name the tenant in tenant_id")
        shown = self.run_dsarctl("certificate", "show", done.json["erasure"], env=self.env).out
        self.assertRegex(shown, r"helpdesk.stray.tenant_id +3")
        self.assertEqual(self.database.value("SELECT count(*) AS n FROM helpdesk.stray"), 6)

    def test_where_nothing_names_it_the_certificate_says_so(self):
        self.erase(*HARBOUR, *self.apply_now)
        (certificate,) = self.certificates()
        self.assertEqual((certificate["counted"]["found"], certificate["counted"]["cannot_see"]),
                         ([], []))

    def test_an_officer_alone_is_told_what_is_missing_and_changes_nothing(self):
        sweeper = roles.role_name(self.database, "sweeper")
        self.database.execute(f"REVOKE {sweeper} FROM {self.env['PGUSER']}")
        before = Desk(self.database).counts()
        self.refuse("erase", *HARBOUR, *self.apply_now, *NOW, env=self.env,
                    message="the role may not delete from", hint="dsar_officer and dsar_sweeper")
        self.assertEqual(Desk(self.database).counts(), before)
        self.assertEqual(self.database.rows("SELECT id FROM dsar.erasure_begun"), [])

    def test_a_trigger_that_the_map_does_not_know_refuses_it(self):
        self.database.execute(
            "CREATE TRIGGER copies BEFORE DELETE ON helpdesk.page_views FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()")
        self.refuse("erase", *HARBOUR, *self.apply_now, *NOW, env=self.env, code=7,
                    message="sets off trigger copies")

    def test_a_record_set_that_fails_is_named_and_the_next_run_goes_on_under_the_same_number(self):
        self.database.execute(
            "CREATE FUNCTION helpdesk.refuses() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'not today'; END $$;"
            "CREATE TRIGGER refuses BEFORE DELETE ON helpdesk.notes FOR EACH STATEMENT"
            " EXECUTE FUNCTION helpdesk.refuses()")
        text = (self.map_path() / "desk.json").read_text(encoding="utf-8")
        content = json.loads(text)
        content["tables"]["notes"].setdefault("known_triggers", {})["refuses"] = "refuses"
        (self.map_path() / "desk.json").write_text(json.dumps(content), encoding="utf-8")
        failed = self.run_dsarctl("erase", *HARBOUR, *self.apply_now, *NOW, env=self.env, code=3)
        self.assertRegex(failed.err, r"erasure [0-9a-f]{32} is not done, .*31 of notes \(")
        self.assertEqual(self.certificates(), [])
        ((begun,),) = self.database.rows("SELECT id FROM dsar.erasure_begun")
        self.assertIn(begun, failed.err)
        gone = self.database.value("SELECT sum(rows) AS n FROM dsar.erasure_progress")
        self.assertGreater(gone, 4000)
        doctor = self.run_dsarctl("doctor", "--json", env=self.env)
        self.assertIn(begun, doctor.out)
        self.database.execute("DROP TRIGGER refuses ON helpdesk.notes")
        done = self.erase(*HARBOUR, *self.apply_now)
        self.assertEqual(done.json["erasure"], begun)
        self.assertIn("is carried on", done.err)
        self.assertEqual(self.lines_by(done), self.expected_lines())

    def map_path(self):
        return self.temporary_map

    def expected_lines(self):
        with harness.fresh_database() as copy:
            with roles.granted(copy) as logins:
                sweeper = roles.role_name(copy, "sweeper")
                copy.execute(f"GRANT {sweeper} TO {logins['officer']}")
                env = {**self.env, **copy.env, "PGUSER": logins["officer"]}
                return self.lines_by(self.run_dsarctl(
                    "erase", *HARBOUR, *self.apply_now, *NOW, "--json", env=env, code=3))

    def setUp(self):
        super().setUp()
        from pathlib import Path
        self.temporary_map = Path(self.env["DSARCTL_MAP"])

    def test_the_ledger_knows_it_and_a_restored_backup_is_erased_again(self):
        ledger = ("--ledger", self.keys / "ledger")
        with harness.fresh_database(self.database.name) as backup:
            done = self.erase(*HARBOUR, *self.apply_now, *ledger)
            kinds = [json.loads(line)["kind"] for line in
                     (self.keys / "ledger").read_text(encoding="utf-8").splitlines()]
            self.assertEqual(kinds, ["tenant-erasure", "done"] * 2)
            env = {**backup.env, "DSARCTL_MAP": self.env["DSARCTL_MAP"]}
            self.refuse("erase", "--tenant", "harbour", "email:ada@example.com", *self.apply_now,
                        *ledger, *NOW, env=env, code=7, message="ahead of the database by 2")
            replay = self.run_dsarctl("ledger", "replay", *self.hash_key, *ledger, env=env, code=3)
            self.assertIn("erase --whole-tenant --tenant harbour --apply", replay.out)
            again = self.run_dsarctl("erase", *HARBOUR, *self.apply_now, *ledger, *NOW, "--json",
                                     env=env, code=3)
            self.assertEqual(again.json["deleted"], done.json["deleted"])
            settled = self.run_dsarctl("ledger", "replay", *self.hash_key, *ledger, env=env)
            self.assertIn("has all that the ledger has", settled.out)


if __name__ == "__main__":
    harness.unittest.main()

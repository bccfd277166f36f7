"""Once an erasure is done, what is left of the person elsewhere is told and signed."""

import hashlib
import json
import pathlib
import subprocess

from cli import roles
from cli.test_erase import ADA, NOW, ApplyTest

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "formats/schemas/residue.schema.json"


class Residue(ApplyTest):
    def erase_to(self, *more, **options):
        self.certificate = self.keys / "ada.json"
        run = self.erase(*ADA, *self.apply_now, "--certificate", self.certificate, *more, **options)
        self.statement = pathlib.Path(f"{self.certificate}.residue")
        return run.json["residue"], json.loads(self.statement.read_text())

    def test_the_statement_closes_the_certificate_and_openssl_verifies_it(self):
        _, stated = self.erase_to()
        self.assertEqual(stated["certificate_sha256"],
                         hashlib.sha256(self.certificate.read_bytes()).hexdigest())
        self.assertEqual(stated["erasure"], json.loads(self.certificate.read_text())["erasure"])
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", self.keys / "sign.pem.pub",
             "-rawin", "-in", self.statement, "-sigfile", f"{self.statement}.sig"],
            capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            self.database.rows("SELECT statement, encode(signature, 'hex') AS s"
                               " FROM dsar.erasure_residue"),
            [(self.statement.read_text(),
              pathlib.Path(f"{self.statement}.sig").read_bytes().hex())])
        self.assertEqual(set(stated), set(json.loads(SCHEMA.read_text())["required"]))

    def test_a_copy_that_no_link_leads_to_is_told_and_left_alone(self):
        self.database.execute(
            "CREATE TABLE helpdesk.stray (id int PRIMARY KEY, words text);"
            "INSERT INTO helpdesk.stray VALUES (7, 'ask ADA@example.com'), (8, 'nothing')")
        self.database.execute(f"GRANT SELECT ON helpdesk.stray TO {self.env['PGUSER']}")
        told, stated = self.erase_to()
        found = {(each["table"], each["column"]): each for each in told["found"]}
        stray = found["helpdesk.stray", "words"]
        self.assertEqual((stray["rows"], stray["keys"], stray["personal"]), (1, [["7"]], False))
        self.assertIn({"table": "helpdesk.stray", "column": "words", "rows": 1, "redacted": 0},
                      stated["found"])
        self.assertEqual(self.database.value("SELECT count(*) AS n FROM helpdesk.stray"), 2)
        self.assertNotIn("keys", self.statement.read_text())

    def test_withheld_rows_are_no_residue(self):
        told, _ = self.erase_to()
        kept = self.database.value(
            "SELECT count(*) AS n FROM helpdesk.audit_log WHERE changes::text ILIKE '%ada@example.com%'")
        self.assertGreater(kept, 0)
        self.assertNotIn("helpdesk.audit_log", [each["table"] for each in told["found"]])

    def test_what_cannot_be_searched_is_told(self):
        self.database.execute("CREATE TABLE helpdesk.closed (id int PRIMARY KEY, words text)")
        told, stated = self.erase_to()
        self.assertEqual([each["what"] for each in told["cannot_see"]], ["helpdesk.closed"])
        self.assertEqual([each["what"] for each in stated["cannot_see"]], ["helpdesk.closed"])

    def test_plan_erasure_and_search_are_on_record(self):
        self.erase(*ADA, *self.hash_key)
        self.erase_to()
        trail = self.database.rows("SELECT command, facts ->> 'stage' AS stage, subjects"
                                   " FROM dsar.audit_entry ORDER BY number")
        self.assertEqual([(command, stage) for command, stage, _ in trail],
                         [("erase", "plan"), ("erase", "done"), ("erase", "searched")])
        self.assertEqual(trail[0][2], trail[1][2])
        self.assertTrue(trail[0][2])

    def test_a_plan_searches_on_demand(self):
        self.assertIsNone(self.erase(*ADA).json["residue"])
        found = self.erase(*ADA, "--scan").json["residue"]["found"]
        self.assertIn("helpdesk.messages", [each["table"] for each in found])


class Redacted(ApplyTest):
    """Where the map says so, the person's identities are redacted in rows of others."""

    STRAY = """
    CREATE TABLE helpdesk.asides (id int PRIMARY KEY, tenant_id bigint, visitor_id bigint,
      words varchar(60), extra jsonb);
    INSERT INTO helpdesk.asides SELECT n, t.id, b.id, 'aside ' || n || ' for ADA@example.com ok',
      jsonb_build_object('to', jsonb_build_array('ada@example.com', n), 'ada@example.com', 1.50)
      FROM helpdesk.tenants t JOIN helpdesk.visitors b ON b.tenant_id = t.id
      AND b.email_key = 'brook@example.net', generate_series(1, 3) n WHERE t.slug = 'harbour'
    """

    def setUp(self):
        super().setUp()
        self.database.execute(self.STRAY)
        desk = pathlib.Path(self.env["DSARCTL_MAP"]) / "asides.json"
        column = {"category": "user.content.private", "residue": "redact"}
        desk.write_text(json.dumps({"dsarctl_map": 1, "tables": {"asides": {
            "tenant": "tenant_id",
            "sets": {"asides": {
                "category": "message", "subject": "visitor", "basis": "contract",
                "links": [{"to": "visitors", "match": {"visitor_id": "id"}}]}},
            "columns": {"id": "key", "tenant_id": "key", "visitor_id": "key",
                        "words": column, "extra": column}}}}))
        desk.chmod(0o600)
        roles.grant(self.database, env=self.env)

    def words(self):
        return self.database.rows("SELECT id, words, extra FROM helpdesk.asides ORDER BY id")

    def found(self, run):
        return {each["column"]: each for each in run.json["residue"]["found"]
                if each["table"] == "helpdesk.asides"}

    def test_the_plan_says_so_and_changes_nothing(self):
        before = self.words()
        found = self.found(self.erase(*ADA, "--scan"))
        self.assertEqual((found["words"]["redact"], found["words"]["redacted"]), (True, 0))
        self.assertEqual(self.words(), before)

    def test_all_else_in_the_row_stays(self):
        found = self.found(self.erase(*ADA, *self.apply_now))
        self.assertEqual((found["words"]["rows"], found["words"]["redacted"]), (3, 3))
        self.assertEqual((found["extra"]["rows"], found["extra"]["redacted"]), (3, 3))
        self.assertEqual(self.words(), [
            (n, f"aside {n} for [erased] ok", {"to": ["[erased]", n], "[erased]": 1.5})
            for n in (1, 2, 3)])
        stated = json.loads(self.database.value("SELECT statement AS s FROM dsar.erasure_residue"))
        self.assertIn({"table": "helpdesk.asides", "column": "words", "rows": 3, "redacted": 3},
                      stated["found"])

    def test_a_row_that_a_hold_keeps_is_left_as_it_is(self):
        self.run_dsarctl("hold", "place", "--tenant", "harbour", "--set", "asides", "--where",
                         "id = 2", "--ground", "claim", "--review", "2026-12-31", *NOW,
                         env={**self.database.env, "DSARCTL_MAP": self.env["DSARCTL_MAP"]})
        found = self.found(self.erase(*ADA, *self.apply_now))
        self.assertEqual((found["words"]["redacted"], found["words"]["held"]), (2, 1))
        self.assertIn("ADA@example.com", self.words()[1][1])

    def test_a_number_that_a_household_shares_is_left_to_the_other(self):
        self.database.execute(
            "INSERT INTO helpdesk.asides SELECT 4, tenant_id, visitor_id, 'ring +44 7700 900123'"
            " FROM helpdesk.asides WHERE id = 1")
        run = self.run_dsarctl("erase", *ADA, *self.apply_now, code=3, env=self.env)
        self.assertIn("3 redacted, 1 to be reviewed", run.out)
        self.assertEqual(self.words()[3][1], "ring +44 7700 900123")

    def test_a_later_search_redacts_what_the_certificate_proves_alone(self):
        first = self.erase(*ADA, *self.apply_now, "--scan-later").json["erasure"]
        self.database.execute("UPDATE helpdesk.asides SET words = 'for cleo@example.com too'"
                              " WHERE id = 2")
        run = self.run_dsarctl(
            "erase", "scan", first, "email:ada@example.com", "email:cleo@example.com",
            "--signing-key", self.keys / "sign.pem", *self.hash_key, *NOW, "--json", code=3,
            env=self.env)
        found = self.found(run)
        self.assertEqual((found["words"]["rows"], found["words"]["redacted"]), (3, 2))
        self.assertEqual(self.words()[1][1], "for cleo@example.com too")


class Later(ApplyTest):
    """The search that an erasure left for later closes its certificate all the same."""

    def setUp(self):
        super().setUp()
        self.certificate = self.keys / "ada.json"
        self.first = self.erase(*ADA, *self.apply_now, "--scan-later",
                                "--certificate", self.certificate).json

    def scan(self, *identities, code=3, hashed=True, **options):
        return self.run_dsarctl(
            "erase", "scan", self.first["erasure"][:12], *identities, "--signing-key",
            self.keys / "sign.pem", *(self.hash_key if hashed else ()), *NOW, code=code,
            env=self.env, **options)

    def show(self, *args):
        return self.run_dsarctl("certificate", "show", self.first["erasure"], *args, env=self.env)

    def test_the_erasure_says_what_is_left_to_do(self):
        self.assertIsNone(self.first["residue"])
        self.assertIn("erase scan " + self.first["erasure"], " ".join(self.first["warnings"]))
        self.assertIn("(pending)", self.show().out)

    def test_it_finds_what_the_search_at_once_would_have_found(self):
        self.database.execute(
            "CREATE TABLE helpdesk.stray (id int PRIMARY KEY, words text);"
            "INSERT INTO helpdesk.stray VALUES (7, 'ask ADA@example.com'), (8, 'nothing')")
        self.database.execute(f"GRANT SELECT ON helpdesk.stray TO {self.env['PGUSER']}")
        run = self.scan("email:ada@example.com", "--json", "--certificate", self.certificate)
        found = {(each["table"], each["column"]): each for each in run.json["residue"]["found"]}
        self.assertEqual(found["helpdesk.stray", "words"]["keys"], [["7"]])
        self.assertNotIn("helpdesk.audit_log", [table for table, _ in found])  # withheld
        statement = pathlib.Path(f"{self.certificate}.residue")
        self.assertEqual(json.loads(statement.read_text())["certificate_sha256"],
                         hashlib.sha256(self.certificate.read_bytes()).hexdigest())
        self.run_dsarctl("certificate", "verify", statement, "--key", self.keys / "sign.pem.pub")

    def test_the_certificate_is_shown_with_what_closes_it(self):
        self.scan("email:ada@example.com")
        page, copy = self.keys / "ada.html", self.keys / "copy.json"
        shown = self.show("--html", page, "--output", copy)
        self.assertIn("Searched for copies elsewhere", shown.out)
        self.assertNotIn("pending", shown.out + page.read_text())
        self.assertTrue(pathlib.Path(f"{copy}.residue.sig").exists())
        statement = pathlib.Path(f"{copy}.residue")
        statement.write_text(statement.read_text().replace('"tables": ', '"tables": 1'))
        self.run_dsarctl("certificate", "verify", statement, "--key", self.keys / "sign.pem.pub",
                         code=4)
        statement.write_text(statement.read_text().replace('_sha256": "', '_sha256": "0'))
        self.run_dsarctl("certificate", "show", copy, code=2)

    def test_it_is_refused_for_somebody_else_and_a_second_time(self):
        self.assertIn("by none of these identities", self.scan("email:brook@example.net", code=7).err)
        self.assertIn("--hash-key has to give",
                      self.scan("email:ada@example.com", code=2, hashed=False).err)
        self.scan("email:ada@example.com")
        self.assertIn("has been searched for", self.scan("email:ada@example.com", code=2).err)
        stages = self.database.rows("SELECT facts ->> 'stage' AS stage FROM dsar.audit_entry"
                                    " ORDER BY number")
        self.assertEqual([stage for stage, in stages], ["done", "searched"])

    def test_a_person_that_is_back_is_told_and_is_no_residue(self):
        self.database.execute(
            "INSERT INTO helpdesk.visitors (id, tenant_id, email, created_at) SELECT 990001, id,"
            " 'ada@example.com', now() FROM helpdesk.tenants WHERE slug = 'harbour'")
        run = self.scan("email:ada@example.com", "--json")
        self.assertEqual(run.json["subject_rows"], 1)
        self.assertNotIn("helpdesk.visitors", [each["table"] for each in run.json["residue"]["found"]])

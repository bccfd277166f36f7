"""Once an erasure is done, what is left of the person elsewhere is told and signed."""

import hashlib
import json
import pathlib
import subprocess

from cli.test_erase import ADA, ApplyTest

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
        self.assertIn({"table": "helpdesk.stray", "column": "words", "rows": 1}, stated["found"])
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

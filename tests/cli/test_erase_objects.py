"""Objects outside the database: listed until somebody reports them gone, and signed for then."""

import hashlib
import hmac
import json
import pathlib
import subprocess

from cli import harness
from cli.test_erase import ADA, ApplyTest

STATES = ("deleted", "not_found", "failed", "unreported")


class ObjectsTest(ApplyTest):
    """Ada is erased, who had objects in two stores."""

    def setUp(self):
        super().setUp()
        self.database.execute(
            "UPDATE helpdesk.stored_files SET storage = 'bucket', bucket = 'b',"
            " object_key = 'ada@example.com/1', content = NULL WHERE hash = 'f0000001'")
        done = self.erase(*ADA, *self.apply_now)
        self.assertEqual(done.json["objects"], [{"store": "files", "count": 1}])
        self.id = done.json["erasure"]
        # As if she had had more.
        self.database.execute(
            "INSERT INTO dsar.erased_object (erasure, store, object_key) VALUES"
            f" ('{self.id}', 'files', 'b/k/2'), ('{self.id}', 'scans', 's/k/3')")
        self.signed = ("--signing-key", self.keys / "sign.pem", *self.hash_key)

    def listed(self, *args):
        out = self.run_dsarctl("erase", "objects", *args, env=self.env).out
        return [json.loads(line) for line in out.splitlines()]

    def report(self, *lines, signed=True, **options):
        return self.run_dsarctl(
            "erase", "confirm-objects", "-", "--json", *(self.signed if signed else ()),
            stdin="".join(json.dumps(line) + "\n" for line in lines), env=self.env, **options)

    def statements(self):
        return [json.loads(text) for (text,) in self.database.rows(
            "SELECT statement FROM dsar.erasure_statement ORDER BY erasure, number")]

    def stores(self, statement):
        return {one["store"]: tuple(one[state] for state in STATES) for one in statement["stores"]}


class Objects(ObjectsTest):
    def test_they_are_listed_until_they_are_reported_gone(self):
        lines = self.listed()
        self.assertEqual([(one["erasure"], one["store"], one["key"]) for one in lines],
                         [(self.id, "files", "b/ada@example.com/1"), (self.id, "files", "b/k/2"),
                          (self.id, "scans", "s/k/3")])
        self.assertEqual(self.listed(self.id[:8]), lines)
        for count in (1, 0):
            told = self.report(lines[0], signed=False).json
            self.assertEqual(told, {"reported": count, "failed": 0, "statements": []})
        self.assertEqual(self.listed(), lines[1:])
        # Its key is forgotten: it may say whose it was.
        self.assertEqual(self.listed("--all"),
                         [{**lines[0], "key": None, "state": "deleted"}, *lines[1:]])
        kept = self.database.rows("SELECT object_key, key_hash FROM dsar.erased_object ORDER BY id")
        self.assertEqual(kept, [("", ""), ("b/k/2", ""), ("s/k/3", "")])
        self.assertEqual(self.statements(), [])

    def test_how_many_are_told_in_words(self):
        first, *others = self.listed()
        for lines, words in (([first], "1 object newly"), (others, "2 objects newly")):
            told = self.run_dsarctl(
                "erase", "confirm-objects", "-", env=self.env,
                stdin="".join(json.dumps(line) + "\n" for line in lines),
            ).out  # fmt: skip
            self.assertTrue(told.startswith(f"{words} reported\n"), told)

    def test_one_that_failed_stays_listed_and_makes_the_run_partial(self):
        lines = self.listed()
        self.report({**lines[0], "state": "failed"}, {**lines[1], "state": "not-found"}, code=3)
        self.assertEqual(self.listed(), [{**lines[0], "state": "failed"}, lines[2]])
        (stated,) = self.statements()
        self.assertEqual((stated["open"], self.stores(stated)),
                         (2, {"files": (0, 1, 1, 0), "scans": (0, 0, 0, 1)}))

    def test_a_later_statement_closes_what_an_earlier_left_open(self):
        lines = self.listed()
        told = self.report(lines[0]).json
        self.assertEqual(told["statements"], [{"erasure": self.id, "number": 1, "open": 2}])
        told = self.report(*lines[1:]).json
        self.assertEqual(told["statements"], [{"erasure": self.id, "number": 2, "open": 0}])
        first, last = self.statements()
        self.assertEqual(self.stores(first), {"files": (1, 0, 0, 1), "scans": (0, 0, 0, 1)})
        self.assertEqual(self.stores(last), {"files": (2, 0, 0, 0), "scans": (1, 0, 0, 0)})
        # It came back, or was never gone.
        self.report({**lines[2], "state": "failed"}, code=3)
        self.assertEqual(self.statements()[-1]["open"], 1)

    def test_it_is_bound_to_the_certificate_and_holds_no_key_of_an_object(self):
        self.report(*self.listed())
        (text,) = self.database.rows("SELECT statement FROM dsar.erasure_statement")[0]
        for value in (*harness.PERSONAL, "k/2", "k/3"):
            self.assertNotIn(value, text)
        stated = json.loads(text)
        certificate = self.database.value("SELECT certificate AS c FROM dsar.erasure")
        self.assertEqual(stated["certificate_sha256"],
                         hashlib.sha256(certificate.encode()).hexdigest())
        # Whoever has the key and the list can tell that it is about these.
        key = (self.keys / "hash.key").read_text().strip().encode()
        scans = next(one for one in stated["stores"] if one["store"] == "scans")
        self.assertEqual(scans["gone_digest"], hmac.new(key, b"s/k/3", "sha256").hexdigest())

    def test_without_a_hash_key_there_are_no_digests(self):
        lines, hashed = self.listed(), self.signed
        self.signed = self.signed[:2]
        self.report(*lines[1:])
        (stated,) = self.statements()
        self.assertEqual({one["gone_digest"] for one in stated["stores"]}, {None})
        self.assertIsNone(stated["hashed_with"])
        # Nor later, where the keys of some are forgotten without one.
        self.signed = hashed
        self.report(lines[0])
        self.assertEqual({one["gone_digest"] for one in self.statements()[-1]["stores"]}, {None})

    def test_the_audit_trail_has_its_digest(self):
        self.report(self.listed()[0])
        facts = self.database.rows(
            "SELECT facts FROM dsar.audit_entry WHERE command = 'erase confirm-objects' ORDER BY number")
        (text,) = self.database.rows("SELECT statement FROM dsar.erasure_statement")[0]
        self.assertEqual(facts[0][0], {
            "stage": "stated", "erasure": self.id, "statement": "1", "open": "2",
            "statement_sha256": hashlib.sha256(text.encode()).hexdigest()})

    def test_an_erasure_that_is_not_done_has_no_certificate_to_bind_one_to(self):
        other = "f" * 32
        self.database.execute(
            "INSERT INTO dsar.erasure_begun (id, whole_tenant, tenant_key, tenant, actor)"
            f" VALUES ('{other}', true, '1', 'harbour', 'me');"
            "INSERT INTO dsar.erased_object (erasure, store, object_key) VALUES"
            f" ('{other}', 'files', 'x')")
        run = self.report(*self.listed())
        self.assertEqual([one["erasure"] for one in run.json["statements"]], [self.id])
        self.assertIn(f"erasure {other} is not done", run.err)
        self.assertEqual(self.listed(), [])

    def test_lines_that_are_none_are_refused_and_nothing_is_noted(self):
        before = self.listed()
        for line, message in (("gone", "-:1: not a line of this list"),
                              ('{"id": "x"}', "-:1: the id is no number"),
                              ('{"id": "1", "state": "lost"}', "-:1: the state is none of"),
                              ('{"id": "1", "state": 1}', "-:1: the state is none of")):
            self.refuse("erase", "confirm-objects", "-", env=self.env, stdin=line + "\n",
                        message=message)
        self.assertEqual(self.listed(), before)


class Shown(ObjectsTest):
    def setUp(self):
        super().setUp()
        self.file = self.keys / "ada.json"
        self.statement = pathlib.Path(f"{self.file}.objects")

    def show(self, which, *args, **options):
        return self.run_dsarctl("certificate", "show", which, *args, env=self.env, **options).out

    def test_the_certificate_is_shown_with_the_last_one(self):
        self.assertIn("Nothing has been stated yet of the objects", self.show(self.id))
        self.report(*self.listed()[:2])
        self.assertIn("statement 1 of ", self.show(self.id))
        self.assertIn("Open: 1\n", self.show(self.id))
        self.report(*self.listed())
        page = self.keys / "ada.html"
        shown = self.show(self.id, "--output", self.file, "--html", page)
        self.assertIn("Open: 0\n", shown)
        self.assertEqual(self.show(self.file), shown)
        self.assertIn("Open: 0.", page.read_text())

    def test_openssl_alone_verifies_it_and_so_does_the_command(self):
        self.report(*self.listed())
        self.show(self.id, "--output", self.file)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", self.keys / "sign.pem.pub",
             "-rawin", "-in", self.statement, "-sigfile", f"{self.statement}.sig"],
            capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        verify = ("certificate", "verify", self.statement, "--key", self.keys / "sign.pem.pub")
        self.assertIn("verified, signed with key ", self.run_dsarctl(*verify).out)
        self.statement.write_text(self.statement.read_text().replace('"failed": 0', '"failed": 1'))
        self.assertIn("not of these bytes", self.run_dsarctl(*verify, code=4).out)

    def test_one_about_another_certificate_is_refused(self):
        self.report(*self.listed())
        self.show(self.id, "--output", self.file)
        self.statement.write_text(self.statement.read_text().replace(
            '"certificate_sha256": "', '"certificate_sha256": "0')[:-1])
        self.refuse("certificate", "show", self.file, env=self.env,
                    message="ada.json.objects belongs to another certificate")


if __name__ == "__main__":
    import unittest

    unittest.main()

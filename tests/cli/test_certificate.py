"""Certificates of erasure: shown from the database or a file, printed, verified by anybody."""

import json
import os
import shutil
import subprocess
from html.parser import HTMLParser

from cli import harness

NOW = ("--now", "2026-03-31T12:00:00Z")
NOWHERE = {"PGHOST": "/nonexistent", "PGDATABASE": "none"}


class Page(HTMLParser):
    """What a page loads or runs, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags = set()
        self.leads_to = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.leads_to += [value for name, value in attrs if name in ("src", "href", "onload")]

    def handle_data(self, data):
        self.text += data


class CertificateTest(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.folder = self.temporary_folder()
        shutil.copytree(os.environ["DSARCTL_MAP"], self.folder / "map")
        subprocess.run(["chmod", "-R", "go-w", self.folder / "map"], check=True)
        self.env = {**self.database.env, "DSARCTL_MAP": str(self.folder / "map")}
        for name in ("sign", "other"):
            self.run_dsarctl("keygen", "--signing", self.folder / f"{name}.pem")
        self.run_dsarctl("keygen", "--hmac", self.folder / "hash.key")
        done = self.run_dsarctl(
            "erase", "--tenant", "harbour", "email:ada@example.com", "--apply", "--signing-key",
            self.folder / "sign.pem", "--hash-key", self.folder / "hash.key", *NOW, "--json",
            code=3, env=self.env)
        self.id = done.json["erasure"]
        self.file = self.folder / "ada.json"

    def show(self, *args, **options):
        return self.run_dsarctl("certificate", "show", *args, env=self.env, **options)

    def verify(self, *args, key="sign.pem.pub", **options):
        return self.run_dsarctl("certificate", "verify", self.file, "--key", self.folder / key,
                                *args, env=NOWHERE, **options)

    def test_it_is_shown_by_its_number_or_how_that_begins(self):
        whole = self.show(self.id)
        self.assertIn("Certificate of erasure", whole.out)
        self.assertIn("95 rows deleted, 7 masked, 0 re-pointed, 9 withheld", whole.out)
        self.assertEqual(self.show(self.id[:8]).out, whole.out)
        self.refuse("certificate", "show", "ffffffff", env=self.env,
                    message="there is no erasure ffffffff")

    def test_its_exact_bytes_are_written_and_verify_without_a_database(self):
        self.show(self.id, "--output", self.file)
        stored = self.database.value("SELECT certificate FROM dsar.erasure")
        self.assertEqual(self.file.read_text(encoding="utf-8"), stored)
        self.assertEqual(self.show(self.id, "--json").out, stored)
        self.assertEqual(self.show(self.file, "--json").out, stored)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertIn(": verified, signed with key ", self.verify().out)
        openssl = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
             self.folder / "sign.pem.pub", "-in", self.file, "-sigfile", f"{self.file}.sig"],
            capture_output=True, check=False)
        self.assertEqual(openssl.returncode, 0)
        self.refuse("certificate", "show", self.id, "--output", self.file, env=self.env,
                    message="exists")

    def test_one_that_was_changed_or_signed_by_another_does_not_verify(self):
        self.show(self.id, "--output", self.file)
        text = self.file.read_text(encoding="utf-8")
        self.file.write_text(text.replace('"withheld": 9', '"withheld": 0'), encoding="utf-8")
        changed = self.verify("--json", code=4).json
        self.assertEqual((changed["verified"], changed["faults"]),
                         (False, ["the signature is not of these bytes by this key"]))
        self.file.write_text(text, encoding="utf-8")
        another = self.verify(code=4, key="other.pem.pub").out
        self.assertIn("the signature is not of these bytes by this key", another)
        self.assertRegex(another, "it says that key [0-9a-f]{16} has signed it, and this is key")
        self.file.write_text("{}", encoding="utf-8")
        self.assertIn("is no certificate of erasure", self.verify(code=4).out)
        self.refuse("certificate", "show", self.file, env=self.env,
                    message="is no certificate of erasure")
        self.refuse("certificate", "verify", self.folder / "none", "--key",
                    self.folder / "sign.pem.pub", env=NOWHERE, message="none cannot be read")
        self.refuse("certificate", "verify", self.file, "--key", self.folder / "hash.key",
                    env=NOWHERE, message="not a public key")

    def test_a_page_to_print_needs_nothing_else_and_everything_in_it_is_escaped(self):
        page = self.folder / "ada.html"
        self.show(self.id, "--html", page)
        html = Page(page.read_text(encoding="utf-8"))
        self.assertEqual(html.leads_to, [])
        self.assertFalse(html.tags & {"script", "img", "link", "iframe", "a", "object"})
        for word in (self.id, "billing_records", "Art. 17(3)(b) GDPR", "Amazon Web Services",
                     "openssl pkeyutl"):
            self.assertIn(word, html.text)
        for value in (*harness.PERSONAL, "Nwosu"):
            self.assertNotIn(value, html.text)
        # Whatever stands in a certificate is text.
        self.show(self.id, "--output", self.file)
        evil = json.loads(self.file.read_text(encoding="utf-8"))
        evil["tenant"] = "<script>alert('&')</script>"
        evil["lines"][0]["by"] = evil["lines"][0]["set"] = "\"><img src=x onerror=1>"
        altered, other = self.folder / "evil.json", self.folder / "evil.html"
        altered.write_text(json.dumps(evil), encoding="utf-8")
        self.show(altered, "--html", other)
        html = Page(other.read_text(encoding="utf-8"))
        self.assertFalse(html.tags & {"script", "img"})
        self.assertIn("<script>alert('&')</script>", html.text)

    def test_a_crash_after_the_commit_loses_no_certificate(self):
        # Nothing of the run is left but what it committed.
        for name in ("sign.pem", "hash.key"):
            (self.folder / name).unlink()
        self.show(self.id, "--output", self.file)
        self.verify()

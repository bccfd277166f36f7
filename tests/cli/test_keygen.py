"""Keys: made once, kept from others, and good for openssl alone."""

import hashlib
import hmac
import re
import subprocess
import unittest
import zipfile

from cli.harness import CliTest

ADA = ("--tenant", "harbour", "email:ada@example.com")


def openssl(*args, code=0):
    run = subprocess.run(["openssl", *map(str, args)], capture_output=True, check=False)
    if run.returncode != code:
        raise AssertionError(f"openssl {args}\n{run.stdout}\n{run.stderr}")
    return run.stdout


class Keygen(CliTest):
    def setUp(self):
        self.folder = self.temporary_folder()
        self.signing = self.folder / "signing.pem"
        self.public = self.folder / "signing.pem.pub"
        self.hmac = self.folder / "hash.key"

    def test_makes_both_keys_and_tells_their_ids(self):
        made = self.run_dsarctl(
            "keygen", "--signing", self.signing, "--hmac", self.hmac, "--json"
        ).json
        self.assertEqual(made["signing"]["public"], str(self.public))
        der = openssl("pkey", "-pubin", "-in", self.public, "-outform", "DER")
        self.assertEqual(made["signing"]["id"], hashlib.sha256(der).hexdigest()[:16])
        self.assertEqual(openssl("pkey", "-in", self.signing, "-pubout", "-outform", "DER"), der)
        key = self.hmac.read_text()
        self.assertRegex(key, r"\A[0-9a-f]{64}\n\Z")
        named = hmac.new(key.strip().encode(), b"dsarctl key id", "sha256").hexdigest()[:16]
        self.assertEqual(made["hmac"]["id"], named)

    def test_keeps_them_from_others(self):
        run = self.run_dsarctl("keygen", "--signing", self.signing, "--hmac", self.hmac)
        for path, mode in ((self.signing, 0o600), (self.hmac, 0o600), (self.public, 0o644)):
            self.assertEqual(path.stat().st_mode & 0o777, mode, path)
        secret = self.signing.read_text().splitlines()[1]
        for key in (secret, self.hmac.read_text().strip()):
            self.assertNotIn(key, run.out + run.err)

    def test_writes_nothing_over_and_all_or_nothing(self):
        self.public.write_text("somebody's")
        self.refuse("keygen", "--hmac", self.hmac, "--signing", self.signing,
                    message="signing.pem.pub")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), [self.public.name])
        self.assertEqual(self.public.read_text(), "somebody's")

    def test_one_path_named_twice_is_refused_before_anything_is_written(self):
        (self.folder / "sub").mkdir()
        for hmac_path in (self.signing, self.public, self.folder / "sub" / ".." / "signing.pem"):
            self.refuse("keygen", "--signing", self.signing, "--hmac", hmac_path,
                        message="--hmac names a file that --signing writes", hint="FILE.pub")
            self.assertEqual([path.name for path in self.folder.iterdir()], ["sub"])

    def test_wants_to_know_which(self):
        self.refuse("keygen", message="no key is asked for", hint="--signing")

    def test_each_is_another(self):
        ids = set()
        for name in ("a", "b"):
            run = self.run_dsarctl("keygen", "--signing", self.folder / name,
                                   "--hmac", self.folder / f"{name}.hmac")
            ids.update(re.findall(r"key ([0-9a-f]{16}):", run.out))
        self.assertEqual(len(ids), 4)


class SignedPackages(CliTest):
    def setUp(self):
        self.folder = self.temporary_folder()
        self.key = self.folder / "signing.pem"
        self.made = self.run_dsarctl("keygen", "--signing", self.key, "--json").json["signing"]
        self.target = self.folder / "ada.zip"

    def export(self, *args, **options):
        return self.run_dsarctl("export", *ADA, "--output", self.target, *args, **options)

    def verify(self, manifest, signature, code=0):
        openssl("pkeyutl", "-verify", "-pubin", "-inkey", f"{self.key}.pub", "-rawin",
                "-in", manifest, "-sigfile", signature, code=code)

    def test_openssl_verifies_the_manifest_and_finds_it_altered(self):
        result = self.export("--signing-key", self.key, "--json").json
        self.assertEqual(result["signed_with"], self.made["id"])
        with zipfile.ZipFile(self.target) as package:
            self.assertEqual(package.namelist()[-2:], ["manifest.json", "manifest.json.sig"])
            self.assertEqual(len(package.namelist()), result["files"])
            package.extractall(self.folder)
        manifest, signature = self.folder / "manifest.json", self.folder / "manifest.json.sig"
        self.assertEqual(signature.stat().st_size, 64)
        self.verify(manifest, signature)
        manifest.write_bytes(manifest.read_bytes().replace(b'"rows": ', b'"rows":  ', 1))
        self.verify(manifest, signature, code=1)

    def test_without_a_key_there_is_no_signature(self):
        self.assertIsNone(self.export("--json").json["signed_with"])
        with zipfile.ZipFile(self.target) as package:
            self.assertNotIn("manifest.json.sig", package.namelist())

    def test_a_key_that_others_may_read_or_that_is_none_signs_nothing(self):
        hmac_key = self.folder / "hash.key"
        self.run_dsarctl("keygen", "--hmac", hmac_key)
        for path, message, hint in (
            (self.folder / "nowhere", "cannot be read", None),
            (hmac_key, "not a private key in PEM", "keygen --signing"),
            (f"{self.key}.pub", "others than its owner may use", "chmod 600"),
        ):
            self.refuse("export", *ADA, "--output", self.target, "--signing-key", path,
                        message=message, hint=hint)
        self.key.chmod(0o640)
        self.refuse("export", *ADA, "--output", self.target, "--signing-key", self.key,
                    message="others than its owner may use", hint="chmod 600")
        self.assertFalse(self.target.exists())


if __name__ == "__main__":
    unittest.main()

"""`export` writes all that is the subject's, as the server has it, and nothing else."""

import hashlib
import json
import re
import stat
import subprocess

from cli import harness, recount
from cli.package import Comparison, Members, Package, faults_by_schema, server_rows

# What no package may hold: column by column, and not from the map.
SECRETS = {
    "users": ("api_key",),
    "accounts": ("password_hash", "otp_secret", "reset_token"),
    "devices": ("push_token",),
    "sessions": ("auth_token",),
    "marketing_subscriptions": ("token",),
    "tenants": ("site_key",),
    "integrations": ("credentials",),
}


def texts(value):
    """Every text in a JSON value."""
    if isinstance(value, (dict, Members, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)
    elif type(value) is str:
        yield value


class ExportTest(harness.CliTest):
    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(harness.fresh_database())

    def export(self, subject, *more, code=0):
        path = self.temporary_folder() / "package.zip"
        self.run_dsarctl(
            *("export", "--tenant", subject.tenant, subject.ask, "--output", path, *more),
            env=self.database.env,
            code=code,
        )
        return Package(path)

    def assert_lossless(self, package, subject):
        """Every value is the server's own, or a label where redactions.json says so."""
        comparison = Comparison(package)
        left_out = package.listed("secrets")
        server = server_rows(self.database, subject.counts)
        for record_set in package.sets:
            rows = package.rows(record_set)
            remaining = server.get(record_set, [])
            self.assertEqual(len(rows), len(remaining), record_set)
            for row in rows:
                self.assertEqual(
                    set(remaining[0]) - set(row),
                    {c for c in remaining[0] if f"{record_set}.{c}" in left_out},
                    f"{record_set}: columns that are not there",
                )
                same = next((r for r in remaining if not comparison.row(record_set, row, r)), None)
                if same is None:
                    differ = min((comparison.row(record_set, row, r) for r in remaining), key=len)
                    self.fail(f"no row of the server's is {record_set} {row}: {differ}")
                remaining.remove(same)
        return comparison


class EveryPackage(ExportTest):
    def test_every_named_person_gets_the_rows_of_the_recount_and_every_value_as_it_is(self):
        for name, subject in recount.SUBJECTS.items():
            with self.subTest(name):
                package = self.export(subject)
                expected = recount.count(subject.counts, self.database.name)
                self.assertEqual(
                    {record_set: rows for record_set, rows in package.counts().items() if rows},
                    {record_set: rows for record_set, rows in expected.items() if rows},
                )
                self.assert_lossless(package, subject)


class AdasPackage(ExportTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.enterClassContext(harness.tempfile.TemporaryDirectory()) + "/ada.zip"
        cls.done = harness.dsarctl(
            *("export", "--tenant", "harbour", "email:ada@example.com", "--output", cls.path),
            *("--json", "--now", "2026-03-31T12:00:00Z"),
            env=cls.database.env,
        )
        cls.package = Package(cls.path)

    def test_the_file_is_whole_and_private(self):
        self.assertEqual(self.done.code, 0, str(self.done))
        self.assert_says_nothing_personal(self.done)
        unzip = subprocess.run(["unzip", "-tqq", self.path], capture_output=True, check=False)
        self.assertEqual((unzip.returncode, unzip.stdout, unzip.stderr), (0, b"", b""))
        path = self.package.path
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual([entry.name for entry in path.parent.iterdir()], ["ada.zip"])

    def test_the_manifest_lists_every_file_as_it_is(self):
        manifest = self.package.manifest
        self.assertEqual(manifest["created"], "2026-03-31T12:00:00Z")
        self.assertEqual(self.package.names[-1], "manifest.json")
        self.assertEqual([file["name"] for file in manifest["files"]], self.package.names[:-1])
        self.assertEqual(len(set(self.package.names)), len(self.package.names))
        for file in manifest["files"]:
            content = self.package.files[file["name"]]
            with self.subTest(file["name"]):
                self.assertEqual(file["bytes"], len(content))
                self.assertEqual(file["sha256"], hashlib.sha256(content).hexdigest())
                if file["name"].startswith("data/") or file["name"] == "objects.json":
                    self.assertEqual(file["rows"], len(json.loads(content)))
                else:
                    self.assertNotIn("rows", file)

    def test_the_result_says_what_was_written(self):
        result, files = self.done.json, self.package.files
        self.assertEqual(
            result["manifest_sha256"], hashlib.sha256(files["manifest.json"]).hexdigest()
        )
        self.assertEqual(result["files"], len(files))
        sets = [file for file in self.package.manifest["files"] if file["name"].startswith("data/")]
        self.assertEqual(result["rows"], sum(file["rows"] for file in sets))
        self.assertEqual(result["record_sets"], len(sets))
        self.assertEqual(result["cannot_see"], [])

    def test_entry_names_are_safe_whatever_files_were_called(self):
        for name in self.package.names:
            with self.subTest(name):
                self.assertRegex(name, r"\A([a-z0-9_]+/)*[a-z0-9_-]+\.(json|bin)\Z")

    def test_the_documents_are_as_their_schemas_say(self):
        for name in ("about", "manifest", "redactions"):
            with self.subTest(name):
                self.assertEqual(
                    faults_by_schema(name, self.package.files[f"{name}.json"]), []
                )
                self.assertNotEqual(faults_by_schema(name, b"{}"), [])

    def test_redactions_counts_what_has_labels_and_a_label_is_one_person_everywhere(self):
        comparison = self.assert_lossless(self.package, recount.ADA)
        redactions = self.package.redactions
        listed = redactions["third_parties"]
        inside = {item["column"] for item in listed if "path" in item}
        for item in listed:
            if item["column"] not in inside:
                with self.subTest(item["column"]):
                    self.assertEqual(comparison.changed[item["column"]], item["values"])
        self.assertEqual(set(comparison.changed), {item["column"] for item in listed})
        self.assertEqual((redactions["withheld"], redactions["unclassified"]), ([], []))

        people, where = {}, {}
        for (original, label), sets in comparison.labelled.items():
            # An address may stand there in several ways; an agent's key in one.
            if label.startswith("agent-"):
                people.setdefault(label, set()).add(original)
                where.setdefault(label, set()).update(sets)
        self.assertEqual({len(originals) for originals in people.values()}, {1})
        self.assertEqual(
            len({original for originals in people.values() for original in originals}),
            len(people),
        )
        self.assertGreaterEqual(len(where["agent-1"] & {"messages", "conversations"}), 2)
        brook = {
            (label, record_set)
            for (original, label), sets in comparison.labelled.items()
            for record_set in sets
            if "brook@example.net" in original.lower()
        }
        self.assertEqual(len({label for label, _ in brook}), 1, brook)
        self.assertGreaterEqual(len({record_set for _, record_set in brook}), 2, brook)

    def test_no_secret_is_in_it(self):
        secrets = set()
        for table, columns in SECRETS.items():
            for column in columns:
                values = self.database.rows(
                    f"SELECT DISTINCT {column}::text AS v FROM helpdesk.{table}"
                    f" WHERE length({column}::text) > 5"
                )
                self.assertTrue(values, f"{table}.{column}: nothing to look for")
                secrets |= {value for (value,) in values}
        for name, content in self.package.files.items():
            found = [secret for secret in secrets if secret.encode() in content]
            self.assertEqual(found, [], name)

    def test_nothing_of_anybody_elses_is_in_it(self):
        for file, content in self.package.files.items():
            self.assertNotIn(b"brook@example.net", content.lower(), file)
            for marker in (b"MEADOW-ONLY", b"UNCLAIMED", b"Whitlock", b"MD-0077"):
                self.assertNotIn(marker, content, file)
        own = " ".join(texts(list(server_rows(self.database, recount.ADA.counts).values())))
        for name in ("ada of meadow", "brook", "the landline"):
            theirs = server_rows(self.database, recount.SUBJECTS[name].counts)
            foreign = {
                text
                for text in texts(list(theirs.values()))
                # Files of the database are looked for whole, and what Ada's rows say too is hers.
                if len(text) > 9 and text not in own and not re.fullmatch(r"[0-9T:.+-]+", text)
            }
            self.assertGreater(len(foreign), 3, name)
            for file, content in self.package.files.items():
                if file in ("about.json", "manifest.json", "redactions.json"):
                    continue  # words of the policy's and the map's
                text = content.decode("utf-8", "replace")
                found = [
                    one for one in foreign if one in text or json.dumps(one)[1:-1] in text
                ]
                self.assertEqual(found, [], f"{name} in {file}")

    def test_objects_outside_the_database_are_listed_by_their_keys(self):
        expected = self.database.rows(
            "SELECT bucket || '/' || object_key AS key FROM helpdesk.stored_files"
            f" WHERE hash IN (SELECT hash FROM helpdesk.{recount.ADA.counts['stored_files']})"
            " AND object_key IS NOT NULL"
        )
        self.assertGreater(len(expected), 1)
        self.assertEqual(
            sorted((o["set"], o["store"], o["key"]) for o in self.package.json("objects.json")),
            sorted(("stored_files", "files", key) for (key,) in expected),
        )

    def test_about_tells_the_policy_the_recipients_and_how_long(self):
        about = self.package.json("about.json")
        self.assertEqual(about["policy"]["id"], "visitorchat")
        self.assertEqual(about["operator"]["name"], "Visitor Chat Ltd")
        self.assertEqual(about["customer"]["name"], "Harbour Lettings")
        self.assertIn("Amazon Web Services", [one["name"] for one in about["recipients"]])
        self.assertIn(
            "3 months after the end of the contract", [one["period"] for one in about["retention"]]
        )
        for part in ("purposes", "rights", "complaints", "contacts"):
            self.assertTrue(about[part], part)

    def test_about_tells_of_the_integrations_that_the_tenant_has_enabled(self):
        about = self.export(recount.CLEO).json("about.json")
        self.assertEqual(
            {one["only_if_enabled"] for one in about["recipients"] if "only_if_enabled" in one},
            {"whatsapp", "woocommerce"},  # its Slack was disabled
        )

    def test_each_tenants_package_tells_its_own_policy(self):
        for subject, policy in (
            (recount.BEN, "operatorone"),
            (recount.CLEO, "omniops"),
            (recount.DAAN, "web1on1"),
            (recount.ERIN, "dataops"),
        ):
            with self.subTest(subject.tenant):
                about = self.export(subject).json("about.json")
                self.assertEqual(about["policy"]["id"], policy)
                self.assertTrue(about["recipients"])
                self.assertTrue(about["retention"])


if __name__ == "__main__":
    harness.unittest.main()

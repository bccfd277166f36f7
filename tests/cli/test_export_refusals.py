"""What `export` refuses changes nothing: no file of the user's, no file left behind, no database."""

import os
import subprocess

from cli import harness
from cli.package import Number, Package

ADA = ("--tenant", "harbour", "email:ada@example.com")

CHECKSUM = """
SELECT md5(string_agg(md5(query_to_xml(format('SELECT md5(string_agg(t::text, %L ORDER BY t::text))
  FROM %s t', ',', c.oid::regclass), true, false, '')::text), ',' ORDER BY c.oid::regclass::text))
  AS sum
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname IN ('helpdesk', 'dsar')
"""

HOSTILE = (
    "email:' OR '1'='1",
    "email:'; DROP TABLE helpdesk.messages; --",
    "name:Robert'); DROP TABLE helpdesk.visitors;--",
    "account:\\'; DELETE FROM helpdesk.visitors; --",
    "phone:$$; SELECT pg_sleep(60); $$",
    "visitor:1; DELETE FROM helpdesk.visitors",
    "visitor:1 OR true",
    "customer:../12",
    "email:../../etc/passwd",
    "email:%@example.com",
    "email:\x01\x1b[31mada\x7f@example.com",
    "name:\u202eevil\u0000".rstrip("\0"),
    "email:\U0001f511@example.com",
    "device:{d0000000-0000-4000-8000-000000000009} OR true",
    "cookie:${IFS}`id`$(id)",
)


class RefusalTest(harness.CliTest):
    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(harness.fresh_database())

    def setUp(self):
        self.folder = self.temporary_folder()
        self.target = self.folder / "package.zip"

    def refuse_export(self, *args, **options):
        return self.refuse("export", *args, env=self.database.env, **options)

    def assert_nothing_left(self, *names):
        self.assertEqual(sorted(entry.name for entry in self.folder.iterdir()), sorted(names))


class Targets(RefusalTest):
    def test_a_file_that_exists_is_left_as_it_was_unless_forced(self):
        self.target.write_bytes(b"the user's own\0file")
        self.target.chmod(0o640)
        before = self.target.stat()
        self.refuse_export(*ADA, "--output", self.target, message="exists already", hint="--force")
        after = self.target.stat()
        self.assertEqual(self.target.read_bytes(), b"the user's own\0file")
        self.assertEqual(
            (after.st_ino, after.st_mode, after.st_mtime_ns),
            (before.st_ino, before.st_mode, before.st_mtime_ns),
        )
        self.assert_nothing_left("package.zip")

        self.run_dsarctl(
            "export", *ADA, "--output", self.target, "--force", env=self.database.env
        )
        self.assertIn("data/visitors.json", Package(self.target).names)
        self.assertEqual(self.target.stat().st_mode & 0o777, 0o600)
        self.assert_nothing_left("package.zip")

    def test_a_folder_that_is_not_there_is_named_and_not_made(self):
        missing = self.folder / "missing"
        self.refuse_export(
            *(*ADA, "--output", missing / "package.zip"),
            message="folder .*missing' does not exist",
            hint="Create it",
        )
        self.assert_nothing_left()

    def test_a_folder_is_no_target(self):
        for more in ((), ("--force",)):
            with self.subTest(more):
                self.refuse_export(*ADA, "--output", self.folder, *more, message="is a folder")
        self.refuse_export(*ADA, "--output", f"{self.folder}/", message="names no file")
        self.assert_nothing_left()

    def test_a_file_in_the_place_of_the_folder_is_named(self):
        self.target.write_text("a file")
        self.refuse_export(*ADA, "--output", self.target / "x.zip", message="is not a folder")
        self.assertEqual(self.target.read_text(), "a file")

    def test_links_are_not_followed(self):
        precious = self.folder / "precious"
        precious.write_text("precious")
        for destination, more in (
            ("precious", ("--force",)),
            ("precious", ()),
            ("nowhere", ("--force",)),
        ):
            with self.subTest(destination, more=more):
                self.target.unlink(missing_ok=True)
                self.target.symlink_to(destination)
                self.refuse_export(
                    *ADA, "--output", self.target, *more, message="is a symbolic link"
                )
                self.assertEqual(os.readlink(self.target), destination)
                self.assertEqual(precious.read_text(), "precious")
                self.assert_nothing_left("package.zip", "precious")

    def test_a_device_is_no_target(self):
        self.refuse_export(
            *ADA, "--output", "/dev/null", "--force", message="not an ordinary file"
        )


class Subjects(RefusalTest):
    def test_people_of_several_tenants_get_no_package(self):
        self.refuse_export(
            *("email:ada@example.com", "--output", self.target),
            code=7,
            message="several tenants .*(harbour.*meadow|meadow.*harbour)",
            hint="--tenant",
        )
        self.assert_nothing_left()

    def test_what_points_to_several_people_gets_no_package(self):
        self.refuse_export(
            *("--tenant", "harbour", "phone:+44 1632 960001", "--output", self.target),
            code=7,
            message="more than one person",
        )
        self.refuse_export(
            *("--tenant", "harbour", "email:sam@harbour.example", "--output", self.target),
            code=7,
            message="several kinds",
            hint="--subject-kind",
        )
        self.assert_nothing_left()

    def test_nobody_gets_no_package_and_an_old_one_stays(self):
        nobody = ("--tenant", "harbour", "email:nobody@example.com", "--output", self.target)
        self.refuse_export(*nobody, code=8, message="nobody has this identity")
        self.assert_nothing_left()
        self.target.write_text("last year's")
        self.refuse_export(*nobody, "--force", code=8, message="nobody has this identity")
        self.assertEqual(self.target.read_text(), "last year's")
        self.assert_nothing_left("package.zip")

    def test_an_unknown_tenant_gets_no_package(self):
        for tenant in ("harbor", "'; DROP TABLE helpdesk.tenants; --", "../harbour"):
            with self.subTest(tenant):
                run = harness.dsarctl(
                    *("export", "--tenant", tenant, "email:ada@example.com"),
                    *("--output", self.target),
                    env=self.database.env,
                )
                self.assertIn(run.code, (2, 8), str(run))
                self.assert_says_nothing_personal(run)
        self.assert_nothing_left()

    def test_hostile_identities_are_nobodys_and_change_nothing(self):
        before = self.database.value(CHECKSUM)
        for asked in HOSTILE:
            for command in (("export", "--output", self.target), ("find",)):
                with self.subTest(asked, command=command[0]):
                    run = harness.dsarctl(
                        *command, "--tenant", "harbour", asked, env=self.database.env
                    )
                    self.assertIn(run.code, (2, 8), str(run))
                    self.assertEqual(run.out, "")
                    self.assert_says_nothing_personal(run, [asked.split(":", 1)[1]])
        self.assert_nothing_left()
        self.assertEqual(self.database.value(CHECKSUM), before)

    def test_what_is_not_utf8_is_refused(self):
        self.refuse_export(
            *("--tenant", "harbour", "email:\udcff\udcfe@example.com", "--output", self.target),
            message="subject 1 is not UTF-8",
            hint="iconv",
        )
        latin1 = self.folder / "identities"
        latin1.write_bytes(b"email:a@example.com\nname:Andr\xe9\n")
        self.refuse_export(
            *("--identities-from", latin1, "--output", self.target),
            message="identities:2 is not UTF-8",
        )
        self.assert_nothing_left("identities")

    def test_an_identity_of_a_million_characters_is_nobodys(self):
        for kind in ("email", "name", "visitor", "phone", "device"):
            with self.subTest(kind):
                identities = self.folder / "identities"
                identities.write_text(f"{kind}:{'9' * 1_000_000}\n")
                run = harness.dsarctl(
                    *("export", "--tenant", "harbour", "--identities-from", identities),
                    *("--output", self.target),
                    env=self.database.env,
                )
                self.assertIn(run.code, (2, 8), f"{run.code} {run.err[:500]}")
                self.assertLess(len(run.err), 1000)
        self.assert_nothing_left("identities")

    def test_no_output_is_a_usage_error(self):
        self.refuse_export(*ADA, message="--output")


class HostileContent(RefusalTest):
    """A visitor whose every text is an attack gets their package like anybody else."""

    TEXTS = (
        "'; DROP TABLE helpdesk.messages; --",
        "../../etc/passwd",
        "a\x01\x02\x1b]0;title\x07\x1b[31m\x7f\x85\r\n\tb",
        "\U0001f511 \U0002070e \u202e\ufeff e\u0301",
        "<script>alert(1)</script>&amp;\"'</pre><!--",
        "\\\\\"}],\"x\":[{",
        "C:\\..\\..\\windows\\system32\\con.txt",
        "%s%n%x {0} ${HOME} $(id) `id`",
        "/absolute/path/",
        "-rf",
    )

    def test_the_package_has_them_as_they_are(self):
        database = self.enterContext(harness.fresh_database())
        quoted = [
            "E'" + "".join(f"\\U{ord(letter):08x}" for letter in text) + "'" for text in self.TEXTS
        ]
        statements = [
            f"""INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, user_agent,
                  cookie_id, custom_fields, labels, created_at)
                VALUES (900, 6, {quoted[0]}, {quoted[0]}, 'hostile@example.com', {quoted[4]},
                  {quoted[5]}, jsonb_build_object({quoted[2]}, {quoted[4]}, {quoted[5]}, {quoted[3]}),
                  ARRAY[{", ".join(quoted)}], '2026-01-01T00:00:00Z')"""
        ]
        for number, text in enumerate(quoted, 900):
            statements += [
                f"""INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, subject,
                      last_message, status, custom, created_at)
                    VALUES ({number}, 6, 900, {text}, {text}, (enum_range(NULL::helpdesk.conversation_status))[1],
                      jsonb_build_object('k', {text}), '2026-01-02T00:00:00Z')""",
                f"""INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type,
                      sender_id, body, processed_body, payload, created_at)
                    VALUES ({number}, 6, {number}, 'visitor', 900, {text}, {text},
                      json_build_object('n', {text}), '2026-01-02T00:00:00Z')""",
                f"""INSERT INTO helpdesk.attachments (id, message_id, name, mime, preview)
                    VALUES ({number}, {number}, {text}, {text}, convert_to({text}, 'UTF8'))""",
            ]
        database.execute(";\n".join(statements))
        for sneaky in ("../../escape", "/etc/escape", "~/escape\n"):
            database.execute(
                "INSERT INTO helpdesk.stored_files (hash, storage, bucket, object_key, size_bytes)"
                f" SELECT '{sneaky}', storage, '..', '{sneaky}', 1 FROM helpdesk.stored_files"
                " WHERE object_key IS NOT NULL LIMIT 1;"
                "INSERT INTO helpdesk.attachments (id, message_id, name, file_hash)"
                f" SELECT max(id) + 1, 900, 'x', '{sneaky}' FROM helpdesk.attachments"
            )
        run = self.run_dsarctl(
            *("export", "--tenant", "harbour", "email:hostile@example.com"),
            *("--output", self.target),
            env=database.env,
        )
        self.assertNotIn("\x1b", run.out + run.err)
        unzip = subprocess.run(["unzip", "-tqq", self.target], capture_output=True, check=False)
        self.assertEqual((unzip.returncode, unzip.stdout, unzip.stderr), (0, b"", b""))

        package = Package(self.target)
        for name in package.names:
            self.assertRegex(name, r"\A([a-z0-9_]+/)*[a-z0-9_-]+\.(json|bin)\Z")
        messages = {row["id"]: row for row in package.rows("messages")}
        conversations = {row["id"]: row for row in package.rows("conversations")}
        attachments = {row["id"]: row for row in package.rows("attachments")}
        for number, text in enumerate(self.TEXTS, 900):
            number = Number(number)
            with self.subTest(text):
                self.assertEqual(messages[number]["body"], text)
                self.assertEqual(messages[number]["processed_body"], text)
                self.assertEqual(dict(messages[number]["payload"]), {"n": text})
                self.assertEqual(conversations[number]["subject"], text)
                self.assertEqual(dict(conversations[number]["custom"]), {"k": text})
                self.assertEqual(attachments[number]["name"], text)
                self.assertEqual(attachments[number]["mime"], text)
                content = package.column_bytes(attachments[number]["preview"])
                self.assertEqual(content, text.encode())
        (visitor,) = package.rows("visitors")
        self.assertEqual(visitor["labels"], list(self.TEXTS))
        self.assertEqual(visitor["name"], self.TEXTS[0])
        self.assertEqual(
            dict(visitor["custom_fields"]),
            {self.TEXTS[2]: self.TEXTS[4], self.TEXTS[5]: self.TEXTS[3]},
        )
        keys = {one["key"] for one in package.json("objects.json")}
        self.assertEqual(keys, {"../../../escape", "..//etc/escape", "../~/escape\n"})
        found = self.run_dsarctl(
            "find", "--tenant", "harbour", "email:hostile@example.com", env=database.env
        )
        self.assertNotRegex(found.out, r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


if __name__ == "__main__":
    harness.unittest.main()

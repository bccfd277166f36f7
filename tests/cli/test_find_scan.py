"""Copies of a person's address that no link of the map leads to are found, wherever and however
they were written; nobody else's address is taken for one."""

from cli.harness import CliTest, fresh_database
from cli.roles import granted

ADA = ("--tenant", "harbour", "email:ada@example.com")


class Scan(CliTest):
    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(fresh_database())
        cls.database.execute("""
            CREATE TABLE helpdesk.stray (id int PRIMARY KEY, words text, doc jsonb, list text[],
                                         raw json, short varchar(40));
            INSERT INTO helpdesk.stray VALUES
              (1, 'forwarded by ADA@example.com.', NULL, NULL, NULL, NULL),
              (2, NULL, '{"a": {"b": ["x", "ada@example.com"]}}', NULL, NULL, NULL),
              (3, NULL, NULL, '{one,ada@example.com}', NULL, NULL),
              (4, NULL, NULL, NULL, '{"to": "ada\\u0040example.com"}', NULL),
              (5, 'https://x.example/?to=ada%40example.com&y', NULL, NULL, NULL, NULL),
              (6, '<a href="mailto:ada&#64;example.com">', NULL, NULL, NULL, '07700 900123'),
              (7, 'granada@example.com, ada@example.com.au', NULL, NULL, NULL, '07700 900124');
            CREATE TABLE helpdesk.keyless (words text);
            INSERT INTO helpdesk.keyless SELECT 'ada@example.com' FROM generate_series(1, 30);
        """)

    def scan(self, *args, code=0, **options):
        run = self.run_dsarctl("find", *ADA, "--scan", "--json", *args, code=code,
                               **{"env": self.database.env, **options})
        self.assertNotIn("forwarded by", run.out)
        return run.json["elsewhere"]

    def found(self, table, **options):
        return {each["column"]: each for each in self.scan(**options)["found"]
                if each["table"] == f"helpdesk.{table}"}

    def test_every_copy_is_found_and_no_other_address(self):
        found = self.found("stray")
        keys = {column: sorted(int(key) for (key,) in each["keys"])
                for column, each in found.items()}
        self.assertEqual(
            keys, {"words": [1, 5, 6], "doc": [2], "list": [3], "raw": [4], "short": [6]})
        self.assertFalse(any(each["personal"] for each in found.values()))

    def test_rows_without_a_key_are_counted(self):
        (words,) = self.found("keyless").values()
        self.assertEqual((words["rows"], words["keys"]), (30, []))

    def test_the_persons_own_rows_and_other_tenants_are_left_out(self):
        everywhere = self.scan()["found"]
        for each in everywhere:
            if each["table"] == "helpdesk.visitors":
                for (key,) in each["keys"]:
                    # Whoever shares the landline, and is somebody else of the same tenant.
                    self.assertEqual(
                        self.database.value(f"SELECT tenant_id FROM helpdesk.visitors WHERE id = {key}"),
                        self.database.value("SELECT id FROM helpdesk.tenants WHERE slug = 'harbour'"))
                    self.assertNotEqual(
                        self.database.value(
                            f"SELECT coalesce(email, '') AS e FROM helpdesk.visitors WHERE id = {key}"),
                        "ada@example.com")
        self.assertIn("helpdesk.messages", {each["table"] for each in everywhere})

    def test_what_cannot_be_seen_is_told(self):
        logins = self.enterContext(granted(self.database))
        env = {**self.database.env, "PGUSER": logins["reader"]}
        unseen = self.scan(code=3, env=env)["cannot_see"]
        self.assertIn("helpdesk.stray", [each["what"] for each in unseen])


if __name__ == "__main__":
    import unittest

    unittest.main()

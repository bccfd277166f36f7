"""Objects outside the database whose rows a sweep has deleted: listed until they are confirmed."""

import json

from cli.harness import CliTest


class SweepObjects(CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.database.execute(
            "INSERT INTO dsar.sweep_run (actor, tool_version, as_of) VALUES ('me', 'test', now());"
            "INSERT INTO dsar.removed_object (run, store, object_key) SELECT id, 'files', key"
            " FROM dsar.sweep_run, (VALUES ('b/ada@example.com/1'), ('b/2')) AS o(key)")

    def listed(self, *args):
        run = self.run_dsarctl("sweep", "objects", *args, env=self.database.env)
        return [json.loads(line) for line in run.out.splitlines()]

    def confirm(self, *lines):
        run = self.run_dsarctl("sweep", "objects", "--confirm", "-", "--json",
                               stdin="".join(json.dumps(line) + "\n" for line in lines),
                               env=self.database.env)
        return run.json["confirmed"]

    def test_they_are_listed_until_they_are_confirmed(self):
        first, second = self.listed()
        self.assertEqual((first["key"], second["key"]), ("b/ada@example.com/1", "b/2"))
        self.assertEqual(self.confirm(first, {**second, "state": "failed"}), 1)
        self.assertEqual(self.listed(), [second])
        self.assertEqual(self.confirm(first), 0)

    def test_how_many_are_told_in_words(self):
        first, second = (json.dumps(line) for line in self.listed())
        for lines, words in ((first, "1 object"), (f"{first}\n{second}\n", "1 object"),
                             (first, "0 objects")):
            run = self.run_dsarctl("sweep", "objects", "--confirm", "-", stdin=lines,
                                   env=self.database.env)
            self.assertEqual(run.out, f"{words} confirmed\n")

    def test_who_has_asked_is_on_record(self):
        self.confirm(self.listed()[0])
        self.assertEqual(
            self.database.rows("SELECT command, facts FROM dsar.audit_entry ORDER BY number"),
            [("sweep objects", {}), ("sweep objects", {"confirmed": "1"})])

    def test_a_key_is_forgotten_with_its_object(self):
        first, second = self.listed()
        self.confirm(first)
        self.assertEqual(self.listed("--all"), [{**first, "key": None}, second])
        self.assertEqual(
            self.database.rows("SELECT object_key FROM dsar.removed_object ORDER BY id"),
            [("",), ("b/2",)])


if __name__ == "__main__":
    import unittest

    unittest.main()

"""The published JSON Schema of policies agrees with the program's reader and writer.

The reader's half is in tests/formats/policy_corpus_test.cpp, over the same files: what the schema
refuses the reader refuses too (bad/shape), and what only the reader can see passes the schema
(bad/meaning).
"""

import copy
import json
import pathlib
import subprocess
import sys
import unittest

from cli.harness import dsarctl

try:
    import jsonschema
except ImportError:  # another Python than the system's comes first in PATH
    jsonschema = None

SYSTEM_PYTHON = "/usr/bin/python3"
TESTS = pathlib.Path(__file__).resolve().parent.parent
POLICIES = TESTS / "formats" / "policies"
SCHEMA = TESTS.parent / "formats" / "schemas" / "policy.schema.json"
BUILT_IN = ("operatorone", "omniops", "web1on1", "visitorchat", "dataops")


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def places(value, path=()):
    """Every place in a JSON value, as the keys that lead there."""
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, path + (index,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


@unittest.skipUnless(jsonschema is None, "jsonschema is at hand")
class WithTheSystemPython(unittest.TestCase):
    def test_the_schema_is_checked_by_the_python_that_has_jsonschema(self):
        self.assertNotEqual(
            pathlib.Path(sys.executable), pathlib.Path(SYSTEM_PYTHON), "install python3-jsonschema"
        )
        done = subprocess.run(
            [SYSTEM_PYTHON, "-m", "unittest", "-v", __file__],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the_good_policies", done.stderr)


@unittest.skipIf(jsonschema is None, "done by the system's Python")
class PolicySchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        schema = load(SCHEMA)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def faults(self, value):
        return [f"{error.json_path}: {error.message}" for error in self.validator.iter_errors(value)]

    def check(self, folder, least, passes):
        files = sorted((POLICIES / folder).glob("*.json"))
        self.assertGreaterEqual(len(files), least)
        for path in files:
            with self.subTest(path=path.name):
                self.assertEqual(self.faults(load(path)) == [], passes)

    def test_the_good_policies_pass(self):
        self.check("good", 3, passes=True)

    def test_policies_of_another_shape_are_refused(self):
        self.check("bad/shape", 20, passes=False)

    def test_policies_whose_shape_is_right_pass(self):
        self.check("bad/meaning", 20, passes=True)

    def test_what_policy_show_prints_of_every_policy_passes(self):
        for name in BUILT_IN:
            with self.subTest(policy=name):
                run = dsarctl("policy", "show", name, "--json")
                self.assertEqual(run.code, 0, str(run))
                self.assertEqual(self.faults(json.loads(run.out)), [])

    def test_no_value_may_be_of_another_type_and_no_key_may_be_added(self):
        everything = load(POLICIES / "good" / "everything.json")
        for path in places(everything):
            changed = copy.deepcopy(everything)
            if isinstance(at(changed, path), dict):
                at(changed, path)["zzz"] = 7.5
                with self.subTest(added=path):
                    self.assertFalse(self.validator.is_valid(changed))
            if not path:
                continue
            at(changed, path[:-1])[path[-1]] = 7.5
            with self.subTest(replaced=path):
                self.assertFalse(self.validator.is_valid(changed))


if __name__ == "__main__":
    unittest.main()

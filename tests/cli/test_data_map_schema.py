"""The published JSON Schema of data maps agrees with the program's reader.

The reader's half is in tests/formats/map_corpus_test.cpp, over the same files: what the schema
refuses the reader refuses too (bad/shape), and what only the reader can see passes the schema
(bad/meaning).
"""

import copy
import json
import pathlib
import subprocess
import sys
import unittest

try:
    import jsonschema
except ImportError:  # another Python than the system's comes first in PATH
    jsonschema = None

SYSTEM_PYTHON = "/usr/bin/python3"
TESTS = pathlib.Path(__file__).resolve().parent.parent
MAPS = TESTS / "formats" / "maps"
SCHEMA = TESTS.parent / "formats" / "schemas" / "data-map.schema.json"


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
        self.assertIn("the_good_maps", done.stderr)


@unittest.skipIf(jsonschema is None, "done by the system's Python")
class DataMapSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        schema = load(SCHEMA)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def faults(self, value):
        return [f"{error.json_path}: {error.message}" for error in self.validator.iter_errors(value)]

    def test_the_good_maps_pass(self):
        files = sorted(MAPS.glob("good/**/*.json"))
        self.assertGreater(len(files), 4)
        for path in files:
            with self.subTest(path=path.name):
                self.assertEqual(self.faults(load(path)), [])

    def test_the_map_of_the_reference_database_passes(self):
        files = sorted((TESTS.parent / "scripts" / "reference" / "map").glob("*.json"))
        self.assertGreater(len(files), 0)
        for path in files:
            with self.subTest(path=path.name):
                self.assertEqual(self.faults(load(path)), [])

    def test_maps_of_another_shape_are_refused(self):
        files = sorted(MAPS.glob("bad/shape/*.json"))
        self.assertGreater(len(files), 40)
        for path in files:
            with self.subTest(path=path.name):
                self.assertNotEqual(self.faults(load(path)), [])

    def test_maps_whose_shape_is_right_pass(self):
        files = sorted(MAPS.glob("bad/meaning/*.json"))
        self.assertGreater(len(files), 15)
        for path in files:
            with self.subTest(path=path.name):
                self.assertEqual(self.faults(load(path)), [])

    def test_no_value_may_be_of_another_type_and_no_key_may_be_added(self):
        everything = load(MAPS / "good" / "everything.json")
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

    def test_the_schema_describes_every_definition_of_an_object(self):
        schema = load(SCHEMA)
        for name, definition in schema["properties"].items():
            described = definition if "description" in definition else self.resolve(schema, definition)
            with self.subTest(name=name):
                self.assertTrue("description" in described or "const" in described)

    @staticmethod
    def resolve(schema, definition):
        return at(schema, definition["$ref"].removeprefix("#/").split("/"))


if __name__ == "__main__":
    unittest.main()

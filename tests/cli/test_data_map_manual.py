"""dsarctl-map(5) names every key of the format, and its example is a map that is read.

tests/formats/map_corpus_test.cpp reads the example: it is kept in tests/formats/maps/good.
"""

import json
import pathlib
import re
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
MANUAL = (TESTS.parent / "man" / "dsarctl-map.5").read_text(encoding="utf-8")
SCHEMA = TESTS.parent / "formats" / "schemas" / "data-map.schema.json"
EXAMPLE = TESTS / "formats" / "maps" / "good" / "manual.json"


def words_in(value, key):
    """What stands under `key` in the schema's objects, at any depth."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name == key and isinstance(member, (dict, list)):
                yield from member
            yield from words_in(member, key)
    elif isinstance(value, list):
        for item in value:
            yield from words_in(item, key)


class DataMapManual(unittest.TestCase):
    def test_the_example_is_the_one_that_is_tested(self):
        block = re.search(r"^\.Sh EXAMPLES\n.*?^\.Bd -literal\n(.*?)^\.Ed\n", MANUAL, re.M | re.S)
        self.assertEqual(block.group(1), EXAMPLE.read_text(encoding="utf-8"))

    def test_every_key_is_described(self):
        described = set()
        for line in MANUAL.splitlines():
            if line.startswith(".It Cm "):
                described.update(line.removeprefix(".It Cm ").replace(",", " ").split())
        described.update(re.findall(r"^\.Cm (\S+)", MANUAL, re.M))
        for key in sorted(set(words_in(json.loads(SCHEMA.read_text("utf-8")), "properties"))):
            with self.subTest(key=key):
                self.assertIn(key, described)

    def test_every_word_that_a_key_may_have_is_described(self):
        named = set(re.findall(r"\bQl (?:\\\(dq)?([a-z][a-z_-]*)", MANUAL))
        for word in sorted(set(words_in(json.loads(SCHEMA.read_text("utf-8")), "enum"))):
            with self.subTest(word=word):
                self.assertIn(word, named)


if __name__ == "__main__":
    unittest.main()

"""The published JSON Schemas of what commands print and write agree with what they do.

Each result passes its schema, and no longer does when any of its members is missing or another one
is there: a schema that everything passes would promise nothing.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import unittest

from cli.harness import CliTest

try:
    import jsonschema
except ImportError:  # another Python than the system's comes first in PATH
    jsonschema = None

SYSTEM_PYTHON = "/usr/bin/python3"
SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "formats" / "schemas"
NOW = ("--now", "2026-03-31T12:00:00Z")


def objects(value):
    """Every object in a JSON value; of a list the first few members."""
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from objects(member)
    elif isinstance(value, list):
        for member in value[:3]:
            yield from objects(member)


@unittest.skipUnless(jsonschema is None, "jsonschema is at hand")
class WithTheSystemPython(unittest.TestCase):
    def test_the_schemas_are_checked_by_the_python_that_has_jsonschema(self):
        self.assertNotEqual(
            pathlib.Path(sys.executable), pathlib.Path(SYSTEM_PYTHON), "install python3-jsonschema"
        )
        done = subprocess.run([SYSTEM_PYTHON, "-m", "unittest", "-v", __file__],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


@unittest.skipIf(jsonschema is None, "no jsonschema")
class ResultSchemas(CliTest):
    def check(self, name, value):
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        validator.check_schema(schema)
        self.assertEqual([error.message for error in validator.iter_errors(value)], [])
        for number, whole in enumerate(objects(value)):
            for key in whole:
                broken = copy.deepcopy(value)
                del list(objects(broken))[number][key]
                self.assertFalse(validator.is_valid(broken), f"{key} may be missing")
            broken = copy.deepcopy(value)
            list(objects(broken))[number]["unheard_of"] = 1
            self.assertFalse(validator.is_valid(broken), "a member more passes")

    def result(self, *args, **options):
        return json.loads(self.run_dsarctl(*args, "--json", *NOW, **options).out)

    def test_a_sweep_and_its_plan(self):
        database = self.fresh_database()
        plan = self.temporary_folder() / "plan.json"
        planned = self.result("sweep", "--tenant", "quarry", "--plan-out", plan, env=database.env)
        self.assertTrue(planned["lines"] and planned["not_set"])
        self.check("sweep", planned)
        self.check("sweep-plan", json.loads(plan.read_text(encoding="utf-8")))
        # A sweep that acts wants the map where nobody else may write it.
        own_map = self.temporary_folder() / "map"
        subprocess.run(["cp", "-r", os.environ["DSARCTL_MAP"], own_map], check=True)
        subprocess.run(["chmod", "-R", "go-w", own_map], check=True)
        done = self.run_dsarctl("sweep", "--apply", "--tenant", "quarry", "--plan", plan, "--json",
                                "--hash-key", self.write("key", "0123456789abcdef" * 4),
                                env={**database.env, "DSARCTL_MAP": str(own_map)}).json
        self.assertEqual(done["state"], "done")
        self.check("sweep", done)

    def test_an_erasure_and_its_plan(self):
        database = self.fresh_database()
        folder = self.temporary_folder()
        subprocess.run(["cp", "-r", os.environ["DSARCTL_MAP"], folder / "map"], check=True)
        subprocess.run(["chmod", "-R", "go-w", folder / "map"], check=True)
        env = {**database.env, "DSARCTL_MAP": str(folder / "map")}
        self.run_dsarctl("keygen", "--signing", folder / "sign.pem", "--hmac", folder / "hash.key")
        ada = ("erase", "--tenant", "harbour", "email:ada@example.com")
        sign, second = ("--signing-key", folder / "sign.pem"), folder / "second.pem"
        self.run_dsarctl("keygen", "--signing", second)
        approvers = ("--approval-keys", folder / "keys")
        (folder / "keys").mkdir(mode=0o755)
        for key in ("sign", "second"):
            (folder / f"{key}.pem.pub").rename(folder / "keys" / f"{key}.pub")
        planned = self.result(*ada, "--plan-out", folder / "plan.json", *sign, code=3, env=env)
        self.run_dsarctl("plan", "approve", folder / "plan.json", "--signing-key", second, *approvers)
        self.assertTrue(planned["lines"] and planned["effects"] and planned["digests"])
        self.check("erasure", planned)
        self.check("erasure-plan", json.loads((folder / "plan.json").read_text(encoding="utf-8")))
        self.check("approval", json.loads((folder / "plan.json.approval").read_text()))
        done = self.result(*ada, "--apply", "--plan", folder / "plan.json", *sign, *approvers,
                           "--hash-key", folder / "hash.key", "--certificate",
                           folder / "certificate.json", code=3, env=env)
        self.check("erasure", done)
        self.check("certificate",
                   json.loads((folder / "certificate.json").read_text(encoding="utf-8")))
        database.execute("INSERT INTO dsar.erased_object (erasure, store, object_key) SELECT id,"
                         " 'files', 'k' FROM dsar.erasure")
        self.run_dsarctl("erase", "confirm-objects", "-", *sign, "--hash-key", folder / "hash.key",
                         stdin='{"id": "1"}', env=env)
        (stated,) = database.rows("SELECT statement FROM dsar.erasure_statement")[0]
        self.check("objects", json.loads(stated))

    def test_the_schedule_of_a_policy(self):
        for policy in ("visitorchat", "dataops"):
            self.check("schedule", self.result("policy", "show", policy, "--schedule"))

    def test_a_change_of_policy(self):
        policy = self.write("shorter.json", json.dumps({
            "dsarctl_policy": 1, "extends": "omniops",
            "overrides": [{"tenant": "meadow", "rule": "analytics", "period": "90 days",
                           "reason": "asked for"}]}))
        diff = self.result("policy", "diff", "omniops", policy)
        self.assertTrue(diff["tenants"] and diff["notice"])
        self.check("policy-diff", diff)

    def test_a_rectification(self):
        database = self.fresh_database()
        self.run_dsarctl("hold", "place", "--tenant", "harbour", "email:ada@example.com", "--ground",
                         "claim", "--review", "2099-01-01", env=database.env)
        planned = self.result("rectify", "--tenant", "harbour", "email:ada@example.com", "--replace",
                              "user.name:Ada Nwosu=Ada Obi", env=database.env)
        self.assertTrue(all(planned[key] for key in ("changed", "places", "mentions", "recipients",
                                                     "held_by")))
        self.check("rectification", planned)

    def test_what_subjects_have_decided(self):
        database = self.fresh_database()
        who = ("--tenant", "harbour", "email:ada@example.com", "--ground", "by email")
        for number in ("1", "2"):
            self.result("restrict", "place", *who, env=database.env)
            if number == "1":
                self.result("restrict", "lift", number, "--reason", "verified", env=database.env)
        value = self.result("restrict", "list", "--all", env=database.env)
        schema = json.loads((SCHEMAS / "choices.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        validator.check_schema(schema)
        self.assertEqual([error.message for error in validator.iter_errors(value)], [])
        for change in (
            lambda one: one.pop("ground"),
            lambda one: one.update(more=1),
            lambda one: one["lifted"].pop("reason"),
            lambda one: one.update(kind="whim"),
        ):
            broken = copy.deepcopy(value)
            change(broken["choices"][0])
            self.assertFalse(validator.is_valid(broken))

    def test_the_register_of_requests(self):
        database = self.fresh_database()

        def request(*args):
            return self.run_dsarctl("request", *args, *NOW, "--json", env=database.env).json

        for number, regime in enumerate(("uk-gdpr", "ccpa", "uk-gdpr"), 1):
            request("open", "--kind", "access", "--tenant", "harbour", "email:ada@example.com",
                    "--received", "2026-03-20", "--regime", regime)
            request("extend", str(number), "--until", "2026-05-08", "--reason", "many")
        request("pause", "1", "--for", "fee", "--reason", "copies")
        request("close", "3", "--outcome", "answered", "--reason", "sent")
        value = request("list", "--all")
        schema = json.loads((SCHEMAS / "requests.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        validator.check_schema(schema)
        self.assertEqual([error.message for error in validator.iter_errors(value)], [])
        self.assertEqual([one["paused"] for one in value["requests"]], [True, False, False])
        for change in (
            lambda one: one.pop("steps"),
            lambda one: one.update(more=1),
            lambda one: one["steps"][-1].pop("for"),
            lambda one: one.update(open=False),
        ):
            broken = copy.deepcopy(value)
            change(broken["requests"][0])
            self.assertFalse(validator.is_valid(broken))


if __name__ == "__main__":
    unittest.main()

"""policy list, policy show and --policy, through the binary. No database is needed, but for the
last class."""

import json
import re
import tempfile
import unittest
import zipfile
from pathlib import Path

from cli.harness import CliTest

BUILT_IN = ["operatorone", "omniops", "web1on1", "visitorchat", "dataops"]
NO_DATABASE = {"PGHOST": "/nonexistent", "PGSERVICE": None, "DSARCTL_DB": None}


class PolicyTest(CliTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def policy(self, *args, **options):
        return self.run_dsarctl("policy", *args, env=NO_DATABASE, **options)

    def write(self, value, name="own.json"):
        path = self.folder / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    def extend(self, base, **members):
        return self.write({"dsarctl_policy": 1, "extends": base, **members})


class Showing(PolicyTest):
    def test_the_five_policies_are_listed_with_what_they_leave_to_be_set(self):
        lines = self.policy("list").out.splitlines()
        self.assertEqual([line.split()[0] for line in lines[1:]], BUILT_IN)
        self.assertRegex(lines[2], r"version 3\.0, 20 February 2026 +10 +2 +built in$")
        listed = self.policy("list", "--json").json
        self.assertEqual([each["id"] for each in listed], BUILT_IN)
        self.assertEqual(listed[0]["left_open"], ["legal-accounting", "request-record"])
        self.assertEqual(listed[2]["left_open"], ["accounting", "request-record"])
        self.assertEqual(len(listed[4]["left_open"]), 9)

    def test_every_rule_is_shown_with_clause_categories_clock_period_bound_override_and_action(self):
        for name in BUILT_IN:
            shown = self.policy("show", name).out
            rules = self.policy("show", name, "--json").json["rules"]
            blocks = {block.split("\n")[0]: block for block in shown.split("\n\n")}
            for rule in rules:
                with self.subTest(policy=name, rule=rule["id"]):
                    block = re.sub(r"\n {14}", " ", blocks[rule["id"]])
                    self.assertIn(rule["citation"]["clause"], block)
                    self.assertRegex(block, rf"\n  period +{rule['period']}\n")
                    self.assertRegex(block, rf"\n  bound +{rule['bound']}\n")
                    self.assertRegex(block, rf"\n  override +{rule['override']}\n")
                    self.assertRegex(block, rf"\n  action +{rule.get('action', 'none')}(\n|$)")
                    for word in [*rule.get("clock", []), *rule.get("conditions", [])]:
                        self.assertIn(word, block)
                    categories = rule.get("categories", [])
                    for word in [categories] if categories == "all" else categories:
                        self.assertIn(word, block)
                    self.assertIn(rule.get("note", ""), block)

    def test_no_line_is_wider_than_a_terminal(self):
        for name in BUILT_IN:
            for line in self.policy("show", name).out.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_what_is_printed_of_a_policy_is_read_back_as_the_same_policy(self):
        for name in BUILT_IN:
            with self.subTest(policy=name):
                printed = self.policy("show", name, "--json")
                path = self.write(printed.out)
                again = self.policy("show", name, "--json", "--policy", path)
                self.assertEqual(again.out, printed.out)
                listed = self.policy("list", "--policy", path).out
                self.assertIn(str(path), listed)

    def test_a_name_that_no_policy_has_is_refused_with_those_that_there_are(self):
        self.refuse(
            "policy",
            "show",
            "omniop",
            env=NO_DATABASE,
            message="^dsarctl: there is no policy of that name$",
            hint="operatorone, omniops, web1on1, visitorchat, dataops",
        )
        self.refuse("policy", "show", env=NO_DATABASE, message="NAME|name")
        self.refuse("policy", env=NO_DATABASE, message="command")


class OwnPolicies(PolicyTest):
    def test_a_file_sets_what_a_policy_leaves_open_and_what_tenants_asked_for(self):
        path = self.extend(
            "omniops",
            periods={
                "billing": {"period": "6 years", "reason": "tax law"},
                "request-record": {"period": "3 years", "reason": "limitation"},
            },
            overrides=[
                {"tenant": "harbour", "rule": "chat", "period": "30 days", "reason": "dashboard"}
            ],
        )
        shown = self.policy("show", "omniops", "--policy", path).out
        self.assertRegex(shown, r"\n  set to +6 years \(tax law\)\n")
        self.assertRegex(shown, r"\n  tenant +harbour: 30 days \(dashboard\)\n")
        self.assertNotIn("for the operator to set", shown)
        listed = self.policy("list", "--policy", path, "--json").json
        self.assertEqual(listed[1]["left_open"], [])
        self.assertEqual(listed[1]["extends"], "omniops")

    def test_a_policy_comes_from_the_environment_too_and_a_folder_holds_several(self):
        self.write({"dsarctl_policy": 1, "extends": "dataops", "id": "acme"}, "a.json")
        self.write({"dsarctl_policy": 1, "extends": "web1on1", "id": "zenith"}, "b.json")
        run = self.run_dsarctl("policy", "list", "--json", env={"DSARCTL_POLICY": str(self.folder)})
        self.assertEqual([each["id"] for each in run.json], [*BUILT_IN, "acme", "zenith"])

    def test_a_relative_path_in_the_settings_file_is_beside_it(self):
        self.extend("dataops", id="acme")
        settings = self.write('policy = "own.json"\n', "settings.toml")
        run = self.run_dsarctl("policy", "list", "--json", "--config", settings, cwd="/")
        self.assertEqual(run.json[-1]["id"], "acme")

    def test_overrides_that_a_policy_does_not_allow_are_refused_naming_the_clause(self):
        for base, rule, period, message in (
            ("omniops", "chat", "91 days", r"Data Retention\): only shorter periods are allowed"),
            ("omniops", "audit-log", "1 month", r"Data Retention\): no override is allowed"),
            ("visitorchat", "contract", "1 month", r"5\.3\(b\)\): no override is allowed"),
            ("web1on1", "trial", "1 month", r"7\.5\): no override is allowed"),
            ("operatorone", "account-active", "1 day", r"§7\): no override is allowed"),
            ("dataops", "marketing", "1 day", r"Unsubscribe.*no override is allowed"),
        ):
            path = self.extend(
                base,
                overrides=[{"tenant": "t", "rule": rule, "period": period, "reason": "asked"}],
            )
            with self.subTest(policy=base, rule=rule):
                self.refuse(
                    "policy", "list", "--policy", path, env=NO_DATABASE, message=message
                )
        path = self.extend(
            "web1on1",
            overrides=[{"tenant": "t", "rule": "conversation", "period": "9 years", "reason": "7.7"}],
        )
        self.assertIn("t: 9 years (7.7)", self.policy("show", "web1on1", "--policy", path).out)

    def test_all_faults_are_named_at_once_with_file_line_and_pointer(self):
        path = self.write('{\n "dsarctl_policy": 1,\n "extends": "omniops",\n "rule": [],\n "id": 7\n}')
        run = self.run_dsarctl("policy", "list", "--policy", path, "--json", code=2)
        self.assertEqual(run.error["name"], "usage")
        self.assertEqual(
            [(each["line"], each["pointer"]) for each in run.error["faults"]],
            [(4, "/rule"), (5, "/id")],
        )
        self.assertEqual({each["file"] for each in run.error["faults"]}, {str(path)})

    def test_hostile_files_are_refused_in_one_printable_line_a_fault(self):
        escape = "\x1b]0;x\x07\n\x1b[31m"
        deep = "[" * 100_000
        for name, text in (
            ("empty", ""),
            ("deep", deep),
            ("bytes", "{\"dsarctl_policy\": 1, \"id\": \"\udcff\"}"),
            ("escape in a key", json.dumps({"dsarctl_policy": 1, escape: 1})),
            ("escape in an id", json.dumps({"dsarctl_policy": 1, "id": escape})),
            ("twice", '{"dsarctl_policy": 1, "dsarctl_policy": 1}'),
            ("list", "[]"),
        ):
            path = self.folder / "own.json"
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
            with self.subTest(file=name):
                run = self.refuse(
                    "policy", "list", "--policy", path, env=NO_DATABASE, message="policy invalid"
                )
                self.assertNotIn("\x1b", run.err)

    def test_what_a_file_says_cannot_move_the_cursor(self):
        path = self.extend(
            "omniops",
            title="\x1b[2J title",
            periods={"billing": {"period": "1 year", "reason": "\x1b[31mred\u202e"}},
            overrides=[{"tenant": "\x07t", "rule": "chat", "period": "1 day", "reason": "r\r"}],
        )
        for args in (("list",), ("show", "omniops")):
            out = self.policy(*args, "--policy", path).out
            for forbidden in ("\x1b", "\x07", "\r", "\u202e"):
                self.assertNotIn(forbidden, out)

    def test_paths_that_cannot_be_read_are_named(self):
        for path in (self.folder / "none.json", self.folder):
            self.refuse(
                "policy", "list", "--policy", path, env=NO_DATABASE, message=re.escape(str(path))
            )
        self.refuse("policy", "list", "--policy=", env=NO_DATABASE, message="--policy is empty")


class Tenants(CliTest):
    """What the tenants of a database live under."""

    def test_find_and_export_take_roles_and_facts_from_the_own_policy(self):
        with tempfile.TemporaryDirectory() as folder:
            own = json.loads(
                self.run_dsarctl("policy", "show", "visitorchat", "--json").out
            )
            own["roles"] = [
                {
                    "categories": "all",
                    "role": "controller",
                    "answered_by": "Somebody Else Ltd",
                    "citation": own["roles"][0]["citation"],
                }
            ]
            path = Path(folder, "own.json")
            path.write_text(json.dumps(own), encoding="utf-8")
            args = ("find", "--tenant", "harbour", "email:ada@example.com", "--json")
            before = self.run_dsarctl(*args).json["held"]
            after = self.run_dsarctl(*args, "--policy", path).json["held"]
            self.assertNotIn("Somebody Else Ltd", {each["answered_by"] for each in before})
            self.assertEqual({each["answered_by"] for each in after}, {"Somebody Else Ltd"})

            package = Path(folder, "ada.zip")
            self.run_dsarctl(
                "export", "--tenant", "harbour", "email:ada@example.com", "-o", package,
                "--policy", path,
            )
            with zipfile.ZipFile(package) as archive:
                about = json.loads(archive.read("about.json"))
            self.assertEqual(
                {each["answered_by"] for each in about["categories"]}, {"Somebody Else Ltd"}
            )


if __name__ == "__main__":
    unittest.main()

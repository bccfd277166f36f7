"""A period for a tenant that the database does not have is told, wherever it counts."""

import json
import os
import shutil
import unittest

from cli.harness import CliTest, dsarctl

NOW = ("--now", "2026-03-31T12:00:00Z")
SLIP = "the period of rule chat is set for tenant 'medow', which the database does not have"


def override(tenant):
    return {"tenant": tenant, "rule": "chat", "period": "30 days", "reason": "asked for"}


class UnknownTenants(CliTest):
    def policy(self, tenant):
        content = {"dsarctl_policy": 1, "extends": "omniops", "overrides": [override(tenant)]}
        return self.write("policy.json", json.dumps(content))

    def test_a_slip_in_a_policy_file_is_one_clear_line(self):
        slip = ("--policy", self.policy("medow"))
        for command in (
            ("policy", "show", "omniops", "--schedule", *slip),
            ("policy", "diff", "omniops", slip[1]),
        ):
            with self.subTest(command[:2]):
                run = self.run_dsarctl(*command, *NOW)
                self.assertEqual(run.err.count(SLIP), 1, run)
                self.assertRegex(run.err, r"policy\.json:\d+: /overrides/0")
        run = self.run_dsarctl("sweep", "--json", *slip, *NOW)
        (warning,) = [one for one in run.json["warnings"] if "medow" in one]
        self.assertIn(SLIP, warning)

    def test_a_period_in_another_policys_file_is_told(self):
        slip = "is set for tenant 'harbour', which lives under policy visitorchat"
        policy = self.policy("harbour")
        run = self.run_dsarctl("sweep", "--json", "--policy", policy, *NOW)
        self.assertEqual(len([one for one in run.json["warnings"] if slip in one]), 1, run)
        run = self.run_dsarctl("map", "check", "--policy", policy, "--json", *NOW, code=4)
        (found,) = [one for one in run.json["findings"] if one["rule"] == "tenant-of-other-policy"]
        self.assertIn("visitorchat", found["message"])

    def test_a_tenant_that_is_there_is_no_slip(self):
        run = self.run_dsarctl("policy", "diff", "omniops", self.policy("quarry"), *NOW)
        self.assertNotIn("does not have", run.err)

    def test_the_check_of_a_map_finds_it(self):
        folder = self.temporary_folder() / "map"
        shutil.copytree(os.environ["DSARCTL_MAP"], folder)
        for tenant, expected in (("quarry", 0), ("medow", 1)):
            slip = folder / "slip.json"
            slip.write_text(json.dumps({"dsarctl_map": 1, "overrides": [override(tenant)]}))
            run = dsarctl("map", "check", "--map", folder, "--json", *NOW)
            found = [one for one in run.json["findings"] if one["rule"] == "unknown-tenant"]
            self.assertEqual(len(found), expected, run)


if __name__ == "__main__":
    unittest.main()

"""A package says how long data are kept: by the policy and, where the tenant or the operator has set
another period, by that."""

import json

from cli.harness import CliTest
from cli.package import Package, faults_by_schema

CLEO = ("--tenant", "meadow", "email:ada@example.com")


class PeriodsInForce(CliTest):
    def setUp(self):
        self.database = self.fresh_database()

    def dashboard(self, setting):
        self.database.execute(
            "UPDATE helpdesk.tenants SET dashboard = "
            f"jsonb_build_object('retention', jsonb_build_object('chat', '{setting}'::jsonb)) "
            "WHERE slug = 'meadow'"
        )

    def about(self, *options, env=None):
        """The retention rules that a package tells, by id, and how long categories are kept."""
        path = self.temporary_folder() / "package.zip"
        self.run_dsarctl("export", *CLEO, "--output", path, *options,
                         env={**self.database.env, **(env or {})})
        package = Package(path)
        self.assertEqual(faults_by_schema("about", package.files["about.json"]), [])
        about = package.json("about.json")
        return (
            {rule["rule"]: rule for rule in about["retention"]},
            {each["category"]: each["kept"] for each in about["categories"]},
        )

    def test_a_tenants_own_period_stands_beside_the_policys(self):
        self.dashboard('{"days": 30}')
        rules, kept = self.about()
        self.assertEqual(rules["chat"]["period"], "90 days after creation")
        self.assertEqual(rules["chat"]["set_period"], "30 days after creation")
        self.assertEqual(kept["message"], ["30 days after creation"])
        self.assertEqual([name for name in rules if "set_period" in rules[name]], ["chat"])

    def test_so_does_what_the_operator_sets_where_the_policy_states_nothing(self):
        periods = {"request-record": {"period": "3 years", "reason": "limitation"}}
        path = self.write("policy.json", json.dumps(
            {"dsarctl_policy": 1, "extends": "omniops", "periods": periods}
        ))
        rules, kept = self.about("--policy", path)
        self.assertIsNone(rules["request-record"]["period"])
        self.assertEqual(rules["request-record"]["set_period"], "3 years after last activity")
        self.assertIn("3 years after last activity", kept["request-record"])

    def test_what_the_policy_does_not_allow_is_not_in_force(self):
        for setting in ('{"days": 91}', '{"days": "soon"}', '{"days": -1}', "{}"):
            with self.subTest(setting):
                self.dashboard(setting)
                rules, kept = self.about()
                self.assertNotIn("set_period", rules["chat"])
                self.assertEqual(kept["message"], ["90 days after creation"])

    def test_a_role_that_cannot_read_the_setting_still_exports(self):
        self.dashboard('{"days": 30}')
        role = f"{self.database.name}_role"
        columns = self.database.value(
            "SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute WHERE "
            "attrelid = 'helpdesk.tenants'::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attname <> 'dashboard'"
        )
        self.database.execute(
            f"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA helpdesk, dsar TO {role};"
            f"GRANT SELECT ON ALL TABLES IN SCHEMA helpdesk, dsar TO {role};"
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dsar TO {role};"
            f"REVOKE SELECT ON helpdesk.tenants FROM {role};"
            f"GRANT SELECT ({columns}) ON helpdesk.tenants TO {role}"
        )
        self.addCleanup(self.database.execute, f"DROP OWNED BY {role}; DROP ROLE {role}")
        rules, _ = self.about(env={"PGUSER": role})
        self.assertNotIn("set_period", rules["chat"])

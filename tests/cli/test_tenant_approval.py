"""Two pairs of eyes on a whole tenant: its removal by a sweep, once its own date has passed, and
its erasure by command."""

import hashlib
import json

from cli.test_plan_approval import NOW, NOWHERE, ApprovalTest

# Tenants of which all is due at NOW: archived, and the contract has ended.
OVER = ("orchard-old", "harbour-ended")


class SweepApprovalTest(ApprovalTest):
    def setUp(self):
        super().setUp()
        self.plan = self.folder / "sweep.plan"
        self.approval = self.folder / "sweep.plan.approval"

    def planned(self, *args, by="planner"):
        return self.run_dsarctl("sweep", *NOW, "--plan-out", self.plan, *self.key(by), *args,
                                env=self.env)

    def sweep(self, *args, code, plan=True, **env):
        return self.run_dsarctl("sweep", "--apply", *(("--plan", self.plan) if plan else NOW),
                                "--json", *args, env={**self.env, **env}, code=code)

    def messages(self, slug):
        return self.database.value(
            "SELECT count(*) AS n FROM helpdesk.messages m JOIN helpdesk.tenants t"
            f" ON t.id = m.tenant_id WHERE t.slug = '{slug}'")

    def waiting(self, run):
        return {line["tenant"] for line in run.json["lines"] if line["needs_approval"]}

    def refuse_removal(self, message):
        """The tenants stay, everything else of the plan goes."""
        run = self.sweep(code=7)
        self.assertEqual(run.json["state"], "partial")
        self.assertLessEqual(set(OVER), self.waiting(run))
        self.assertRegex(run.error["message"], "approval is needed: .*orchard-old.*: .*" + message)
        for slug in OVER:
            self.assertGreater(self.messages(slug), 0)
        return run


class Sweep(SweepApprovalTest):
    def test_what_another_has_approved_is_removed_and_the_record_says_so(self):
        self.planned()
        told = self.approve().out
        self.assertRegex(told, "It removes whole tenants: harbour-ended, .*orchard-old")
        self.sweep(code=0)
        for slug in OVER:
            self.assertEqual(self.messages(slug), 0)
        self.assertEqual(self.database.value(
            "SELECT facts ->> 'approved_with' AS key FROM dsar.audit_entry"
            " WHERE command = 'sweep' AND facts ? 'gone'"), self.ids["second"])

    def test_without_it_the_tenant_stays_and_everything_else_goes_on(self):
        self.planned()
        run = self.refuse_removal("nobody has approved this plan")
        by_rule = {(line["tenant"], line["rule"]): line for line in run.json["lines"]}
        self.assertGreater(by_rule["meadow", "chat"]["deleted"], 0)
        kept = by_rule["orchard-old", "archived"]
        self.assertEqual((kept["deleted"], kept["due"], kept["note"]), (0, 0, "needs approval"))
        self.assertEqual(run.json["left"], 0)
        self.assertNotIn("approved_with", self.database.value(
            "SELECT facts::text AS f FROM dsar.audit_entry WHERE command = 'sweep'"
            " AND facts ? 'gone'"))
        # What is older than the ordinary period of its policy has gone all the same.
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.messages WHERE tenant_id = 5"
            " AND created_at < '2024-09-29'"), 0)

    def test_the_nightly_run_without_a_plan_goes_on_too(self):
        self.planned()
        self.sweep(code=7)
        run = self.sweep(code=7, plan=False)
        self.assertLessEqual(set(OVER), self.waiting(run))
        self.assertIn("an approved plan is demanded, and none is given", run.error["message"])
        # And once it is approved that plan still holds.
        self.approve()
        self.sweep(code=0)
        self.assertEqual(self.messages("orchard-old"), 0)

    def test_where_nobody_demands_it_nothing_changes(self):
        self.planned()
        run = self.sweep(code=0, DSARCTL_CONFIG=None)
        self.assertEqual(self.waiting(run), set())
        self.assertEqual(self.messages("orchard-old"), 0)

    def test_the_plan_says_what_it_will_need(self):
        run = self.planned("--json")
        self.assertRegex(" ".join(run.json["warnings"]), "tenants are removed whole, by an approved")
        shown = self.run_dsarctl("plan", "show", self.plan, "--json", env=NOWHERE).json
        self.assertLessEqual(set(OVER), set(shown["removes_tenants"]))
        self.assertEqual(shown["planned_with"], self.ids["planner"])
        self.assertEqual(shown["sha256"], hashlib.sha256(self.plan.read_bytes()).hexdigest())


class Refusals(SweepApprovalTest):
    def test_the_planner_and_strangers_may_not_approve(self):
        self.planned()
        self.refuse_approval("the approver is the planner", by="planner")
        self.refuse_approval("is none of --approval-keys", by="stranger")
        self.refuse_removal("nobody has approved this plan")

    def test_a_plan_that_nobody_has_signed_is_not_approved(self):
        self.run_dsarctl("sweep", *NOW, "--plan-out", self.plan, env=self.env)
        self.refuse_approval("nobody has signed this plan")
        self.refuse_removal("nobody has signed this plan")

    def test_an_approval_that_has_expired_is_none(self):
        self.planned()
        self.approve("--now", "2026-03-31T12:00:00Z")
        self.refuse_removal("the approval has expired at 2026-04-01T12:00:00Z")

    def test_an_approval_of_another_plan_is_none(self):
        self.planned()
        self.approve()
        self.alter(removes_tenants=[])
        self.refuse_removal("the plan is not as key .* has signed it")
        self.sign("planner", self.plan)
        self.refuse_removal("the approval is of another plan")


class Erasure(ApprovalTest):
    """The same for erase --whole-tenant."""

    HARBOUR = ("--whole-tenant", "--tenant", "orchard-trial")

    def carry_out(self, *args, by="planner", **options):
        return self.run_dsarctl("erase", *self.HARBOUR, *NOW, "--apply", "--plan", self.plan,
                                *self.key(by), *args, "--json", env=self.env, **options)

    def refuse_erasure(self, message, by="planner", **options):
        run = self.carry_out(by=by, code=7, **options)
        self.assertRegex(run.error["message"], message)
        self.assertEqual(self.database.value(
            "SELECT (SELECT count(*) FROM dsar.erasure) + (SELECT count(*) FROM dsar.erasure_begun)"
            " AS n"), 0)

    def test_one_plans_another_approves_and_the_certificate_says_so(self):
        self.planned(self.HARBOUR)
        shown = self.approve().out
        self.assertIn("of the whole tenant orchard-trial", shown)
        self.carry_out(code=3)
        certificate = json.loads(self.database.value("SELECT certificate FROM dsar.erasure"))
        self.assertTrue(certificate["whole_tenant"])
        self.assertEqual(certificate["approval"]["plan_sha256"],
                         hashlib.sha256(self.plan.read_bytes()).hexdigest())
        self.assertEqual(certificate["approval"]["approved_with"], self.ids["second"])
        self.assertEqual(self.database.value(
            "SELECT count(*) AS n FROM helpdesk.messages m JOIN helpdesk.tenants t"
            " ON t.id = m.tenant_id WHERE t.slug = 'orchard-trial'"), 0)

    def test_it_is_refused_without_an_approval_of_exactly_this_plan_by_another(self):
        self.refuse("erase", *self.HARBOUR, *NOW, "--apply", *self.key("planner"), code=7,
                    message="an approved plan is demanded", env=self.env)
        self.planned(self.HARBOUR)
        self.refuse_erasure("nobody has approved this plan")
        self.refuse_approval("the approver is the planner", by="planner")
        self.approve()
        self.refuse_erasure("the approver is the one who carries it out", by="second")
        self.alter(deleted=1)
        self.refuse_erasure("the plan is not as key .* has signed it")
        self.sign("planner", self.plan)
        self.refuse_erasure("the approval is of another plan")

    def test_an_approval_that_has_expired_is_none(self):
        self.planned(self.HARBOUR)
        self.approve("--now", "2026-03-31T12:00:00Z")
        self.refuse_erasure("the approval has expired")

    def test_a_hold_that_was_placed_since_makes_it_another_plan(self):
        self.planned(self.HARBOUR)
        self.approve()
        self.run_dsarctl("hold", "place", "--tenant", "orchard-trial", "--set", "messages",
                         "--ground", "claim", "--review", "2099-01-01", env=self.env)
        self.refuse_erasure("the reviewed plan no longer holds")


if __name__ == "__main__":
    import unittest

    unittest.main()

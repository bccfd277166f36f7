"""Two pairs of eyes: an erasure that wants a plan which another than its planner has approved."""

import datetime
import hashlib
import json
import os
import shutil
import subprocess

from cli import harness

NOW = ("--now", "2026-03-31T12:00:00Z")
ADA = ("--tenant", "harbour", "email:ada@example.com")
WREN = ("--tenant", "harbour", "email:person1182@mail.example")
NOWHERE = {"PGHOST": "/nonexistent", "PGDATABASE": "none"}
ERASURES = "SELECT count(*) AS n FROM dsar.erasure"


class ApprovalTest(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        self.folder = self.temporary_folder()
        shutil.copytree(os.environ["DSARCTL_MAP"], self.folder / "map")
        subprocess.run(["chmod", "-R", "go-w", self.folder / "map"], check=True)
        self.run_dsarctl("keygen", "--hmac", self.folder / "hash.key")
        self.approvers = self.folder / "approvers"
        self.approvers.mkdir(mode=0o755)
        self.ids = {}
        for name in ("planner", "second", "stranger"):
            made = self.run_dsarctl("keygen", "--signing", self.folder / f"{name}.pem", "--json")
            self.ids[name] = made.json["signing"]["id"]
            if name != "stranger":
                shutil.copy(self.folder / f"{name}.pem.pub", self.approvers)
        self.settings = self.folder / "dsarctl.toml"
        self.settings.write_text('approval-keys = "approvers"\n')
        self.env = {**self.database.env, "DSARCTL_MAP": str(self.folder / "map"),
                    "DSARCTL_HASH_KEY": str(self.folder / "hash.key"),
                    "DSARCTL_CONFIG": str(self.settings)}
        self.plan = self.folder / "ada.plan"
        self.approval = self.folder / "ada.plan.approval"

    def key(self, name):
        return ("--signing-key", self.folder / f"{name}.pem")

    def planned(self, subject=ADA, by="planner", plan=None, **options):
        return self.run_dsarctl("erase", *subject, *NOW, "--plan-out", plan or self.plan,
                                *self.key(by), code=3, env={**self.env, **options})

    def approve(self, *args, by="second", plan=None, **options):
        return self.run_dsarctl("plan", "approve", plan or self.plan, *self.key(by), *args,
                                env={**NOWHERE, "DSARCTL_CONFIG": str(self.settings)}, **options)

    def refuse_approval(self, message, by="second", code=7, **options):
        self.refuse("plan", "approve", self.plan, *self.key(by), code=code, message=message,
                    env={**NOWHERE, "DSARCTL_CONFIG": str(self.settings)}, **options)
        self.assertFalse(self.approval.exists())

    def carry_out(self, *args, by="planner", **options):
        return self.run_dsarctl("erase", *ADA, *NOW, "--apply", "--plan", self.plan, *self.key(by),
                                "--json", *args, env=self.env, **options)

    def refuse_erasure(self, message, *args, by="planner", code=7, hint=None, plan=True):
        self.refuse("erase", *ADA, *NOW, "--apply", *(("--plan", self.plan) if plan else ()),
                    *self.key(by), *args, code=code, message=message, hint=hint, env=self.env)
        self.assertEqual(self.database.value(ERASURES), 0)

    def sign(self, name, path):
        subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey",
                        self.folder / f"{name}.pem", "-in", path, "-out", f"{path}.sig"],
                       check=True)

    def alter(self, **changes):
        """Another plan under the old name, whose own digest fits."""
        content = json.loads(self.plan.read_text())
        content.update(changes)
        del content["sha256"]
        digest = hashlib.sha256(json.dumps(
            content, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
        self.plan.write_text(json.dumps({**content, "sha256": digest}, indent=2) + "\n")


class GoodPath(ApprovalTest):
    def test_what_another_has_approved_is_carried_out_and_the_certificate_says_so(self):
        self.planned()
        told = self.approve("--json").json
        self.assertEqual((told["plan"]["deleted"], told["plan"]["withheld"]), (93, 9))
        self.assertNotIn("ada@", json.dumps(told))
        for file in (self.approval, self.folder / "ada.plan.approval.sig"):
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        written = json.loads(self.approval.read_text())
        self.assertEqual(written["plan_sha256"],
                         hashlib.sha256(self.plan.read_bytes()).hexdigest())
        self.assertEqual((written["planned_with"], written["approved_with"]),
                         (self.ids["planner"], self.ids["second"]))
        lasts = (datetime.datetime.fromisoformat(written["expires_at"])
                 - datetime.datetime.fromisoformat(written["approved_at"]))
        self.assertEqual(lasts, datetime.timedelta(hours=24))
        for file, key in ((self.plan, "planner"), (self.approval, "second")):
            verified = subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
                 self.folder / f"{key}.pem.pub", "-in", file, "-sigfile", f"{file}.sig"],
                capture_output=True, check=False)
            self.assertEqual(verified.returncode, 0, verified)

        self.carry_out(code=3)
        certificate = json.loads(self.database.value("SELECT certificate FROM dsar.erasure"))
        del written["dsarctl_approval"]
        self.assertEqual(certificate["approval"], written)
        self.assertEqual(self.database.value(
            "SELECT facts ->> 'approved_with' AS key FROM dsar.audit_entry"
            " WHERE facts ->> 'stage' = 'done'"), self.ids["second"])
        shown = self.run_dsarctl("certificate", "show", certificate["erasure"], env=self.env)
        self.assertRegex(shown.out, f"Approved with key +{self.ids['second']}")

    def test_a_plan_is_shown_without_a_database(self):
        self.planned()
        shown = self.run_dsarctl("plan", "show", self.plan, env=NOWHERE)
        self.assertRegex(shown.out, r"billing_records +2 +mask")
        self.assertIn("93 rows to delete, 7 to mask, 0 to re-point, 9 withheld", shown.out)
        self.assertIn(f"Planned with key {self.ids['planner']}", shown.out)
        self.assertNotIn("ada@", self.plan.read_text())

    def test_without_the_setting_nothing_is_demanded(self):
        env = {**self.env, "DSARCTL_CONFIG": "/dev/null"}
        self.run_dsarctl("erase", *ADA, *NOW, "--apply", *self.key("planner"), code=3, env=env)
        self.assertIsNone(
            json.loads(self.database.value("SELECT certificate FROM dsar.erasure"))["approval"])


class Refusals(ApprovalTest):
    def test_an_erasure_wants_a_plan_that_somebody_has_approved(self):
        self.refuse_erasure("an approved plan is demanded", plan=False, hint="dsarctl plan approve")
        self.planned()
        self.refuse_erasure("nobody has approved this plan",
                            hint=f"dsarctl plan approve {self.plan}")
        self.assertFalse(self.approval.exists())

    def test_the_planner_may_not_approve(self):
        self.planned()
        self.refuse_approval("the approver is the planner", by="planner")
        # Nor by signing without the command.
        self.approve()
        forged = json.loads(self.approval.read_text())
        forged["approved_with"] = self.ids["planner"]
        self.approval.write_text(json.dumps(forged))
        self.sign("planner", self.approval)
        self.refuse_erasure("the approver is the planner")

    def test_who_approved_may_not_carry_it_out(self):
        self.planned()
        self.approve()
        self.refuse_erasure("the approver is the one who carries it out", by="second")

    def test_a_key_that_is_not_configured_neither_plans_nor_approves(self):
        self.planned()
        self.refuse_approval("is none of --approval-keys", by="stranger")
        self.approve()
        forged = json.loads(self.approval.read_text())
        forged["approved_with"] = self.ids["stranger"]
        self.approval.write_text(json.dumps(forged))
        self.sign("stranger", self.approval)
        self.refuse_erasure("approved with key .* none of --approval-keys")

    def test_a_plan_of_a_key_that_is_not_configured_is_not_approved(self):
        self.planned(by="stranger")
        self.refuse_approval("planned with key .* none of --approval-keys")

    def test_a_plan_that_nobody_has_signed_is_not_approved(self):
        self.refuse("erase", *ADA, *NOW, "--plan-out", self.plan, env=self.env,
                    message="--plan-out needs --signing-key")
        self.run_dsarctl("erase", *ADA, *NOW, "--plan-out", self.plan, code=3,
                         env={**self.env, "DSARCTL_CONFIG": None})
        self.refuse_approval("nobody has signed this plan")

    def test_an_altered_plan_is_neither_approved_nor_carried_out(self):
        self.planned()
        self.plan.write_text(self.plan.read_text().replace('"deleted": 93', '"deleted": 1'))
        self.refuse_approval("was changed since it was written", code=2)
        self.alter(deleted=1)
        self.refuse_approval("the plan is not as key .* has signed it")
        self.plan.unlink()
        (self.folder / "ada.plan.sig").unlink()
        self.planned()
        self.approve()
        self.alter(deleted=1)
        self.refuse_erasure("the plan is not as key .* has signed it")
        # By the planner, behind the approver's back.
        self.sign("planner", self.plan)
        self.refuse_erasure("the approval is of another plan")

    def test_an_altered_approval_is_none(self):
        self.planned()
        self.approve("--now", "2026-03-31T12:00:00Z")
        self.refuse_erasure("the approval has expired at 2026-04-01T12:00:00Z")
        longer = self.approval.read_text().replace("2026-04-01", "2099-01-01")
        self.approval.write_text(longer)
        self.refuse_erasure("the approval is not as key .* has signed it")
        self.sign("second", self.approval)
        self.refuse_erasure("for longer than 14 days")
        self.approval.write_text("{}")
        self.refuse_erasure("is no approval of a plan", code=2)
        (self.folder / "ada.plan.approval.sig").unlink()
        self.approval.write_text(longer)
        self.refuse_erasure("the approval is not as key .* has signed it")

    def test_an_approval_of_another_plan_is_none(self):
        self.planned()
        other = self.folder / "wren.plan"
        self.run_dsarctl("erase", *WREN, *NOW, "--plan-out", other, *self.key("planner"), "--json",
                         env=self.env)
        self.approve(plan=other)
        for end in ("", ".sig"):
            shutil.copy(f"{other}.approval{end}", f"{self.approval}{end}")
        self.refuse_erasure("the approval is of another plan")

    def test_an_approval_from_the_future_is_none(self):
        self.planned()
        self.approve("--now", "2199-01-01T00:00:00Z")
        self.refuse_erasure("the approval is dated in the future")

    def test_keys_that_others_may_write_are_refused(self):
        self.planned()
        for path, mode in ((self.approvers, 0o777), (self.approvers / "second.pem.pub", 0o666)):
            before = path.stat().st_mode
            path.chmod(mode)
            self.refuse_approval("others than its owner may write this file")
            path.chmod(before)
        (self.approvers / "note.txt").write_text("no key")
        self.refuse_approval("note.txt: ", code=2)

    def test_a_key_that_others_may_read_does_not_approve(self):
        self.planned()
        (self.folder / "second.pem").chmod(0o644)
        self.refuse_approval("others than its owner may use this key", code=2)

    def test_what_the_settings_file_demands_cannot_be_set_aside(self):
        own = self.folder / "own"
        own.mkdir()
        shutil.copy(self.folder / "stranger.pem.pub", own)
        for args, env in ((("--approval-keys", own), {}), ((), {"DSARCTL_APPROVAL_KEYS": str(own)})):
            self.refuse("erase", *ADA, *NOW, "--apply", *self.key("planner"), *args,
                        message="approval-keys is fixed by", env={**self.env, **env})

    def test_an_approval_is_for_two_weeks_at_most(self):
        self.planned()
        run = self.approve("--expires", "337", code=2)
        self.assertIn("--expires", run.err)
        self.approve("--expires", "336")


class AllKeysInOneFile(ApprovalTest):
    def test_a_file_may_hold_several_keys(self):
        keys = self.folder / "keys.pem"
        keys.write_text("".join((self.folder / f"{name}.pem.pub").read_text()
                                for name in ("planner", "second")))
        self.settings.write_text('approval-keys = "keys.pem"\n')
        self.planned()
        self.approve()
        self.carry_out(code=3)


if __name__ == "__main__":
    import unittest

    unittest.main()

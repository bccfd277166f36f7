"""A person with more rows than go in one transaction: most go ahead in batches, under the number of
the one erasure, and it comes to what a single transaction comes to."""

import json

from cli import harness, recount, roles
from cli.test_erase import ADA, NOW, ApplyTest, everybody_else
from faults import test_erase, test_sweep_kills

SMALL = ("--erase-max-rows", "60", "--batch", "7")


class ReferenceDatabase(ApplyTest):
    def counts(self, certificate):
        lines = {(line["set"], line["action"], line["cause"], line["by"]): line["rows"]
                 for line in certificate["lines"]}
        # What a trigger puts aside meanwhile is in no digest of one transaction.
        digests = {one["set"]: (one["rows"], one["sum"]) for one in certificate["digests"]
                   if one["set"] != "notes_trash"}
        return (lines, digests, certificate["objects"], certificate["subject"])

    def test_it_comes_to_what_one_transaction_comes_to(self):
        with harness.fresh_database(self.database.name) as copy:
            others = everybody_else(self.database, recount.ADA)
            self.erase(*ADA, *self.apply_now)
            (whole,) = self.certificates()
            with roles.granted(copy) as logins:
                env = {**self.env, **copy.env, "PGUSER": logins["officer"]}
                done = self.run_dsarctl("erase", *ADA, *self.apply_now, *SMALL, *NOW, "--json",
                                        env=env, code=3)
                ((text,),) = copy.rows("SELECT certificate FROM dsar.erasure")
                self.assertEqual(self.counts(json.loads(text)), self.counts(whole))
                self.assertEqual(done.json["deleted"], whole["deleted"])
                self.assertEqual(test_sweep_kills.Kills.contents(copy),
                                 test_sweep_kills.Kills.contents(self.database))
                self.assertEqual(copy.rows("SELECT id FROM dsar.erasure_begun"), [])
                stages = [stage for (stage,) in copy.rows(
                    "SELECT facts ->> 'stage' AS s FROM dsar.audit_entry WHERE command = 'erase'"
                    " ORDER BY number")]
                self.assertEqual(stages, ["begun", "done", "searched"])
                after = everybody_else(copy, recount.ADA)
                self.assertEqual({**after, "marketing_subscriptions": None},
                                 {**others, "marketing_subscriptions": None})

    def test_what_must_stay_for_the_last_transaction_is_refused_before_anything_is_changed(self):
        before = test_sweep_kills.Kills.contents(self.database)
        self.refuse("erase", *ADA, *self.apply_now, "--erase-max-rows", "3", *NOW, env=self.env,
                    code=7, message="more rows than 3 must go in one transaction.* of visitors",
                    hint="Raise --erase-max-rows")
        self.assertEqual(test_sweep_kills.Kills.contents(self.database), before)
        self.assertEqual(self.database.rows("SELECT id FROM dsar.erasure_begun"), [])

    def test_the_limit_is_a_number_and_may_stand_in_the_settings(self):
        self.refuse("erase", *ADA, "--erase-max-rows", "many", *NOW, env=self.env,
                    message="--erase-max-rows is no number of rows")
        settings = self.write("dsarctl.toml", 'erase-max-rows = "3"\n')
        self.refuse("erase", *ADA, *self.apply_now, "--config", settings, *NOW, env=self.env, code=7,
                    message="more rows than 3")

    def test_a_reviewed_plan_is_carried_out_in_batches_too_and_only_while_it_holds(self):
        plan = self.keys / "plan.json"
        self.erase(*ADA, "--plan-out", plan)
        self.owner("hold", "place", "--set", "consents", "--tenant", "harbour", "--where",
                   "visitor_id = 1", "--ground", "claim", "--review", "2026-12-31")
        self.refuse("erase", *ADA, *self.apply_now, *SMALL, "--plan", plan, *NOW, env=self.env,
                    code=7, message="no longer holds")
        self.assertEqual(self.database.rows("SELECT id FROM dsar.erasure_begun"), [])
        self.owner("hold", "release", "1", "--reason", "over")
        self.erase(*ADA, *self.apply_now, *SMALL, "--plan", plan)
        (certificate,) = self.certificates()
        self.assertEqual(certificate["scope"],
                         json.loads(plan.read_text(encoding="utf-8"))["scope"])

    def test_the_ledger_knows_of_it_before_the_first_row_goes(self):
        ledger = self.keys / "ledger"
        self.erase(*ADA, *self.apply_now, *SMALL, "--ledger", ledger)
        entries = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
        self.assertEqual([entry["kind"] for entry in entries], ["erasure", "done"] * 2)
        self.assertEqual(len({entry["id"] for entry in entries if entry["id"]}), 1)


class SmallWorld(test_erase.ErasureWorld):
    def test_a_plan_and_doctor_name_what_has_begun_and_the_next_run_ends_it(self):
        before, rows = self.contents(), sum(self.left())
        self.database.execute(
            "CREATE FUNCTION small.refuses() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'not today'; END $$;"
            "CREATE TRIGGER refuses BEFORE DELETE ON small.people FOR EACH ROW"
            " EXECUTE FUNCTION small.refuses()")
        self.known_trigger("people", "refuses")
        self.erase("--erase-max-rows", "30", "--batch", "9", code=1)
        ((begun,),) = self.database.rows("SELECT id FROM dsar.erasure_begun")
        self.assertNotEqual(self.contents(), before)
        self.assertEqual(self.erasures(), 0)
        plan = self.run_dsarctl("erase", test_erase.ONE, *self.globals(), "--json", env=self.env)
        self.assertIn(begun, plan.json["warnings"][0])
        doctor = self.run_dsarctl("doctor", "--map", self.map, "--json", env=self.env)
        self.assertIn(begun, doctor.out)
        self.database.execute("DROP TRIGGER refuses ON small.people")
        done = self.erase()
        self.assertEqual(done.json["erasure"], begun)
        self.assertEqual(done.json["deleted"], rows)
        self.assert_whole()


if __name__ == "__main__":
    harness.unittest.main()

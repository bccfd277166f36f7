"""Restrictions, objections and consents: recorded by officers, written where the map says, honoured
by the sweep, told by find and export, and lifted again."""

from cli.harness import unittest
from cli.package import Package, faults_by_schema
from cli.sweeping import NOON, SweepTest

HARBOUR = ("--tenant", "harbour")
ADA = (*HARBOUR, "email:ada@example.com")
BROOK = (*HARBOUR, "email:brook@example.net")
WHITLOCK = ("--tenant", "meadow", "email:ada@example.com")  # visitor 7
ROBIN = ("--tenant", "meadow", "visitor:15")  # a child
GRACE = ("--tenant", "orchard-trial", "email:grace@example.org")  # visitor 16, all due
GROUND = ("--ground", "by email")
SHE_BROWSED = """(SELECT count(*) FROM helpdesk.page_views WHERE visitor_id = 7)
    + (SELECT count(*) FROM helpdesk.analytics_events WHERE visitor_id = 7)"""


class ChoiceTest(SweepTest):
    def as_role(self, kind):
        return {**self.env, "PGUSER": self.env["PGUSER"].replace("_sweeper_", f"_{kind}_")}

    def officer(self, *args, now=NOON, **options):
        return self.run_dsarctl(*args, "--now", now, "--json", env=self.as_role("officer"),
                                **options).json

    def refused(self, *args, **options):
        return self.refuse(*args, "--now", NOON, env=self.as_role("officer"), **options)

    def find(self, *who):
        return self.run_dsarctl("find", *who, "--json", env=self.as_role("reader")).json

    def count(self, what):
        return self.database.value(f"SELECT count(*) AS n FROM helpdesk.{what}")

    def due(self, *args):
        run = self.sweep("--now", NOON, *args, "--json")
        return sum(line["due"] for line in run.json["lines"])

    def written(self, result):
        return {f'{one["set"]}.{one["column"]}': one["rows"] for one in result["written"]}


class Restrictions(ChoiceTest):
    def test_restricted_rows_are_swept_only_when_the_restriction_is_lifted(self):
        epoch = "SELECT epoch FROM dsar.hold_epoch"
        before = self.database.value(epoch)
        placed = self.officer("restrict", "place", *GRACE, "--ground", "accuracy contested")
        self.assertEqual(self.written(placed), {"visitors.restricted_at": 1})
        self.assertGreater(self.database.value(epoch), before)
        self.assertEqual(
            self.count(f"visitors WHERE id = 16 AND restricted_at = '{NOON}'"), 1)
        her = {
            "visitors": "visitors WHERE id = 16",
            "conversations": "conversations WHERE visitor_id = 16",
            "messages": "messages WHERE sender_type = 'visitor' AND sender_id = 16",
        }
        rows = {name: self.count(what) for name, what in her.items()}
        self.assertTrue(all(rows.values()), rows)
        swept = self.sweep_all(NOON, "--tenant", "orchard-trial")
        self.assertEqual({name: self.count(what) for name, what in her.items()}, rows)
        self.assertGreater(sum(line["held"] for line in swept["lines"]), 2)
        self.assertGreater(swept["gone"], 0)
        lifted = self.officer("restrict", "lift", "1", "--reason", "accuracy verified")
        self.assertIn("Art. 18(3)", lifted["notice"])
        self.assertEqual(self.count("visitors WHERE id = 16 AND restricted_at IS NULL"), 1)
        self.sweep_all(NOON, "--tenant", "orchard-trial")
        self.assertEqual(sum(self.count(what) for what in her.values()), 0)

    def test_only_the_persons_own_rows_in_the_persons_own_tenant(self):
        before = self.count("visitors WHERE restricted_at IS NOT NULL")
        placed = self.officer("restrict", "place", *ADA, *GROUND)
        self.assertEqual(self.written(placed),
                         {"visitors.restricted_at": 3, "users_customers.restricted_at": 1})
        self.assertEqual(self.count("visitors WHERE restricted_at IS NOT NULL"), before + 3)
        held = self.find(*ADA)["held_by"]
        self.assertEqual([(each["by"], each["on"], each["ground"]) for each in held],
                         [("restriction 1", "restricted", "by email")])
        self.assertEqual(self.find(*BROOK)["held_by"], [])

    def test_an_erasure_leaves_them_alone_and_says_why(self):
        self.officer("restrict", "place", *GRACE, *GROUND)
        plan = self.run_dsarctl("erase", *GRACE, "--now", NOON, env=self.as_role("officer"),
                                code=3)
        self.assertIn("kept by restriction 1", plan.out)

    def test_the_list_shows_who_when_and_why_without_names(self):
        self.officer("restrict", "place", *ADA, "--ground", "accuracy contested", "--actor", "dpo")
        (one,) = self.officer("restrict", "list")["choices"]
        self.assertEqual(
            (one["kind"], one["ground"], one["author"], one["made_at"], one["tenant"]["slug"]),
            ("restriction", "accuracy contested", "dpo", NOON, "harbour"))
        text = self.run_dsarctl("restrict", "list", env=self.as_role("reader")).out
        self.assertNotIn("ada", text.lower())
        self.assertEqual(self.officer("object", "list")["choices"], [])
        self.officer("restrict", "lift", "1", "--reason", "verified")
        self.assertEqual(self.officer("restrict", "list")["choices"], [])
        (one,) = self.officer("restrict", "list", "--all")["choices"]
        self.assertEqual(one["lifted"]["reason"], "verified")


class Objections(ChoiceTest):
    def test_one_to_marketing_ends_subscriptions_and_what_was_ended_keeps_its_date(self):
        placed = self.officer("object", "place", *BROOK, "--to", "marketing")
        written = self.written(placed)
        self.assertEqual(written["marketing_subscriptions.unsubscribed_at"], 1)
        self.assertEqual(self.count("marketing_subscriptions WHERE email = 'brook@example.net'"
                                    f" AND unsubscribed_at = '{NOON}'"), 1)
        self.assertEqual(self.count("visitors WHERE id = 5 AND marketing_opt_out"), 1)
        self.assertEqual(self.count("visitors WHERE id = 6 AND marketing_opt_out"), 0)
        self.officer("object", "place", *ADA, "--to", "marketing")
        self.assertEqual(self.count("marketing_subscriptions WHERE email = 'ada@example.com'"
                                    " AND unsubscribed_at = '2025-01-10T10:00:00Z'"), 1)
        self.officer("object", "lift", "1", "--reason", "subscribed again")
        self.assertEqual(self.count("visitors WHERE id = 5 AND marketing_opt_out"), 0)
        self.assertEqual(self.count("marketing_subscriptions WHERE email = 'brook@example.net'"
                                    " AND unsubscribed_at IS NULL"), 0)

    def test_what_a_sweep_leaves_of_a_subscription_keeps_the_sending_stopped(self):
        self.officer("object", "place", "--tenant", "quarry", "email:erin@example.org", "--to",
                     "marketing")
        hers = "marketing_subscriptions WHERE tenant_id = 8 AND unsubscribed_at IS NOT NULL"
        self.assertEqual(self.count(f"{hers} AND token LIKE 'ms_erin_%'"), 2)
        rows = self.count(hers)
        self.sweep_all(NOON, "--tenant", "quarry")
        self.assertEqual(self.count(hers), rows)
        self.assertEqual(self.count(f"{hers} AND (email LIKE '%@%' OR name IS NOT NULL"
                                    " OR token IS NOT NULL)"), 0)

    def test_opt_outs_of_ai_and_of_sale(self):
        for to, column in (("ai", "ai_opt_out"), ("sale", "sale_opt_out")):
            others = self.count(f"visitors WHERE {column} AND id NOT IN (1, 2, 3)")
            self.officer("object", "place", *ADA, "--to", to)
            self.assertEqual(self.count(f"visitors WHERE {column} AND id IN (1, 2, 3)"), 3)
            self.assertEqual(self.count(f"users WHERE {column} AND id = 12"), 1)
            self.assertEqual(self.count(f"visitors WHERE {column} AND id NOT IN (1, 2, 3)"), others)
        kinds = [one["kind"] for one in self.officer("object", "list")["choices"]]
        self.assertEqual(kinds, ["opt-out-ai", "opt-out-sale"])


class Consents(ChoiceTest):
    def test_what_rests_on_a_withdrawn_consent_is_due_at_once(self):
        rule = ("--tenant", "meadow", "--rule", "analytics-consent")
        before = self.due(*rule)
        hers = self.database.value(f"SELECT {SHE_BROWSED} AS n")
        self.assertGreater(hers, 0)
        done = self.officer("consent", "withdraw", *WHITLOCK, "--purpose", "analytics", *GROUND)
        self.assertEqual(self.written(done), {"consents.withdrawn_at": 1})
        self.assertEqual(self.due(*rule), before + hers)
        self.officer("consent", "give", *WHITLOCK, "--purpose", "analytics", *GROUND)
        self.assertEqual(self.due(*rule), before)
        self.assertEqual(
            self.count("consents WHERE visitor_id = 7 AND withdrawn_at IS NULL"), 1)
        self.refused("consent", "give", *WHITLOCK, "--purpose", "analytics", *GROUND,
                     message="no withdrawal of this consent", hint="consent list")

    def test_only_the_purpose_that_is_named(self):
        cleo = ("--tenant", "meadow", "email:cleo@example.com")
        withdrawn = ("SELECT string_agg(purpose, ' ' ORDER BY purpose) AS p FROM helpdesk.consents"
                     " WHERE visitor_id = 10 AND withdrawn_at IS NOT NULL")
        self.assertEqual(self.database.value(withdrawn), "analytics")
        done = self.officer("consent", "withdraw", *cleo, "--purpose", "analytics", *GROUND)
        self.assertEqual(self.written(done), {"consents.withdrawn_at": 0})
        self.assertEqual(self.database.value(withdrawn), "analytics")
        self.officer("consent", "withdraw", *cleo, *GROUND)
        self.assertEqual(self.database.value(withdrawn), "analytics marketing")

    def test_a_child_is_due_unless_a_parents_consent_is_recorded(self):
        rule = ("--tenant", "meadow", "--rule", "child")
        robins = self.due(*rule)
        self.assertGreater(robins, 0)
        self.officer("consent", "parental", *ROBIN, "--ground", "signed form, called back")
        self.assertEqual(self.due(*rule), 0)
        self.officer("consent", "child", *WHITLOCK, "--ground", "said so",
                     now="2026-03-29T10:00:00Z")
        self.assertGreater(self.due(*rule), 0)
        self.officer("consent", "lift", "2", "--reason", "of age after all")
        self.assertEqual(self.due(*rule), 0)
        self.officer("consent", "lift", "1", "--reason", "the form was forged")
        self.assertEqual(self.due(*rule), robins)


class Telling(ChoiceTest):
    def test_find_and_export_tell_it(self):
        self.officer("restrict", "place", *ADA, *GROUND)
        self.officer("consent", "withdraw", *ADA, "--purpose", "analytics", *GROUND)
        self.officer("object", "place", *BROOK, "--to", "ai")
        found = self.find(*ADA)["choices"]
        self.assertEqual([(each["kind"], each["purpose"]) for each in found],
                         [("restriction", ""), ("consent-withdrawn", "analytics")])
        path = self.temporary_folder() / "ada.zip"
        self.run_dsarctl("export", *ADA, "--output", path, env=self.as_role("reader"))
        package = Package(path)
        about = package.json("about.json")["choices"]
        self.assertEqual([(each["choice"], each.get("purpose"), each["since"]) for each in about],
                         [("restriction", None, NOON), ("consent-withdrawn", "analytics", NOON)])
        self.assertEqual(faults_by_schema("about", package.files["about.json"]), [])
        self.assertEqual([int(row["id"]) for row in package.rows("dsar_choices")], [1, 2])

    def test_a_rectified_identity_is_followed(self):
        self.officer("restrict", "place", *ADA, *GROUND)
        self.officer("rectify", *ADA, "--replace", "email:ada@example.com=ada.obi@example.org",
                     "--apply")
        recorded = self.database.value("SELECT identities::text AS t FROM dsar.choice")
        self.assertIn("ada.obi@example.org", recorded)


class Refusals(ChoiceTest):
    def test_what_is_recorded_already(self):
        self.officer("restrict", "place", *ADA, *GROUND)
        self.refused("restrict", "place", *HARBOUR, "visitor:1", *GROUND,
                     message="recorded already: restriction 1", hint="Lift")
        self.officer("object", "place", *ADA, "--to", "ai")
        self.officer("object", "place", *ADA, "--to", "sale")

    def test_what_cannot_be_lifted(self):
        self.officer("restrict", "place", *ADA, *GROUND)
        why = ("--reason", "x")
        self.refused("object", "lift", "1", *why, message="no such record 1")
        self.refused("restrict", "lift", "7", *why, message="no such record 7")
        self.officer("restrict", "lift", "1", *why)
        self.refused("restrict", "lift", "1", *why, message="1 is lifted already")

    def test_who_is_not_clear_and_what_is_missing(self):
        self.refused("restrict", "place", "email:ada@example.com", *GROUND, code=7,
                     message="several tenants")
        self.refused("restrict", "place", *HARBOUR, "email:nobody@example.com", *GROUND, code=8,
                     message="nobody")
        self.refused("restrict", "place", *ADA, message="--ground")
        self.refused("restrict", "place", *ADA, "--ground", " ", message="--ground is empty")
        self.refused("object", "place", *ADA, "--to", "ads", message="--to does not know 'ads'")
        self.refuse("restrict", "place", *ADA, *GROUND, "--now", "2999-01-01T00:00:00Z",
                    env=self.as_role("officer"), message="for a time to come")
        self.assertEqual(self.database.value("SELECT count(*) AS n FROM dsar.choice"), 0)

    def test_only_an_officer_may(self):
        for role in ("reader", "sweeper"):
            self.refuse("restrict", "place", *ADA, *GROUND, "--now", NOON, env=self.as_role(role),
                        message="permission denied")
        self.assertEqual(self.count("visitors WHERE id = 1 AND restricted_at IS NOT NULL"), 0)


if __name__ == "__main__":
    unittest.main()

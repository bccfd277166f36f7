"""Rectification, as the officer's role and nothing more: every place that independent SQL counts is
put right, and nobody else's row is touched."""

import json
import os
import re
import shutil

from cli import harness
from cli.harness import CliTest
from cli.roles import granted

HARBOUR = ("--tenant", "harbour")
ADA = (*HARBOUR, "email:ada@example.com")
OLD, NEW = "ada@example.com", "ada.obi@example.org"
EMAIL = f"email:{OLD}={NEW}"

# Where the address is held as a value of its own, told without the map: table, column, condition.
PLACES = {
    "visitors.email": "visitors WHERE id = 1 AND email = '{}'",
    "visitors.email_key": "visitors WHERE id = 1 AND email_key = '{}'",
    "users.email": "users WHERE id = 12 AND email::text = '{}'",
    "users.email_domain": "users WHERE id = 12 AND email_domain = split_part('{}', '@', 2)",
    "accounts.login": "accounts WHERE user_id = 12 AND login::text = '{}'",
    "billing": "billing_records WHERE billing_email = '{}' AND invoice_no LIKE 'HB-202_-0001'",
    "contact_forms": "contact_forms WHERE email::text = '{}' AND reference IN ('HB00CF01', 'HB00CF02')",
    "enquiries": "enquiries WHERE \"from\" = '{}'",
    "ticket from": "\"TicketArticle\" WHERE \"from\" = '{}'",
    "ticket to": "\"TicketArticle\" WHERE \"to\" = '{}'",
    "newsletter": "marketing_subscriptions WHERE tenant_id = 6 AND email::text = '{}'",
    "traits in JSON": "analytics_events WHERE properties #>> '{{traits,email}}' = '{}'",
    "sender in JSON, a key twice": "messages WHERE id = 1 AND payload::text LIKE '%\"address\": \"{}\"%'",
}
COUNTS = {**dict.fromkeys(PLACES, 1), "billing": 2, "contact_forms": 2}


class RectifyTest(CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        # A map that others may write is refused, and a checkout's may be.
        self.map = self.temporary_folder() / "map"
        shutil.copytree(os.environ["DSARCTL_MAP"], self.map)
        for path in (self.map, *self.map.iterdir()):
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.env = {**self.database.env, "DSARCTL_MAP": str(self.map)}
        self.logins = self.enterContext(granted(self.database, env=self.env))
        self.env["PGUSER"] = self.logins["officer"]

    def rectify(self, *args, code=0, **options):
        run = self.run_dsarctl("rectify", *args, "--json", env=self.env, code=code, **options)
        return run.json if run.out else None

    def refused(self, *args, code=2, **options):
        before = self.contents()
        run = self.refuse("rectify", *args, "--apply", env=self.env, code=code, **options)
        self.assertEqual(self.contents(), before)
        return run

    def find(self, *who, code=0):
        run = self.run_dsarctl("find", *HARBOUR, *who, "--json", env=self.env, code=code)
        return {(row["set"], *row["key"]) for row in run.json["rows"]} if run.out else None

    def count(self, what):
        return self.database.value(f"SELECT count(*) AS n FROM helpdesk.{what}")

    def tables(self):
        return [name for (name,) in self.database.rows(
            "SELECT format('%I.%I', schemaname, tablename) AS t FROM pg_tables "
            "WHERE schemaname IN ('helpdesk', 'dsar') AND tablename NOT LIKE 'audit%' ORDER BY 1"
        )]

    def contents(self):
        """A digest of every table's rows, but for who has asked."""
        return self.database.execute("".join(
            f"SELECT '{name} ' || md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)),"
            f" '')) FROM {name} AS t;"
            for name in self.tables()
        )).splitlines()

    def row_digests(self):
        """A digest of every row: (table, digest)."""
        return {tuple(line.split(" ")) for line in self.database.execute("".join(
            f"SELECT '{name} ' || md5(t::text) FROM {name} AS t;" for name in self.tables()
        )).splitlines()}

    def changed(self, before):
        """The rows that are there now and were not: (table, row as JSON)."""
        found = []
        for name, digest in sorted(self.row_digests() - before):
            rows = self.database.execute(
                f"SELECT to_jsonb(t) FROM {name} AS t WHERE md5(t::text) = '{digest}'")
            found += [(name.split(".")[1].strip('"'), json.loads(row)) for row in rows.splitlines()]
        return found

    def places(self, result, fate="changed"):
        return {(p["set"], p["column"], *p["row"]) for p in result["places"] if p["fate"] == fate}


class Email(RectifyTest):
    def test_every_place_has_the_new_address_and_nothing_else_is_touched(self):
        for name, what in PLACES.items():
            self.assertEqual(self.count(what.format(NEW)), 0, name)
        before = self.row_digests()
        done = self.rectify(*ADA, "--replace", EMAIL, "--apply")
        for name, what in PLACES.items():
            self.assertEqual(self.count(what.format(NEW)), COUNTS[name], name)
        rows = self.changed(before)
        whose = {
            "visitors": {1}, "users": {12}, "TicketArticle": {1, 2}, "analytics_events": {2},
            "messages": {1},
        }
        for table, row in rows:
            if table in whose:
                self.assertIn(row.get("id", row.get("Id")), whose[table], table)
        self.assertEqual(
            sorted({table for table, _ in rows}),
            ["TicketArticle", "accounts", "analytics_events", "billing_records", "contact_forms",
             "enquiries", "histories", "marketing_subscriptions", "messages", "users", "visitors"],
        )
        self.assertEqual(sum(each["rows"] for each in done["changed"]), len(rows))

    def test_a_json_value_keeps_every_other_byte(self):
        text = "SELECT payload::text AS t FROM helpdesk.messages WHERE id = 1"
        before = self.database.value(text)
        self.rectify(*ADA, "--replace", EMAIL, "--apply")
        self.assertEqual(self.database.value(text), before.replace(OLD, NEW))

    def test_the_new_address_finds_the_person_and_the_old_one_no_longer(self):
        rows = self.find(f"email:{OLD}")
        self.rectify(*ADA, "--replace", EMAIL, "--apply")
        self.assertEqual(
            {row for row in self.find(f"email:{NEW}") if row[0] != "marketing_subscriptions"},
            {row for row in rows if row[0] != "marketing_subscriptions"},
        )
        self.assertEqual(len(self.find(f"email:{NEW}")), len(rows))
        self.run_dsarctl("find", *HARBOUR, f"email:{OLD}", env=self.env, code=8)
        self.run_dsarctl("find", "--tenant", "meadow", f"email:{OLD}", env=self.env)

    def test_no_trigger_keeps_the_old_address(self):
        history = "histories WHERE value_from ILIKE '%ada@example.com%'"
        self.assertEqual(self.count(history), 0)
        done = self.rectify(*ADA, "--replace", EMAIL, "--apply")
        self.assertEqual(self.count(history), 0)
        self.assertEqual([p[0:2] for p in self.places(done, "cleared")],
                         [("histories", "value_from")])
        self.assertEqual(
            self.count(f"histories WHERE value_from IS NULL AND value_to = '{NEW}'"), 1
        )

    def test_a_trigger_that_the_map_does_not_know_is_refused(self):
        self.database.execute(
            "CREATE FUNCTION helpdesk.keep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER keep AFTER UPDATE ON helpdesk.accounts"
            " FOR EACH ROW EXECUTE FUNCTION helpdesk.keep()"
        )
        self.refused(*ADA, "--replace", EMAIL, code=7, message="accounts: .* trigger keep",
                     hint="known_triggers")

    def test_a_plan_changes_nothing_and_shows_every_place_masked(self):
        before = self.contents()
        plan = self.rectify(*ADA, "--replace", EMAIL)
        text = self.run_dsarctl("rectify", *ADA, "--replace", EMAIL, env=self.env).out
        self.assertEqual(self.contents(), before)
        self.assertFalse(plan["applied"])
        self.assertIn("nothing is changed without --apply", text)
        for shown in (text, json.dumps(plan)):
            self.assertNotIn(OLD, shown.lower())
            self.assertNotIn(NEW, shown)
            self.assertIn("a**@e******.c**", shown)
        shown = self.run_dsarctl("rectify", *ADA, "--replace", EMAIL, "--reveal", env=self.env).out
        self.assertRegex(shown, rf"(?m)^  visitors.email +1 +{OLD} +{NEW}$")
        done = self.rectify(*ADA, "--replace", EMAIL, "--apply")
        self.assertEqual(self.places(plan), self.places(done))

    def test_what_stays_is_listed(self):
        plan = self.rectify(*ADA, "--replace", EMAIL)
        self.assertEqual(self.places(plan, "follows"), {("visitors", "email_key", "1")})
        self.assertEqual(self.places(plan, "others"),
                         {("integration_data_shared", "addresses", "1")})
        mentioned = {(m["set"], m["column"]) for m in plan["mentions"]}
        self.assertLessEqual(
            {("conversations", "custom"), ("ticket_articles", "Body"), ("page_views", "url"),
             ("technical_log", "detail"), ("audit_log", "changes"), ("histories", "value_to")},
            mentioned,
        )
        self.assertIn("Amazon Web Services", [r["name"] for r in plan["recipients"]])

    def test_another_subjects_address_is_refused(self):
        for other in ("brook@example.net", "BROOK@example.net", "sam@harbour.example"):
            run = self.refused(*ADA, "--replace", f"email:{OLD}={other}", code=7,
                               message="is another subject's identity", hint="--also")
            self.assertNotIn(other.lower(), run.err.lower())

    def test_rows_that_are_the_persons_too_are_no_hindrance(self):
        self.database.execute(
            "INSERT INTO helpdesk.contact_forms (id, tenant_id, reference, form_name, name, email)"
            f" VALUES (gen_random_uuid(), 6, 'HB00CF99', 'Viewing', 'Ada', '{NEW}')"
        )
        self.refused(*ADA, "--replace", EMAIL, code=7, message="contact_forms has it")
        self.rectify(*ADA, "--also", f"email:{NEW}", "--replace", EMAIL, "--apply")
        self.assertEqual(self.count(f"contact_forms WHERE email = '{NEW}'"), 3)

    def test_an_address_in_the_midst_of_a_name_and_one_with_blanks(self):
        self.rectify("--tenant", "quarry", "email:erin@example.org", "--replace",
                     f"email:erin@example.org={NEW}", "--apply")
        self.assertEqual(self.count(f"enquiries WHERE \"from\" = 'Erin Walsh <{NEW}>'"), 1)
        self.assertEqual(self.count(f"visitors WHERE id = 12 AND email = '{NEW}'"), 1)
        self.assertEqual(self.count(f"marketing_subscriptions WHERE email = '{NEW}'"), 2)

    def test_only_the_spelling(self):
        done = self.rectify(*ADA, "--replace", f"email:{OLD}=Ada@Example.com", "--apply")
        self.assertEqual(done["still_found"], [])
        self.assertEqual(self.count("visitors WHERE email = 'Ada@Example.com' AND tenant_id = 6"), 1)

    def test_holds_and_requests_follow(self):
        for command in (
            ("request", "open", "--kind", "rectification", *ADA),
            ("hold", "place", *ADA, "--ground", "claim", "--review", "2099-01-01"),
        ):
            self.run_dsarctl(*command, env=self.env)
        epoch = "SELECT epoch FROM dsar.hold_epoch"
        before = self.database.value(epoch)
        done = self.rectify(*ADA, "--replace", EMAIL, "--apply")
        self.assertEqual([each["by"] for each in done["held_by"]], ["hold 1", "request 1"])
        for table in ("hold", "request"):
            recorded = self.database.execute(
                f"SELECT identities::text || keys::text || proven::text FROM dsar.{table}"
            )
            self.assertNotIn(OLD, recorded.lower())
            self.assertIn(f'"newsletter", "{NEW}"', recorded)
        self.assertGreater(self.database.value(epoch), before)
        found = self.run_dsarctl("find", *HARBOUR, f"email:{NEW}", "--json", env=self.env).json
        self.assertEqual([each["by"] for each in found["held_by"]], ["hold 1", "request 1"])


class OtherCategories(RectifyTest):
    def test_a_phone_in_two_columns_keeps_its_country(self):
        self.rectify(*ADA, "--replace", "phone:07700 900123=+44 7700 900999", "--apply")
        self.assertEqual(
            self.database.rows("SELECT country_code, number FROM helpdesk.visitor_phones "
                               "WHERE visitor_id = 1"), [("+44", "7700 900999")])
        self.assertEqual(self.count("visitors WHERE phone = '+44 7700 900999'"), 2)
        self.assertEqual(self.count("users WHERE mobile = '+44 7700 900999' AND id = 12"), 1)
        self.assertEqual(self.count("contact_forms WHERE phone_number = '7700 900999'"), 1)
        self.assertEqual(self.count("visitors WHERE phone LIKE '%7700%900123' AND tenant_id = 2"), 1)
        self.assertEqual(
            self.database.value("SELECT payload ->> 'wa_id' AS v FROM helpdesk.messages "
                                "WHERE id = 19"), "+44 7700 900999")
        self.refused(*ADA, "--replace", "phone:07700 900999=+31 6 1234 5678",
                     message="hold one value together", hint="country code")

    def test_an_account_number_reaches_what_hangs_on_it(self):
        before = self.find(f"email:{OLD}")
        self.rectify(*ADA, "--replace", "account:HB-1001=HB-7777", "--apply")
        for what in ("users WHERE account_ref", "visitors WHERE account_ref",
                     "purchases WHERE account_ref", "\"Ticket\" WHERE \"requesterKey\""):
            self.assertEqual(self.count(f"{what} = 'HB-1001' AND {self.of_harbour(what)} = 6"), 0)
            self.assertGreater(self.count(f"{what} = 'HB-7777'"), 0, what)
        self.assertEqual(self.find("account:HB-7777"), before)
        self.assertEqual(self.count("visitors WHERE account_ref = 'HB-1001'"), 1)  # in meadow

    @staticmethod
    def of_harbour(what):
        return '"tenantId"' if what.startswith('"') else "tenant_id"

    def test_a_name_changes_in_her_rows_and_in_json_but_not_on_invoices(self):
        done = self.rectify(*ADA, "--replace", "user.name:Ada Nwosu=Ada Obi", "--apply")
        self.assertEqual(self.count("billing_records WHERE billing_name = 'Ada Nwosu'"), 2)
        self.assertEqual(len(self.places(done, "historic")), 2)
        self.assertEqual(self.count("users WHERE name = 'Ada Obi' AND initials = 'A'"), 1)
        rows = self.database.value("SELECT rows::text AS t FROM helpdesk.reports WHERE id = 1")
        self.assertIn("Ada Obi", rows)
        self.assertIn("Brook Ellery", rows)
        self.assertIn("133.50", rows)
        self.assertEqual(self.count("mentions WHERE label = 'Ada Nwosu'"), 1)

    def test_one_value_is_replaced_wherever_it_stands(self):
        self.rectify(*ADA, "--set", "user.demographic.date_of_birth=1985-03-01", "--apply")
        self.assertEqual(self.count("visitors WHERE birth_date = '1985-03-01'"), 1)
        self.assertEqual(self.count("accounts WHERE birth_date = '1985-03-01'"), 1)

    def test_an_empty_field_is_completed_and_chosen_where_there_are_several(self):
        brook = (*HARBOUR, "email:brook@example.net")
        birth = "user.demographic.date_of_birth=1990-05-06"
        if self.count("visitors WHERE id = 5 AND birth_date IS NULL") != 1:
            self.database.execute("UPDATE helpdesk.visitors SET birth_date = NULL WHERE id = 5")
        self.database.execute("UPDATE helpdesk.accounts SET birth_date = NULL WHERE user_id = 13")
        self.rectify(*brook, "--set", birth, "--in", "visitors.birth_date", "--apply")
        self.assertEqual(
            self.database.rows("SELECT id FROM helpdesk.visitors WHERE birth_date = '1990-05-06'"),
            [(5,)])

    def test_several_values_are_not_guessed_at(self):
        self.refused(*ADA, "--set", "user.name=Ada Obi", message="different values of user.name",
                     hint="--replace")

    def test_bounds_confine_it(self):
        self.rectify(*ADA, "--replace", EMAIL, "--in", "enquiries", "--apply")
        self.assertEqual(self.count(f"enquiries WHERE \"from\" = '{NEW}'"), 1)
        self.assertEqual(self.count(f"visitors WHERE email = '{OLD}' AND tenant_id = 6"), 1)


class Refusals(RectifyTest):
    def test_what_does_not_fit_is_named_without_the_value(self):
        long_name = "Ada " + "x" * 100
        self.database.execute(
            "INSERT INTO helpdesk.accounts (id, tenant_id, user_id, login, password_hash, created_at)"
            " VALUES ('b0000000-0000-4000-8000-000000000001', 6, 91, 'taken@example.org', '!', now());"
            "ALTER TABLE helpdesk.enquiries ADD CONSTRAINT no_shouting CHECK (name <> upper(name))"
        )
        for change, message in (
            (f"user.name:Ada Nwosu={long_name}", r"contact_forms\.name: .* too long"),
            ("user.name:Ada Nwosu=ADA NWOSA", r"enquiries\.name: .*\(constraint no_shouting\)"),
            (f"email:{OLD}=no address at all", r"contact_forms\.email: .*email_address"),
            (f"email:{OLD}=taken@example.org", r"accounts\.login: .*\(constraint accounts_login_key\)"),
        ):
            run = self.refused(*ADA, "--replace", change, message=message, hint="Nothing was changed")
            self.assertNotIn(change.split("=")[1], run.err)
        self.refused(*ADA, "--set", "user.demographic.date_of_birth=someday",
                     message="birth_date: the value is no date")

    def test_what_is_nowhere(self):
        self.refused(*ADA, "--replace", "email:nobody@example.com=x@example.com",
                     message="is in no field of this subject", hint="export")
        self.refused(*ADA, "--replace", "user.name:Ada Nwos=Addy", message="in no field")
        self.refused(*ADA, "--replace", "user.nickname:a=b", message="nothing of the category")
        self.refused(*ADA, "--replace", EMAIL, "--in", "visitor", message="did you mean 'visitors'")

    def test_who_is_not_clear(self):
        self.refused("email:ada@example.com", "--replace", EMAIL, code=7, message="several tenants")
        self.refused(*HARBOUR, "email:nobody@example.com", "--replace", EMAIL, code=8,
                     message="nobody")

    def test_corrections_that_contradict_each_other(self):
        self.refused(*ADA, "--replace", EMAIL, "--replace", f"email:{OLD}=other@example.org",
                     message="two corrections")
        self.refused(*ADA, "--replace", EMAIL, "--replace", f"email:{NEW}=other@example.org",
                     message="two corrections")

    def test_usage(self):
        self.refused(*ADA, message="nothing to put right", hint="--replace")
        for change in ("email", "email:x", "email:=y", "email:x=", f"email:{OLD}=a=b"):
            run = self.refused(*ADA, "--replace", change, message="--replace 1 is not")
            self.assertNotIn("a=b", run.err)
        self.refused(*ADA, "--set", "email", message="--set 1 is not CATEGORY=VALUE")

    def test_a_reader_may_not(self):
        self.env["PGUSER"] = self.logins["reader"]
        self.refused(*ADA, "--replace", EMAIL, message="permission denied", hint="init --grants")

    def test_a_map_that_others_may_write(self):
        self.map.chmod(0o777)
        self.refused(*ADA, "--replace", EMAIL, code=7, message="others than its owner may write")


class FromJson(RectifyTest):
    CHANGES = [
        {"category": "email", "old": OLD, "new": NEW},
        {"category": "user.demographic.date_of_birth", "new": "1985-03-01"},
    ]

    def test_no_value_stands_on_the_command_line(self):
        done = self.rectify("--identities-from", self.write("who", f"email:{OLD}\n"), *HARBOUR,
                            "--from-json", "-", "--apply", stdin=json.dumps(self.CHANGES))
        self.assertIn(("visitors", "email", "1"), self.places(done))
        self.assertEqual(self.count(f"visitors WHERE email = '{NEW}' AND birth_date = '1985-03-01'"), 1)
        self.assertNotIn(NEW, json.dumps(done))

    def test_a_file_that_is_wrong_is_named_without_its_values(self):
        for content, message in (
            ('[{"category": "email", "old": "secret@example.com"}]', "/0: .*new"),
            ('{"category": "email"}', "list of corrections"),
            ('[{"category": "email", "old": "secret@example.com", "new": "y", "now": "x"}]', "now"),
            ('[{"category": "email", "old": "secret@example.com', "corrections invalid"),
            ("[]", "no correction"),
        ):
            run = self.refused(*ADA, "--from-json", self.write("changes.json", content),
                               message=message)
            self.assertNotIn("secret@", run.err)


class Hygiene(RectifyTest):
    def test_neither_log_nor_messages_hold_a_value(self):
        log = self.temporary_folder() / "log"
        run = self.run_dsarctl("rectify", *ADA, "--replace", EMAIL, "--apply", "--verbose",
                               "--log-file", log, env=self.env, personal=(NEW,))
        self.assertNotIn(NEW, run.out)
        if log.exists():
            self.assertFalse(re.search(r"ada|@example", log.read_text(), re.I))


if __name__ == "__main__":
    harness.unittest.main()

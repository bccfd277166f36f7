"""An erasure on the reference database, under the officer's role and nothing more."""

from cli import harness, recount, roles

NOW = ("--now", "2026-03-31T12:00:00Z")
ADA = ("--tenant", "harbour", "email:ada@example.com")
BROOK = ("--tenant", "harbour", "email:brook@example.net")


class EraseTest(harness.CliTest):
    def setUp(self):
        self.database = self.fresh_database()
        logins = self.enterContext(roles.granted(self.database))
        self.env = {**self.database.env, "PGUSER": logins["officer"]}

    def erase(self, *args, code=3, **options):
        return self.run_dsarctl("erase", *args, *NOW, "--json", code=code, env=self.env, **options)

    def owner(self, *args, **options):
        return self.run_dsarctl(*args, *NOW, env=self.database.env, **options)

    def hold(self, *args, code=0):
        return self.owner("hold", "place", *args, "--ground", "claim", "--review", "2026-12-31",
                          code=code)

    def lines(self, run, name):
        return [line for line in run.json["lines"] if line["set"] == name]

    def line(self, run, name):
        (line,) = self.lines(run, name)
        return line


class Plan(EraseTest):
    def test_a_plan_tells_of_every_row_that_an_independent_recount_finds(self):
        whole = (recount.DAAN, recount.FRANK)  # of whom nothing is kept
        for subject in (recount.ADA, recount.CLEO, recount.BEN, recount.DAAN, recount.FRANK):
            with self.subTest(subject.ask):
                run = self.run_dsarctl("erase", "--tenant", subject.tenant, subject.ask, *NOW,
                                       "--json", env=self.env, code=0 if subject in whole else 3)
                told = {}
                for line in run.json["lines"]:
                    told[line["set"]] = told.get(line["set"], 0) + line["rows"]
                counted = recount.count(subject.counts, self.database.name)
                self.assertEqual(told, {name: rows for name, rows in counted.items() if rows})

    def test_a_plan_changes_nothing(self):
        def everything():
            return self.database.value(
                "SELECT md5(string_agg(query_to_xml(format('SELECT md5(string_agg(t::text, ''|''"
                " ORDER BY t::text)) FROM %I.%I t', schemaname, tablename), true, true, '')::text,"
                " ' ' ORDER BY schemaname, tablename)) AS all FROM pg_tables"
                " WHERE schemaname IN ('helpdesk', 'dsar')")

        before = everything()
        self.erase(*ADA)
        self.assertEqual(everything(), before)

    def test_billing_is_kept_and_masked_with_its_clause(self):
        run = self.erase(*ADA)
        billing = self.line(run, "billing_records")
        self.assertEqual(
            (billing["action"], billing["withheld"], billing["by"], billing["clause"]),
            ("mask", True, "tax", "Art. 17(3)(b) GDPR"))
        audit = self.line(run, "audit_log")
        self.assertEqual((audit["action"], audit["cause"]), ("keep", "law"))

    def test_rows_that_others_need_stay_and_withhold_nothing(self):
        run = self.erase(*ADA)
        files = {line["cause"]: line for line in self.lines(run, "stored_files")}
        self.assertEqual((files["map"]["rows"], files["shared"]["rows"]), (3, 2))
        self.assertFalse(files["shared"]["withheld"])
        self.assertEqual(self.line(run, "tags")["cause"], "shared")

    def test_a_hold_withholds_by_its_number_until_its_review(self):
        self.hold(*BROOK)
        self.hold("--set", "consents", "--tenant", "harbour", "--where", "visitor_id = 1")
        run = self.erase(*ADA)
        consents = {line["cause"]: line for line in self.lines(run, "consents")}
        self.assertEqual((consents["hold"]["by"], consents["hold"]["until"]),
                         ("hold 2", "2026-12-31"))
        # On the consent hangs nothing, but it hangs on the visitor.
        visitors = {line["cause"]: line for line in self.lines(run, "visitors")}
        self.assertEqual((visitors["hold"]["rows"], visitors["map"]["rows"]), (1, 2))
        # What Ada wrote in Brook's conversation, and her message on which a mention of Brook hangs.
        messages = {line["by"]: line["rows"] for line in self.lines(run, "messages")}
        self.assertEqual(messages["hold 1"], 3)

    def test_another_persons_open_request_withholds_what_both_share_and_ones_own_does_not(self):
        def open_request(*subject):
            self.owner("request", "open", "--kind", "erasure", *subject,
                       "--received", "2026-03-20", "--regime", "uk-gdpr")

        open_request(*ADA)
        run = self.erase("--request", 1)
        self.assertEqual({line["cause"] for line in run.json["lines"]},
                         {"map", "law", "shared", "own-record"})
        self.assertFalse(self.line(run, "dsar_requests")["withheld"])
        open_request(*BROOK)
        run = self.erase(*ADA)
        messages = {line["by"]: line for line in self.lines(run, "messages")}
        self.assertEqual((messages["request 2"]["rows"], messages["request 2"]["cause"]),
                         (3, "request"))

    def test_a_floor_by_law_withholds_with_its_rule_and_end_and_a_policys_own_floor_does_not(self):
        # Web sites' policy keeps conversations for three months at least, for its own sake.
        self.assertEqual(self.line(self.erase(*ADA), "conversations")["cause"], "map")
        run = self.run_dsarctl("erase", "--tenant", "meadow", "email:cleo@example.com", *NOW,
                               "--json", env=self.env, code=3)
        audit = self.line(run, "audit_log")
        self.assertEqual((audit["withheld"], audit["by"]), (True, "accountability"))
        self.assertIsNotNone(audit["until"])

    def test_a_foreign_key_of_an_unmapped_table_refuses_everything(self):
        self.database.execute(
            "CREATE TABLE helpdesk.unheard_of (visitor_id bigint REFERENCES helpdesk.visitors);"
            "INSERT INTO helpdesk.unheard_of VALUES (1)")
        self.refuse("erase", *ADA, *NOW, env=self.env, code=2, message="permission denied")
        self.refuse("erase", *ADA, *NOW, env=self.database.env, code=7,
                    message="helpdesk.unheard_of refer to rows of visitors", hint="map check")

    def test_an_unknown_trigger_or_cascade_refuses_everything(self):
        self.database.execute(
            "CREATE TRIGGER copies BEFORE DELETE ON helpdesk.page_views FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()")
        self.refuse("erase", *ADA, *NOW, env=self.env, code=7, message="sets off trigger copies")

    def test_a_request_names_the_subject_and_must_be_an_open_one_for_erasure(self):
        self.refuse("erase", "--request", "9", *NOW, env=self.env, message="no request 9")
        self.owner("request", "open", "--kind", "access", *ADA, "--received", "2026-03-20",
                   "--regime", "uk-gdpr")
        self.refuse("erase", "--request", "1", *NOW, env=self.env,
                    message="request 1 is none for erasure")
        self.refuse("erase", "--request", "1", *ADA, *NOW, env=self.env,
                    message="--request names the subject")

    def test_backups_have_a_date_where_their_rotation_is_stated(self):
        run = self.erase(*ADA, "--backups-rotate-after", "35 days")
        self.assertEqual(run.json["backups_until"], "2026-05-05")
        self.assertIsNone(self.erase(*ADA).json["backups_until"])
        self.refuse("erase", *ADA, "--backups-rotate-after", "35d", *NOW, env=self.env,
                    message="is no period: 35d", hint="35 days")

"""An erasure on the reference database, under the officer's role and nothing more."""

import json
import os
import shutil
import subprocess

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
                " WHERE schemaname IN ('helpdesk', 'dsar') AND tablename NOT LIKE 'audit%'")

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
        unseen = self.erase(*ADA).json["cannot_see"]
        self.assertEqual(
            unseen, ["helpdesk.unheard_of: whether rows of it refer to rows of visitors"])
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


def everybody_else(database, subject):
    """A digest of what every table holds without the subject's rows; conditions by the recount."""
    mine = {}
    for rows in subject.counts.values():
        table, _, condition = rows.partition(" WHERE ")
        mine.setdefault(table, []).append(f"({condition})")
    tables = database.rows(
        "SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND NOT relispartition AND relnamespace = 'helpdesk'::regnamespace")
    return {
        table: database.value(
            "SELECT md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) AS all"
            f" FROM helpdesk.{table} AS t"
            f" WHERE ({' OR '.join(mine.get(table, ['false']))}) IS NOT TRUE")
        for (table,) in tables
    }


class ApplyTest(EraseTest):
    def setUp(self):
        super().setUp()
        # What decides on deletions wants the map where nobody else may write it.
        own_map = self.temporary_folder() / "map"
        shutil.copytree(os.environ["DSARCTL_MAP"], own_map)
        subprocess.run(["chmod", "-R", "go-w", own_map], check=True)
        self.env["DSARCTL_MAP"] = str(own_map)
        self.keys = self.temporary_folder()
        self.run_dsarctl("keygen", "--signing", self.keys / "sign.pem", "--hmac",
                         self.keys / "hash.key")
        self.hash_key = ("--hash-key", self.keys / "hash.key")
        self.apply_now = ("--apply", "--signing-key", self.keys / "sign.pem", *self.hash_key)

    def certificates(self):
        return [json.loads(text) for (text,) in
                self.database.rows("SELECT certificate FROM dsar.erasure ORDER BY done_at")]


class Apply(ApplyTest):
    def test_nothing_of_hers_is_left_but_what_was_withheld_and_nobody_elses_row_is_touched(self):
        before = everybody_else(self.database, recount.ADA)
        done = self.erase(*ADA, *self.apply_now)
        self.assertEqual((done.json["deleted"], done.json["masked"], done.json["withheld"]),
                         (95, 7, 9))
        left = {name: rows for name, rows
                in recount.count(recount.ADA.counts, self.database.name).items() if rows}
        self.assertEqual(left, {
            "billing_records": 2, "billing_lines": 3, "purchases": 1, "audit_log": 3,  # by law
            "reports": 1, "contact_forms": 2,  # masked
            "stored_files": 2, "tags": 2,  # others need them
        })
        self.assertEqual(everybody_else(self.database, recount.ADA), before | {
            # Her subscription is a keyed hash by now, which the recount takes for somebody else's.
            "marketing_subscriptions": everybody_else(self.database, recount.ADA)[
                "marketing_subscriptions"],
        })
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.marketing_subscriptions"
                                " WHERE email::text ~ '^[0-9a-f]{64}$'"), 1)
        self.refuse("erase", *ADA, *NOW, env=self.env, code=8, message="nobody has this identity")

    def test_a_number_that_a_household_shares_takes_nobody_else_when_she_is_gone(self):
        before = everybody_else(self.database, recount.ADA)
        alone = self.erase(*ADA, *self.apply_now).json
        self.assertEqual(alone["followed_by"], [])
        self.database = self.fresh_database()
        logins = self.enterContext(roles.granted(self.database))
        self.env.update(self.database.env, PGUSER=logins["officer"])
        both = self.erase(*ADA, "phone:+441632960001", *self.apply_now).json
        self.assertEqual((both["deleted"], both["masked"], both["followed_by"]),
                         (alone["deleted"], alone["masked"], []))
        after = everybody_else(self.database, recount.ADA)
        self.assertEqual({**after, "marketing_subscriptions": None},
                         {**before, "marketing_subscriptions": None})

    def test_billing_is_pseudonymised_and_keeps_what_the_ground_needs(self):
        self.erase(*ADA, *self.apply_now)
        rows = self.database.rows(
            "SELECT billing_name, billing_email, stripe_customer, card_last4, amount > 0 AS paid"
            " FROM helpdesk.billing_records WHERE invoice_no = 'HB-2025-0001'")
        ((name, email, customer, card, amount),) = rows
        self.assertRegex(email, "^[0-9a-f]{64}$")
        self.assertEqual((name, customer, card, amount), ("Ada Nwosu", None, None, True))

    def test_a_certificate_stands_in_the_database_and_openssl_verifies_it(self):
        target = self.keys / "certificate.json"
        done = self.erase(*ADA, *self.apply_now, "--certificate", target,
                          "--backups-rotate-after", "35 days")
        (stored,) = self.certificates()
        self.assertEqual(json.loads(target.read_text(encoding="utf-8")), stored)
        self.assertEqual(stored["erasure"], done.json["erasure"])
        for name in ("lines", "deleted", "masked", "withheld", "recipients", "backups_until"):
            self.assertEqual(stored[name], json.loads(done.out)[name])
        self.assertEqual((stored["residue"], stored["backups_until"]), ("pending", "2026-05-05"))
        verify = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
                  self.keys / "sign.pem.pub", "-in", target, "-sigfile", f"{target}.sig"]
        self.assertEqual(subprocess.run(verify, check=False, capture_output=True).returncode, 0)
        target.write_text(target.read_text(encoding="utf-8").replace("95", "96"), encoding="utf-8")
        self.assertNotEqual(subprocess.run(verify, check=False, capture_output=True).returncode, 0)

    def test_a_certificate_names_nobody(self):
        self.erase(*ADA, *self.apply_now)
        (stored,) = self.certificates()
        text = json.dumps(stored).lower()
        for value in (*harness.PERSONAL, "nwosu"):
            self.assertNotIn(value, text)
        self.assertEqual(len(stored["subject"]["identities"]), 1)
        # With the key one can tell; without a key nobody can.
        key = (self.keys / "hash.key").read_text(encoding="utf-8").strip()
        self.assertNotIn(key, text)

    def test_a_reviewed_plan_is_carried_out_while_it_holds(self):
        plan = self.keys / "plan.json"
        self.erase(*ADA, "--plan-out", plan)
        written = plan.read_text(encoding="utf-8")
        for value in harness.PERSONAL:
            self.assertNotIn(value, written)
        self.assertEqual(plan.stat().st_mode & 0o777, 0o600)
        self.database.execute(
            "INSERT INTO helpdesk.mentions SELECT (jsonb_populate_record(m, jsonb_build_object('id',"
            " 90001))).* FROM helpdesk.mentions AS m WHERE mentioned_type = 'Visitor'"
            " AND mentioned_id = 1 LIMIT 1")
        self.refuse("erase", *ADA, *self.apply_now, "--plan", plan, *NOW, env=self.env, code=7,
                    message="rows have come or gone since the plan was made, in mentions$",
                    hint="--accept-new-rows")
        self.hold("--set", "consents", "--tenant", "harbour", "--where", "visitor_id = 1")
        self.refuse("erase", *ADA, *self.apply_now, "--plan", plan, "--accept-new-rows", *NOW,
                    env=self.env, code=7, message="no longer holds", hint="review it")
        self.owner("hold", "release", "1", "--reason", "over")
        self.assertEqual(self.certificates(), [])
        done = self.erase(*ADA, *self.apply_now, "--plan", plan, "--accept-new-rows")
        self.assertEqual(done.json["deleted"], 96)

    def test_a_plan_of_another_or_changed_by_hand_is_not_carried_out(self):
        plan = self.keys / "plan.json"
        self.erase(*BROOK, "--plan-out", plan)
        self.refuse("erase", *ADA, *self.apply_now, "--plan", plan, *NOW, env=self.env, code=7,
                    message="no longer holds")
        plan.write_text(plan.read_text(encoding="utf-8").replace('"rows": 1', '"rows": 2', 1),
                        encoding="utf-8")
        self.refuse("erase", *BROOK, *self.apply_now, "--plan", plan, *NOW, env=self.env,
                    message="was changed since it was written")

    def test_what_a_hold_keeps_is_left_whole_and_the_rest_goes(self):
        self.hold("--set", "messages", "--tenant", "harbour", "--where", "id = 1")
        message = self.database.rows("SELECT m::text AS m FROM helpdesk.messages m WHERE id = 1")
        visitor = self.database.rows("SELECT v::text AS v FROM helpdesk.visitors v WHERE id = 1")
        done = self.erase(*ADA, *self.apply_now)
        lines = {line["by"]: line for line in self.lines(done, "messages")}
        self.assertEqual((lines["hold 1"]["rows"], lines[None]["rows"]), (1, 20))
        self.assertEqual(
            self.database.rows("SELECT m::text AS m FROM helpdesk.messages m WHERE id = 1"), message)
        self.assertEqual(
            self.database.rows("SELECT v::text AS v FROM helpdesk.visitors v WHERE id = 1"), visitor)
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.messages"
                                " WHERE conversation_id IN (1, 2, 3, 4) OR id IN (25, 27)"), 1)

    def test_a_second_erasure_after_the_holds_release_takes_the_rest(self):
        self.hold("--set", "messages", "--tenant", "harbour", "--where", "id = 1")
        self.erase(*ADA, *self.apply_now)
        self.owner("hold", "release", "1", "--reason", "over")
        done = self.erase(*ADA, *self.apply_now)
        self.assertEqual({line["set"] for line in done.json["lines"] if line["withheld"]},
                         {"audit_log"})
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.visitors WHERE id IN (1,2,3)"), 0)

    def test_what_it_needs_is_asked_for_before_anything_is_done(self):
        sign = ("--apply", "--signing-key", self.keys / "sign.pem")
        self.refuse("erase", *ADA, "--apply", *NOW, env=self.env,
                    message="--apply needs --signing-key", hint="keygen --signing")
        self.refuse("erase", *ADA, *sign, *NOW, env=self.env,
                    message="masked by keyed hashes, and no key is given", hint="--hash-key")
        (self.keys / "sign.pem").chmod(0o644)
        self.refuse("erase", *ADA, *self.apply_now, *NOW, env=self.env, message="others than its")
        (self.keys / "sign.pem").chmod(0o600)
        os.chmod(self.env["DSARCTL_MAP"], 0o777)
        self.refuse("erase", *ADA, *self.apply_now, *NOW, env=self.env, code=7,
                    message="others than its owner may write this file")
        os.chmod(self.env["DSARCTL_MAP"], 0o755)
        self.refuse("erase", *ADA, *self.apply_now, "--now", "2999-01-01T00:00:00Z", env=self.env,
                    code=7, message="later than the server's clock")
        self.assertEqual(recount.count(recount.ADA.counts, self.database.name)["messages"], 21)

    def test_an_agent_is_masked_and_the_desk_still_works(self):
        agent = self.database.rows(
            "SELECT u.email::text AS email, t.slug FROM helpdesk.users u JOIN helpdesk.tenants t"
            " ON t.id = u.tenant_id WHERE u.kind = 'agent' AND t.slug = 'harbour' ORDER BY u.id")[0]
        done = self.run_dsarctl("erase", "--tenant", agent[1], f"email:{agent[0]}",
                                "--subject-kind", "agent", *NOW, *self.apply_now, "--json",
                                env=self.env, code=3)
        line = self.line(done, "users_agents")
        self.assertEqual((line["action"], line["cause"], line["rows"]), ("mask", "map", 1))

    def test_what_the_law_keeps_is_known_again_though_nobody_hangs_on_it_any_more(self):
        first = self.erase(*ADA, *self.apply_now).json["erasure"]
        rest = self.run_dsarctl("erase", "resume", first, *NOW, "--json", env=self.env, code=3)
        self.assertEqual(self.line(rest, "audit_log")["rows"], 3)
        self.assertEqual((rest.json["deleted"], rest.json["withheld"]), (0, 9))


class Resume(ApplyTest):
    """What a hold has kept is erased once it is released, and nothing else."""

    def setUp(self):
        super().setUp()
        self.hold("--set", "messages", "--tenant", "harbour", "--where", "id = 1")
        self.first = self.erase(*ADA, *self.apply_now).json["erasure"]

    def resume(self, *args, code=3):
        return self.run_dsarctl("erase", "resume", self.first[:12], *args, *NOW, "--json",
                                env=self.env, code=code)

    def withheld(self):
        return {line["set"]: line["by"] for line in self.certificates()[-1]["lines"]
                if line["withheld"]}

    def test_while_the_hold_is_in_place_everything_stays(self):
        before = everybody_else(self.database, recount.ADA)
        done = self.resume(*self.apply_now)
        self.assertEqual((done.json["erasure"], done.json["follows"]), (None, self.first))
        self.assertEqual(self.line(done, "messages")["by"], "hold 1")
        self.assertEqual(everybody_else(self.database, recount.ADA), before)
        self.assertEqual(len(self.certificates()), 1)

    def test_after_its_release_exactly_what_it_kept_goes_and_a_certificate_follows(self):
        self.owner("hold", "release", "1", "--reason", "over")
        planned = self.resume()
        self.assertEqual(self.line(planned, "messages")["action"], "delete")
        self.assertEqual(self.line(planned, "visitors")["rows"], 1)
        self.assertEqual(len(self.certificates()), 1)
        done = self.resume(*self.apply_now)
        self.assertEqual(done.json["follows"], self.first)
        self.assertEqual(done.json["deleted"], planned.json["deleted"])
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.messages"
                                " WHERE conversation_id IN (1, 2, 3, 4) OR id IN (25, 27)"), 0)
        self.assertEqual(
            self.database.value("SELECT count(*) AS n FROM helpdesk.visitors WHERE id IN (1,2,3)"), 0)
        first, follow_up = self.certificates()
        self.assertEqual((follow_up["follows"], follow_up["subject"]["identities"]),
                         (self.first, first["subject"]["identities"]))
        # The law keeps still what it kept.
        self.assertEqual(set(self.withheld()), {"billing_records", "billing_lines", "purchases",
                                                "audit_log"})
        # The first has nothing left; the one that follows has what the law keeps.
        self.assertEqual(self.resume(*self.apply_now, code=0).json["lines"], [])
        kept = self.database.rows("SELECT erasure, record_set FROM dsar.erasure_rest")
        self.assertEqual({erasure for erasure, _ in kept}, {follow_up["erasure"]})

    def test_rows_that_something_else_has_taken_are_forgotten(self):
        self.owner("hold", "release", "1", "--reason", "over")
        self.database.execute(
            "DELETE FROM dsar.erasure_rest WHERE record_set <> 'messages';"
            "DELETE FROM helpdesk.attachments WHERE message_id = 1;"
            "DELETE FROM helpdesk.messages WHERE id = 1")
        self.assertEqual(self.resume(*self.apply_now, code=0).json["lines"], [])
        self.assertEqual(self.database.rows("SELECT * FROM dsar.erasure_rest"), [])

"""`find` finds exactly the rows that a count without the tool finds, and says who is meant."""

from cli import harness, recount


class FindsWhatIsThere(harness.CliTest):
    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(harness.fresh_database())

    def find(self, *args, code=0):
        return self.run_dsarctl("find", "--json", *args, env=self.database.env, code=code)

    @staticmethod
    def keys(rows, *sets):
        """The keys of the rows of these record sets, as one text each."""
        return sorted("/".join(row["key"]) for row in rows if row["set"] in sets)

    def assert_counts(self, held, expected, name):
        self.assertEqual(
            {one["set"]: one["rows"] for one in held if one["rows"]},
            {record_set: rows for record_set, rows in expected.items() if rows},
            name,
        )

    def test_every_named_person_has_the_rows_that_a_recount_finds(self):
        for name, subject in recount.SUBJECTS.items():
            with self.subTest(name):
                found = self.find("--tenant", subject.tenant, subject.ask).json
                self.assertEqual(found["tenant"]["slug"], subject.tenant)
                self.assertEqual(found["cannot_see"], [])
                expected = recount.count(subject.counts, self.database.name)
                self.assert_counts(found["held"], expected, name)

    def test_one_person_is_found_by_any_identity(self):
        expected = recount.count(recount.ADA.counts, self.database.name)
        for asked in (
            "email:ADA@example.com",
            "email: Ada.Work@Example.org",
            "account:HB-1001",
            "phone:0044 7700 900123",
            "visitor:2",
            "customer:12",
            "cookie:ck_ada_2",
            "name:ada nwosu",
        ):
            with self.subTest(asked):
                found = self.find("--tenant", "harbour", asked).json
                self.assert_counts(found["held"], expected, asked)

    def test_another_tenants_ada_stays_out(self):
        run = self.find("--tenant", "harbour", "email:ada@example.com")
        found = run.json
        both = found["rows"] + found["not_taken"]
        self.assertEqual(self.keys(found["rows"], "visitors"), ["1", "2", "3"])
        self.assertEqual(self.keys(found["rows"], "users_customers"), ["12"])
        self.assertNotIn("7", self.keys(both, "visitors"))
        self.assertNotIn("15", self.keys(both, "users_customers"))
        for foreign in ("Whitlock", "MD-0077", "Harriet", "MEADOW"):
            self.assertNotIn(foreign, run.out)

    def test_the_shared_landline_takes_neither_its_own_visitor_nor_brook(self):
        found = self.find("--tenant", "harbour", "email:ada@example.com").json
        why_not = {(row["set"], *row["key"]): row["why"] for row in found["not_taken"]}
        self.assertIn("another person claims", why_not["visitors", "6"])
        self.assertIn("a strong identity of its own", why_not["visitors", "5"])
        self.assertIn("a strong identity of its own", why_not["users_customers", "14"])
        mobile = next(row for row in found["rows"] if row["set"] == "visitors" and row["key"] == ["3"])
        self.assertIn("nobody else claims", mobile["because"])

    def test_what_the_officer_vouches_for_is_taken_unless_it_is_somebody_elses(self):
        asked = ("--tenant", "harbour", "email:ada@example.com", "--also", "phone:01632 960001")
        found = self.find(*asked).json
        self.assertEqual(self.keys(found["rows"], "visitors"), ["1", "2", "3", "6"])
        self.assertEqual(self.keys(found["not_taken"], "visitors"), ["5"])

    def test_a_record_about_several_people_ties_them_to_nobody(self):
        found = self.find("--tenant", "harbour", "email:brook@example.net").json
        self.assertEqual(self.keys(found["rows"], "visitors"), ["5"])
        self.assertNotIn("20", self.keys(found["not_taken"], "visitors"))

    def test_people_of_several_tenants_are_listed_and_none_is_chosen(self):
        run = self.find("email:ada@example.com", code=7)
        self.assertEqual(run.json["outcome"], "several-tenants")
        slugs = sorted(tenant["slug"] for tenant in run.json["tenants"])
        self.assertEqual(slugs, ["harbour", "meadow"])
        self.assertEqual(run.error["name"], "refused")
        self.assertIn("--tenant", run.error["hint"])

    def test_nobody_is_a_code_of_its_own(self):
        for asked in (
            ("email:nobody@example.com",),
            ("--tenant", "meadow", "email:brook@example.net"),
            ("--tenant", "harbour", "visitor:7"),
            ("--tenant", "harbour", "visitor:99999999999999999999"),
        ):
            with self.subTest(asked):
                self.assertEqual(self.find(*asked, code=8).error["name"], "no-such-subject")

    def test_a_number_that_several_people_share_names_nobody(self):
        run = self.find("--tenant", "harbour", "phone:+44 1632 960001", code=7)
        self.assertEqual(run.json["outcome"], "ambiguous")
        self.assertEqual(self.keys(run.json["not_taken"], "visitors"), ["1", "2", "5", "6"])

    def test_an_agent_and_a_customer_with_one_email_are_two_subjects(self):
        asked = ("--tenant", "harbour", "email:sam@harbour.example")
        run = self.find(*asked, code=7)
        self.assertEqual(run.json["outcome"], "ambiguous")
        self.assertEqual(self.keys(run.json["not_taken"], "users_agents"), ["1"])
        self.assertEqual(self.keys(run.json["not_taken"], "users_customers"), ["11"])
        self.assertIn("--subject-kind", run.error["hint"])

        agent = self.find(*asked, "--subject-kind", "agent").json
        self.assertEqual(self.keys(agent["rows"], "users_agents"), ["1"])
        self.assertEqual(self.keys(agent["rows"], "users_customers", "visitors"), [])

        customer = self.find(*asked, "--subject-kind", "visitor").json
        self.assertEqual(self.keys(customer["rows"], "users_agents"), [])
        self.assertEqual(self.keys(customer["rows"], "users_customers"), ["11"])
        self.assertEqual(self.keys(customer["rows"], "visitors"), ["4"])

    def test_an_agent_leaves_the_visitors_threads_alone(self):
        found = self.find("--tenant", "harbour", "agent:1").json
        held = {one["set"] for one in found["held"] if one["rows"]}
        self.assertIn("participants", held)
        self.assertFalse(held & {"messages", "conversations", "visitors", "attachments"})

    def test_json_of_another_shape_holds_no_identity_and_ends_no_search(self):
        database = self.fresh_database()
        database.execute("""
            INSERT INTO helpdesk.visitors (id, tenant_id, custom_fields, created_at) VALUES
              (901, 6, '"a text"', '2026-01-01'), (902, 6, '7', '2026-01-01'),
              (903, 6, '[{"E-mail": "Lee@Example.net"}]', '2026-01-01'),
              (904, 6, '{"e-mail": null, "mother": "lee@example.net"}', '2026-01-01')""")
        run = self.run_dsarctl(
            "find", "--json", "--tenant", "harbour", "email:lee@example.net", env=database.env)
        self.assertEqual(self.keys(run.json["rows"], "visitors"), ["903"])

    def test_the_map_has_nothing_to_find_fault_with(self):
        self.run_dsarctl("map", "check", env=self.database.env)

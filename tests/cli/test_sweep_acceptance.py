"""The sweep against an independent statement of the five policies (policy_sql), on the reference
database: nothing that should have gone is there, nothing that should have stayed has gone."""

import json
import unittest
from datetime import date

from cli.desk import Desk
from cli.policy_sql import ACCOUNTING
from cli.sweeping import NOON, SweepTest, judged, shift

PRESENT = date(2026, 3, 31)


class EveryPolicy(SweepTest):
    def sweep_and_compare(self, now):
        before, judge = judged(self, now)
        result = self.sweep_all(now)
        after = Desk(self.database)
        self.assert_swept(before, after, judge)
        self.assertEqual(result["state"], "done")
        return before, after

    def nothing_is_left_to_do(self, now):
        again = self.sweep_all(now)
        for line in again["lines"]:
            self.assertEqual((line["due"], line["deleted"], line["masked"]), (0, 0, 0), line)
        self.sweep("verify", "--now", now)

    def test_on_the_last_day_of_march(self):
        self.sweep("verify", "--now", NOON, code=4)
        before, after = self.sweep_and_compare(NOON)
        self.nothing_is_left_to_do(NOON)
        self.assertEqual(Desk(self.database).counts(), after.counts())
        # The judge is not of stone: every policy has lost or masked something.
        gone = {
            tenant["slug"]: sum(before.tenant(row) == tenant["id"] for row in rows_of(before))
            - sum(after.tenant(row) == tenant["id"] for row in rows_of(after))
            for tenant in before.rows["tenants"]
        }
        self.assertEqual((gone["harbour"], gone["quarry"]), (0, 0))
        for slug in ("beacon", "meadow", "orchard", "orchard-trial", "orchard-old", "harbour-ended"):
            self.assertGreater(gone[slug], 0, slug)

    def on(self, present, time="12:00:00"):
        """As if this were the day on which the reference database ends."""
        shift(self.database, (present - PRESENT).days)
        return f"{present}T{time}Z"

    def test_on_the_28th_of_february_before_a_leap_day(self):
        now = self.on(date(2024, 2, 28))
        self.sweep_and_compare(now)
        self.nothing_is_left_to_do(now)

    def test_on_a_leap_day(self):
        now = self.on(date(2024, 2, 29))
        self.sweep_and_compare(now)
        self.nothing_is_left_to_do(now)

    def test_on_the_last_of_august(self):
        now = self.on(date(2025, 8, 31))
        self.sweep_and_compare(now)
        self.nothing_is_left_to_do(now)


def rows_of(desk):
    return [row for rows in desk.rows.values() for row in rows]


class WhenClocksChange(SweepTest):
    """Meadow lives in Los Angeles. Its rows lie ten minutes apart around the cut-off's midnight."""

    def around(self, now, midnight):
        self.database.execute(
            "SET session_replication_role = replica;"
            "UPDATE helpdesk.messages SET created_at = "
            f"timestamptz '{midnight}' + (id % 200 - 100) * interval '10 minutes' "
            "WHERE tenant_id = 2;"
            "UPDATE helpdesk.notes SET created_at = "
            f"timestamptz '{midnight}' + (id % 13 - 6) * interval '1 microsecond' "
            "WHERE tenant_id = 2"
        )
        before, judge = judged(self, now)
        messages = [row for row in before.rows["messages"] if row["tenant_id"] == 2]
        due = sum(row in judge.gone for row in messages)
        self.assertGreater(due, len(messages) // 4)
        self.assertLess(due, len(messages) * 3 // 4)
        self.sweep_all(now)
        self.assert_swept(before, Desk(self.database), judge)

    def test_today_is_the_day_on_which_the_clocks_went_forward(self):
        # 8 March 2026, 23:30 in Los Angeles; 60 days before it is 7 January, in winter time.
        self.around("2026-03-09T06:30:00Z", "2026-01-07T08:00:00Z")

    def test_the_hour_before_that_days_midnight_is_still_the_day_before(self):
        # 7 March 2026, 23:30, still in winter time: 06:30 UTC in summer time would be the 8th.
        self.around("2026-03-08T07:30:00Z", "2026-01-06T08:00:00Z")

    def test_the_cut_off_lies_in_summer_time(self):
        # 31 December 2025; 60 days before it is 1 November, the day before the clocks went back.
        self.around("2025-12-31T12:00:00Z", "2025-11-01T07:00:00Z")

    def test_the_cut_off_is_the_day_on_which_the_clocks_went_back(self):
        # The 2nd of November begins in summer time and has 25 hours.
        self.around("2026-01-01T12:00:00Z", "2025-11-02T07:00:00Z")

    def test_the_day_after_it_begins_in_winter_time(self):
        self.around("2026-01-02T12:00:00Z", "2025-11-03T08:00:00Z")


class WholeTenants(SweepTest):
    """After Web1on1 7.5 nothing keyed to the tenant remains but accounting records."""

    TENANTS = (4, 5)

    def foreign_keys(self):
        return self.database.rows(
            "SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent, "
            "(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(c.conkey) "
            " WITH ORDINALITY AS k (n, place) JOIN pg_attribute a ON a.attrelid = c.conrelid "
            " AND a.attnum = k.n) AS here, "
            "(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(c.confkey) "
            " WITH ORDINALITY AS k (n, place) JOIN pg_attribute a ON a.attrelid = c.confrelid "
            " AND a.attnum = k.n) AS there "
            "FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE c.contype = 'f' AND NOT t.relispartition "
            "AND t.relnamespace = 'helpdesk'::regnamespace"
        )

    def test_a_scan_of_all_tables_finds_nothing_else(self):
        before = Desk(self.database)
        theirs = {
            name: {
                str(value)
                for row in rows
                if before.tenant(row) in self.TENANTS
                for column, value in row.values.items()
                if column in ("id", "Id") and value is not None
            }
            for name, rows in before.rows.items()
        }
        self.assertGreater(len(theirs["messages"]), 100)
        self.sweep_all(NOON)
        # Every column that is called after tenants, in every table, whatever a map says.
        columns = self.database.rows(
            "SELECT table_schema AS s, table_name AS t, column_name AS c "
            "FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema', 'dsar') "
            "AND lower(replace(column_name, '_', '')) = 'tenantid'"
        )
        self.assertGreater(len(columns), 20)
        tables = set()
        for schema, table, column in columns:
            found = self.database.value(
                f'SELECT count(*) FROM "{schema}"."{table}" WHERE "{column}" IN (4, 5)'
            )
            if found:
                tables.add(table)
        self.assertEqual(tables, ACCOUNTING)
        # Every foreign key that leads to rows of theirs, by any number of steps: none is left.
        keys = self.foreign_keys()
        for child, parent, here, there in keys:
            if len(here) != 1 or parent == "helpdesk.tenants":
                continue
            gone = theirs[parent.split(".")[1].strip('"')]
            if not gone or there[0] not in ("id", "Id"):
                continue
            listed = ", ".join(f"'{key}'" for key in sorted(gone))
            self.assertEqual(
                self.database.value(
                    f'SELECT count(*) FROM {child} WHERE "{here[0]}"::text IN ({listed})'
                ),
                0,
                f"{child}.{here[0]} still leads to them",
            )
        # And what no foreign key declares: any number, text or array of numbers that is called
        # after a table of theirs.
        for table, column, parent in (
            ("conversations", "visitor_id", "visitors"), ("page_views", "visitor_id", "visitors"),
            ("sessions", "visitor_id", "visitors"), ("technical_log", "user_id", "users"),
            ("attachments", "message_id", "messages"), ("mentions", "message_id", "messages"),
            ("message_embeddings", "message_id", "messages"),
            ("notes_trash", "visitor_id", "visitors"), ("contact_forms", "visitor_id", "visitors"),
            ("notifications", "about_id", "conversations"),
        ):
            listed = ", ".join(sorted(theirs[parent]))
            self.assertEqual(
                self.database.value(
                    f"SELECT count(*) FROM helpdesk.{table} WHERE {column} IN ({listed})"
                ),
                0,
                f"{table}.{column}",
            )
        after = Desk(self.database)
        for name, rows in after.rows.items():
            left = {after.tenant(row) for row in rows} & set(self.TENANTS)
            self.assertEqual(bool(left), name in ACCOUNTING | {"tenants"}, name)

    def test_a_tenant_without_accounting_records_goes_itself(self):
        self.database.execute(
            "DELETE FROM helpdesk.billing_records WHERE tenant_id = 4;"
            "DELETE FROM helpdesk.purchases WHERE tenant_id = 4"
        )
        before, judge = judged(self, NOON)
        self.assertIn(4, {row["id"] for row in judge.gone if row.table == "tenants"})
        self.sweep_all(NOON)
        self.assert_swept(before, Desk(self.database), judge)


class PeriodsThatTheOperatorSets(SweepTest):
    """Until then nothing is touched, and the run says so."""

    def policy(self, name, periods, **more):
        """A file that sets periods which a built-in policy leaves open."""
        reasons = {
            rule: {"period": period, "reason": "the board, 4 May 2025"}
            for rule, period in periods.items()
        }
        file = {"dsarctl_policy": 1, "extends": name, "periods": reasons, **more}
        return self.write(f"{name}.json", json.dumps(file))

    def compare(self, *policies, **settings):
        before, judge = judged(self, NOON, **settings)
        result = self.sweep_all(NOON, *policies)
        self.assert_swept(before, Desk(self.database), judge)
        return before, judge, result

    @staticmethod
    def count(judge, *tables, tenant=None):
        return sum(
            row.table in tables and tenant in (None, judge.desk.tenant(row)) for row in judge.gone
        )

    def test_dataops_purposes(self):
        before, judge, result = self.compare()
        self.assertEqual(
            {row.table for row in judge.gone if before.tenant(row) == 8}, set()
        )
        unset = {one["rule"] for one in result["not_set"] if one["tenant"] == "quarry"}
        self.assertLessEqual(
            {"purpose-relationship", "purpose-surveys", "purpose-purchases"}, unset
        )
        set_now = self.policy(
            "dataops", {"purpose-relationship": "3 months", "purpose-surveys": "1 year"}
        )
        _, judge, result = self.compare(
            "--policy", set_now,
            periods={"dataops": {"relationship": {"months": 3}, "surveys": {"months": 12}}},
        )
        self.assertGreater(self.count(judge, "enquiries", tenant=8), 0)
        unset = {one["rule"] for one in result["not_set"] if one["tenant"] == "quarry"}
        self.assertIn("purpose-purchases", unset)
        self.assertNotIn("purpose-surveys", unset)

    def test_operatorone_billing(self):
        before, judge, result = self.compare()
        self.assertEqual(self.count(judge, *ACCOUNTING), 0)
        self.assertIn(
            ("beacon", "legal-accounting"),
            {(one["tenant"], one["rule"]) for one in result["not_set"]},
        )
        # The least that the law wants is no end yet …
        least = self.policy("operatorone", {"legal-accounting": "1 year"})
        _, judge, result = self.compare("--policy", least)
        self.assertEqual(self.count(judge, *ACCOUNTING), 0)
        self.assertNotIn(
            ("beacon", "legal-accounting"),
            {(one["tenant"], one["rule"]) for one in result["not_set"]},
        )
        # … that takes a rule of the operator's own, which a recorded ground stops.
        end = self.policy(
            "operatorone", {"legal-accounting": "1 year"},
            documents=[{"title": "Retention decision", "dated": "2025-05-04"}],
            rules=[{
                "id": "invoices", "categories": "billing", "clock": "creation",
                "period": "1 year", "bound": "ceiling", "override": "no", "action": "delete-row",
                "citation": {"document": "Retention decision", "clause": "2"},
            }],
        )
        _, judge, _ = self.compare(
            "--policy", end, periods={"operatorone": {"accounting": {"months": 12}}},
            own_ceilings={"accounting"},
        )
        self.assertGreater(self.count(judge, "billing_records", tenant=1), 0)
        self.assertTrue(
            [row for row in before.rows["billing_records"]
             if row["tenant_id"] == 1 and row["legal_ground"] and row["issued_on"] < "2025-03-01"],
        )

    def test_accounting_records_of_a_whole_tenant(self):
        period = self.policy("web1on1", {"accounting": "6 months"})
        before, judge, result = self.compare(
            "--policy", period, periods={"web1on1": {"accounting": {"months": 6}}}
        )
        self.assertGreater(self.count(judge, "billing_records", tenant=5), 0)
        kept = {row["id"] for row in before.rows["tenants"]} - {
            row["id"] for row in judge.gone if row.table == "tenants"
        }
        self.assertIn(5, kept)  # the younger ones are still keyed to it


if __name__ == "__main__":
    unittest.main()

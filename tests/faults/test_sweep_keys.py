"""Rows that an event makes due are known by their keys, and there may be very many: no statement is
given more than a piece of them, and all go nevertheless."""

import json

from cli.roles import role_name
from cli.sweeping import NOON, SweepTest

MANY = 2500
AT_ONCE = 1000
HELD = MANY // 2
FORM = "('00000000-0000-4000-8000-' || lpad({}::text, 12, '0'))::uuid"


class ManyKeys(SweepTest):
    def setUp(self):
        super().setUp()
        self.database.execute(
            "INSERT INTO helpdesk.tenants (id, slug, name, policy, region, zone, domain, site_key,"
            " created_at) VALUES"
            " (26, 'dealer', 'dealer', 'web1on1', 'GB', 'UTC', 'd.example', 'sk_26', '2023-01-01'),"
            " (20, 'bare', 'bare', 'omniops', 'GB', 'UTC', 'b.example', 'sk_20', '2023-01-01')"
        )

    def count_batches(self, table, change):
        """From now on the database keeps how many rows each statement on the table took."""
        rows = "new" if change == "INSERT" else "old"
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS public.batches (what text, rows bigint);"
            f"CREATE FUNCTION public.count_{change}() RETURNS trigger LANGUAGE plpgsql"
            " SECURITY DEFINER AS $$ BEGIN INSERT INTO public.batches SELECT TG_TABLE_NAME,"
            " count(*) FROM changed; RETURN NULL; END $$;"
            f"CREATE TRIGGER counted AFTER {change} ON {table} REFERENCING {rows} TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION public.count_{change}()"
        )

    def batches(self, table):
        taken = self.database.rows(
            f"SELECT rows FROM public.batches WHERE what = '{table}' AND rows > 0"
        )
        return [rows for (rows,) in taken]

    def hold(self, name, where):
        self.run_dsarctl(
            *("hold", "place", "--set", name, "--where", where),
            *("--ground", "claim", "--review", "2026-12-31"),
            env=self.database.env,
        )

    def swept(self, tenant, name, rule=None):
        """The line of the set in a run for the tenant, which a plan made before agrees with."""
        plan = self.folder / "plan.json"
        self.sweep("--now", NOON, "--tenant", tenant, "--set", name, "--plan-out", plan)
        run = self.sweep(
            *("--tenant", tenant, "--set", name, "--apply", "--plan", plan),
            *("--hash-key", self.key, "--json"),
        ).json
        lines = [line for line in run["lines"] if rule is None or line["rule"] == rule]
        (line,) = [line for line in lines if line["due"] or line["held"]]
        return line

    def test_forms_are_masked_and_dates_are_kept_piece_by_piece(self):
        # The first half is over; of the other half's dates each visitor's message is a later one.
        self.database.execute(
            "INSERT INTO helpdesk.visitors (id, tenant_id, created_at, last_inbound_at)"
            f" SELECT 800000 + n, 26, '2024-01-01', '2024-10-01' FROM generate_series(1, {MANY}) n;"
            "INSERT INTO helpdesk.contact_forms (id, visitor_id, tenant_id, reference, form_name,"
            f" name, email, submitted_at) SELECT {FORM.format('n')},"
            f" CASE WHEN n > {MANY} THEN 800000 + n - {MANY} END, 26, 'R' || n, 'F', 'Somebody',"
            f" 'somebody@example.net', '2024-06-01' FROM generate_series(1, 2 * {MANY}) n;"
            "ANALYZE"
        )
        self.hold("contact_forms", f"id = {FORM.format(HELD)}")
        self.count_batches("helpdesk.contact_forms", "UPDATE")
        self.count_batches("dsar.kept_event", "INSERT")
        line = self.swept("dealer", "contact_forms")
        self.assertEqual((line["due"], line["masked"], line["held"]), (MANY - 1, MANY - 1, 1))
        left = self.database.rows(
            "SELECT reference FROM helpdesk.contact_forms WHERE tenant_id = 26 AND email IS NOT NULL"
        )
        expected = {f"R{n}" for n in (HELD, *range(MANY + 1, 2 * MANY + 1))}
        self.assertEqual({reference.strip() for (reference,) in left}, expected)
        self.assertEqual(sum(self.batches("contact_forms")), MANY - 1)
        self.assertLessEqual(max(self.batches("contact_forms")), AT_ONCE)
        self.assertEqual(sum(self.batches("kept_event")), MANY)
        self.assertLessEqual(max(self.batches("kept_event")), AT_ONCE)

    def test_rows_that_hang_on_many_go_with_each_piece(self):
        # Three page views each of visitors who withdrew their consent.
        self.database.execute(
            "INSERT INTO helpdesk.visitors (id, tenant_id, created_at)"
            f" SELECT 800000 + n, 20, '2026-03-01' FROM generate_series(1, {MANY}) n;"
            "INSERT INTO helpdesk.consents (visitor_id, purpose, granted_at, withdrawn_at)"
            " SELECT 800000 + n, 'analytics', '2026-01-01', '2026-03-01'"
            f" FROM generate_series(1, {MANY}) n;"
            "INSERT INTO helpdesk.page_views (id, tenant_id, visitor_id, url, viewed_at)"
            f" SELECT 8000000 + i * {MANY} + n, 20, 800000 + n, '/', '2026-03-05'"
            f" FROM generate_series(1, {MANY}) n, generate_series(0, 2) i; ANALYZE"
        )
        self.count_batches("helpdesk.page_views", "DELETE")
        traces = self.map / "traces.json"
        content = json.loads(traces.read_text())
        content["tables"]["page_views"]["known_triggers"] = {"counted": "counts"}
        traces.write_text(json.dumps(content))
        self.hold("page_views", f"id = 8000000 + {HELD}")
        line = self.swept("bare", "page_views")
        self.assertEqual(
            (line["due"], line["deleted"], line["held"]), (3 * MANY - 1, 3 * MANY - 1, 1)
        )
        left = self.database.rows("SELECT id FROM helpdesk.page_views WHERE tenant_id = 20")
        self.assertEqual(left, [(8000000 + HELD,)])
        self.assertLessEqual(max(self.batches("page_views")), 3 * AT_ONCE)

    def test_accounts_are_closed_whatever_refers_to_them_in_another_piece(self):
        # In whatever order they come, some wait for one of a later piece that they made.
        self.database.execute(
            "INSERT INTO helpdesk.users (id, tenant_id, kind, name, created_at, deleted_at)"
            f" SELECT 800000 + n, 20, 'customer', 'X', '2023-01-01', '2024-01-01'"
            f" FROM generate_series(1, {MANY}) n;"
            "ALTER TABLE helpdesk.users ADD made_by bigint REFERENCES helpdesk.users;"
            f"UPDATE helpdesk.users SET made_by = m.id FROM helpdesk.users m"
            f" WHERE users.id > 800000 AND m.id > 800000"
            f" AND m.id = users.id + CASE users.id % 2 WHEN 0 THEN {AT_ONCE} ELSE -{AT_ONCE} END;"
            "CREATE INDEX ON helpdesk.users (made_by); ANALYZE;"
            f"GRANT SELECT (made_by) ON helpdesk.users TO {role_name(self.database, 'reader')}"
        )
        line = self.swept("bare", "users_customers")
        self.assertEqual((line["due"], line["deleted"]), (MANY, MANY))

"""Each rule of each policy by the smallest rows that show it: just before the boundary, at it, after
it. All of them lie in one database and are swept once, at noon on 31 March 2026.

A row is due from the first instant of the day after its clock's day and the period, so the last day
that is due ends at the boundary."""

import secrets
import shutil
import unittest
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.harness import CliTest, fresh_database
from cli.sweeping import NOON

GONE, STAYS, MASKED = "gone", "stays", "masked"

# Tenants of the clauses' own: id, policy, zone, and what has happened to them.
TENANTS = {
    "bare": (20, "omniops", "UTC", {}),
    "fetched": (19, "omniops", "UTC", {"content_refreshed_at": "2026-03-30T09:30:00Z"}),
    "lapsed": (21, "web1on1", "UTC", {"trial_ends_at": "2025-12-30T23:59:59.999999Z"}),
    "on trial": (22, "web1on1", "UTC", {"trial_ends_at": "2025-12-31T00:00:00Z"}),
    "converted": (23, "web1on1", "UTC", {
        "trial_ends_at": "2025-01-01T00:00:00Z", "converted_at": "2025-01-01T00:00:00Z",
    }),
    "archived": (24, "web1on1", "UTC", {"archived_at": "2026-02-28T23:59:59.999999Z"}),
    "just archived": (25, "web1on1", "UTC", {"archived_at": "2026-03-01T00:00:00Z"}),
    "dealer": (26, "web1on1", "UTC", {}),
    "ended": (27, "visitorchat", "UTC", {"contract_ends_on": "2025-12-30"}),
    "ending": (28, "visitorchat", "UTC", {"contract_ends_on": "2025-12-31"}),
    "running": (29, "visitorchat", "UTC", {}),
    "customer": (30, "operatorone", "UTC", {}),
    "games": (31, "dataops", "UTC", {}),
    "meadow": (2, None, None, {}),
    "orchard": (3, None, None, {}),
}



def insert(table, columns):
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join("NULL" if v is None else f"'{v}'" for v in columns.values())
    return f'INSERT INTO helpdesk."{table}" ({names}) VALUES ({values});'


class Cases:
    """Rows with what becomes of them."""

    def __init__(self):
        self.sql = ""
        self.expected = []  # (clause, table, key column, key, fate)
        self.number = 900000
        for slug, (number, policy, zone, events) in TENANTS.items():
            if policy is not None:
                self.sql += insert("tenants", {
                    "id": number, "slug": slug, "name": slug, "policy": policy, "region": "GB",
                    "zone": zone, "domain": f"t{number}.example", "site_key": f"sk_{number}",
                    "created_at": "2023-01-01T00:00:00Z", **events,
                })

    def row(self, clause, fate, table, columns, key="id"):
        self.number += 1
        columns = {key: self.number, **columns}
        self.sql += insert(table, columns)
        self.expected.append((clause, table, key, columns[key], fate))
        return columns[key]

    def conversation(self, clause, fate, tenant, at):
        """With one message: the message goes by its own clock, the conversation after it."""
        number = TENANTS[tenant][0]
        talk = self.row(clause, fate, "conversations", {
            "tenant_id": number, "status": "open", "created_at": at,
        })
        self.message(clause, fate, tenant, talk, at)
        return talk

    def message(self, clause, fate, tenant, conversation, at, **more):
        return self.row(clause, fate, "messages", {
            "tenant_id": TENANTS[tenant][0], "conversation_id": conversation,
            "sender_type": "system", "created_at": at, **more,
        })

    def visitor(self, clause, fate, tenant, seen="2026-03-30T00:00:00Z", **more):
        return self.row(clause, fate, "visitors", {
            "tenant_id": TENANTS[tenant][0], "created_at": seen, **more,
        })

    def view(self, clause, fate, tenant, at, visitor=None):
        return self.row(clause, fate, "page_views", {
            "tenant_id": TENANTS[tenant][0], "visitor_id": visitor, "url": "/", "viewed_at": at,
        })

    def user(self, clause, fate, tenant, closed):
        return self.row(clause, fate, "users", {
            "tenant_id": TENANTS[tenant][0], "kind": "customer", "name": "X", "deleted_at": closed,
            "created_at": "2023-01-01T00:00:00Z",
        })

    def form(self, clause, fate, tenant, submitted, visitor=None):
        self.number += 1
        return self.row(clause, fate, "contact_forms", {
            "id": f"00000000-0000-4000-8000-000000{self.number}", "visitor_id": visitor,
            "tenant_id": TENANTS[tenant][0], "reference": f"R{self.number}", "form_name": "F",
            "name": "Somebody", "email": "somebody@example.net", "submitted_at": submitted,
        })


def omniops(c):
    clause = "omniops, Data Retention: chats, 90 days"
    c.conversation(clause, GONE, "bare", "2025-12-30T23:59:59.999999Z")
    c.conversation(clause, STAYS, "bare", "2025-12-31T00:00:00Z")
    c.conversation(clause, STAYS, "bare", "2025-12-31T00:00:00.000001Z")
    clause = "omniops, Data Retention: chats, shortened to 60 days, in Los Angeles"
    c.conversation(clause, GONE, "meadow", "2026-01-30T07:59:59.999999Z")
    c.conversation(clause, STAYS, "meadow", "2026-01-30T08:00:00Z")
    clause = "omniops: a conversation stays with its youngest message"
    talk = c.row(clause, STAYS, "conversations", {
        "tenant_id": 20, "status": "open", "created_at": "2025-01-01T00:00:00Z",
    })
    c.message(clause, GONE, "bare", talk, "2025-12-30T00:00:00Z")
    c.message(clause, STAYS, "bare", talk, "2025-12-31T00:00:00Z")
    clause = "omniops: an empty conversation goes by its own creation"
    for at, fate in (("2025-12-30T23:59:59Z", GONE), ("2025-12-31T00:00:00Z", STAYS)):
        c.row(clause, fate, "conversations",
              {"tenant_id": 20, "status": "open", "created_at": at})
    clause = "omniops, Data Retention: analytics, 180 days"
    c.view(clause, GONE, "bare", "2025-10-01T23:59:59.999999Z")
    c.view(clause, STAYS, "bare", "2025-10-02T00:00:00Z")
    for ms, fate in ((1759363199999, GONE), (1759363200000, STAYS), (1759363200001, STAYS)):
        c.row(clause, fate, "analytics_events",
              {"tenant_id": 20, "name": "page", "at_ms": ms})  # around 2025-10-02T00:00:00Z
    clause = "omniops, Data Retention: the audit log, 24 months and never earlier"
    for at, fate in (("2024-03-30T23:59:59.999999Z", GONE), ("2024-03-31T00:00:00Z", STAYS)):
        c.row(clause, fate, "audit_log", {
            "tenant_id": 20, "actor_type": "System", "action": "x", "auditable_type": "Tenant",
            "auditable_id": "20", "created_at": at,
        })
    clause = "omniops, Data Retention: website content, until it is refreshed"
    for at, fate in (
        ("2026-03-30T09:29:59.999999Z", GONE), ("2026-03-30T09:30:00Z", STAYS),
        ("2026-03-30T09:30:00.000001Z", STAYS),
    ):
        c.row(clause, fate, "website_content", {"tenant_id": 19, "url": "/", "fetched_at": at})
    c.row(clause, STAYS, "website_content",
          {"tenant_id": 20, "url": "/", "fetched_at": "2020-01-01T00:00:00Z"})
    clause = "omniops, Data Retention: accounts, 2 years after their closure"
    c.user(clause, GONE, "bare", "2024-03-30T23:59:59.999999Z")
    c.user(clause, STAYS, "bare", "2024-03-31T00:00:00Z")
    c.user(clause, STAYS, "bare", None)
    clause = "omniops, Withdrawing Consent: analytics, at once"
    for withdrawn, granted, fate in (
        ("2026-03-31T12:00:00Z", "2026-01-01T00:00:00Z", GONE),
        ("2026-03-31T12:00:00.000001Z", "2026-01-01T00:00:00Z", STAYS),
        ("2026-03-01T12:00:00Z", "2026-03-02T00:00:00Z", STAYS),  # and given again
        (None, "2026-01-01T00:00:00Z", STAYS),
    ):
        who = c.visitor(clause, STAYS, "bare")
        c.sql += insert("consents", {
            "visitor_id": who, "purpose": "analytics", "granted_at": granted,
            "withdrawn_at": withdrawn,
        })
        c.view(clause, fate, "bare", "2026-03-30T00:00:00Z", who)
    clause = "omniops, Children's Privacy: all of the child's, once the day is over"
    for found, fate in (("2026-03-30", GONE), ("2026-03-31", STAYS), (None, STAYS)):
        who = c.visitor(clause, fate, "bare", child_discovered_on=found)
        talk = c.row(clause, fate, "conversations", {
            "tenant_id": 20, "visitor_id": who, "status": "open",
            "created_at": "2026-03-30T00:00:00Z",
        })
        c.message(clause, fate, "bare", talk, "2026-03-30T00:00:00Z")
        c.view(clause, fate, "bare", "2026-03-30T00:00:00Z", who)


def web1on1(c):
    for clause, fates in (
        ("web1on1, 7.5: a trial, 90 days after its end, unless converted",
         {"lapsed": GONE, "on trial": STAYS, "converted": STAYS}),
        ("web1on1, 7.5: an archived organisation, 30 days",
         {"archived": GONE, "just archived": STAYS}),
    ):
        for tenant, fate in fates.items():
            number = TENANTS[tenant][0]
            c.conversation(clause, fate, tenant, "2026-03-30T00:00:00Z")
            c.visitor(clause, fate, tenant)
            c.view(clause, fate, tenant, "2026-03-30T00:00:00Z")
            c.row(clause, fate, "inboxes", {"tenant_id": number, "channel": "web", "name": "x"})
            c.expected.append((clause, "tenants", "id", number, fate))
    clause = "web1on1, 7.6: messages, 18 months, clipped to the month's last day"
    c.conversation(clause, GONE, "dealer", "2024-09-30T23:59:59.999999Z")
    c.conversation(clause, STAYS, "dealer", "2024-10-01T00:00:00Z")
    clause = "web1on1, 7.7: messages, lengthened to 24 months, in Amsterdam"
    c.conversation(clause, GONE, "orchard", "2024-03-30T22:59:59.999999Z")
    c.conversation(clause, STAYS, "orchard", "2024-03-30T23:00:00Z")
    clause = "web1on1, 7.6: contact forms, 18 months, unless re-engaged in time"
    c.form(clause, MASKED, "dealer", "2024-09-30T23:59:59Z")
    c.form(clause, STAYS, "dealer", "2024-10-01T00:00:00Z")
    c.form(clause, STAYS, "dealer", None)
    for submitted, inbound, fate in (
        ("2024-06-01T00:00:00Z", "2025-12-01T23:59:59Z", STAYS),  # on the last day: in time
        ("2024-06-01T00:00:00Z", "2025-12-02T00:00:00Z", MASKED),  # too late: revives nothing
        ("2024-06-01T00:00:00Z", "2024-09-30T00:00:00Z", MASKED),  # in time, and over again
        ("2024-06-01T00:00:00Z", "2024-10-01T00:00:00Z", STAYS),
    ):
        who = c.visitor(clause, STAYS, "dealer", last_inbound_at=inbound)
        c.form(clause, fate, "dealer", submitted, who)


def others(c):
    clause = "visitorchat, US 5.3: three months after the contract's end"
    for tenant, fate in (("ended", GONE), ("ending", STAYS), ("running", STAYS)):
        c.conversation(clause, fate, tenant, "2024-01-01T00:00:00Z")
        # Younger than the minimum: the ceiling wins.
        c.conversation(clause, fate, tenant, "2026-03-01T00:00:00Z")
        c.view(clause, fate, tenant, "2026-03-30T00:00:00Z")
        c.row(clause, STAYS, "technical_log", {
            "tenant_id": TENANTS[tenant][0], "event": "login", "logged_at": "2024-01-01T00:00:00",
        })
    clause = "operatorone, §7: nothing after the account's closure"
    c.user(clause, GONE, "customer", "2026-03-31T12:00:00Z")
    c.user(clause, STAYS, "customer", "2026-03-31T12:00:00.000001Z")
    c.user(clause, STAYS, "customer", None)
    c.conversation(clause, STAYS, "customer", "2020-01-01T00:00:00Z")
    clause = "dataops, Unsubscribe: at once, but for the entry that keeps it so"
    for email, at, fate in (
        ("a@example.net", "2026-03-31T12:00:00Z", MASKED),
        ("b@example.net", "2026-03-31T12:00:00.000001Z", STAYS), ("c@example.net", None, STAYS),
    ):
        c.row(clause, fate, "marketing_subscriptions", {
            "email": email, "tenant_id": 31, "list": "news", "name": "Somebody",
            "subscribed_at": "2020-01-01T00:00:00Z", "unsubscribed_at": at,
        }, key="email")
    clause = "dataops, Data retention: no purpose has a period"
    c.conversation(clause, STAYS, "games", "2020-01-01T00:00:00Z")
    c.row(clause, STAYS, "purchases", {
        "tenant_id": 31, "account_ref": "x", "item": "y", "quantity": 1, "amount": 1,
        "bought_at": "2020-01-01T00:00:00Z", "purpose_ended_on": "2020-02-01",
    })


class EveryClause(CliTest):
    @classmethod
    def setUpClass(cls):
        cls.database = cls.enterClassContext(fresh_database())
        folder = Path(cls.enterClassContext(TemporaryDirectory()))
        cls.cases = Cases()
        for policy in (omniops, web1on1, others):
            policy(cls.cases)
        cls.database.execute(cls.cases.sql)
        shutil.copytree(environ["DSARCTL_MAP"], folder / "map")
        for path in (folder / "map", *(folder / "map").iterdir()):
            path.chmod(0o700 if path.is_dir() else 0o600)
        key = folder / "key"
        key.write_text(secrets.token_hex(32), encoding="utf-8")
        key.chmod(0o600)
        env = {"DSARCTL_MAP": str(folder / "map")}
        plan = folder / "plan.json"
        for args in (
            ("--now", NOON, "--plan-out", plan), ("--apply", "--plan", plan, "--hash-key", key),
        ):
            run = cls.database.dsarctl("sweep", *args, env=env)
            assert run.code == 0, run

    def fate(self, table, key, value):
        rows = self.database.rows(
            f"SELECT to_jsonb(t) AS r FROM helpdesk.\"{table}\" t WHERE \"{key}\"::text = '{value}'"
        )
        if not rows and table == "marketing_subscriptions":
            left = self.database.rows(
                "SELECT name AS n, email AS e FROM helpdesk.marketing_subscriptions "
                "WHERE tenant_id = 31 AND name IS NULL AND email NOT LIKE '%@%'"
            )
            return MASKED if len(left) == 1 else GONE
        if not rows:
            return GONE
        ((row,),) = rows
        if table == "contact_forms" and row["email"] is None and row["name"] == "cleared":
            return MASKED
        return STAYS

    def test_clauses(self):
        self.assertGreater(len(self.cases.expected), 80)
        for clause, table, key, value, fate in self.cases.expected:
            with self.subTest(clause, table=table, key=value):
                self.assertEqual(self.fate(table, key, value), fate)


if __name__ == "__main__":
    unittest.main()

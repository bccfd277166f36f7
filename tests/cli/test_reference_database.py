"""The reference database is what the other tests take it for."""

import pathlib
import subprocess
import unittest

from cli import recount

LOAD = pathlib.Path(__file__).parents[2] / "scripts" / "reference" / "load"


def value(sql):
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql],
                          check=True, capture_output=True, text=True).stdout.strip()


class ReferenceDatabase(unittest.TestCase):
    def test_the_recount_finds_rows_of_every_named_person_in_every_set(self):
        for name, subject in recount.SUBJECTS.items():
            if subject is recount.RESTLESS:
                continue
            with self.subTest(name):
                empty = [s for s, rows in recount.count(subject.counts).items() if rows == 0]
                self.assertEqual(empty, [])

    def test_nobody_else_in_harbour_has_adas_mobile(self):
        self.assertEqual(value("""
            SELECT string_agg(what || id, ',' ORDER BY what, id) FROM (
              SELECT 'user ', id, phone FROM helpdesk.users WHERE tenant_id = 6
              UNION ALL SELECT 'user ', id, mobile FROM helpdesk.users WHERE tenant_id = 6
              UNION ALL SELECT 'visitor ', id, phone FROM helpdesk.visitors WHERE tenant_id = 6
              UNION ALL SELECT 'visitor ', visitor_id, country_code || number
                          FROM helpdesk.visitor_phones WHERE visitor_id <> 1
            ) AS p (what, id, phone)
            WHERE right(regexp_replace(phone, '[^0-9]', '', 'g'), 10) = '7700900123'"""),
            "user 12,visitor 1,visitor 3")

    def test_what_no_foreign_key_ties_stays_within_one_tenant(self):
        crossing = {
            "conversation and visitor": """helpdesk.conversations c
                LEFT JOIN helpdesk.visitor_links l ON l.id = c.visitor_link_id
                LEFT JOIN helpdesk.visitors v ON v.id = coalesce(c.visitor_id, l.visitor_id)
                WHERE v.tenant_id IS DISTINCT FROM c.tenant_id""",
            "message and conversation": """helpdesk.messages m
                JOIN helpdesk.conversations c ON c.id = m.conversation_id
                WHERE m.tenant_id <> c.tenant_id""",
            "message and visitor": """helpdesk.messages m
                LEFT JOIN helpdesk.visitors v ON v.id = m.sender_id
                WHERE m.sender_type = 'visitor' AND v.tenant_id IS DISTINCT FROM m.tenant_id""",
            "message and user": """helpdesk.messages m
                LEFT JOIN helpdesk.users u ON u.id = m.sender_id
                WHERE m.sender_type = 'user' AND u.tenant_id IS DISTINCT FROM m.tenant_id""",
            "message and bot": """helpdesk.messages m LEFT JOIN helpdesk.bots b ON b.id = m.sender_id
                WHERE m.sender_type = 'bot' AND b.tenant_id IS DISTINCT FROM m.tenant_id""",
            "session and user": """helpdesk.sessions s JOIN helpdesk.users u ON u.id = s.user_id
                WHERE s.tenant_id <> u.tenant_id""",
            "ticket and customer": """helpdesk."Ticket" t WHERE NOT EXISTS (
                SELECT 1 FROM helpdesk.users u
                WHERE u.tenant_id = t."tenantId" AND u.account_ref = t."requesterKey")""",
        }
        for name, rows in crossing.items():
            with self.subTest(name):
                self.assertEqual(value(f"SELECT count(*) FROM {rows}"), "0")

    def test_a_preview_repeats_the_last_message(self):
        self.assertEqual(value("""
            SELECT count(*) FROM helpdesk.conversations c,
              LATERAL (SELECT body FROM helpdesk.messages m WHERE m.conversation_id = c.id
                       ORDER BY m.id DESC LIMIT 1) AS m
            WHERE c.id >= 1000 AND c.last_message <> left(m.body, 80)"""), "0")

    def test_loading_refuses_a_database_that_holds_tables(self):
        before = value("SELECT count(*) FROM helpdesk.messages")
        result = subprocess.run([LOAD], capture_output=True, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("the database is not empty", result.stderr)
        self.assertEqual(value("SELECT count(*) FROM helpdesk.messages"), before)


if __name__ == "__main__":
    unittest.main()

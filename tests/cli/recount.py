"""How many rows of each record set belong to each named person, counted without the tool.

Written by hand from scripts/reference: by the ids of people/*.sql, and by
joins for one of bulk/*.sql.
Nothing here was produced by dsarctl or derived from the data map; a difference is a fault in one of
the two. Sets are named after their tables, except where a table has several sets or a name in mixed
case.

What counts as somebody's:
- their rows in visitors and users, and what hangs on those rows;
- their conversations, whether by visitor_id or by visitor_link_id;
- every message of their conversations, whoever wrote it, and every message that they wrote in other
  people's; with those, attachments, files, envelopes, bounces, embeddings, reactions, mentions;
- mentions that name them, though not the messages that these stand in;
- rows tied by email, account number or JSON alone (forms, enquiries, tickets, audit entries, …).
- records of an integration that hold their address, alone or (_shared) among others';
- tags put on them, though not those put on their conversations.
Not theirs: browsing by their device without a visitor, agents' own rows.
"""

import dataclasses
import subprocess


@dataclasses.dataclass(frozen=True)
class Subject:
    tenant: str
    ask: str  # how to ask dsarctl for this person
    counts: dict  # set -> what follows SELECT count(*) FROM helpdesk.


ADA = Subject("harbour", "email:ada@example.com", {
    "visitors": "visitors WHERE id IN (1, 2, 3)",
    "visitor_phones": "visitor_phones WHERE visitor_id IN (1, 2, 3)",
    "visitor_links": "visitor_links WHERE id IN (1, 2, 3)",
    "devices": "devices WHERE user_id = 12",
    "consents": "consents WHERE visitor_id = 1",
    "users_customers": "users WHERE id = 12",
    "accounts": "accounts WHERE user_id = 12",
    "billing_records": "billing_records WHERE invoice_no IN ('HB-2024-0001', 'HB-2025-0001')",
    "billing_lines": "billing_lines WHERE invoice_no IN ('HB-2024-0001', 'HB-2025-0001')",
    "conversations": "conversations WHERE id IN (1, 2, 3, 4)",
    "messages": "messages WHERE conversation_id IN (1, 2, 3, 4) OR id IN (25, 27)",
    "mentions": """mentions WHERE mentioned_type = 'Visitor' AND mentioned_id = 1
        OR mentioned_type = 'User' AND mentioned_id = 12 OR message_id = 3""",
    "message_reactions": "message_reactions WHERE message_id IN (12, 15) OR user_id = 12",
    "message_embeddings": "message_embeddings WHERE message_id IN (1, 3)",
    "mail_envelopes": "mail_envelopes WHERE message_id IN (13, 14)",
    "mail_bounces": "mail_bounces WHERE id = 1",
    "attachments": "attachments WHERE id BETWEEN 1 AND 6",
    "stored_files": "stored_files WHERE hash BETWEEN 'f0000001' AND 'f0000005'",
    "participants": "participants WHERE conversation_id IN (1, 2, 3)",
    "sla_events": "sla_events WHERE id = 1",
    "notifications": "notifications WHERE id IN (1, 2)",
    "results": "results WHERE id IN (1, 2)",
    "reports": "reports WHERE id = 1",
    "contact_forms": "contact_forms WHERE reference IN ('HB00CF01', 'HB00CF02')",
    "enquiries": "enquiries WHERE id = 'e0000000-0000-4000-8000-000000000001'",
    "tickets": '"Ticket" WHERE "Id" = 1',
    "ticket_articles": '"TicketArticle" WHERE "Id" IN (1, 2)',
    "histories": "histories WHERE id IN (1, 2)",
    "histories_accounts": "histories WHERE id = 3",
    "notes": "notes WHERE id IN (1, 2)",
    "notes_trash": "notes_trash WHERE note_id = 99",
    "taggings": """taggings WHERE (taggable_type, taggable_id)
        IN (('Visitor', '1'), ('Conversation', '1'))""",
    "tags": "tags WHERE id IN (2, 4)",
    "integration_data": "integration_data WHERE id = 2",
    "integration_data_shared": "integration_data WHERE id = 1",
    "marketing_subscriptions": """marketing_subscriptions
        WHERE tenant_id = 6 AND email = 'Ada@Example.com'""",
    "purchases": "purchases WHERE id = 1",
    "survey_responses": "survey_responses WHERE id = '50000000-0000-4000-8000-000000000001'",
    "page_views": "page_views WHERE id IN (1, 2, 3)",
    "analytics_events": "analytics_events WHERE id IN (1, 2)",
    "sessions": "sessions WHERE id IN ('sess_ada_1', 'sess_ada_2', 'sess_ada_3')",
    "technical_log": "technical_log WHERE id IN (1, 2)",
    "audit_log": "audit_log WHERE id IN (1, 2, 3)",
})

BROOK = Subject("harbour", "email:brook@example.net", {
    "visitors": "visitors WHERE id = 5",
    "visitor_phones": "visitor_phones WHERE visitor_id = 5",
    "visitor_links": "visitor_links WHERE id = 5",
    "consents": "consents WHERE visitor_id = 5",
    "users_customers": "users WHERE id IN (13, 14)",
    "accounts": "accounts WHERE user_id = 13",
    "billing_records": "billing_records WHERE invoice_no = 'HB-2025-0002'",
    "billing_lines": "billing_lines WHERE invoice_no = 'HB-2025-0002'",
    "conversations": "conversations WHERE id IN (5, 6)",
    "messages": "messages WHERE id BETWEEN 23 AND 31",
    "mentions": """mentions WHERE message_id BETWEEN 23 AND 31
        OR mentioned_type = 'Visitor' AND mentioned_id = 5""",
    "message_reactions": "message_reactions WHERE message_id = 24",
    "message_embeddings": "message_embeddings WHERE message_id = 23",
    "attachments": "attachments WHERE id IN (6, 7)",
    "stored_files": "stored_files WHERE hash = 'f0000005'",
    "participants": "participants WHERE conversation_id IN (5, 6)",
    "notifications": "notifications WHERE id = 3",
    "results": "results WHERE id = 3",
    "reports": "reports WHERE id = 1",
    "contact_forms": "contact_forms WHERE reference = 'HB00CF03'",
    "tickets": '"Ticket" WHERE "Id" = 2',
    "ticket_articles": '"TicketArticle" WHERE "Id" = 3',
    "histories": "histories WHERE id = 5",
    "notes": "notes WHERE id = 3",
    "taggings": """taggings WHERE (taggable_type, taggable_id)
        IN (('Visitor', '5'), ('Conversation', '5'), ('Conversation', '6'))""",
    "tags": "tags WHERE id = 1",
    "integration_data_shared": "integration_data WHERE id = 3",
    "marketing_subscriptions": """marketing_subscriptions
        WHERE tenant_id = 6 AND email = 'brook@example.net'""",
    "purchases": "purchases WHERE id = 2",
    "page_views": "page_views WHERE id = 23",
    "sessions": "sessions WHERE id = 'sess_brook_1'",
    "technical_log": "technical_log WHERE id = 3",
    "audit_log": "audit_log WHERE id = 4",
})

MEADOW_ADA = Subject("meadow", "email:ada@example.com", {
    "visitors": "visitors WHERE id = 7",
    "consents": "consents WHERE visitor_id = 7",
    "users_customers": "users WHERE id = 15",
    "accounts": "accounts WHERE user_id = 15",
    "conversations": "conversations WHERE id = 11",
    "messages": "messages WHERE id BETWEEN 41 AND 45",
    "attachments": "attachments WHERE id = 11",
    "stored_files": "stored_files WHERE hash = 'f0000011'",
    "participants": "participants WHERE conversation_id = 11",
    "notes": "notes WHERE id = 5",
    "integration_data": "integration_data WHERE id = 5",
    "marketing_subscriptions": """marketing_subscriptions
        WHERE tenant_id = 2 AND email = 'ada@example.com'""",
    "page_views": "page_views WHERE id = 5",
    "analytics_events": "analytics_events WHERE id = 6",
    "sessions": "sessions WHERE id = 'sess_meadow_ada'",
})

CLEO = Subject("meadow", "email:cleo@example.com", {
    "visitors": "visitors WHERE id = 10",
    "visitor_phones": "visitor_phones WHERE visitor_id = 10",
    "visitor_links": "visitor_links WHERE id = 10",
    "devices": "devices WHERE user_id = 17",
    "consents": "consents WHERE visitor_id = 10",
    "users_customers": "users WHERE id = 17",
    "accounts": "accounts WHERE user_id = 17",
    "billing_records": "billing_records WHERE invoice_no IN ('MD-2024-0100', 'MD-2025-0100')",
    "billing_lines": "billing_lines WHERE invoice_no IN ('MD-2024-0100', 'MD-2025-0100')",
    "conversations": "conversations WHERE id IN (13, 14)",
    "messages": "messages WHERE id BETWEEN 48 AND 55",
    "attachments": "attachments WHERE id = 12",
    "stored_files": "stored_files WHERE hash = 'f0000012'",
    "participants": "participants WHERE conversation_id = 13",
    "results": "results WHERE id = 5",
    "notes": "notes WHERE id = 6",
    "integration_data": "integration_data WHERE id = 4",
    "marketing_subscriptions": """marketing_subscriptions
        WHERE tenant_id = 2 AND email = 'cleo@example.com'""",
    "page_views": "page_views WHERE id IN (6, 7)",
    "analytics_events": "analytics_events WHERE id IN (4, 5)",
    "sessions": "sessions WHERE id = 'sess_cleo_1'",
    "technical_log": "technical_log WHERE id = 5",
    "audit_log": "audit_log WHERE id IN (6, 7)",
})

BEN = Subject("beacon", "email:ben@carver.example", {
    "organizations": "organizations WHERE id = 2",
    "users_customers": "users WHERE id = 16",
    "accounts": "accounts WHERE user_id = 16",
    "billing_records": "billing_records WHERE tenant_id = 1 AND invoice_no LIKE 'BC-%'",
    "billing_lines": "billing_lines WHERE tenant_id = 1 AND invoice_no LIKE 'BC-%'",
    "sessions": "sessions WHERE id IN ('sess_ben_1', 'sess_ben_2')",
    "technical_log": "technical_log WHERE id IN (6, 7, 8)",
    "audit_log": "audit_log WHERE id = 8",
})

OMAR = Subject("beacon", "email:omar@example.org", {
    "visitors": "visitors WHERE id = 14",
    "conversations": "conversations WHERE id = 18",
    "messages": "messages WHERE id BETWEEN 68 AND 71",
})

DAAN = Subject("orchard", "email:daan@example.nl", {
    "visitors": "visitors WHERE id = 11",
    "visitor_phones": "visitor_phones WHERE visitor_id = 11",
    "conversations": "conversations WHERE id = 15",
    "messages": "messages WHERE id BETWEEN 56 AND 60",
    "results": "results WHERE id = 6",
    "reports": "reports WHERE id = 2",
    "contact_forms": "contact_forms WHERE reference IN ('OR000001', 'OR000002')",
    "notes": "notes WHERE id = 7",
})

ERIN = Subject("quarry", "email:erin@example.org", {
    "visitors": "visitors WHERE id = 12",
    "users_customers": "users WHERE id = 18",
    "conversations": "conversations WHERE id = 16",
    "messages": "messages WHERE id BETWEEN 61 AND 63",
    "enquiries": """enquiries WHERE id IN ('e0000000-0000-4000-8000-000000000012',
        'e0000000-0000-4000-8000-000000000013')""",
    "marketing_subscriptions": """marketing_subscriptions
        WHERE tenant_id = 8 AND email = 'erin@example.org'""",
    "purchases": "purchases WHERE id IN (3, 4)",
    "survey_responses": "survey_responses WHERE id = '50000000-0000-4000-8000-000000000012'",
})

FRANK = Subject("harbour-ended", "email:frank@example.com", {
    "visitors": "visitors WHERE id IN (13, 19)",
    "users_customers": "users WHERE id = 19",
    "conversations": "conversations WHERE id = 17",
    "messages": "messages WHERE id BETWEEN 64 AND 67",
    "tickets": '"Ticket" WHERE "Id" IN (3, 4)',
    "ticket_articles": '"TicketArticle" WHERE "Id" IN (4, 5, 6)',
    "histories": "histories WHERE id IN (6, 7, 9)",
    "histories_accounts": "histories WHERE id = 8",
})

DEVICE = Subject("harbour", "device:d0000000-0000-4000-8000-000000000009", {
    "visitors": "visitors WHERE id = 9",
    "consents": "consents WHERE visitor_id = 9",
    "conversations": "conversations WHERE id = 10",
    "messages": "messages WHERE id IN (39, 40)",
    "page_views": "page_views WHERE id IN (21, 22)",
    "analytics_events": "analytics_events WHERE id = 11",
    "sessions": "sessions WHERE id = 'sess_device_9'",
})

LANDLINE = Subject("harbour", "visitor:6", {
    "visitors": "visitors WHERE id = 6",
    "visitor_links": "visitor_links WHERE id = 6",
    "conversations": "conversations WHERE id = 7",
    "messages": "messages WHERE id IN (32, 33)",
    "participants": "participants WHERE conversation_id = 7",
    "notes": "notes WHERE id = 4",
})

# The one of the many who never stops writing: person0, customer AC-6-0, two visitor rows; at scale
# 100 some 10 000 messages. By joins, because the ids depend on the scale.
_V = "(SELECT id FROM helpdesk.visitors WHERE tenant_id = 6 AND account_ref = 'AC-6-0')"
_U = "(SELECT id FROM helpdesk.users WHERE tenant_id = 6 AND account_ref = 'AC-6-0')"
_E = f"""(SELECT lower(btrim(email)) FROM helpdesk.visitors WHERE id IN {_V}
          UNION SELECT lower(email::text) FROM helpdesk.users WHERE id IN {_U})"""
_A = f"(SELECT id FROM helpdesk.accounts WHERE user_id IN {_U})"
_INVOICES = f"""(SELECT invoice_no FROM helpdesk.billing_records
          WHERE tenant_id = 6 AND account_id IN {_A})"""
_C = f"""(SELECT id FROM helpdesk.conversations WHERE visitor_id IN {_V} OR visitor_link_id IN
          (SELECT id FROM helpdesk.visitor_links WHERE visitor_id IN {_V}))"""
_M = f"""(SELECT id FROM helpdesk.messages WHERE conversation_id IN {_C}
          OR sender_type = 'visitor' AND sender_id IN {_V}
          OR sender_type = 'user' AND sender_id IN {_U})"""
_T = """(SELECT "Id" FROM helpdesk."Ticket"
          WHERE "tenantId" = 6 AND "requesterKey" = 'AC-6-0')"""

RESTLESS = Subject("harbour", "email:person0@mail.example", {
    "visitors": f"visitors WHERE id IN {_V}",
    "visitor_phones": f"visitor_phones WHERE visitor_id IN {_V}",
    "visitor_links": f"visitor_links WHERE visitor_id IN {_V}",
    "devices": f"devices WHERE visitor_id IN {_V} OR user_id IN {_U}",
    "consents": f"consents WHERE visitor_id IN {_V}",
    "organizations": f"organizations WHERE primary_contact_id IN {_U}",
    "users_customers": f"users WHERE id IN {_U}",
    "accounts": f"accounts WHERE user_id IN {_U}",
    "billing_records": f"billing_records WHERE tenant_id = 6 AND account_id IN {_A}",
    "billing_lines": f"billing_lines WHERE tenant_id = 6 AND invoice_no IN {_INVOICES}",
    "conversations": f"conversations WHERE id IN {_C}",
    "messages": f"messages WHERE id IN {_M}",
    "mentions": f"""mentions WHERE message_id IN {_M}
        OR mentioned_type = 'Visitor' AND mentioned_id IN {_V}
        OR mentioned_type = 'User' AND mentioned_id IN {_U}""",
    "message_reactions": f"message_reactions WHERE message_id IN {_M} OR user_id IN {_U}",
    "message_embeddings": f"message_embeddings WHERE message_id IN {_M}",
    "mail_envelopes": f"mail_envelopes WHERE message_id IN {_M}",
    "mail_bounces": f"""mail_bounces WHERE rfc_message_id IN
        (SELECT rfc_message_id FROM helpdesk.mail_envelopes WHERE message_id IN {_M})""",
    "attachments": f"attachments WHERE message_id IN {_M}",
    "stored_files": f"""stored_files WHERE hash IN
        (SELECT file_hash FROM helpdesk.attachments WHERE message_id IN {_M})""",
    "participants": f"participants WHERE conversation_id IN {_C}",
    "sla_events": f"sla_events WHERE conversation_id IN {_C}",
    "notifications": f"notifications WHERE about_type = 'Conversation' AND about_id IN {_C}",
    "results": f"results WHERE conversation_id IN {_C}",
    "reports": f"reports WHERE EXISTS (SELECT 1 FROM unnest(conversation_ids) c WHERE c IN {_C})",
    "contact_forms": f"contact_forms WHERE visitor_id IN {_V}",
    "enquiries": f"""enquiries WHERE tenant_id = 6 AND lower("from") IN {_E}""",
    "tickets": f'"Ticket" WHERE "Id" IN {_T}',
    "ticket_articles": f'"TicketArticle" WHERE "ticketId" IN {_T}',
    "histories": f"""histories WHERE object_id = 1 AND o_id::bigint IN {_T}
        OR object_id = 2 AND o_id::bigint IN {_V}""",
    "histories_accounts": f"histories WHERE object_id = 3 AND o_id::bigint IN {_U}",
    "notes": f"notes WHERE visitor_id IN {_V}",
    "taggings": f"""taggings WHERE taggable_type = 'Visitor' AND taggable_id::bigint IN {_V}
        OR taggable_type = 'Conversation' AND taggable_id::bigint IN {_C}
        OR taggable_type = 'User' AND taggable_id::bigint IN {_U}""",
    "tags": f"""tags WHERE id IN (SELECT tag_id FROM helpdesk.taggings
        WHERE taggable_type = 'Visitor' AND taggable_id::bigint IN {_V}
        OR taggable_type = 'User' AND taggable_id::bigint IN {_U})""",
    "integration_data": f"""integration_data WHERE tenant_id = 6 AND cardinality(addresses) = 1
        AND addresses[1] IN {_E}""",
    "integration_data_shared": f"""integration_data WHERE tenant_id = 6
        AND cardinality(addresses) > 1
        AND EXISTS (SELECT 1 FROM unnest(addresses) a WHERE a IN {_E})""",
    "marketing_subscriptions": f"""marketing_subscriptions WHERE tenant_id = 6
        AND lower(email::text) IN {_E}""",
    "purchases": "purchases WHERE tenant_id = 6 AND account_ref = 'AC-6-0'",
    "survey_responses": f"survey_responses WHERE tenant_id = 6 AND lower(email::text) IN {_E}",
    "page_views": f"page_views WHERE visitor_id IN {_V}",
    "analytics_events": f"analytics_events WHERE visitor_id IN {_V}",
    "sessions": f"sessions WHERE visitor_id IN {_V} OR user_id IN {_U}",
    "technical_log": f"technical_log WHERE visitor_id IN {_V} OR user_id IN {_U}",
    "audit_log": f"""audit_log WHERE auditable_type = 'Visitor' AND auditable_id::bigint IN {_V}
        OR (changes ->> 'visitor_id')::bigint IN {_V}
        OR auditable_type = 'Account' AND auditable_id IN (SELECT a::text FROM unnest(ARRAY{_A}) a)
        OR actor_type = 'User' AND actor_id IN {_U}""",
})

SUBJECTS = {
    "ada": ADA,
    "brook": BROOK,
    "ada of meadow": MEADOW_ADA,
    "cleo": CLEO,
    "ben": BEN,
    "omar": OMAR,
    "daan": DAAN,
    "erin": ERIN,
    "frank": FRANK,
    "a device": DEVICE,
    "the landline": LANDLINE,
    "the restless": RESTLESS,
}


def count(counts, database=None):
    """What each of these conditions counts in the database, or that of PG*: {set: rows}."""
    sql = " UNION ALL ".join(
        f"SELECT $name${name}$name$, count(*) FROM helpdesk.{rows}" for name, rows in counts.items())
    psql = ["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
    if database is not None:
        psql += ["-d", database]
    out = subprocess.run([*psql, "-c", sql], check=True, capture_output=True, text=True).stdout
    return {name: int(rows) for name, rows in (line.split("\t") for line in out.splitlines())}

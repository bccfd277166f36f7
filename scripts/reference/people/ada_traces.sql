-- Ada in harbour, continued: what was computed, noted, logged and measured about her.

INSERT INTO helpdesk.participants VALUES
  (1, 1, '2026-03-01T09:02:00Z'), (2, 2, '2025-07-14T15:50:00Z'), (3, 3, '2025-12-24T17:01:00Z');
INSERT INTO helpdesk.sla_events VALUES (1, 2, 6, '2025-07-14T15:55:00Z');
INSERT INTO helpdesk.notifications VALUES
  (1, 1, 'Ada Nwosu: Hello, I''m Ada "Addy" Nwosu.', 'Conversation', 1, NULL, '2026-03-01T09:00:01Z'),
  (2, 2, 'Ada N. 🧭: Please send the invoice to my work address.', 'Conversation', 2,
   '2025-07-14T15:45:00Z', '2025-07-14T15:40:01Z'),
  (3, 2, 'Brook Ellery: The hallway light at 2B is broken.', 'Conversation', 5, NULL,
   '2026-02-10T14:00:01Z');
INSERT INTO helpdesk.results VALUES
  (1, 1, 'csat', 1.10, 'Infinity', E'{"q1": 5,\n "why": "quick \\"reply\\""}',
   'Ada Nwosu was satisfied; lost keys, flat 2A.', '2026-03-02T09:20:00Z'),
  (2, 2, 'lead', 'NaN', '-0', NULL, NULL, '2025-07-14T16:05:00Z');
INSERT INTO helpdesk.reports VALUES
  (1, 6, 'Week 9', 1, '{1,5}',
   ARRAY['{"visitor": "Ada Nwosu", "email": "ada@example.com", "waited_s": 133.50}',
         '{"visitor": "Brook Ellery", "email": "brook@example.net", "waited_s": 180}']::jsonb[],
   '[2026-02-23 00:00+00,2026-03-02 00:00+00)', '2026-03-02T23:00:00Z');

INSERT INTO helpdesk.contact_forms (id, tenant_id, visitor_id, reference, form_name, name, email,
  phone_country, phone_number, company, message, extra, consented, submitted_at) VALUES
('cf000000-0000-4000-8000-000000000001', 6, 1, 'HB00CF01', 'Viewing', 'Ada Nwosu',
 'ada@example.com', '+44', '7700 900123', 'Partners', E'Wednesday?\nOr "any" day.',
 '{"dietary": "no nuts", "Second e-mail": "ada.work@example.org"}', true, '2024-04-01T08:05:00Z'),
-- Filled in before the chat began: tied to her by the address alone.
('cf000000-0000-4000-8000-000000000002', 6, NULL, 'HB00CF02', 'Newsletter', 'A. Nwosu',
 'ADA@example.com', NULL, NULL, NULL, NULL, '{}', false, NULL),
('cf000000-0000-4000-8000-000000000003', 6, 5, 'HB00CF03', 'Viewing', 'Brook Ellery',
 'brook@example.net', '+44', '1632 960001', NULL, 'With Ada, please: ada@example.com', '{}', true,
 '2024-04-16T08:02:00Z');

INSERT INTO helpdesk.enquiries VALUES
  ('e0000000-0000-4000-8000-000000000001', 6, 'ada@example.com', 'hello@operator.example',
   'Ada Nwosu', '07700 900123', 'What do you hold?', E'Dear "all",\nwhat do you hold about me?',
   '2026-01-05T10:00:00Z', NULL);

-- "Ticket" goes by the customer's number as text.
INSERT INTO helpdesk."Ticket" VALUES
  (1, 6, 'HB-1001', 1, 'Lock of "2A"', '{"Reporter": "Ada Nwosu"}', 1, '2026-03-01T10:00:00Z', NULL),
  (2, 6, 'HB-1002', 2, 'Hallway light', '{}', 3, '2026-02-10T14:10:00Z', '2026-02-11T14:30:00Z');
INSERT INTO helpdesk."TicketArticle" VALUES
  (1, 1, 'Customer', 'ada@example.com', 'help@harbour.example', 'The lock is stiff.',
   '2026-03-01T10:00:00Z'),
  (2, 1, 'Agent', 'sam@harbour.example', 'ada@example.com',
   E'On it.\n> The lock is stiff.\n> (ada@example.com)', '2026-03-01T10:20:00Z'),
  (3, 2, 'Agent', 'noor@harbour.example', 'brook@example.net', 'Mended. Ada let us in.',
   '2026-02-11T14:30:00Z');
INSERT INTO helpdesk.histories (id, object_id, o_id, attribute, value_from, value_to,
  created_by_id, created_at) VALUES
  (1, 1, '1', 'Subject', 'Lock', 'Lock of "2A"', 1, '2026-03-01T10:01:00Z'),
  (2, 2, '1', 'email', 'ada.nwosu@old.example', 'ada@example.com', 20, '2025-06-30T09:00:00Z'),
  (3, 3, '12', 'phone', NULL, '01632 960001', 12, '2024-05-05T10:00:00Z'),
  (4, 3, '1', 'name', 'S. Okafor', 'Sam Okafor', 1, '2023-08-02T10:00:00Z'),  -- user 1, not visitor 1
  (5, 1, '2', 'Priority', '2', '3', 2, '2026-02-10T14:11:00Z');
INSERT INTO helpdesk.notes (id, tenant_id, visitor_id, author_id, body, created_at) VALUES
  (1, 6, 1, 1, E'Ada''s mobile: 07700 900123. Friendly; knows "Brook".', '2026-03-01T09:40:00Z'),
  (2, 6, 2, 2, 'Same person as Ada Nwosu, account HB-1001.', NULL);
INSERT INTO helpdesk.notes_trash VALUES
  (99, 1, 'Ada asked about pets.', '2025-02-02T10:00:00Z');
INSERT INTO helpdesk.tags (id, name, created_by_id) VALUES
  (1, 'complaint', NULL), (2, 'vip', 1), (3, 'repairs', 2),
  (4, 'Ada Nwosu', 1);  -- global, and somebody's name
INSERT INTO helpdesk.taggings VALUES
  (2, 'Visitor', '1'), (4, 'Visitor', '1'), (3, 'Conversation', '1'), (4, 'Conversation', '6'),
  (3, 'Conversation', '5'), (1, 'Visitor', '5'), (2, 'User', '1');

INSERT INTO helpdesk.integrations VALUES
  (1, 6, 'microsoft', '2024-01-01T00:00:00Z', NULL, '{"client_secret": "cs_harbour"}',
   E'mailbox: help@harbour.example\nfolders:\n  - Inbox\n');
INSERT INTO helpdesk.integration_data VALUES
  (1, 1, 6, 'calendar', 9007199254740993, '{ada@example.com,noor@harbour.example}',
   '"{\"attendees\": [\"ada@example.com\", \"noor@harbour.example\"], \"n\": 1.10}"',
   '{"subject": "Viewing with Ada Nwosu"}', '2025-03-03T09:00:00Z'),
  (2, 1, 6, 'contact', 9223372036854775807, '{ada.work@example.org}', NULL,
   '{"displayName": "Ada Nwosu", "mobile": "+44 7700 900123"}', '2025-07-15T02:00:00Z'),
  (3, 1, 6, 'contact', 3, '{nada@example.com,brook@example.net}', NULL, '{}',
   '2025-12-02T02:00:00Z');
INSERT INTO helpdesk.marketing_subscriptions VALUES
  (6, 'newsletter', 'Ada@Example.com', 'Ada', '07700 900123', 'footer', 'ms_ada',
   '2024-04-01T08:00:03Z', '2025-01-10T10:00:00Z'),
  (6, 'newsletter', 'brook@example.net', 'Brook', NULL, 'footer', 'ms_brook',
   '2024-04-16T08:10:00Z', NULL);
INSERT INTO helpdesk.purchases VALUES
  (1, 6, 'HB-1001', 'Spare key', 2, 12345678901234567890.123456789012345678901234567890,
   ROW('2A, Quay Street', 'Poole', 'BH15 1HJ', 'GB'), '2024-09-09T09:09:09.090909Z', NULL),
  (2, 6, 'HB-1002', 'Light bulb', 1, 1.10, NULL, '2026-02-11T10:00:00Z', NULL);
INSERT INTO helpdesk.survey_responses VALUES
  ('50000000-0000-4000-8000-000000000001', 6, 'Ada.Work@example.org', 'Move-in',
   ARRAY['{"q": "Happy?", "a": "yes, \"very\""}', 'null']::jsonb[], NULL, '16:30:00+01',
   '2025-07-20', NULL);

INSERT INTO helpdesk.page_views VALUES
  (1, 6, 1, 'a0000000-0000-4000-8000-000000000001', 'https://harbour.example/keys?e=ada@example.com',
   'Keys', 'https://search.example/?q=keys', '203.0.113.17', '{0,50,NULL,100}', '00:01:10.25',
   '2026-03-01T08:55:00Z'),
  (2, 6, 1, 'a0000000-0000-4000-8000-000000000001', 'https://harbour.example/', 'Home', NULL,
   '203.0.113.17', '{}', '1 day 00:00:00', '2026-02-28T23:59:59.999999Z'),
  (3, 6, 2, 'a0000000-0000-4000-8000-000000000002', 'https://harbour.example/invoices', 'Invoices',
   NULL, '2001:db8::17', NULL, NULL, '2025-07-14T15:38:00Z'),
-- Her device, but she was browsing without chatting: not to be joined to her.
  (4, 6, NULL, 'a0000000-0000-4000-8000-000000000001', 'https://harbour.example/jobs', 'Jobs', NULL,
   '203.0.113.17', NULL, NULL, '2026-03-20T20:00:00Z');
INSERT INTO helpdesk.analytics_events VALUES
  (1, 6, 1, 'a0000000-0000-4000-8000-000000000001', 'widget.open', '{"page": "/keys", "n": 1.10}',
   9007199254740993, 'Infinity', 1772355300000),
  (2, 6, 1, NULL, 'identify', '{"traits": {"email": "ada@example.com"}}', 9223372036854775807,
   'NaN', 1772355301000),
  (3, 6, NULL, 'a0000000-0000-4000-8000-000000000001', 'page', '{}', 2, 0.1, 1774036800000);
INSERT INTO helpdesk.sessions VALUES
  ('sess_ada_1', 6, 1, 12, '203.0.113.17', '203.0.113.0/24', 'Mozilla/5.0 (Windows NT 10.0)',
   '{"screen": "1920x1080"}', 'tok_ada_secret_1', '2026-03-01T08:54:00Z', '2026-03-01T09:40:00Z'),
  ('sess_ada_2', 6, NULL, 12, '::ffff:203.0.113.17', '::/0', NULL, NULL, 'tok_ada_secret_2', NULL, NULL),
  ('sess_ada_3', 6, 2, NULL, '2001:db8::17/64', NULL, 'it''s "Outlook"', '{}', 'tok_ada_secret_3',
   '2025-07-14T15:37:00Z', 'infinity');
INSERT INTO helpdesk.technical_log VALUES
  (1, 6, 12, NULL, 'login', '203.0.113.17', 'Mozilla/5.0 (Windows NT 10.0)',
   'login=ada@example.com ok', '2026-03-01 08:54:01'),
  (2, 6, 12, 1, 'widget.error', '203.0.113.17', NULL, 'TypeError: x is "undefined"',
   '2026-03-01 09:04:00.5'),
  (3, 6, NULL, 5, 'widget.open', '198.51.100.7', NULL, NULL, '2026-02-10 13:59:00'),
  (4, 6, NULL, NULL, 'clock.skew', NULL, NULL, 'a machine that lives in the future',
   '2027-01-01 00:00:00');
INSERT INTO helpdesk.audit_log VALUES
  (1, 6, 'User', 1, 'visitor.update', 'Visitor', '1',
   '{"email": ["ada.nwosu@old.example", "ada@example.com"]}', '198.51.100.1', '2025-06-30T09:00:00Z'),
  (2, 6, 'User', 2, 'conversation.assign', 'Conversation', '2', '{"visitor_id": "2", "to": 2}', NULL,
   '2025-07-14T15:41:00Z'),
  (3, 6, 'User', 12, 'account.login', 'Account', 'a0000000-0000-4000-8000-00000000000c', NULL,
   '203.0.113.17', '2026-03-01T08:54:01Z'),
  (4, 6, 'User', 2, 'visitor.update', 'Visitor', '5', '{"name": ["B.", "Brook Ellery"]}', NULL,
   '2024-05-01T09:00:00Z'),
  (5, 6, 'User', 1, 'user.update', 'User', '1', '{"name": ["S. Okafor", "Sam Okafor"]}', NULL,
   '2023-08-02T10:00:00Z');

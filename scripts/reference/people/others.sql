-- One or two people in each remaining tenant.

-- beacon: Ben, whose account the operator decides about, and Omar, whose conversation beacon does.
INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, phone, organization_id,
  created_by_id, api_key, last_seen_at, created_at) VALUES
(16, 1, 'customer', 'BC-0001', 'Ben Carver', 'ben@carver.example', '020 7946 0016', 2, 5,
 'ak_ben_secret', '2026-03-20T10:00:00Z', '2024-05-01T09:00:00Z');
UPDATE helpdesk.organizations SET primary_contact_id = 16 WHERE id = 2;
INSERT INTO helpdesk.accounts (id, tenant_id, user_id, login, password_hash, reset_token, company,
  address, vat_no, last_login_ip, created_at) VALUES
('b0000000-0000-4000-8000-000000000016', 1, 16, 'ben@carver.example', '$2b$12$benbenbenben', NULL,
 'Carver & Daughters', ROW('5 Hill Road', 'London', 'E1 6AN', 'GB'), 'GB999000016', '192.0.2.16',
 '2024-05-01T09:00:30Z');
INSERT INTO helpdesk.billing_records (tenant_id, invoice_no, account_id, billing_name,
  billing_email, plan, stripe_customer, card_last4, amount, tax_rate, issued_on, paid_at,
  legal_ground)
SELECT 1, 'BC-' || to_char(month, 'YYYYMM'), 'b0000000-0000-4000-8000-000000000016', 'Ben Carver',
       'accounts@carver.example', 'business', 'cus_ben', '5556', 199.90, 0.20, month::date,
       month + interval '2 days', CASE WHEN month < '2025-01-01' THEN 'tax' END
FROM generate_series(timestamptz '2024-06-01', '2026-03-01', interval '3 months') AS month;
INSERT INTO helpdesk.billing_lines
SELECT tenant_id, invoice_no, n, CASE n WHEN 1 THEN 'Business plan' ELSE 'Discount' END, 1,
       CASE n WHEN 1 THEN 209.90 ELSE -10.00 END
FROM helpdesk.billing_records, generate_series(1, 2) AS n WHERE tenant_id = 1;
INSERT INTO helpdesk.sessions (id, tenant_id, user_id, ip, user_agent, auth_token, started_at,
  ended_at) VALUES
  ('sess_ben_1', 1, 16, '192.0.2.16', 'Edge on Windows', 'tok_ben_1', '2026-03-20T09:00:00Z',
   '2026-03-20T10:00:00Z'),
  ('sess_ben_2', 1, 16, '192.0.2.16', 'Edge on Windows', 'tok_ben_2', '2025-03-20T09:00:00Z', NULL);
INSERT INTO helpdesk.technical_log VALUES
  (6, 1, 16, NULL, 'login', '192.0.2.16', 'Edge', NULL, '2026-03-20 09:00:00'),
  (7, 1, 16, NULL, 'logout', '192.0.2.16', 'Edge', NULL, '2026-03-20 10:00:00'),
  (8, 1, 16, NULL, 'password.failed', '203.0.113.200', 'curl', NULL, '2026-01-02 03:04:05');
INSERT INTO helpdesk.audit_log VALUES
  (8, 1, 'User', 16, 'plan.change', 'Account', 'b0000000-0000-4000-8000-000000000016',
   '{"plan": ["team", "business"]}', '192.0.2.16', '2024-06-01T09:00:00Z');
INSERT INTO helpdesk.visitors (id, tenant_id, name, email, phone, device_id, cookie_id, ip,
  custom_fields, last_inbound_at, created_at) VALUES
(14, 1, 'Omar Said', 'omar@example.org', '07700 900414', 'a0000000-0000-4000-8000-000000000014',
 'ck_omar', '192.0.2.14', '{"order id": "BK-4711"}', '2026-01-15T10:01:00Z', '2026-01-15T10:00:00Z');
INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, inbox_id, assignee_id, subject,
  last_message, status, created_at, last_activity_at) VALUES
(18, 1, 14, 11, 5, 'Order BK-4711', 'Delivered tomorrow.', 'resolved', '2026-01-15T10:00:00Z',
 '2026-01-15T10:05:00Z');
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, body, created_at) VALUES
(68, 1, 18, 'visitor', 14, NULL, 'Where is BK-4711? omar@example.org', '2026-01-15T10:00:00Z'),
(69, 1, 18, 'bot', 5, NULL, 'Let me look.', '2026-01-15T10:00:01Z'),
(70, 1, 18, 'visitor', 14, NULL, 'Thanks.', '2026-01-15T10:01:00Z'),
(71, 1, 18, 'user', 5, 5, 'Delivered tomorrow.', '2026-01-15T10:05:00Z');

-- orchard: Daan filled in a form twice, the second time after he had written again. His phone
-- stands in two columns only.
INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, device_id, cookie_id, ip,
  country, last_inbound_at, created_at) VALUES
(11, 3, NULL, 'Daan Smit', 'daan@example.nl', 'a0000000-0000-4000-8000-000000000011', 'ck_daan',
 '192.0.2.11', 'NL', '2025-11-03T09:01:00Z', '2024-03-01T12:00:00Z');
INSERT INTO helpdesk.visitor_phones VALUES (11, 'mobile', '+31', '6 1234 5678');
INSERT INTO helpdesk.contact_forms (id, tenant_id, visitor_id, reference, form_name, name, email,
  phone_country, phone_number, company, message, extra, consented, submitted_at, cleared_at) VALUES
('cf000000-0000-4000-8000-000000000011', 3, 11, 'OR000001', 'Test drive', 'Daan Smit',
 'daan@example.nl', '+31', '6 1234 5678', NULL, 'Zaterdag?', '{"car": "estate"}', true,
 '2024-03-01T12:00:00Z', NULL),
('cf000000-0000-4000-8000-000000000012', 3, 11, 'OR000002', 'Quote', 'Daan Smit',
 'Daan@Example.nl', NULL, NULL, 'Smit BV', 'Trade-in price?', '{}', true, '2025-11-03T08:55:00Z',
 NULL),
-- cleared already: not due again
('cf000000-0000-4000-8000-000000000013', 3, NULL, 'OR000003', 'Test drive', 'cleared', NULL, NULL,
 NULL, NULL, NULL, '{}', true, '2023-12-01T12:00:00Z', '2025-06-02T01:00:00Z');
INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, inbox_id, assignee_id, subject,
  last_message, status, created_at, last_activity_at) VALUES
(15, 3, 11, 31, 6, 'Inruil', 'Tot zaterdag!', 'open', '2024-03-01T12:05:00Z',
 '2025-11-03T09:10:00Z');
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, body, created_at) VALUES
(56, 3, 15, 'visitor', 11, NULL, 'Goedemiddag, is de stationwagen er nog?', '2024-03-01T12:05:00Z'),
(57, 3, 15, 'bot', 4, NULL, 'Ja.', '2024-03-01T12:05:02Z'),
(58, 3, 15, 'visitor', 11, NULL, 'Ik ruil mijn auto in. daan@example.nl', '2025-11-03T09:00:00Z'),
(59, 3, 15, 'visitor', 11, NULL, 'Zaterdag?', '2025-11-03T09:01:00Z'),
(60, 3, 15, 'user', 6, 6, 'Tot zaterdag!', '2025-11-03T09:10:00Z');
INSERT INTO helpdesk.results VALUES
  (6, 15, 'lead', 0, 0.5, '{"car": "estate"}', 'Daan wil inruilen.', '2025-11-03T09:15:00Z');
INSERT INTO helpdesk.reports VALUES
  (2, 3, 'Leads November', 6, '{15}', ARRAY['{"visitor": "Daan Smit"}']::jsonb[], NULL,
   '2025-12-01T06:00:00Z');
INSERT INTO helpdesk.notes (id, tenant_id, visitor_id, author_id, body, created_at) VALUES
  (7, 3, 11, 6, 'Belt liever.', '2025-11-03T09:20:00Z');

-- orchard-trial and orchard-old: everything here is due.
INSERT INTO helpdesk.visitors (id, tenant_id, name, email, last_inbound_at, created_at) VALUES
(16, 4, 'Grace Mensah', 'grace@example.org', '2025-12-01T10:00:00Z', '2025-12-01T09:59:00Z'),
(17, 5, 'Hal Jansen', 'hal@example.org', '2026-02-01T10:00:00Z', '2024-09-01T10:00:00Z');
INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, inbox_id, assignee_id, subject,
  last_message, status, created_at) VALUES
(20, 4, 16, 41, 7, 'Van', 'Yes.', 'open', '2025-12-01T10:00:00Z'),
(21, 5, 17, 51, 8, 'Oldtimer', 'Verkocht.', 'open', '2026-02-01T10:00:00Z');
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, body, created_at) VALUES
(74, 4, 20, 'visitor', 16, NULL, 'Is the van electric?', '2025-12-01T10:00:00Z'),
(75, 4, 20, 'user', 7, 7, 'Yes.', '2025-12-01T10:05:00Z'),
(76, 5, 21, 'visitor', 17, NULL, 'Nog te koop?', '2026-02-01T10:00:00Z'),
(77, 5, 21, 'user', 8, 8, 'Verkocht.', '2026-02-01T10:05:00Z');

-- quarry: Erin subscribes, buys and answers surveys; her visitor id is Ada's user id.
INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, phone, created_by_id,
  created_at) VALUES
(18, 8, 'customer', 'QG-0012', 'Erin Walsh', 'erin@example.org', '0044 7700 900812', 10,
 '2024-08-01T10:00:00Z');
INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, phone, device_id,
  cookie_id, last_inbound_at, created_at) VALUES
(12, 8, 'QG-0012', 'Erin Walsh', 'Erin@example.org ', '+44 7700 900812',
 'a0000000-0000-4000-8000-000000000012', 'ck_erin', '2025-06-06T10:00:00Z', '2024-08-01T10:05:00Z');
INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, inbox_id, assignee_id, subject,
  last_message, status, created_at) VALUES
(16, 8, 12, 81, 10, 'Refund', 'Done.', 'resolved', '2025-06-06T10:00:00Z');
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, body, created_at) VALUES
(61, 8, 16, 'visitor', 12, NULL, 'Refund for QG-0012 please; my friend tom@example.net paid.',
 '2025-06-06T10:00:00Z'),
(62, 8, 16, 'bot', 7, NULL, 'One moment.', '2025-06-06T10:00:01Z'),
(63, 8, 16, 'user', 10, 10, 'Done.', '2025-06-06T10:20:00Z');
INSERT INTO helpdesk.marketing_subscriptions VALUES
  (8, 'offers', 'erin@example.org', 'Erin', '+44 7700 900812', 'checkout', 'ms_erin_1',
   '2024-08-01T10:06:00Z', '2026-03-30T09:00:00Z'),
  (8, 'newsletter', 'Erin@Example.org', 'Erin', NULL, 'checkout', 'ms_erin_2',
   '2024-08-01T10:06:00Z', NULL);
INSERT INTO helpdesk.purchases VALUES
  (3, 8, 'QG-0012', 'Board game', 1, 39.90, ROW('7 Mill Lane', 'Leeds', 'LS1 4AP', 'GB'),
   '2024-12-01T10:00:00Z', '2025-12-01'),
  (4, 8, 'QG-0012', 'Dice', 12, 0.10, NULL, '2025-06-01T10:00:00Z', NULL);
INSERT INTO helpdesk.survey_responses VALUES
  ('50000000-0000-4000-8000-000000000012', 8, 'erin@example.org', 'Players 2025',
   ARRAY['{"q": "Age group?", "a": "30-39"}', '{"q": "Who plays?", "a": "Tom and I"}']::jsonb[],
   '{"eyesight": "reads with glasses"}', '20:15:00+00', '2025-02-14', NULL);
INSERT INTO helpdesk.enquiries VALUES
  ('e0000000-0000-4000-8000-000000000012', 8, 'Erin Walsh <erin@example.org>',
   'privacy@quarry.example', 'Erin Walsh', NULL, 'Prize draw', 'Did I win?', '2025-03-01T10:00:00Z',
   '2025-04-01'),
  ('e0000000-0000-4000-8000-000000000013', 8, 'erin@example.org', 'hello@quarry.example', NULL,
   NULL, NULL, 'Hello?', '2025-03-02T10:00:00Z', NULL);

-- harbour-ended: Frank has tickets, which go by his customer number; his second visitor row has
-- been merged into the first.
INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, mobile, created_by_id,
  created_at) VALUES
(19, 7, 'customer', 'HE-0042', 'Frank Yates', 'frank@example.com', '+44 7700 900742', 9,
 '2024-02-02T10:00:00Z');
INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, phone, merged_into_id,
  last_inbound_at, created_at, deleted_at) VALUES
(13, 7, 'HE-0042', 'Frank Yates', 'frank@example.com', NULL, NULL, '2025-10-10T10:00:00Z',
 '2024-02-02T10:05:00Z', NULL),
(19, 7, NULL, 'F. Yates', 'frank.yates@example.org', '07700 900742', 13, NULL,
 '2024-07-02T10:05:00Z', '2024-07-03T10:00:00Z');
INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, inbox_id, assignee_id, subject,
  last_message, status, created_at) VALUES
(17, 7, 13, 71, 9, 'Mooring 42', 'Noted.', 'resolved', '2025-10-10T10:00:00Z');
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, body, created_at) VALUES
(64, 7, 17, 'visitor', 13, NULL, 'I leave in November.', '2025-10-10T10:00:00Z'),
(65, 7, 17, 'bot', 6, NULL, 'I will pass that on.', '2025-10-10T10:00:01Z'),
(66, 7, 17, 'user', 19, 19, 'From the portal: berth 42.', '2025-10-10T10:02:00Z'),
(67, 7, 17, 'user', 9, 9, 'Noted.', '2025-10-10T10:03:00Z');
INSERT INTO helpdesk."Ticket" VALUES
  (3, 7, 'HE-0042', 9, 'Leaving berth 42', '{"Reporter": "Frank Yates"}', 2,
   '2025-10-10T10:30:00Z', '2025-11-29T10:00:00Z'),
  (4, 7, 'HE-0042', NULL, 'Deposit', '{}', 2, '2025-11-29T10:05:00Z', NULL);
INSERT INTO helpdesk."TicketArticle" VALUES
  (4, 3, 'Customer', 'frank@example.com', 'help@moorings.example', 'I leave in November.',
   '2025-10-10T10:30:00Z'),
  (5, 3, 'Agent', 'nell@moorings.example', 'frank@example.com', E'Noted.\n> I leave in November.',
   '2025-11-29T10:00:00Z'),
  (6, 4, 'Customer', 'frank@example.com', 'help@moorings.example', 'My deposit, please.',
   '2025-11-29T10:05:00Z');
INSERT INTO helpdesk.histories (id, object_id, o_id, attribute, value_from, value_to,
  created_by_id, created_at) VALUES
  (6, 1, '3', 'Subject', 'Leaving', 'Leaving berth 42', 9, '2025-10-10T10:31:00Z'),
  (7, 1, '4', 'email', 'frank@example.com', 'frank.yates@example.org', 9, '2025-11-29T10:06:00Z'),
  (8, 3, '19', 'mobile', '+44 7700 900741', '+44 7700 900742', 9, '2024-03-02T10:00:00Z'),
  (9, 2, '13', 'name', 'F. Yates', 'Frank Yates', 9, '2024-07-03T10:00:00Z');

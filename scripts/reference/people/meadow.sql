-- Meadow: another Ada with harbour's Ada's email, another person with her account number, Cleo in
-- California, and a child.

INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, phone, created_by_id,
  ai_opt_out, sale_opt_out, created_at) VALUES
(15, 2, 'customer', 'MD-0077', 'Ada Whitlock', 'ada@example.com', '+1 212 555 0123', 4, false,
 false, '2025-01-07T20:00:00Z'),
(17, 2, 'customer', 'MD-0100', 'Cleo Marsh', 'cleo@example.com', '+1 415 555 0142', 4, true, true,
 '2024-10-01T18:00:00Z');
INSERT INTO helpdesk.accounts (id, tenant_id, user_id, login, password_hash, reset_token, company,
  address, last_login_ip, created_at, closed_at) VALUES
('b0000000-0000-4000-8000-000000000015', 2, 15, 'ada@example.com', '$2b$12$meadowadameadow',
 NULL, NULL, NULL, '192.0.2.77', '2025-01-07T20:00:00Z', NULL),
('b0000000-0000-4000-8000-000000000017', 2, 17, 'Cleo@example.com', '$2b$12$cleocleocleocleo',
 'rt_cleo_01', 'Marsh Soap Co.', ROW('1 Pier 9', 'San Francisco', '94111', 'US'), '192.0.2.100',
 '2024-10-01T18:01:00Z', '2026-01-31T08:00:00Z');
INSERT INTO helpdesk.billing_records (tenant_id, invoice_no, account_id, billing_name,
  billing_email, plan, stripe_customer, card_last4, amount, tax_rate, currency, issued_on,
  legal_ground) VALUES
(2, 'MD-2024-0100', 'b0000000-0000-4000-8000-000000000017', 'Cleo Marsh', 'cleo@example.com',
 'team', 'cus_cleo', '1881', 49.00, 0.0863, 'USD', '2024-11-01', 'tax'),
(2, 'MD-2025-0100', 'b0000000-0000-4000-8000-000000000017', 'Cleo Marsh', 'cleo@example.com',
 'team', 'cus_cleo', '1881', 49.00, 0.0863, 'USD', '2025-11-01', 'tax');
INSERT INTO helpdesk.billing_lines VALUES
  (2, 'MD-2024-0100', 1, 'Team plan', 1, 49.00), (2, 'MD-2025-0100', 1, 'Team plan', 1, 49.00);

INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, phone, device_id,
  cookie_id, ip, country, custom_fields, ai_opt_out, sale_opt_out, birth_date,
  child_discovered_on, last_inbound_at, created_at) VALUES
-- harbour's Ada's phone too: this is still another tenant's record.
(7, 2, 'MD-0077', 'Ada Whitlock', 'ada@example.com', '+44 7700 900123',
 'a0000000-0000-4000-8000-000000000007', 'ck_ada_1', '192.0.2.77', 'US', '{}', false, false, NULL,
 NULL, '2026-02-25T19:00:00Z', '2025-01-08T20:00:00Z'),
(8, 2, 'HB-1001', 'Harriet Boyd', 'harriet@example.org', NULL,
 'a0000000-0000-4000-8000-000000000008', 'ck_harriet', '192.0.2.78', 'US', '{}', false, false,
 NULL, NULL, '2026-03-10T19:00:00Z', '2025-05-08T20:00:00Z'),
(10, 2, 'MD-0100', 'Cleo Marsh', 'cleo@example.com', '(415) 555-0142',
 'a0000000-0000-4000-8000-000000000010', 'ck_cleo', '192.0.2.100', 'US',
 '{"state": "CA", "shop": {"orders": [{"no": "W-1", "ship_to": "cleo@example.com"}]}}', true, true,
 NULL, NULL, '2026-03-15T18:05:00Z', '2024-10-02T18:00:00Z'),
(15, 2, NULL, 'Robin K.', 'robin.k@example.org', NULL, 'a0000000-0000-4000-8000-000000000015',
 'ck_robin', '192.0.2.115', 'US', '{}', false, false, '2014-05-05', '2026-03-30',
 '2026-03-29T22:00:00Z', '2026-03-29T21:55:00Z');
INSERT INTO helpdesk.visitor_phones VALUES (10, 'work', '+1', '415 555 0142');
INSERT INTO helpdesk.visitor_links VALUES
  (10, 10, 23, '14155550142', '2024-10-02T18:00:00Z');
INSERT INTO helpdesk.devices VALUES
  ('de000000-0000-4000-8000-000000000010', 2, 10, 17, 'iPad14,3', '17.5', '2.3.0', 230, NULL,
   'push_cleo_secret', '2026-03-15T18:00:00Z');
INSERT INTO helpdesk.consents VALUES
  (7, 'analytics', '2025-01-08T20:00:01Z', NULL, NULL),
  (10, 'analytics', '2024-10-02T18:00:01Z', '2026-03-01T12:00:00Z', '{"via": "banner"}'),
  (10, 'marketing', '2024-10-02T18:00:01Z', NULL, '{"via": "form"}');

INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, visitor_link_id, inbox_id,
  assignee_id, created_by_id, parent_id, subject, last_message, status, custom, created_at,
  last_activity_at) VALUES
(11, 2, 7, NULL, 21, 4, NULL, NULL, 'MEADOW-ONLY: late parcel', 'MEADOW-ONLY: it has come.',
 'resolved', '{}', '2026-02-24T19:00:00Z', '2026-02-25T19:00:00Z'),
(12, 2, 8, NULL, 21, NULL, NULL, NULL, 'Soap', 'MEADOW-ONLY: which soap?', 'open', '{}',
 '2026-03-10T19:00:00Z', NULL),
(13, 2, 10, NULL, 21, 4, NULL, NULL, 'Wholesale prices', 'A person will check that answer.',
 'open', '{"ai_review": true}', '2026-03-15T18:00:00Z', '2026-03-15T18:10:00Z'),
(14, 2, NULL, 10, 23, NULL, NULL, NULL, NULL, 'Delivered?', 'resolved', '{}',
 '2025-08-15T18:00:00Z', NULL),
(19, 2, 15, NULL, 21, 4, NULL, NULL, 'School project', 'We must ask a parent first.', 'open', '{}',
 '2026-03-29T21:55:00Z', '2026-03-29T22:10:00Z');
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, reply_to_id, body, payload, created_at) VALUES
(41, 2, 11, 'visitor', 7, NULL, NULL, 'MEADOW-ONLY: I am Ada Whitlock, ada@example.com.', NULL,
 '2026-02-24T19:00:00Z'),
(42, 2, 11, 'bot', 2, NULL, NULL, 'MEADOW-ONLY: which order?', NULL, '2026-02-24T19:00:02Z'),
(43, 2, 11, 'visitor', 7, NULL, NULL, 'MEADOW-ONLY: M-9.', '{"from": "ada@example.com"}',
 '2026-02-24T19:01:00Z'),
(44, 2, 11, 'user', 4, 4, 43, 'MEADOW-ONLY: on its way.', NULL, '2026-02-24T19:20:00Z'),
(45, 2, 11, 'visitor', 7, NULL, NULL, 'MEADOW-ONLY: it has come.', NULL, '2026-02-25T19:00:00Z'),
(46, 2, 12, 'visitor', 8, NULL, NULL, 'I like your soap.', NULL, '2026-03-10T19:00:00Z'),
(47, 2, 12, 'bot', 2, NULL, NULL, 'MEADOW-ONLY: which soap?', NULL, '2026-03-10T19:00:02Z'),
(48, 2, 13, 'visitor', 10, NULL, NULL, 'Prices for 500 bars? Write to cleo@example.com.', NULL,
 '2026-03-15T18:00:00Z'),
(49, 2, 13, 'bot', 2, NULL, NULL, 'About $900.', '{"model": "large-2", "review": "asked"}',
 '2026-03-15T18:00:02Z'),
(50, 2, 13, 'visitor', 10, NULL, NULL, 'I want a person to check that.', NULL,
 '2026-03-15T18:05:00Z'),
(51, 2, 13, 'user', 4, 4, NULL, 'A person will check that answer.', NULL, '2026-03-15T18:10:00Z'),
(54, 2, 14, 'visitor', 10, NULL, NULL, 'Delivered?', '{"wa_id": "14155550142"}',
 '2025-08-15T18:00:00Z'),
(55, 2, 14, 'bot', 2, NULL, NULL, 'Yes, on Tuesday.', NULL, '2025-08-15T18:00:02Z'),
(72, 2, 19, 'visitor', 15, NULL, NULL, 'I am eleven, may I ask about bees?', NULL,
 '2026-03-29T22:00:00Z'),
(73, 2, 19, 'user', 4, 4, NULL, 'We must ask a parent first.', NULL, '2026-03-29T22:10:00Z');
INSERT INTO helpdesk.attachments (id, message_id, name, mime, size_bytes, file_hash) VALUES
  (11, 43, 'receipt.pdf', 'application/pdf', 5, 'f0000011'),
  (12, 48, 'labels.png', 'image/png', 40000, 'f0000012');
INSERT INTO helpdesk.stored_files VALUES
  ('f0000011', 'database', '\x2550444601', NULL, NULL, 5),
  ('f0000012', 'bucket', NULL, 'meadow-files', '2/labels.png', 40000);
INSERT INTO helpdesk.participants VALUES
  (11, 4, '2026-02-24T19:20:00Z'), (13, 4, '2026-03-15T18:10:00Z');
INSERT INTO helpdesk.results VALUES
  (5, 13, 'lead', 82.50, 0.7, '{"intent": "wholesale"}', 'Cleo Marsh may order 500 bars.',
   '2026-03-15T18:15:00Z');
INSERT INTO helpdesk.notes (id, tenant_id, visitor_id, author_id, body, created_at) VALUES
  (5, 2, 7, 4, 'MEADOW-ONLY: Ada W. pays late.', '2026-02-25T20:00:00Z'),
  (6, 2, 10, 4, 'Cleo Marsh opted out of AI answers.', '2026-03-15T18:12:00Z');

INSERT INTO helpdesk.page_views (id, tenant_id, visitor_id, device_id, url, ip, viewed_at) VALUES
  (5, 2, 7, 'a0000000-0000-4000-8000-000000000007', 'https://meadow.example/?who=MEADOW-ONLY',
   '192.0.2.77', '2026-02-24T18:59:00Z'),
  (6, 2, 10, 'a0000000-0000-4000-8000-000000000010', 'https://meadow.example/wholesale',
   '192.0.2.100', '2026-02-15T17:50:00Z'),
  (7, 2, 10, 'a0000000-0000-4000-8000-000000000010', 'https://meadow.example/soap',
   '192.0.2.100', '2024-11-11T17:50:00Z');
INSERT INTO helpdesk.analytics_events VALUES
  (4, 2, 10, 'a0000000-0000-4000-8000-000000000010', 'inference', '{"segment": "wholesale"}', 4,
   0.82, 1771177800000),
  (5, 2, 10, 'a0000000-0000-4000-8000-000000000010', 'widget.open', '{}', 5, 1, 1731347400000),
  (6, 2, 7, 'a0000000-0000-4000-8000-000000000007', 'widget.open', '{"m": "MEADOW-ONLY"}', 6, 1,
   1771959540000);
INSERT INTO helpdesk.sessions (id, tenant_id, visitor_id, user_id, ip, user_agent, auth_token,
  started_at) VALUES
  ('sess_cleo_1', 2, 10, 17, '192.0.2.100', 'Safari', 'tok_cleo', '2026-03-15T17:50:00Z'),
  ('sess_meadow_ada', 2, 7, 15, '192.0.2.77', 'Firefox', 'tok_mw', '2026-02-24T18:58:00Z');
INSERT INTO helpdesk.technical_log VALUES
  (5, 2, 17, NULL, 'login', '192.0.2.100', 'Safari', 'login=cleo@example.com ok',
   '2026-03-15 17:50:01');
INSERT INTO helpdesk.audit_log VALUES
  (6, 2, 'User', 4, 'visitor.opt_out', 'Visitor', '10', '{"ai_opt_out": [false, true]}', NULL,
   '2026-03-15T18:12:00Z'),
  (7, 2, 'User', 17, 'account.close', 'Account', 'b0000000-0000-4000-8000-000000000017', NULL,
   '192.0.2.100', '2026-01-31T08:00:00Z');
INSERT INTO helpdesk.integrations VALUES
  (2, 2, 'woocommerce', '2024-09-01T00:00:00Z', NULL, '{"key": "ck_woo_secret"}', 'shop: soap'),
  (3, 2, 'slack', '2024-09-01T00:00:00Z', '2025-09-01T00:00:00Z', '{"token": "xoxb-secret"}', NULL);
INSERT INTO helpdesk.integration_data VALUES
  (4, 2, 2, 'order', 9007199254740995, '{cleo@example.com}',
   '"{\"billing\": {\"email\": \"cleo@example.com\"}}"', '{"no": "W-1", "total": "49.90"}',
   '2025-12-12T12:00:00Z'),
  (5, 2, 2, 'order', 7, '{ada@example.com}', NULL, '{"m": "MEADOW-ONLY"}', '2026-02-01T12:00:00Z');
INSERT INTO helpdesk.marketing_subscriptions VALUES
  (2, 'newsletter', 'cleo@example.com', 'Cleo', NULL, 'form', 'ms_cleo', '2024-10-02T18:00:01Z',
   NULL),
  (2, 'newsletter', 'ada@example.com', 'Ada W.', NULL, 'form', 'ms_mw', '2025-01-08T20:00:00Z', NULL);
INSERT INTO helpdesk.website_content (id, tenant_id, url, title, body, author_email, fetched_at)
VALUES
  (1, 2, 'https://meadow.example/about', 'About us', 'Max Ferrer makes the soap.',
   'max@meadow.example', '2026-02-20T03:00:00Z'),
  (2, 2, 'https://meadow.example/old', 'Old page', 'Gone from the site.', NULL,
   '2025-11-01T03:00:00Z');

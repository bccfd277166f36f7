-- Harbour without Ada: Brook (who shares a landline with her), the landline that belongs to nobody
-- for certain, Samira (a customer with an agent's email), Nada (whose email ends like Ada's), and
-- a device without a name.

INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, phone, created_by_id,
  created_at, deleted_at) VALUES
(11, 6, 'customer', 'HB-1003', 'Samira Bell', 'sam@harbour.example', '07700 900456', 2,
 '2024-06-03T10:00:00Z', NULL),
(13, 6, 'customer', 'HB-1002', 'Brook Ellery', 'brook@example.net', NULL, 2,
 '2024-04-15T10:00:00Z', NULL),
-- The soft-deleted twin of the row above.
(14, 6, 'customer', 'HB-1002', 'B. Ellery', 'Brook@Example.net', '+44 1632 960001', NULL,
 '2023-11-02T10:00:00Z', '2024-04-15T09:59:00Z');

INSERT INTO helpdesk.accounts (id, tenant_id, user_id, login, password_hash, reset_token, address,
  last_login_ip, created_at) VALUES
('b0000000-0000-4000-8000-000000000013', 6, 13, 'brook@example.net',
 '$2b$12$brookbrookbrookbrookbOq1', 'rt_brook_01', ROW('2 Quay Street', 'Poole', 'BH15 1HJ', 'GB'),
 '198.51.100.7', '2024-04-15T10:01:00Z');
INSERT INTO helpdesk.billing_records (tenant_id, invoice_no, account_id, billing_name,
  billing_email, billing_address, plan, amount, tax_rate, issued_on, paid_at) VALUES
(6, 'HB-2025-0002', 'b0000000-0000-4000-8000-000000000013', 'Brook Ellery', 'brook@example.net',
 '{"street": "2 Quay Street", "city": "Poole"}', 'team', 49.00, 0.20, '2025-05-01',
 '2025-05-03T09:00:00Z');
INSERT INTO helpdesk.billing_lines VALUES
  (6, 'HB-2025-0002', 1, 'Team plan, May 2025', 1, 49.00);

INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, phone, device_id,
  cookie_id, ip, country, user_agent, custom_fields, labels, last_inbound_at, last_seen_at,
  created_at) VALUES
(4, 6, 'HB-1003', 'Samira Bell', 'sam@harbour.example', NULL,
 'a0000000-0000-4000-8000-000000000004', 'ck_samira', '198.51.100.40', 'GB', 'Mozilla/5.0 (X11)',
 '{}', '{}', '2025-10-02T09:03:00Z', '2025-10-02T09:30:00Z', '2025-10-02T09:00:00Z'),
(5, 6, 'HB-1002', 'Brook Ellery', '  Brook@Example.net ', '0044 1632 960001',
 'a0000000-0000-4000-8000-000000000005', 'ck_brook', '198.51.100.7', 'GB', 'Mozilla/5.0 (iPhone)',
 '{"flat": "2B"}', '{tenant}', '2026-02-11T14:20:00Z', '2026-02-11T15:00:00Z',
 '2024-04-16T08:00:00Z'),
-- The landline alone: Ada's or Brook's or anybody's in that house.
(6, 6, NULL, 'Reception', NULL, '01632960001', NULL, NULL, '198.51.100.7', 'GB', NULL, '{}', '{}',
 '2025-09-09T12:01:00Z', '2025-09-09T12:05:00Z', '2025-09-09T12:00:00Z'),
-- A device alone.
(9, 6, NULL, NULL, NULL, NULL, 'd0000000-0000-4000-8000-000000000009', 'ck_device_9',
 '2001:db8:9::9', NULL, 'Mozilla/5.0 (Linux; Android 14)', '{}', '{}', '2026-01-20T20:00:30Z',
 '2026-01-20T20:10:00Z', '2026-01-20T20:00:00Z'),
-- Not Ada, though her address contains Ada's.
(20, 6, NULL, 'Nada Ivanova', 'nada@example.com', '07700 9001234',
 'a0000000-0000-4000-8000-000000000020', 'ck_nada', '198.51.100.88', 'GB', NULL, '{}', '{}',
 '2025-12-01T10:02:00Z', '2025-12-01T10:09:00Z', '2025-12-01T10:00:00Z');
INSERT INTO helpdesk.visitor_phones VALUES (5, 'home', '+44', '1632 960001');
INSERT INTO helpdesk.visitor_links VALUES
  (5, 5, 61, 'web-brook', '2024-04-16T08:00:00Z'), (6, 6, 63, '441632960001', '2025-09-09T12:00:00Z');
INSERT INTO helpdesk.consents VALUES
  (5, 'analytics', '2024-04-16T08:00:00Z', NULL, '{"banner": 3}'),
  (9, 'analytics', '2026-01-20T20:00:05Z', NULL, '{"banner": 5}');

INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, visitor_link_id, inbox_id,
  assignee_id, created_by_id, parent_id, subject, last_message, status, custom, rating,
  first_reply_after, created_at, last_activity_at) VALUES
(5, 6, 5, NULL, 61, 2, NULL, NULL, 'Shared hallway light', 'Thank you both, it is mended.',
 'resolved', '{}', 5, '00:03:00', '2026-02-10T14:00:00Z', '2026-02-11T14:20:00Z'),
(6, 6, 5, NULL, 61, 1, NULL, NULL, 'Parcel for a neighbour',
 'Ada Nwosu (ada@example.com) will collect it from you.', 'resolved', '{}', NULL, '00:10:00',
 '2025-11-20T09:00:00Z', '2025-11-20T09:30:00Z'),
(7, 6, NULL, 6, 63, 1, 1, NULL, 'Call from the landline', 'UNCLAIMED: please ring back.', 'open',
 '{}', NULL, NULL, '2025-09-09T12:00:00Z', '2025-09-09T12:05:00Z'),
(8, 6, 4, NULL, 61, 3, NULL, NULL, 'Viewing on Friday', 'See you on Friday.', 'resolved', '{}', 4,
 '00:01:30', '2025-10-02T09:00:00Z', '2025-10-02T09:30:00Z'),
(9, 6, 20, NULL, 61, 2, NULL, NULL, 'Deposit', 'It takes ten days.', 'resolved', '{}', NULL, NULL,
 '2025-12-01T10:00:00Z', '2025-12-01T10:05:00Z'),
(10, 6, 9, NULL, 61, NULL, NULL, NULL, NULL, 'Opening times?', 'snoozed', '{}', NULL, NULL,
 '2026-01-20T20:00:00Z', '2026-01-20T20:01:00Z');

INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, reply_to_id, body, payload, created_at) VALUES
-- Brook's thread, in which Ada writes twice: as a visitor (25) and from the portal (27).
(23, 6, 5, 'visitor', 5, NULL, NULL, 'The hallway light at 2B is broken. Ada next door has seen it, ask ada@example.com.',
 NULL, '2026-02-10T14:00:00Z'),
(24, 6, 5, 'user', 2, 2, 23, 'Thank you, I have asked her to join.', NULL, '2026-02-10T14:03:00Z'),
(25, 6, 5, 'visitor', 1, NULL, NULL, 'It flickers since Sunday, see the photo.', NULL,
 '2026-02-10T15:10:00Z'),
(26, 6, 5, 'bot', 1, NULL, NULL, 'An electrician is booked for tomorrow.', NULL,
 '2026-02-10T15:10:05Z'),
(27, 6, 5, 'user', 12, 12, 26, 'I can let them in.', NULL, '2026-02-10T16:00:00Z'),
(28, 6, 5, 'visitor', 5, NULL, NULL, 'Thank you both, it is mended.', NULL,
 '2026-02-11T14:20:00Z'),
-- Another thread of Brook's, which only mentions Ada.
(29, 6, 6, 'visitor', 5, NULL, NULL, 'There is a parcel here for @Ada Nwosu.', NULL,
 '2025-11-20T09:00:00Z'),
(30, 6, 6, 'user', 1, 1, 29, 'Ada Nwosu (ada@example.com) will collect it from you.', NULL,
 '2025-11-20T09:10:00Z'),
(31, 6, 6, 'system', NULL, NULL, NULL, 'Conversation closed.', NULL, '2025-11-20T09:30:00Z'),
(32, 6, 7, 'visitor', 6, NULL, NULL, 'UNCLAIMED: please ring back.', NULL, '2025-09-09T12:01:00Z'),
(33, 6, 7, 'user', 1, 1, NULL, 'Rang 01632 960001, no answer. Ada or Brook?', NULL,
 '2025-09-09T12:05:00Z'),
(34, 6, 8, 'visitor', 4, NULL, NULL, 'Can I see the flat on Friday?', NULL, '2025-10-02T09:03:00Z'),
(35, 6, 8, 'user', 3, 3, 34, 'See you on Friday.', NULL, '2025-10-02T09:04:30Z'),
(36, 6, 8, 'user', 11, 11, NULL, 'Sent from the portal: my number is 07700 900456.', NULL,
 '2025-10-02T09:30:00Z'),
(37, 6, 9, 'visitor', 20, NULL, NULL, 'When do I get my deposit back? Write to nada@example.com.',
 NULL, '2025-12-01T10:02:00Z'),
(38, 6, 9, 'user', 2, 2, 37, 'It takes ten days.', NULL, '2025-12-01T10:05:00Z'),
(39, 6, 10, 'visitor', 9, NULL, NULL, 'Opening times?', NULL, '2026-01-20T20:00:30Z'),
(40, 6, 10, 'bot', 3, NULL, NULL, 'Nine to half past five.', NULL, '2026-01-20T20:00:31Z');

INSERT INTO helpdesk.participants VALUES
  (5, 2, '2026-02-10T14:03:00Z'), (6, 1, '2025-11-20T09:10:00Z'), (7, 1, '2025-09-09T12:05:00Z');
INSERT INTO helpdesk.results VALUES
  (3, 5, 'csat', 5, 0.99, '{"q1": 5}', 'Brook was satisfied.', '2026-02-11T14:25:00Z');
INSERT INTO helpdesk.notes (id, tenant_id, visitor_id, author_id, body, created_at) VALUES
  (3, 6, 5, 2, 'Brook prefers calls in the evening.', '2026-02-11T15:00:00Z'),
  (4, 6, 6, 1, 'Landline: unclear who called.', '2025-09-09T12:06:00Z');
INSERT INTO helpdesk.page_views (id, tenant_id, visitor_id, device_id, url, title, ip, viewed_at)
VALUES
(21, 6, 9, 'd0000000-0000-4000-8000-000000000009', 'https://harbour.example/', 'Home',
 '2001:db8:9::9', '2026-01-20T19:58:00Z'),
(22, 6, 9, 'd0000000-0000-4000-8000-000000000009', 'https://harbour.example/contact', 'Contact',
 '2001:db8:9::9', '2026-01-20T19:59:10Z'),
(23, 6, 5, 'a0000000-0000-4000-8000-000000000005', 'https://harbour.example/report', 'Report',
 '198.51.100.7', '2026-02-10T13:58:00Z');
INSERT INTO helpdesk.analytics_events VALUES
  (11, 6, 9, 'd0000000-0000-4000-8000-000000000009', 'widget.open', '{"from": "/contact"}', 1, 0.5,
   1768939200000);
INSERT INTO helpdesk.sessions (id, tenant_id, visitor_id, ip, user_agent, auth_token, started_at)
VALUES
('sess_device_9', 6, 9, '2001:db8:9::9', 'Mozilla/5.0 (Linux; Android 14)', 'tok_9',
 '2026-01-20T19:58:00Z'),
('sess_brook_1', 6, 5, '198.51.100.7', 'Mozilla/5.0 (iPhone)', 'tok_b', '2026-02-10T13:57:00Z');

-- The eight tenants, their settings, and the agents who work for them.

INSERT INTO helpdesk.schema_migrations VALUES
  (20240101090000, '2024-01-01 09:00:05'), (20240612141500, '2024-06-12 14:15:31'),
  (20250203080000, '2025-02-03 08:00:02'), (20260114101500, '2026-01-14 10:15:09');
INSERT INTO helpdesk.countries VALUES
  ('GB', 'United Kingdom', '+44'), ('IE', 'Ireland', '+353'), ('NL', 'Netherlands', '+31'),
  ('DE', 'Germany', '+49'), ('US', 'United States', '+1');
INSERT INTO helpdesk.plans VALUES
  ('free', 'Free', 0), ('team', 'Team', 49.00), ('business', 'Business', 199.90);
INSERT INTO helpdesk.objects VALUES (1, 'Ticket'), (2, 'Visitor'), (3, 'User');

INSERT INTO helpdesk.tenants (id, slug, name, policy, privacy_contact, region, zone, domain,
  site_key, settings, dashboard, created_at, trial_ends_at, converted_at, archived_at,
  contract_starts_on, contract_ends_on, closed_at, content_refreshed_at) VALUES
(1, 'beacon', 'Beacon Bikes', 'operatorone', 'privacy@beacon.example', 'GB', 'Europe/London',
 'beacon.example', 'sk_beacon_91c2', 'theme => dark, "greeting" => "Hello!"', '{}',
 '2024-02-01T08:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(2, 'meadow', 'Meadow Organics', 'omniops', 'privacy@meadow.example', 'US',
 'America/Los_Angeles', 'meadow.example', 'sk_meadow_77af', 'theme => light, badge => NULL',
 '{"retention": {"chat": {"days": 60}}, "analytics": {"requires_consent": true}}',
 '2023-09-04T16:30:00Z', NULL, NULL, NULL, NULL, NULL, NULL, '2026-02-20T03:00:00Z'),
(3, 'orchard', 'Orchard Cars', 'web1on1', 'avg@orchard.example', 'NL', 'Europe/Amsterdam',
 'orchard.example', 'sk_orchard_05d1', '',
 '{"retention": {"conversation": {"months": 24, "requested_on": "2025-01-15",
   "requested_by": "board resolution 2025-3"}}}',
 '2023-07-10T07:00:00Z', '2023-08-09T00:00:00Z', '2023-08-01T10:00:00Z', NULL, NULL, NULL, NULL,
 NULL),
(4, 'orchard-trial', 'Orchard Vans', 'web1on1', 'avg@orchard.example', 'NL', 'Europe/Amsterdam',
 'vans.orchard.example', 'sk_orchardtrial_41', '', '{}', '2025-11-15T09:00:00Z',
 '2025-12-15T00:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL),
(5, 'orchard-old', 'Orchard Classics', 'web1on1', 'avg@orchard.example', 'NL', 'Europe/Amsterdam',
 'classics.orchard.example', 'sk_orchardold_02', '', '{}', '2023-08-20T09:00:00Z',
 '2023-09-19T00:00:00Z', '2023-09-12T12:00:00Z', '2026-02-10T15:45:00Z', NULL, NULL, NULL, NULL),
(6, 'harbour', 'Harbour Lettings', 'visitorchat', 'dpo@harbour.example', 'GB', 'Europe/London',
 'harbour.example', 'sk_harbour_66e0', 'theme => dark', '{}', '2023-08-01T09:00:00Z', NULL, NULL,
 NULL, '2023-08-01', NULL, NULL, NULL),
(7, 'harbour-ended', 'Harbour Moorings', 'visitorchat', 'dpo@moorings.example', 'GB',
 'Europe/London', 'moorings.example', 'sk_harbourended_7', '', '{}', '2023-08-15T09:00:00Z', NULL,
 NULL, NULL, '2023-08-15', '2025-11-30', '2025-11-30T17:00:00Z', NULL),
(8, 'quarry', 'Quarry Games', 'dataops', 'privacy@quarry.example', 'GB', NULL, 'quarry.example',
 'sk_quarry_b3', '', '{}', '2023-09-01T00:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO helpdesk.feature_flags
SELECT id, flag, policy = 'omniops' OR flag = 'chat'
FROM helpdesk.tenants, unnest(ARRAY['chat', 'ai_answers']) AS flag;
INSERT INTO helpdesk.business_hours
SELECT id, weekday, '09:00', CASE WHEN weekday < 6 THEN time '17:30' ELSE time '12:00' END
FROM helpdesk.tenants, generate_series(1, 6) AS weekday;
INSERT INTO helpdesk.inboxes
SELECT id * 10 + n, id, channel, initcap(channel) || ' at ' || domain
FROM helpdesk.tenants, unnest(ARRAY['web', 'email', 'whatsapp']) WITH ORDINALITY AS c (channel, n);
INSERT INTO helpdesk.teams SELECT id, id, 'First line' FROM helpdesk.tenants;
INSERT INTO helpdesk.sla_policies SELECT id, id, 'Standard', '00:15:00' FROM helpdesk.tenants;
INSERT INTO helpdesk.saved_replies
SELECT id, id, 'Greeting', 'Thank you for writing to ' || name || '. How can we help?'
FROM helpdesk.tenants;
INSERT INTO helpdesk.bots (id, tenant_id, name, model) VALUES
  (1, 6, 'Pilot', 'large-2'), (2, 2, 'Sprout', 'large-2'), (3, 6, 'Triage', 'small-1'),
  (4, 3, 'Pip', 'small-1'), (5, 1, 'Lamp', 'large-2'), (6, 7, 'Mate', 'small-1'),
  (7, 8, 'Pebble', 'small-1'), (8, 4, 'Pip', 'small-1'), (9, 5, 'Pip', 'small-1');

-- Agents: 1 to 10. Two of harbour's are managed by the first, who also created everybody.
INSERT INTO helpdesk.users (id, tenant_id, kind, name, email, phone, manager_id, created_by_id,
  skills, preferences, signature, api_key, last_seen_at, created_at) VALUES
(1, 6, 'agent', 'Sam Okafor', 'sam@harbour.example', '+44 1632 960100', NULL, NULL,
 '{lettings,"keys, locks"}', '{"tz": "Europe/London", "sound": false}',
 E'Kind regards,\nSam Okafor\nHarbour Lettings', 'ak_live_sam_5d1e', '2026-03-31T10:02:11Z',
 '2023-08-01T09:05:00Z'),
(2, 6, 'agent', 'Noor Haddad', 'noor@harbour.example', NULL, 1, 1, '{repairs}', '{}', 'Noor', NULL,
 '2026-03-30T16:48:00Z', '2023-09-12T09:00:00Z'),
(3, 6, 'agent', 'Priya Raman', 'Priya.Raman@harbour.example', NULL, 1, 1, '{}', '{}', NULL, NULL,
 '2025-12-19T17:00:00Z', '2024-03-04T09:00:00Z'),
(4, 2, 'agent', 'Max Ferrer', 'max@meadow.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2026-03-30T23:10:00Z', '2023-09-04T17:00:00Z'),
(5, 1, 'agent', 'Lena Brandt', 'lena@beacon.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2026-03-31T08:00:00Z', '2024-02-01T08:30:00Z'),
(6, 3, 'agent', 'Joris de Wit', 'joris@orchard.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2026-03-31T07:00:00Z', '2023-07-10T07:30:00Z'),
(7, 4, 'agent', 'Tess Vos', 'tess@orchard.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2025-12-12T15:00:00Z', '2025-11-15T09:10:00Z'),
(8, 5, 'agent', 'Wim Bakker', 'wim@orchard.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2026-02-09T15:00:00Z', '2023-08-20T09:30:00Z'),
(9, 7, 'agent', 'Nell Stone', 'nell@moorings.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2025-11-30T16:00:00Z', '2023-08-15T09:30:00Z'),
(10, 8, 'agent', 'Kit Larsen', 'kit@quarry.example', NULL, NULL, NULL, '{}', '{}', NULL, NULL,
 '2026-03-31T09:00:00Z', '2023-09-01T09:00:00Z');
INSERT INTO helpdesk.users (id, tenant_id, kind, name, email, created_at) VALUES
  (20, 6, 'bot', 'Automation', 'automation@harbour.example', '2023-08-01T09:06:00Z');
-- One a tenant (90 + its id): whom references point to once the person has gone.
INSERT INTO helpdesk.users (id, tenant_id, kind, name, created_at)
SELECT 90 + id, id, 'bot', 'Deleted user', created_at FROM helpdesk.tenants;
UPDATE helpdesk.tenants SET owner_user_id = u.id
FROM helpdesk.users u WHERE u.tenant_id = tenants.id AND u.id <= 10 AND u.manager_id IS NULL;
INSERT INTO helpdesk.team_members
SELECT tenant_id, id FROM helpdesk.users WHERE kind = 'agent';
INSERT INTO helpdesk.organizations (id, tenant_id, name, domain, primary_contact_id, created_at)
VALUES (1, 6, 'Harbour Lettings front office', 'harbour.example', 1, '2023-08-01T09:00:00Z'),
       (2, 1, 'Carver & Daughters', 'carver.example', NULL, '2024-05-01T09:00:00Z');
UPDATE helpdesk.users SET organization_id = 1 WHERE tenant_id = 6 AND kind = 'agent';

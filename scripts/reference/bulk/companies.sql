-- Organisations, agents, customers with their accounts and invoices.

INSERT INTO helpdesk.organizations (id, tenant_id, name, domain, primary_contact_id, created_at)
SELECT 1000 + n, pg_temp.tenant(n), pg_temp.person(n + 50) || ' & Co.', 'company' || n || '.example',
       NULL, timestamptz '2023-10-01T00:00:00Z' + make_interval(hours => n)
FROM generate_series(0, 20 * :scale - 1) AS n;

INSERT INTO helpdesk.users (id, tenant_id, kind, account_ref, name, email, phone, mobile,
  organization_id, manager_id, created_by_id, skills, preferences, marketing_opt_out, last_seen_at,
  created_at, deleted_at)
SELECT 1000 + n, pg_temp.tenant(n), 'agent'::helpdesk.user_kind, NULL::text, pg_temp.person(n + 1000000),
       'agent' || n || '@support.example', NULL::text, NULL::text, NULL::bigint,
       CASE WHEN n >= 20 THEN 1000 + n % 20 END, CASE WHEN n >= 20 THEN 1000 + n % 20 END,
       CASE n % 3 WHEN 0 THEN '{billing}' WHEN 1 THEN '{repairs,returns}' ELSE '{}' END::text[],
       jsonb_build_object('sound', n % 2 = 0), false, timestamptz '2026-03-30T12:00:00Z',
       timestamptz '2023-10-01T00:00:00Z', NULL::timestamptz
FROM generate_series(0::bigint, :agents - 1) AS n
UNION ALL
SELECT 1000 + :agents + n, pg_temp.tenant(n), 'customer',
       'AC-' || pg_temp.tenant(n) || '-' || n, pg_temp.person(n), pg_temp.email(n),
       CASE WHEN n % 3 = 0 THEN pg_temp.phone(n) END, CASE WHEN n % 7 = 0 THEN pg_temp.phone(n) END,
       1000 + n % (20 * :scale), NULL, 1000 + n % :agents, '{}',
       jsonb_build_object('digest', 'weekly'), n % 5 = 0,
       pg_temp.moment(n, :customers) + interval '3 hours', pg_temp.moment(n, :customers),
       CASE WHEN n % 41 = 40 THEN pg_temp.moment(n, :customers) + interval '2 hours' END
FROM generate_series(0::bigint, :customers - 1) AS n;
UPDATE helpdesk.organizations SET primary_contact_id = id + :agents WHERE id >= 1000;
INSERT INTO helpdesk.team_members
SELECT tenant_id, id FROM helpdesk.users WHERE kind = 'agent' AND id >= 1000;

INSERT INTO helpdesk.accounts (id, tenant_id, user_id, login, password_hash, reset_token, company,
  address, birth_date, last_login_ip, created_at, closed_at)
SELECT pg_temp.id('account', n), pg_temp.tenant(n), 1000 + :agents + n, pg_temp.email(n),
       '$2b$12$' || md5('password' || n), CASE WHEN n % 9 = 0 THEN md5('reset' || n) END,
       CASE WHEN n % 4 = 0 THEN 'Company ' || n END,
       ROW((n % 200) || ' High Street', 'Town ' || n % 50, 'X' || n % 90, 'GB')::helpdesk.postal_address,
       date '1950-01-01' + (pg_temp.h(n, 10) % 20000)::integer, pg_temp.address(n),
       pg_temp.moment(n, :customers),
       CASE WHEN n % 6 = 5 THEN pg_temp.moment(n, :customers) + interval '1 hour' END
FROM generate_series(0::bigint, 100 * :scale - 1) AS n;

INSERT INTO helpdesk.billing_records (tenant_id, invoice_no, account_id, billing_name,
  billing_email, billing_address, plan, stripe_customer, card_last4, amount, tax_rate, issued_on,
  paid_at, legal_ground)
SELECT pg_temp.tenant(n), 'INV-' || lpad(n::text, 7, '0'), pg_temp.id('account', a),
       pg_temp.person(a), pg_temp.email(a), json_build_object('city', 'Town ' || a % 50),
       CASE n % 2 WHEN 0 THEN 'team' ELSE 'business' END, 'cus_' || a,
       lpad((a % 10000)::text, 4, '0'), CASE n % 2 WHEN 0 THEN 49.00 ELSE 199.90 END, 0.20,
       (pg_temp.moment(n, 120 * :scale))::date, pg_temp.moment(n, 120 * :scale) + interval '1 day',
       CASE WHEN n % 3 = 0 THEN 'tax' END
FROM generate_series(0::bigint, 120 * :scale - 1) AS n, LATERAL (SELECT n % (100 * :scale)) AS r (a);
INSERT INTO helpdesk.billing_lines
SELECT pg_temp.tenant(n), 'INV-' || lpad(n::text, 7, '0'), 1, 'Plan', 1,
       CASE n % 2 WHEN 0 THEN 49.00 ELSE 199.90 END
FROM generate_series(0::bigint, 120 * :scale - 1) AS n;

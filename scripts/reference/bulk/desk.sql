-- Forms, tickets, notes, tags, integrations, marketing. Visitor v's and customer k's rows are in
-- the slot of v and k.

INSERT INTO helpdesk.contact_forms (id, tenant_id, visitor_id, reference, form_name, name, email,
  phone_country, phone_number, company, message, extra, consented, submitted_at)
SELECT pg_temp.id('form', v), pg_temp.tenant(v), 1000 + v, upper(left(md5('ref' || v), 1)) ||
       lpad((v % 10000000)::text, 7, '0'), 'Contact', pg_temp.person(v), pg_temp.email(v),
       CASE WHEN v % 5 = 0 THEN '+999' END, CASE WHEN v % 5 = 0 THEN lpad(v::text, 9, '0') END,
       NULL, pg_temp.sentence(v), '{}', true,
       CASE WHEN v % 97 <> 0 THEN pg_temp.moment(v, :visitors) END
FROM generate_series(2::bigint, :visitors - 1, 3) AS v;

INSERT INTO helpdesk.enquiries
SELECT pg_temp.id('enquiry', n), pg_temp.tenant(n), pg_temp.email(n), 'hello@operator.example',
       pg_temp.person(n), NULL, 'A question', pg_temp.sentence(n), pg_temp.moment(n, 60 * :scale),
       CASE WHEN n % 4 = 0 THEN (pg_temp.moment(n, 60 * :scale) + interval '20 days')::date END
FROM generate_series(0::bigint, 60 * :scale - 1) AS n;

INSERT INTO helpdesk."Ticket"
SELECT 1000 + t, pg_temp.tenant(t), 'AC-' || pg_temp.tenant(t) || '-' || t % :customers,
       1000 + t % :agents, left(pg_temp.sentence(t), 40),
       jsonb_build_object('Reporter', pg_temp.person(t % :customers)), 1 + t % 3,
       pg_temp.moment(t, 160 * :scale),
       CASE WHEN t % 3 <> 0 THEN pg_temp.moment(t, 160 * :scale) + interval '4 hours' END
FROM generate_series(0::bigint, 160 * :scale - 1) AS t;
INSERT INTO helpdesk."TicketArticle"
SELECT 1000 + t * 2 + part, 1000 + t, CASE part WHEN 0 THEN 'Customer' ELSE 'Agent' END,
       CASE part WHEN 0 THEN pg_temp.email(t % :customers) ELSE 'help@support.example' END,
       CASE part WHEN 1 THEN pg_temp.email(t % :customers) ELSE 'help@support.example' END,
       CASE part WHEN 0 THEN pg_temp.sentence(t)
         ELSE pg_temp.sentence(t + 1) || E'\n> ' || pg_temp.sentence(t) END,
       pg_temp.moment(t, 160 * :scale) + make_interval(hours => part)
FROM generate_series(0::bigint, 160 * :scale - 1) AS t, generate_series(0, 1) AS part;
INSERT INTO helpdesk.histories (id, object_id, o_id, attribute, value_from, value_to,
  created_by_id, created_at)
SELECT 1000 + n, o, (1000 + n + CASE o WHEN 3 THEN :agents ELSE 0 END)::text,
       CASE o WHEN 1 THEN 'Subject' ELSE 'email' END,
       CASE o WHEN 1 THEN 'Old subject' ELSE 'old.' || pg_temp.email(n) END,
       CASE o WHEN 1 THEN left(pg_temp.sentence(n), 40) ELSE pg_temp.email(n) END,
       1000 + n % :agents, pg_temp.moment(n, 160 * :scale) + interval '1 hour'
FROM generate_series(0::bigint, 120 * :scale - 1) AS n, LATERAL (SELECT 1 + n % 3) AS r (o);

INSERT INTO helpdesk.notes (id, tenant_id, visitor_id, author_id, body, created_at)
SELECT 1000 + v, pg_temp.tenant(v), 1000 + v, 1000 + v % :agents,
       'Spoke to ' || pg_temp.person(v) || ' (' || pg_temp.email(v) || ').',
       pg_temp.moment(v, :visitors) + interval '2 hours'
FROM generate_series(6::bigint, :visitors - 1, 11) AS v;
INSERT INTO helpdesk.taggings
SELECT 1 + v % 3, CASE v % 2 WHEN 0 THEN 'Visitor' ELSE 'Conversation' END, (1000 + v)::text
FROM generate_series(9::bigint, :visitors - 1, 7) AS v;

INSERT INTO helpdesk.integrations
SELECT 10 + id, id, 'whatsapp', timestamptz '2024-01-01T00:00:00Z', NULL,
       jsonb_build_object('token', md5('integration' || id)), NULL
FROM helpdesk.tenants;
INSERT INTO helpdesk.integration_data
SELECT 1000 + n, 10 + pg_temp.tenant(n), pg_temp.tenant(n), 'contact', 9007199254740993 + n,
       ARRAY[pg_temp.email(n)], to_json(json_build_object('email', pg_temp.email(n))::text),
       jsonb_build_object('name', pg_temp.person(n)), pg_temp.moment(n, 200 * :scale)
FROM generate_series(0::bigint, 200 * :scale - 1) AS n;

INSERT INTO helpdesk.marketing_subscriptions
SELECT pg_temp.tenant(n), 'newsletter', pg_temp.email(n), pg_temp.person(n), NULL, 'form',
       md5('unsubscribe' || n), pg_temp.moment(n, 200 * :scale),
       CASE WHEN n % 6 = 0 THEN pg_temp.moment(n, 200 * :scale) + interval '5 hours' END
FROM generate_series(0::bigint, 200 * :scale - 1) AS n;
INSERT INTO helpdesk.purchases
SELECT 1000 + n, pg_temp.tenant(n), 'AC-' || pg_temp.tenant(n) || '-' || n % :customers, 'Item ' || n % 90,
       1 + n % 4, (n % 9000) / 100.0,
       ROW((n % 200) || ' High Street', 'Town ' || n % 50, 'X' || n % 90, 'GB')::helpdesk.postal_address,
       pg_temp.moment(n, 100 * :scale),
       CASE WHEN n % 4 = 0 THEN (pg_temp.moment(n, 100 * :scale) + interval '30 days')::date END
FROM generate_series(0::bigint, 100 * :scale - 1) AS n;
INSERT INTO helpdesk.survey_responses
SELECT pg_temp.id('survey', n), pg_temp.tenant(n), pg_temp.email(n), 'Yearly',
       ARRAY[jsonb_build_object('q', 'Happy?', 'a', n % 5)], NULL, '12:00:00+00',
       (pg_temp.moment(n, 100 * :scale))::date, NULL
FROM generate_series(0::bigint, 100 * :scale - 1) AS n;
INSERT INTO helpdesk.website_content
SELECT 1000 + n, pg_temp.tenant(n), 'https://site' || pg_temp.tenant(n) || '.example/page' || n,
       'Page ' || n, pg_temp.sentence(n) || ' ' || pg_temp.sentence(n + 1), NULL,
       pg_temp.moment(n, 80 * :scale)
FROM generate_series(0::bigint, 80 * :scale - 1) AS n;

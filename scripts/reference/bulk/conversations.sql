-- Visitors, conversations, messages and what hangs on them.

-- Before the visitors, whose last inbound message they decide. One in ten is known by the channel's
-- link alone (see visitor_links below: link 1000 + v belongs to visitor 1000 + v).
INSERT INTO helpdesk.conversations (id, tenant_id, visitor_id, visitor_link_id, inbox_id,
  assignee_id, created_by_id, parent_id, subject, last_message, status, custom, rating,
  first_reply_after, created_at, last_activity_at)
SELECT 1000 + c, pg_temp.tenant(c), CASE WHEN NOT linked THEN 1000 + v END,
       CASE WHEN linked THEN 1000 + v END,
       pg_temp.tenant(c) * 10 + CASE WHEN linked THEN 3 ELSE 1 + pg_temp.h(c, 11) % 2 END,
       1000 + a, CASE WHEN pg_temp.h(c, 12) % 15 = 0 THEN 1000 + a END,
       CASE WHEN c > 20 AND pg_temp.h(c, 13) % 30 = 0 THEN 1000 + c - 20 END,
       left(pg_temp.sentence(c), 40), left(pg_temp.body(last, v), 80),
       (ARRAY['open','pending','resolved','resolved','resolved','snoozed'])
         [1 + pg_temp.h(c, 14) % 6]::helpdesk.conversation_status,
       '{}', CASE WHEN pg_temp.h(c, 15) % 3 = 0 THEN 1 + pg_temp.h(c, 16) % 5 END,
       make_interval(secs => pg_temp.h(c, 17) % 900), at,
       CASE WHEN c % 8 <> 0 THEN at + make_interval(mins => (last - first)::integer * 3) END
FROM generate_series(1::bigint, :conversations) AS c,
     LATERAL (SELECT pg_temp.visitor_of(c, :visitors), pg_temp.moment(c, :conversations),
                     pg_temp.h(c, 18) % 10 = 0, pg_temp.first_message(c),
                     pg_temp.first_message(c + 1) - 1,
                     c % 20 + 20 * (pg_temp.h(c, 19) % (:agents / 20))
              OFFSET 0) AS r (v, at, linked, first, last, a);

-- The first visitors are the customers; the next few their second rows, with another email; half
-- of the rest gave an email, some a phone, many neither.
INSERT INTO helpdesk.visitors (id, tenant_id, account_ref, name, email, phone, device_id,
  cookie_id, ip, country, location, user_agent, custom_fields, labels, marketing_opt_out,
  last_inbound_at, last_seen_at, created_at)
SELECT 1000 + v, pg_temp.tenant(v),
       CASE WHEN k < :customers THEN 'AC-' || pg_temp.tenant(v) || '-' || k END,
       CASE WHEN v < :visitors / 2 THEN pg_temp.person(k) END,
       CASE WHEN v < :customers AND v % 11 = 0 THEN ' ' || initcap(pg_temp.email(v))
            WHEN v < :customers THEN pg_temp.email(v)
            WHEN k < :customers THEN 'second.' || pg_temp.email(v)
            WHEN v % 2 = 0 THEN pg_temp.email(v) END,
       CASE WHEN pg_temp.h(v, 20) % 3 = 0 THEN pg_temp.phone(v) END,
       pg_temp.id('device', v), 'ck_' || v, pg_temp.address(v),
       (ARRAY['GB','NL','US','DE','IE'])[1 + pg_temp.h(v, 21) % 5],
       CASE WHEN v % 4 = 0 THEN point(pg_temp.h(v, 22) % 90, pg_temp.h(v, 23) % 180) END,
       'Mozilla/5.0 (' || (ARRAY['X11','iPhone','Android','Windows'])[1 + v % 4] || ')',
       CASE WHEN v % 6 = 0 THEN jsonb_build_object('order id', 'A-' || v)
            WHEN v % 50 = 1 THEN jsonb_build_object('E-mail 2', 'alias.' || pg_temp.email(v))
            ELSE '{}' END,
       CASE WHEN v % 9 = 0 THEN '{lead}' ELSE '{}' END::text[], v % 25 = 0,
       c.last_at, coalesce(c.last_at, m.first_at), least(c.first_at, m.first_at)
FROM generate_series(0::bigint, :visitors - 1) AS v
CROSS JOIN LATERAL (SELECT CASE WHEN v < :customers * 3 / 2 THEN v % :customers ELSE v END,
                           pg_temp.moment(v, :visitors)) AS m (k, first_at)
LEFT JOIN (SELECT coalesce(visitor_id, visitor_link_id) - 1000, min(created_at), max(created_at)
             FROM helpdesk.conversations WHERE id > 1000 GROUP BY 1) AS c (visitor, first_at, last_at)
  ON c.visitor = v
ORDER BY v;
INSERT INTO helpdesk.visitor_phones
SELECT 1000 + v, 'mobile', '+999', '8' || lpad(v::text, 8, '0')
FROM generate_series(3::bigint, :visitors - 1, 9) AS v;
INSERT INTO helpdesk.visitor_links
SELECT id, id, tenant_id * 10 + 3, 'wa-' || id, created_at
FROM helpdesk.visitors
WHERE id IN (SELECT visitor_link_id FROM helpdesk.conversations) AND id >= 1000 ORDER BY id;
INSERT INTO helpdesk.devices
SELECT pg_temp.id('phone', v), pg_temp.tenant(v), 1000 + v, NULL, 'iPhone15,2', '17.' || v % 6,
       '4.' || v % 20 || '.0', 9007199254740993 + v, NULL, md5('push' || v),
       pg_temp.moment(v, :visitors)
FROM generate_series(5::bigint, :visitors - 1, 19) AS v;
INSERT INTO helpdesk.consents
SELECT 1000 + v, 'analytics', pg_temp.moment(v, :visitors),
       CASE WHEN v % 3 = 0 THEN pg_temp.moment(v, :visitors) + interval '6 hours' END, NULL
FROM generate_series(2::bigint, :visitors - 1, 7) AS v;

-- Visitor and agent take turns; every third answer is the bot's.
INSERT INTO helpdesk.messages (id, tenant_id, conversation_id, sender_type, sender_id,
  author_user_id, reply_to_id, body, processed_body, payload, created_at)
SELECT 1000 + n, pg_temp.tenant(c), 1000 + c,
       CASE who WHEN 0 THEN 'visitor' WHEN 1 THEN 'bot' ELSE 'user' END::helpdesk.sender_kind,
       CASE who WHEN 0 THEN 1000 + v WHEN 1 THEN (ARRAY[5,2,4,8,9,1,6,7])[pg_temp.tenant(c)]
         ELSE 1000 + a END,
       CASE who WHEN 2 THEN 1000 + a END,
       CASE WHEN place > 0 AND pg_temp.h(n, 24) % 6 = 0 THEN 1000 + n - 1 END,
       body, CASE WHEN pg_temp.h(n, 25) % 5 = 0 THEN '<p>' || body || '</p>' END,
       CASE WHEN pg_temp.h(n, 26) % 8 = 0
            THEN format('{"from": {"address": "%s"}, "no": %s}', pg_temp.email(v), n)::json END,
       at + make_interval(mins => place * 3)
FROM (
  SELECT n, c, v, place, at, c % 20 + 20 * (pg_temp.h(c, 19) % (:agents / 20)) AS a,
         CASE WHEN place % 2 = 0 THEN 0 WHEN pg_temp.h(n, 27) % 3 = 0 THEN 1 ELSE 2 END AS who,
         pg_temp.body(n, v) AS body
  FROM generate_series(0::bigint, :messages - 1) AS n,
       LATERAL (SELECT pg_temp.conversation_of(n)) AS r (c),
       LATERAL (SELECT pg_temp.visitor_of(c, :visitors), pg_temp.moment(c, :conversations),
                       (n - pg_temp.first_message(c))::integer) AS s (v, at, place)
  OFFSET 0  -- each expression once, not wherever its result is used
) AS m;

INSERT INTO helpdesk.mentions
SELECT 1000 + n, CASE n % 2 WHEN 0 THEN 'Visitor' ELSE 'User' END,
       CASE n % 2 WHEN 0 THEN 1000 + v
         ELSE 1000 + c % 20 + 20 * (pg_temp.h(c, 19) % (:agents / 20)) END, NULL
FROM generate_series(0::bigint, :messages - 1, 39) AS n,
     LATERAL (SELECT pg_temp.conversation_of(n)) AS r (c),
     LATERAL (SELECT pg_temp.visitor_of(c, :visitors)) AS s (v);
INSERT INTO helpdesk.message_reactions
SELECT 1000 + n, 1000 + c % 20 + 20 * (pg_temp.h(n, 39) % (:agents / 20)), '👍',
       pg_temp.moment(c, :conversations) + interval '1 hour'
FROM generate_series(3::bigint, :messages - 1, 41) AS n,
     LATERAL (SELECT pg_temp.conversation_of(n)) AS r (c);
INSERT INTO helpdesk.message_embeddings
SELECT 1000 + n, 'embed-1',
       ARRAY[pg_temp.h(n, 28) % 64 / 64.0, pg_temp.h(n, 29) % 64 / 64.0, pg_temp.h(n, 30) % 64 / 64.0]::real[]
FROM generate_series(0::bigint, :messages - 1, 49) AS n;
INSERT INTO helpdesk.mail_envelopes
SELECT 1000 + n, '<m' || n || '@mail.example>', pg_temp.email(v), '{help@support.example}', NULL, '',
       convert_to('From: ' || pg_temp.email(v) || E'\r\n\r\n' || pg_temp.body(n, v), 'UTF8')
FROM generate_series(0::bigint, :messages - 1, 31) AS n,
     LATERAL (SELECT pg_temp.visitor_of(pg_temp.conversation_of(n), :visitors)) AS r (v);
INSERT INTO helpdesk.mail_bounces
SELECT 1000 + n, '<m' || n || '@mail.example>',
       pg_temp.email(pg_temp.visitor_of(pg_temp.conversation_of(n), :visitors)), '550 5.1.1',
       (pg_temp.moment(pg_temp.conversation_of(n), :conversations) + interval '1 minute')
         AT TIME ZONE 'UTC'
FROM generate_series(0::bigint, :messages - 1, 31 * 27) AS n;

-- Three attachments in four share their file with others, of other tenants too.
INSERT INTO helpdesk.attachments
SELECT 1000 + k, CASE WHEN k % 100 = 99 THEN 100000000000 + k ELSE 1000 + k * 19 END,
       'photo ' || k || '.jpg', 'image/jpeg', 1000 + k % 9000, md5('file' || k % (250 * :scale)),
       CASE WHEN k % 4 = 0 THEN decode(repeat(md5('preview' || k), 8), 'hex') END
FROM generate_series(0::bigint, 400 * :scale - 1) AS k;
INSERT INTO helpdesk.stored_files
SELECT md5('file' || f), CASE f % 4 WHEN 0 THEN 'database' ELSE 'bucket' END,
       CASE f % 4 WHEN 0 THEN decode(repeat(md5('content' || f), 40), 'hex') END,
       CASE WHEN f % 4 <> 0 THEN 'shared-files' END,
       CASE WHEN f % 4 <> 0 THEN '2025/' || md5('file' || f) || '.jpg' END, 640
FROM generate_series(0::bigint, 250 * :scale - 1) AS f;

INSERT INTO helpdesk.participants
SELECT 1000 + c, 1000 + c % 20 + 20 * (pg_temp.h(c, 19) % (:agents / 20)),
       pg_temp.moment(c, :conversations)
FROM generate_series(5::bigint, :conversations, 7) AS c;
INSERT INTO helpdesk.sla_events
SELECT 1000 + c, 1000 + c, pg_temp.tenant(c), pg_temp.moment(c, :conversations) + interval '1 hour'
FROM generate_series(7::bigint, :conversations, 31) AS c;
INSERT INTO helpdesk.results
SELECT 1000 + c, 1000 + c, CASE c % 2 WHEN 0 THEN 'csat' ELSE 'lead' END, 1 + c % 5, 0.5,
       json_build_object('q1', c % 5), 'Asked: ' || left(pg_temp.sentence(c), 30),
       pg_temp.moment(c, :conversations) + interval '2 hours'
FROM generate_series(3::bigint, :conversations, 3) AS c;
INSERT INTO helpdesk.reports
SELECT 1000 + n, pg_temp.tenant(n), 'Week ' || n, 1000 + n % 20,
       ARRAY[1000 + c, 1000 + c + 20],
       ARRAY[jsonb_build_object('visitor', pg_temp.person(pg_temp.visitor_of(c, :visitors)),
                                'waited_s', c % 900)], NULL,
       pg_temp.moment(c, :conversations) + interval '2 days'
FROM generate_series(0::bigint, 20 * :scale - 1) AS n, LATERAL (SELECT n % 20 + 20 + 20 * (n / 20)) AS r (c);
INSERT INTO helpdesk.notifications
SELECT 1000 + c, 1000 + c % 20 + 20 * (pg_temp.h(c, 19) % (:agents / 20)),
       'New: ' || left(pg_temp.body(pg_temp.first_message(c), pg_temp.visitor_of(c, :visitors)), 60),
       'Conversation', 1000 + c, NULL, pg_temp.moment(c, :conversations)
FROM generate_series(4::bigint, :conversations, 9) AS c;

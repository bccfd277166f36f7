-- Page views, events, sessions and logs. Only meadow has measured views since the beginning; the
-- others for 300 days at most, so the partitions before February 2025 hold meadow's alone.

INSERT INTO helpdesk.page_views
SELECT 1000 + n, pg_temp.tenant(n), CASE WHEN pg_temp.h(n, 31) % 3 <> 0 THEN 1000 + v END,
       pg_temp.id('device', v), 'https://site' || pg_temp.tenant(n) || '.example/page' || n % 80,
       'Page ' || n % 80, NULL, pg_temp.address(v), NULL, make_interval(secs => pg_temp.h(n, 32) % 600),
       pg_temp.moment(n, 3000 * :scale, CASE pg_temp.tenant(n) WHEN 2 THEN 900 ELSE 300 END)
FROM generate_series(0::bigint, 3000 * :scale - 1) AS n,
     LATERAL (SELECT n % 20 + 20 * (pg_temp.h(n, 33) % (60 * :scale))) AS r (v);
INSERT INTO helpdesk.analytics_events
SELECT 1000 + n, pg_temp.tenant(n), CASE WHEN pg_temp.h(n, 34) % 3 <> 0 THEN 1000 + v END,
       pg_temp.id('device', v), (ARRAY['widget.open','widget.close','page'])[1 + n % 3],
       jsonb_build_object('page', '/page' || n % 80), n, n / 10.0,
       (extract(epoch FROM pg_temp.moment(n, 1500 * :scale)) * 1000)::bigint
FROM generate_series(0::bigint, 1500 * :scale - 1) AS n,
     LATERAL (SELECT n % 20 + 20 * (pg_temp.h(n, 35) % (60 * :scale))) AS r (v);
INSERT INTO helpdesk.sessions
SELECT 'sess_' || md5('session' || n), pg_temp.tenant(n), 1000 + v,
       CASE WHEN v < :customers THEN 1000 + :agents + v END, pg_temp.address(v), NULL,
       'Mozilla/5.0', NULL, md5('auth' || n), pg_temp.moment(n, 700 * :scale),
       pg_temp.moment(n, 700 * :scale) + interval '20 minutes'
FROM generate_series(0::bigint, 700 * :scale - 1) AS n,
     LATERAL (SELECT n % 20 + 20 * (pg_temp.h(n, 36) % (60 * :scale))) AS r (v);
INSERT INTO helpdesk.technical_log
SELECT 1000 + n, pg_temp.tenant(n), 1000 + :agents + k, NULL,
       (ARRAY['login','logout','password.failed'])[1 + n % 3], pg_temp.address(k), 'Mozilla/5.0',
       NULL, pg_temp.moment(n, 500 * :scale) AT TIME ZONE 'UTC'
FROM generate_series(0::bigint, 500 * :scale - 1) AS n,
     LATERAL (SELECT n % 20 + 20 * (pg_temp.h(n, 37) % (6 * :scale))) AS r (k);
INSERT INTO helpdesk.audit_log
SELECT 1000 + n, pg_temp.tenant(n), 'User', 1000 + n % :agents,
       CASE n % 2 WHEN 0 THEN 'visitor.update' ELSE 'conversation.assign' END,
       CASE n % 2 WHEN 0 THEN 'Visitor' ELSE 'Conversation' END,
       (1000 + CASE n % 2 WHEN 0 THEN v ELSE n + 20 END)::text,
       CASE n % 2 WHEN 1 THEN jsonb_build_object('visitor_id', (1000 + pg_temp.visitor_of(n + 20, :visitors))::text)
         ELSE jsonb_build_object('name', jsonb_build_array(NULL, pg_temp.person(v))) END,
       pg_temp.address(n), pg_temp.moment(n, 500 * :scale)
FROM generate_series(0::bigint, 500 * :scale - 1) AS n,
     LATERAL (SELECT n % 20 + 20 * (pg_temp.h(n, 38) % (60 * :scale))) AS r (v);

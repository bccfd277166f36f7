-- What visitors and users leave behind without writing: views, events, sessions, logs.

-- Trap: partitioned by month, on its own clock; months begin at midnight UTC.
CREATE TABLE helpdesk.page_views (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  visitor_id bigint,  -- Trap: NULL where somebody browsed without chatting, device_id or not
  device_id uuid,
  url text NOT NULL,
  title text,
  referrer text,
  ip inet,
  scroll smallint[],
  stayed interval,
  viewed_at timestamptz NOT NULL,
  PRIMARY KEY (viewed_at, id)
) PARTITION BY RANGE (viewed_at);

DO $$
DECLARE
  month timestamp := '2023-10-01';
BEGIN
  WHILE month <= '2026-05-01' LOOP
    EXECUTE format('CREATE TABLE helpdesk.%I PARTITION OF helpdesk.page_views
                      FOR VALUES FROM (%L) TO (%L)',
                   'page_views_' || to_char(month, 'YYYY_MM'),
                   month || '+00', (month + interval '1 month') || '+00');
    month := month + interval '1 month';
  END LOOP;
END $$;
CREATE TABLE helpdesk.page_views_default PARTITION OF helpdesk.page_views DEFAULT;

CREATE TABLE helpdesk.analytics_events (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  visitor_id bigint,
  device_id uuid,
  name text NOT NULL,
  properties jsonb,
  sequence_no bigint,  -- Trap: beyond 2^53
  value double precision,  -- Trap: Infinity, NaN
  at_ms bigint NOT NULL  -- Trap: the clock is a number, milliseconds since 1970
);

-- Trap: a text key.
CREATE TABLE helpdesk.sessions (
  id text NOT NULL,
  tenant_id bigint NOT NULL,
  visitor_id bigint,
  user_id bigint,
  ip inet,
  network cidr,
  user_agent text,
  client jsonb,
  auth_token text,  -- secret
  started_at timestamptz,
  ended_at timestamptz
);

CREATE TABLE helpdesk.technical_log (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  user_id bigint,
  visitor_id bigint,
  event text NOT NULL,
  ip inet,
  user_agent text,
  detail text,
  logged_at timestamp NOT NULL  -- Trap: without a zone (it is UTC); one row lies in the future
);

-- Trap: whom an entry is about stands in the typed reference (key as text), in the JSON, or both.
CREATE TABLE helpdesk.audit_log (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  actor_type text NOT NULL,
  actor_id bigint,
  action text NOT NULL,
  auditable_type text NOT NULL,
  auditable_id text NOT NULL,
  changes jsonb,
  ip inet,
  created_at timestamptz NOT NULL
);

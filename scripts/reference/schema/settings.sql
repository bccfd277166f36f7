-- Tables that hold nothing personal. A data map has to say so of each of them, with a reason.

CREATE TABLE helpdesk.schema_migrations (
  version bigint PRIMARY KEY,
  applied_at timestamp NOT NULL
);

CREATE TABLE helpdesk.countries (
  code helpdesk.country_code PRIMARY KEY,
  name text NOT NULL,
  dialling_code text NOT NULL
);

CREATE TABLE helpdesk.plans (
  code text PRIMARY KEY,
  name text NOT NULL,
  monthly_price numeric(8,2) NOT NULL
);

-- Names for the polymorphic references of helpdesk.histories.
CREATE TABLE helpdesk.objects (
  id integer PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE helpdesk.feature_flags (
  tenant_id bigint NOT NULL,
  flag text NOT NULL,
  enabled boolean NOT NULL,
  PRIMARY KEY (tenant_id, flag)
);

CREATE TABLE helpdesk.business_hours (
  tenant_id bigint NOT NULL,
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens time NOT NULL,
  closes time NOT NULL,
  PRIMARY KEY (tenant_id, weekday)
);

CREATE TABLE helpdesk.inboxes (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  channel text NOT NULL,
  name text NOT NULL
);

CREATE TABLE helpdesk.teams (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  name text NOT NULL
);

CREATE TABLE helpdesk.sla_policies (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  name text NOT NULL,
  first_reply_within interval NOT NULL
);

CREATE TABLE helpdesk.saved_replies (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  title text NOT NULL,
  body text NOT NULL
);

-- The AI profiles that answer. Trap: their ids overlap with those of users and visitors.
CREATE TABLE helpdesk.bots (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  name text NOT NULL,
  model text NOT NULL
);

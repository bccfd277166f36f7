-- What is kept around conversations: forms, tickets, notes, tags, integrations, marketing.

-- Trap: length and format are constrained, so a mask has to fit them.
CREATE TABLE helpdesk.contact_forms (
  id uuid PRIMARY KEY,
  tenant_id bigint NOT NULL,
  visitor_id bigint,
  reference char(8) NOT NULL,
  form_name text NOT NULL,
  name varchar(80) NOT NULL,
  email helpdesk.email_address,
  phone_country text,
  phone_number text,  -- Trap: the phone in two columns again
  company varchar(80),
  message text,
  extra jsonb NOT NULL DEFAULT '{}',
  consented boolean NOT NULL DEFAULT false,
  submitted_at timestamptz,  -- Trap: NULL in imported rows
  cleared_at timestamptz,  -- set once the personal columns have been cleared
  CONSTRAINT contact_forms_reference_key UNIQUE (tenant_id, reference)
);

-- What reached the operator itself through its own site. Trap: reserved words as column names.
CREATE TABLE helpdesk.enquiries (
  id uuid PRIMARY KEY,
  tenant_id bigint NOT NULL,
  "from" text NOT NULL,
  "to" text NOT NULL,
  name text,
  phone text,
  subject text,
  body text NOT NULL,
  received_at timestamptz NOT NULL,
  purpose_ended_on date
);

-- Trap: names in mixed case, which need quoting everywhere. "requesterKey" is users.account_ref.
CREATE TABLE helpdesk."Ticket" (
  "Id" bigint PRIMARY KEY,
  "tenantId" bigint NOT NULL,
  "requesterKey" text NOT NULL,
  "ownerId" bigint,
  "Subject" text NOT NULL,
  "customFields" jsonb NOT NULL DEFAULT '{}',
  "Priority" smallint NOT NULL DEFAULT 2,
  "createdAt" timestamptz NOT NULL,
  "lastActivityAt" timestamptz  -- Trap: NULL until something happens: the clock is a coalesce
);

CREATE TABLE helpdesk."TicketArticle" (
  "Id" bigint PRIMARY KEY,
  "ticketId" bigint NOT NULL,
  "senderType" text NOT NULL,
  "from" text,
  "to" text,
  "Body" text NOT NULL,  -- Trap: quotes the article before it
  "createdAt" timestamptz NOT NULL
);

-- Trap: polymorphism through a lookup table (objects.name), the key as text against a bigint, and
-- old and new values of personal columns.
CREATE TABLE helpdesk.histories (
  id bigint PRIMARY KEY,
  object_id integer NOT NULL,
  o_id varchar(40) NOT NULL,
  attribute text NOT NULL,
  value_from text,
  value_to text,
  created_by_id bigint,
  created_at timestamptz NOT NULL
);
CREATE SEQUENCE helpdesk.histories_id_seq OWNED BY helpdesk.histories.id;

-- What agents write about visitors. Trap: the search vector repeats the text.
CREATE TABLE helpdesk.notes (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  visitor_id bigint NOT NULL,
  author_id bigint,
  body text NOT NULL,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED,
  created_at timestamptz
);

-- Trap: a BEFORE DELETE trigger on notes copies them here.
CREATE TABLE helpdesk.notes_trash (
  note_id bigint PRIMARY KEY,
  visitor_id bigint NOT NULL,
  body text NOT NULL,
  deleted_at timestamptz NOT NULL
);

-- Trap: no tenant, and one of the tags is somebody's name.
CREATE TABLE helpdesk.tags (
  id bigint PRIMARY KEY,
  name citext NOT NULL UNIQUE,
  created_by_id bigint
);

CREATE TABLE helpdesk.taggings (
  tag_id bigint NOT NULL,
  taggable_type text NOT NULL,
  taggable_id text NOT NULL,  -- Trap: text against a bigint
  PRIMARY KEY (tag_id, taggable_type, taggable_id)
);

CREATE TABLE helpdesk.integrations (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  provider helpdesk.provider NOT NULL,
  enabled_at timestamptz NOT NULL,
  disabled_at timestamptz,
  credentials jsonb,  -- secret
  config_yaml text  -- Trap: structure in a text
);

-- Trap: who this is about, only an array of addresses says (and only in lower case); raw is json
-- that holds a string which is itself JSON.
CREATE TABLE helpdesk.integration_data (
  id bigint PRIMARY KEY,
  integration_id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  kind text NOT NULL,
  external_no bigint NOT NULL,  -- Trap: beyond 2^53
  addresses text[] NOT NULL DEFAULT '{}',
  raw json,
  document jsonb,
  received_at timestamptz NOT NULL
);

-- Trap: the personal column is part of the key.
CREATE TABLE helpdesk.marketing_subscriptions (
  tenant_id bigint NOT NULL,
  list text NOT NULL,
  email citext NOT NULL,
  name text,
  phone text,
  source text,
  token text,  -- secret
  subscribed_at timestamptz NOT NULL,
  unsubscribed_at timestamptz,
  PRIMARY KEY (tenant_id, list, email)
);

CREATE TABLE helpdesk.purchases (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  account_ref text NOT NULL,
  item text NOT NULL,
  quantity integer NOT NULL,
  amount numeric NOT NULL,  -- Trap: any number of digits
  delivery helpdesk.postal_address,
  bought_at timestamptz NOT NULL,
  purpose_ended_on date
);

CREATE TABLE helpdesk.survey_responses (
  id uuid PRIMARY KEY,
  tenant_id bigint NOT NULL,
  email citext NOT NULL,
  survey text NOT NULL,
  answers jsonb[] NOT NULL,
  health jsonb,  -- data that the policy says is not collected
  at_time timetz,
  answered_on date NOT NULL,  -- Trap: a date is the clock
  purpose_ended_on date
);

-- Pages of the tenants' own sites, read for the AI to answer from.
CREATE TABLE helpdesk.website_content (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  url text NOT NULL,
  title text,
  body text,
  author_email text,
  fetched_at timestamptz NOT NULL
);

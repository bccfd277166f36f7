-- Visitors (the tenants' own customers, in the chat widget) and what was said.

-- One person is several rows: an email each, a phone alone, a device alone.
CREATE TABLE helpdesk.visitors (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  account_ref text,  -- users.account_ref, if the tenant's site passed it on; Trap: no key
  name text,
  email text,  -- Trap: as typed: blanks, upper case
  -- Trap: a copy that cannot be written, only changed through its source
  email_key text GENERATED ALWAYS AS (lower(btrim(email))) STORED,
  phone text,  -- Trap: as typed: +44 …, 0044…, 07700 …, digits alone
  device_id uuid,
  cookie_id text,
  ip inet,
  country helpdesk.country_code,
  location point,
  user_agent text,
  custom_fields jsonb NOT NULL DEFAULT '{}',  -- Trap: free keys, more emails and phones in them
  labels text[] NOT NULL DEFAULT '{}',
  address helpdesk.postal_address,
  birth_date date,
  merged_into_id bigint,  -- Trap: references its own table
  marketing_opt_out boolean NOT NULL DEFAULT false,
  ai_opt_out boolean NOT NULL DEFAULT false,
  sale_opt_out boolean NOT NULL DEFAULT false,
  restricted_at timestamptz,
  child_discovered_on date,
  parental_consent_on date,
  -- Kept apart from the messages, which may have been swept since.
  last_inbound_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz,
  deleted_at timestamptz
);

-- Trap: one identity made of two columns, '+31' and '6 1234 5678'.
CREATE TABLE helpdesk.visitor_phones (
  visitor_id bigint NOT NULL,
  label text NOT NULL,
  country_code text NOT NULL,
  number text NOT NULL,
  PRIMARY KEY (visitor_id, label)
);

-- A visitor as one channel knows them. Trap: the second path to conversations.
CREATE TABLE helpdesk.visitor_links (
  id bigint PRIMARY KEY,
  visitor_id bigint NOT NULL,
  inbox_id bigint NOT NULL,
  source_id text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE helpdesk.devices (
  id uuid PRIMARY KEY,
  tenant_id bigint NOT NULL,
  visitor_id bigint,
  user_id bigint,
  model text NOT NULL,
  os_version text NOT NULL,
  app_version text NOT NULL,
  build bigint NOT NULL,
  mac macaddr,
  push_token text,  -- secret
  last_seen_at timestamptz
);

CREATE TABLE helpdesk.consents (
  visitor_id bigint NOT NULL,
  purpose text NOT NULL,
  granted_at timestamptz,
  withdrawn_at timestamptz,
  evidence jsonb,
  PRIMARY KEY (visitor_id, purpose)
);

CREATE TABLE helpdesk.conversations (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  visitor_id bigint,  -- Trap: NULL where only the channel's link is known, then by
  visitor_link_id bigint,  -- this one. Neither is a foreign key.
  inbox_id bigint,
  assignee_id bigint,
  created_by_id bigint,
  parent_id bigint,  -- Trap: a follow-up references its own table
  subject text,
  last_message text,  -- Trap: a copy of the last message's beginning
  status helpdesk.conversation_status NOT NULL,
  custom jsonb NOT NULL DEFAULT '{}',
  rating smallint,
  first_reply_after interval,
  created_at timestamptz NOT NULL,
  last_activity_at timestamptz
);

-- Trap: whose sender_id this is, sender_type alone says: the ids of visitors, users and bots
-- overlap. A visitor may also write in somebody else's conversation.
CREATE TABLE helpdesk.messages (
  id bigint NOT NULL,
  tenant_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  sender_type helpdesk.sender_kind NOT NULL,
  sender_id bigint,
  -- Trap: ON DELETE CASCADE, so deleting an agent deletes their words in every visitor's thread.
  author_user_id bigint,
  reply_to_id bigint,
  body text,
  processed_body text,  -- Trap: a copy, as HTML
  payload json,  -- Trap: json has no equality; it holds senders and recipients by address
  inbound boolean GENERATED ALWAYS AS (sender_type = 'visitor') STORED,
  created_at timestamptz NOT NULL,
  edited_at timestamptz
);

-- Who is named in a message. Trap: no primary key, no foreign key, the same row may stand twice.
CREATE TABLE helpdesk.mentions (
  message_id bigint NOT NULL,
  mentioned_type text NOT NULL,
  mentioned_id bigint NOT NULL,
  label text
);

CREATE TABLE helpdesk.message_reactions (
  message_id bigint NOT NULL,
  user_id bigint NOT NULL,
  emoji text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (message_id, user_id, emoji)
);

-- Trap: derived from the message's text, and no foreign key takes it along.
CREATE TABLE helpdesk.message_embeddings (
  message_id bigint PRIMARY KEY,
  model text NOT NULL,
  vector real[] NOT NULL
);

-- Trap: reserved words as column names; addresses in arrays; the quoted mail as bytes.
CREATE TABLE helpdesk.mail_envelopes (
  message_id bigint PRIMARY KEY,
  rfc_message_id text NOT NULL,
  "from" text NOT NULL,
  "to" text[] NOT NULL,
  cc text[],
  headers hstore NOT NULL DEFAULT '',
  raw bytea
);

-- Trap: tied to its mail by a text alone.
CREATE TABLE helpdesk.mail_bounces (
  id bigint PRIMARY KEY,
  rfc_message_id text NOT NULL,
  recipient text NOT NULL,
  diagnostic text,
  bounced_at timestamp NOT NULL  -- Trap: without a zone
);

-- Trap: a cascade that takes too little. Nothing ties these rows to their message but a number, so
-- they stay behind; some are orphans already. Their age is their message's.
CREATE TABLE helpdesk.attachments (
  id bigint PRIMARY KEY,
  message_id bigint,
  name text NOT NULL,  -- Trap: as uploaded, '../' and quotes included
  mime text,
  size_bytes bigint,
  file_hash text,
  preview bytea
);

-- Trap: de-duplicated by hash, so one row serves several people; the bytes are inside (content) or
-- outside (object_key in a bucket).
CREATE TABLE helpdesk.stored_files (
  hash text PRIMARY KEY,
  storage text NOT NULL CHECK (storage IN ('database', 'bucket')),
  content bytea,
  bucket text,
  object_key text,
  size_bytes bigint NOT NULL,
  CHECK ((storage = 'database') = (content IS NOT NULL)),
  CHECK ((storage = 'bucket') = (object_key IS NOT NULL))
);

CREATE TABLE helpdesk.participants (
  conversation_id bigint NOT NULL,
  user_id bigint NOT NULL,
  joined_at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
);

CREATE TABLE helpdesk.sla_events (
  id bigint PRIMARY KEY,
  conversation_id bigint NOT NULL,
  sla_policy_id bigint NOT NULL,
  breached_at timestamptz NOT NULL
);

-- Lead scores, satisfaction and the like, computed per conversation.
CREATE TABLE helpdesk.results (
  id bigint PRIMARY KEY,
  conversation_id bigint NOT NULL,
  kind text NOT NULL,
  score numeric,  -- Trap: NaN, 1.10
  confidence double precision,  -- Trap: Infinity
  answers json,
  summary text,
  created_at timestamptz NOT NULL
);

-- Trap: an array of JSON objects, one a person, and conversations in an array.
CREATE TABLE helpdesk.reports (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  title text NOT NULL,
  created_by_id bigint,
  conversation_ids bigint[] NOT NULL DEFAULT '{}',
  rows jsonb[] NOT NULL DEFAULT '{}',
  period tstzrange,
  created_at timestamptz NOT NULL
);

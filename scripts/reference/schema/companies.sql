-- Tenants (the companies that use the chat), the people who log in, and what they are billed.

CREATE TABLE helpdesk.tenants (
  id bigint PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  -- The privacy policy that this tenant's data lives under.
  policy text NOT NULL
    CHECK (policy IN ('operatorone', 'omniops', 'web1on1', 'visitorchat', 'dataops')),
  privacy_contact text,  -- where the tenant, as controller, takes requests
  region helpdesk.country_code NOT NULL,
  zone text,  -- IANA name; NULL means UTC
  domain text NOT NULL,
  site_key text NOT NULL UNIQUE,
  settings hstore NOT NULL DEFAULT '',
  -- What the tenant has set in its dashboard, retention overrides among it, in days or months:
  -- {"retention": {"chat": {"days": 60}}}.
  dashboard jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  trial_ends_at timestamptz,
  converted_at timestamptz,
  archived_at timestamptz,
  contract_starts_on date,
  contract_ends_on date,
  closed_at timestamptz,
  content_refreshed_at timestamptz,
  owner_user_id bigint  -- Trap: a cycle, users.tenant_id points back
);

CREATE TABLE helpdesk.organizations (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  name text NOT NULL,
  domain text,
  primary_contact_id bigint,  -- Trap: a second cycle, users.organization_id points back
  created_at timestamptz NOT NULL
);

-- Trap: customers, agents and automation in one table, told apart by kind alone. A customer and an
-- agent of one tenant may share an email. Trap: soft-deleted twins stay behind with the same email.
CREATE TABLE helpdesk.users (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  kind helpdesk.user_kind NOT NULL,
  account_ref text,  -- the customer's number at the tenant; visitors carry it without a key
  name text NOT NULL,
  initials text GENERATED ALWAYS AS (upper(left(name, 1))) STORED,
  email citext,
  email_domain text GENERATED ALWAYS AS (split_part(lower(email::text), '@', 2)) STORED,
  phone text,
  mobile text,  -- Trap: two columns of one kind of identity
  organization_id bigint,
  manager_id bigint,  -- Trap: references its own table
  created_by_id bigint,  -- Trap: NO ACTION, so nobody who created others can be deleted
  skills text[] NOT NULL DEFAULT '{}',
  preferences jsonb NOT NULL DEFAULT '{}',
  signature text,
  api_key text,  -- secret
  marketing_opt_out boolean NOT NULL DEFAULT false,
  ai_opt_out boolean NOT NULL DEFAULT false,
  sale_opt_out boolean NOT NULL DEFAULT false,
  restricted_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz
);

-- Trap: UNIQUE and NOT NULL on a personal column: one constant mask fails on its second row.
CREATE TABLE helpdesk.accounts (
  id uuid PRIMARY KEY,
  tenant_id bigint NOT NULL,
  user_id bigint NOT NULL,
  login citext NOT NULL,
  password_hash text NOT NULL,  -- secret
  otp_secret bytea,  -- secret
  reset_token text,  -- secret
  reset_sent_at timestamptz,
  company varchar(80),
  address helpdesk.postal_address,
  birth_date date,
  vat_no varchar(20),
  last_login_ip inet,
  password_expires_at timestamptz NOT NULL DEFAULT 'infinity',
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT accounts_login_key UNIQUE (tenant_id, login)
);

-- Trap: a composite key, and no key to the account, whose row may be gone long before.
CREATE TABLE helpdesk.billing_records (
  tenant_id bigint NOT NULL,
  invoice_no text NOT NULL,
  account_id uuid NOT NULL,
  billing_name text NOT NULL,
  billing_email text NOT NULL,
  billing_address json,
  plan text NOT NULL,
  stripe_customer text,
  card_last4 char(4),
  amount numeric(12,2) NOT NULL,
  tax_rate numeric NOT NULL,
  currency char(3) NOT NULL DEFAULT 'GBP',
  issued_on date NOT NULL,
  period daterange,
  paid_at timestamptz,
  legal_ground text,  -- why this record must stay, where that has been recorded
  PRIMARY KEY (tenant_id, invoice_no)
);

CREATE TABLE helpdesk.billing_lines (
  tenant_id bigint NOT NULL,
  invoice_no text NOT NULL,
  line_no smallint NOT NULL,
  description text NOT NULL,
  quantity numeric NOT NULL,
  unit_price numeric NOT NULL,
  PRIMARY KEY (tenant_id, invoice_no, line_no)
);

CREATE TABLE helpdesk.team_members (
  team_id bigint NOT NULL,
  user_id bigint NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

-- What agents are told. Trap: the title copies the beginning of somebody's message.
CREATE TABLE helpdesk.notifications (
  id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  title varchar(120) NOT NULL,
  about_type text NOT NULL,
  about_id bigint NOT NULL,
  read_at timestamptz,
  created_at timestamptz NOT NULL
);

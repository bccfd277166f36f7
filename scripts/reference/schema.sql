-- The reference database: a support-chat company's PostgreSQL, made up for dsarctl. It is untidy on
-- purpose: each trap is one that support desks in use have, and says so where it stands ("Trap:").
-- README.md lists tables, traps and people. Keys, indexes and triggers of the large tables come
-- after the data, in constraints.sql, because loading is several times faster that way.

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;

-- Trap: not the public schema, and not in anybody's search_path.
CREATE SCHEMA helpdesk;

CREATE TYPE helpdesk.user_kind AS ENUM ('customer', 'agent', 'bot');
CREATE TYPE helpdesk.sender_kind AS ENUM ('visitor', 'user', 'bot', 'system');
CREATE TYPE helpdesk.conversation_status AS ENUM ('open', 'pending', 'resolved', 'snoozed');
CREATE TYPE helpdesk.provider AS ENUM
  ('woocommerce', 'shopify', 'google', 'microsoft', 'whatsapp', 'slack');
CREATE TYPE helpdesk.postal_address AS (street text, city text, postcode text, country text);
CREATE DOMAIN helpdesk.country_code AS text CHECK (value ~ '^[A-Z]{2}$');
CREATE DOMAIN helpdesk.email_address AS varchar(120) CHECK (position('@' IN value) > 1);

\ir schema/settings.sql
\ir schema/companies.sql
\ir schema/conversations.sql
\ir schema/desk.sql
\ir schema/traces.sql

#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 5: who did what. The roles append through dsar.audit() alone; nobody changes an entry,
/// and what goes at its end are the oldest entries up to a checkpoint. dsar.audit_bytes() and
/// core/audit say what is hashed, each in its own way.
inline constexpr std::string_view audit_migration = R"(
CREATE TABLE dsar.audit_entry (
  number bigint PRIMARY KEY CHECK (number > 0),
  at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  role text NOT NULL,
  command text NOT NULL CHECK (command <> ''),
  tenant_key text NOT NULL,
  subjects text[] NOT NULL,
  facts jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
  previous text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_entry_subjects_idx ON dsar.audit_entry USING gin (subjects);
COMMENT ON TABLE dsar.audit_entry IS
  'who did what to personal data: each entry holds the hash of the one before it; people stand in '
  'it as keyed hashes';

CREATE TABLE dsar.audit_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  number bigint NOT NULL,
  hash text NOT NULL
);
COMMENT ON TABLE dsar.audit_head IS 'the last entry of dsar.audit_entry';
INSERT INTO dsar.audit_head (number, hash) VALUES (0, repeat('0', 64));

CREATE TABLE dsar.audit_checkpoint (
  number bigint PRIMARY KEY,
  statement text NOT NULL,
  signature text NOT NULL CHECK (signature ~ '^[0-9a-f]{128}$'),
  key_id text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE dsar.audit_checkpoint IS
  'signed statements of the hash that an entry of dsar.audit_entry had';

CREATE FUNCTION dsar.audit_text(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
  SET search_path = pg_catalog
  RETURN octet_length(convert_to(value, 'UTF8')) || ':' || value || ',';

CREATE FUNCTION dsar.audit_bytes(entry dsar.audit_entry) RETURNS bytea LANGUAGE sql STABLE STRICT
  SET search_path = pg_catalog
  RETURN convert_to(
    dsar.audit_text('dsarctl audit 1') || dsar.audit_text(entry.number::text) ||
    dsar.audit_text(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ||
    dsar.audit_text(entry.actor) || dsar.audit_text(entry.role) ||
    dsar.audit_text(entry.command) || dsar.audit_text(entry.tenant_key) ||
    dsar.audit_text(cardinality(entry.subjects)::text) ||
    coalesce((SELECT string_agg(dsar.audit_text(s), '' ORDER BY place)
              FROM unnest(entry.subjects) WITH ORDINALITY AS listed(s, place)), '') ||
    dsar.audit_text((SELECT count(*) FROM jsonb_object_keys(entry.facts))::text) ||
    coalesce((SELECT string_agg(dsar.audit_text(key) || dsar.audit_text(value), ''
                                ORDER BY key COLLATE "C")
              FROM jsonb_each_text(entry.facts)), '') ||
    dsar.audit_text(entry.previous), 'UTF8');

CREATE FUNCTION dsar.audit(actor text, command text, tenant_key text, subjects text[], facts jsonb)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  entry dsar.audit_entry;
BEGIN
  PERFORM pg_advisory_xact_lock(1685283186, 4);
  SELECT head.number + 1, head.hash INTO STRICT entry.number, entry.previous
    FROM dsar.audit_head AS head FOR UPDATE;
  entry.at := clock_timestamp();
  entry.actor := actor;
  entry.role := session_user;
  entry.command := command;
  entry.tenant_key := tenant_key;
  entry.subjects := subjects;
  entry.facts := facts;
  entry.hash := encode(sha256(dsar.audit_bytes(entry)), 'hex');
  INSERT INTO dsar.audit_entry SELECT entry.*;
  UPDATE dsar.audit_head AS head SET number = entry.number, hash = entry.hash;
  RETURN entry.number;
END
$$;

CREATE FUNCTION dsar.audit_checkpoint(number bigint, hash text, statement text, signature text,
                                      key_id text)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM dsar.audit_entry AS e
                 WHERE e.number = audit_checkpoint.number AND e.hash = audit_checkpoint.hash) THEN
    RAISE EXCEPTION USING ERRCODE = 'DS002', MESSAGE = 'no entry has that number and hash';
  END IF;
  INSERT INTO dsar.audit_checkpoint (number, statement, signature, key_id)
    VALUES (number, statement, signature, key_id);
END
$$;

-- Gives how many entries went. What is left begins with the entry after a checkpoint.
CREATE FUNCTION dsar.audit_cut(checkpoint bigint, expected text)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  gone bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(1685283186, 4);
  IF NOT EXISTS (SELECT FROM dsar.audit_checkpoint AS c
                 WHERE c.number = checkpoint AND c.signature = expected) THEN
    RAISE EXCEPTION USING ERRCODE = 'DS002', MESSAGE = 'there is no such checkpoint';
  END IF;
  DELETE FROM dsar.audit_entry AS e WHERE e.number <= checkpoint;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

CREATE FUNCTION dsar.audit_is_appended() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' THEN
    IF EXISTS (SELECT FROM dsar.audit_checkpoint WHERE number >= OLD.number) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'DS001',
    MESSAGE = 'the audit trail is only appended to: ' || TG_OP || ' is refused';
END
$$;
CREATE TRIGGER is_appended BEFORE UPDATE OR DELETE ON dsar.audit_entry
  FOR EACH ROW EXECUTE FUNCTION dsar.audit_is_appended();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON dsar.audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION dsar.audit_is_appended();
CREATE TRIGGER is_appended BEFORE UPDATE OR DELETE ON dsar.audit_checkpoint
  FOR EACH ROW EXECUTE FUNCTION dsar.audit_is_appended();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON dsar.audit_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION dsar.audit_is_appended();

REVOKE ALL ON FUNCTION dsar.audit(text, text, text, text[], jsonb),
  dsar.audit_checkpoint(bigint, text, text, text, text), dsar.audit_cut(bigint, text) FROM PUBLIC;
)";

}  // namespace dsar::pg

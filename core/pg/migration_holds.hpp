#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 2: holds, requests, and what sweeps write down.
inline constexpr std::string_view holds_migration = R"(
CREATE TABLE dsar.hold_epoch (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch bigint NOT NULL
);
INSERT INTO dsar.hold_epoch (epoch) VALUES (1);
COMMENT ON TABLE dsar.hold_epoch IS
  'counts the changes of what is held; read inside every transaction that deletes';

CREATE TABLE dsar.hold (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('subject', 'tenant', 'set')),
  tenant_key text NOT NULL DEFAULT '',
  tenant text NOT NULL DEFAULT '',
  subject_kind text NOT NULL DEFAULT '',
  identities jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(identities) = 'array'),
  keys jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(keys) = 'object'),
  record_set text,
  predicate text,
  ground text NOT NULL CHECK (ground <> ''),
  author text NOT NULL CHECK (author <> ''),
  placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  review_on date NOT NULL,
  released_at timestamptz,
  released_by text CHECK (released_by <> ''),
  release_reason text CHECK (release_reason <> ''),
  CHECK ((kind = 'subject') = (keys <> '{}')),
  CHECK ((kind = 'set') = (record_set IS NOT NULL)),
  CHECK (kind = 'set' OR predicate IS NULL),
  CHECK (kind <> 'tenant' OR tenant_key <> ''),
  CHECK (num_nulls(released_at, released_by, release_reason) IN (0, 3))
);
COMMENT ON TABLE dsar.hold IS 'legal holds: what must not be deleted, why, and who said so';

CREATE TABLE dsar.request (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  tenant_key text NOT NULL DEFAULT '',
  tenant text NOT NULL DEFAULT '',
  subject_kind text NOT NULL DEFAULT '',
  identities jsonb NOT NULL CHECK (jsonb_typeof(identities) = 'array'),
  keys jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(keys) = 'object'),
  received_on date NOT NULL,
  regimes text[] NOT NULL CHECK (cardinality(regimes) > 0),
  due_on date NOT NULL CHECK (due_on >= received_on),
  due_by text NOT NULL,
  author text NOT NULL CHECK (author <> ''),
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at timestamptz,
  closed_by text CHECK (closed_by <> ''),
  outcome text,
  close_reason text,
  CHECK (num_nulls(closed_at, closed_by, outcome, close_reason) IN (0, 4))
);
COMMENT ON TABLE dsar.request IS 'the register of data subject requests';

CREATE TABLE dsar.sweep_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  state text NOT NULL DEFAULT 'running'
    CHECK (state IN ('running', 'done', 'partial', 'refused', 'failed', 'interrupted')),
  actor text NOT NULL,
  tool_version text NOT NULL,
  as_of timestamptz NOT NULL,
  plan_digest text,
  fence bigint,
  result jsonb,
  CHECK ((state = 'running') = (ended_at IS NULL))
);
COMMENT ON TABLE dsar.sweep_run IS 'every run of dsarctl sweep that acted, and what it came to';

CREATE TABLE dsar.kept_event (
  record_set text NOT NULL,
  row_key text NOT NULL,
  event text NOT NULL,
  happened_at timestamptz NOT NULL,
  PRIMARY KEY (record_set, row_key, event)
);
COMMENT ON TABLE dsar.kept_event IS
  'when something happened that a period counts from, of rows that are gone';

CREATE TABLE dsar.removed_object (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run bigint NOT NULL REFERENCES dsar.sweep_run,
  store text NOT NULL,
  object_key text NOT NULL,
  reported_at timestamptz
);
CREATE INDEX removed_object_run_idx ON dsar.removed_object (run);
COMMENT ON TABLE dsar.removed_object IS
  'objects outside the database whose rows a sweep has deleted, for the operator to remove';
)";

/// Version 3: which of the recorded rows are the subject's for certain.
inline constexpr std::string_view proven_migration = R"(
ALTER TABLE dsar.hold
  ADD COLUMN proven jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(proven) = 'object');
ALTER TABLE dsar.request
  ADD COLUMN proven jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(proven) = 'object');
COMMENT ON COLUMN dsar.hold.proven IS
  'those of keys that are this subject''s for certain: by them a person is told of the hold';
COMMENT ON COLUMN dsar.request.proven IS
  'those of keys that are this subject''s for certain: by them a person is told of the request';
-- Until now it was not written down; of one row there is no doubt.
UPDATE dsar.hold SET proven = keys
  WHERE jsonb_array_length(jsonb_path_query_array(keys, '$.*[*]')) = 1;
UPDATE dsar.request SET proven = keys
  WHERE jsonb_array_length(jsonb_path_query_array(keys, '$.*[*]')) = 1;
CREATE INDEX hold_released_at_idx ON dsar.hold (released_at);
CREATE INDEX request_closed_at_idx ON dsar.request (closed_at);
)";

}  // namespace dsar::pg

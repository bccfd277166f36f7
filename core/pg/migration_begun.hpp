#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 10: erasures that go in batches, until they are done.
inline constexpr std::string_view begun_migration = R"(
ALTER TABLE dsar.erasure ADD COLUMN whole_tenant boolean NOT NULL DEFAULT false;

CREATE TABLE dsar.erasure_begun (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  follows text REFERENCES dsar.erasure,
  whole_tenant boolean NOT NULL,
  tenant_key text NOT NULL DEFAULT '',
  tenant text NOT NULL DEFAULT '',
  request bigint,
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL CHECK (actor <> ''),
  run integer NOT NULL DEFAULT 0,
  hash_key text NOT NULL DEFAULT '',
  subject text[] NOT NULL DEFAULT '{}',
  scope text NOT NULL DEFAULT '',
  backups_until date
);
COMMENT ON TABLE dsar.erasure_begun IS
  'erasures of which rows have gone and others are still to go; the people in keyed hashes';

CREATE TABLE dsar.erasure_begun_row (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erasure text NOT NULL REFERENCES dsar.erasure_begun ON DELETE CASCADE,
  record_set text NOT NULL,
  row_key text[] NOT NULL CHECK (cardinality(row_key) > 0),
  person boolean NOT NULL DEFAULT false
);
CREATE INDEX erasure_begun_row_erasure_idx ON dsar.erasure_begun_row (erasure);
COMMENT ON TABLE dsar.erasure_begun_row IS
  'keys of the rows that are the person, by which a begun erasure is found again, and of rows that '
  'nothing leads to any more once others are gone';

CREATE TABLE dsar.erasure_progress (
  erasure text NOT NULL REFERENCES dsar.erasure_begun ON DELETE CASCADE,
  record_set text NOT NULL,
  action text NOT NULL CHECK (action IN ('delete', 'mask')),
  rows bigint NOT NULL CHECK (rows >= 0),
  digest text NOT NULL DEFAULT '',
  PRIMARY KEY (erasure, record_set, action)
);
COMMENT ON TABLE dsar.erasure_progress IS
  'how many rows of each record set a begun erasure has dealt with, batch by batch';

-- Objects are noted with the batch that deletes their rows, before the erasure is on record.
ALTER TABLE dsar.erased_object DROP CONSTRAINT erased_object_erasure_fkey;
)";

}  // namespace dsar::pg

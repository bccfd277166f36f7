#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 11: what became of objects outside the database, and what was signed of it.
inline constexpr std::string_view statements_migration = R"(
ALTER TABLE dsar.erased_object ADD COLUMN state text
  CHECK (state IN ('deleted', 'not-found', 'failed'));
UPDATE dsar.erased_object SET state = 'deleted' WHERE reported_at IS NOT NULL;
ALTER TABLE dsar.erased_object ADD CHECK ((state IS NULL) = (reported_at IS NULL));
-- A key may say whose the object was: it is forgotten with the object. Its keyed hash, behind the
-- id of the hash's key, is left where there is one.
ALTER TABLE dsar.erased_object ADD COLUMN key_hash text NOT NULL DEFAULT '';
UPDATE dsar.erased_object SET object_key = '' WHERE reported_at IS NOT NULL;
UPDATE dsar.removed_object SET object_key = '' WHERE reported_at IS NOT NULL;

CREATE TABLE dsar.erasure_statement (
  erasure text NOT NULL REFERENCES dsar.erasure,
  number integer NOT NULL CHECK (number > 0),
  stated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL CHECK (actor <> ''),
  statement text NOT NULL,
  signature bytea NOT NULL CHECK (length(signature) = 64),
  PRIMARY KEY (erasure, number)
);
COMMENT ON TABLE dsar.erasure_statement IS
  'what has become of the objects of an erasure, each time that it was reported: the exact bytes '
  'that were signed, which hold no personal value';
)";

}  // namespace dsar::pg

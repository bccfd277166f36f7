#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 6: what has been erased, and the proof of it.
inline constexpr std::string_view erasures_migration = R"(
CREATE TABLE dsar.erasure (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  follows text REFERENCES dsar.erasure,
  tenant_key text NOT NULL DEFAULT '',
  tenant text NOT NULL DEFAULT '',
  request bigint,
  done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL CHECK (actor <> ''),
  tool_version text NOT NULL,
  withheld bigint NOT NULL CHECK (withheld >= 0),
  certificate text NOT NULL,
  signature bytea NOT NULL CHECK (length(signature) = 64)
);
CREATE INDEX erasure_follows_idx ON dsar.erasure (follows);
COMMENT ON TABLE dsar.erasure IS
  'erasures with their certificates: the exact bytes that were signed, which hold no personal value';

CREATE TABLE dsar.erased_object (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erasure text NOT NULL REFERENCES dsar.erasure,
  store text NOT NULL,
  object_key text NOT NULL,
  reported_at timestamptz
);
CREATE INDEX erased_object_erasure_idx ON dsar.erased_object (erasure);
COMMENT ON TABLE dsar.erased_object IS
  'objects outside the database whose rows an erasure has deleted, for the operator to remove';
)";

}  // namespace dsar::pg

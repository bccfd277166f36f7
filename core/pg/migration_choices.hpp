#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 7: what subjects have decided about the use of their data.
inline constexpr std::string_view choices_migration = R"(
CREATE TABLE dsar.choice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  purpose text NOT NULL DEFAULT '',
  tenant_key text NOT NULL DEFAULT '',
  tenant text NOT NULL DEFAULT '',
  subject_kind text NOT NULL DEFAULT '',
  identities jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(identities) = 'array'),
  keys jsonb NOT NULL CHECK (jsonb_typeof(keys) = 'object' AND keys <> '{}'),
  proven jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(proven) = 'object'),
  ground text NOT NULL CHECK (ground <> ''),
  author text NOT NULL CHECK (author <> ''),
  made_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  lifted_at timestamptz,
  lifted_by text CHECK (lifted_by <> ''),
  lift_reason text CHECK (lift_reason <> ''),
  CHECK (num_nulls(lifted_at, lifted_by, lift_reason) IN (0, 3))
);
CREATE INDEX choice_lifted_at_idx ON dsar.choice (lifted_at);
COMMENT ON TABLE dsar.choice IS
  'restrictions, objections, opt-outs and withdrawn consents: who decided what, when and why';
)";

}  // namespace dsar::pg

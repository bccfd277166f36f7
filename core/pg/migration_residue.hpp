#pragma once

#include <string_view>

namespace dsar::pg {

/// What was found of a subject once an erasure was done.
inline constexpr std::string_view residue_migration = R"(
CREATE TABLE dsar.erasure_residue (
  erasure text PRIMARY KEY REFERENCES dsar.erasure,
  statement text NOT NULL,
  signature bytea NOT NULL CHECK (length(signature) = 64),
  searched_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE dsar.erasure_residue IS
  'what the search for copies found after an erasure: the exact bytes that were signed, which hold '
  'no personal value';
)";

}  // namespace dsar::pg

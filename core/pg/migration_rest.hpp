#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 9: what erasures have withheld, to be finished later.
inline constexpr std::string_view rest_migration = R"(
CREATE TABLE dsar.erasure_rest (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  erasure text NOT NULL REFERENCES dsar.erasure,
  record_set text NOT NULL,
  row_key text[] NOT NULL CHECK (cardinality(row_key) > 0)
);
CREATE INDEX erasure_rest_erasure_idx ON dsar.erasure_rest (erasure);
COMMENT ON TABLE dsar.erasure_rest IS
  'keys of rows that an erasure has withheld, until another takes them up';
)";

}  // namespace dsar::pg

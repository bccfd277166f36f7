#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 4: what moves the day on which a request is due.
inline constexpr std::string_view requests_migration = R"(
ALTER TABLE dsar.request ADD COLUMN stopped boolean NOT NULL DEFAULT false;

CREATE TABLE dsar.request_step (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request bigint NOT NULL REFERENCES dsar.request,
  step text NOT NULL CHECK (step IN ('extended', 'paused', 'resumed')),
  since date NOT NULL,
  cause text CHECK (cause IN ('identity', 'fee', 'clarification')),
  until date,
  reason text NOT NULL CHECK (reason <> ''),
  author text NOT NULL CHECK (author <> ''),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((step = 'paused') = (cause IS NOT NULL)),
  CHECK (step = 'extended' OR until IS NULL)
);
CREATE INDEX request_step_request_idx ON dsar.request_step (request);
COMMENT ON TABLE dsar.request_step IS
  'extensions of the time to answer a request, and times for which its clock stood';
)";

}  // namespace dsar::pg

#pragma once

#include <string_view>

namespace dsar::pg {

/// Version 12: what the day on which a request is due was computed from, besides the laws.
inline constexpr std::string_view deadlines_migration = R"(
ALTER TABLE dsar.request
  ADD COLUMN promised text,
  ADD COLUMN promise_binds boolean,
  ADD COLUMN promised_by text,
  ADD COLUMN holidays date[],
  ADD CHECK ((promised IS NULL) = (promise_binds IS NULL)),
  ADD CHECK ((promised IS NULL) = (promised_by IS NULL)),
  ADD CHECK (promised IS NULL OR holidays IS NOT NULL);
COMMENT ON COLUMN dsar.request.promised IS
  'the time to answer that the tenant''s policy promised when the request was opened';
COMMENT ON COLUMN dsar.request.holidays IS
  'days that were named as holidays; NULL: opened before this was recorded, and the promise neither';
)";

}  // namespace dsar::pg

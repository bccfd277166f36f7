#pragma once

#include <libpq-fe.h>

#include <memory>

namespace dsar::pg {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using RawResult = std::unique_ptr<PGresult, ClearResult>;

}  // namespace dsar::pg

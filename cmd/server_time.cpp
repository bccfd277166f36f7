#include "cmd/server_time.hpp"

#include <chrono>

#include "core/error.hpp"
#include "core/pg/sweep_run.hpp"
#include "core/rfc3339.hpp"

namespace dsar::cmd {

void refuse_future(pg::Connection& connection, Instant now) {
  const auto server = pg::server_clock(connection);
  constexpr auto tolerance = std::chrono::minutes(5);
  if (now <= server + tolerance) return;
  throw Error(ExitCode::refused,
              "as of " + rfc3339(now) + " is later than the server's clock, " + rfc3339(server),
              "Nothing may be deleted before its time; correct --now or the clocks.");
}

}  // namespace dsar::cmd

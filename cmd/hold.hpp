#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"
#include "core/hold.hpp"
#include "core/ledger.hpp"
#include "core/pg/connection.hpp"

namespace dsar::cmd {

struct HoldPlaceOptions {
  SubjectOptions subject;
  bool whole_tenant = false;
  std::string set;
  std::string where;
  std::string ground;
  std::string review;
};

struct HoldListOptions {
  bool all = false;
  bool check = false;
};

struct HoldReleaseOptions {
  std::int64_t id = 0;
  std::string reason;
};

/// `hold place`, `hold list`, `hold release`.
void register_hold(App app, Context& context);
ExitCode run_hold_place(const HoldPlaceOptions& options, Context& context);
ExitCode run_hold_list(const HoldListOptions& options, Context& context);
ExitCode run_hold_release(const HoldReleaseOptions& options, Context& context);

/// Places or releases it, with an entry in the ledger that says what it takes to repeat it. Gives
/// the hold's number.
std::int64_t place_with_ledger(const Context& context, pg::Connection& connection,
                               const NewHold& hold, const std::vector<LedgerRow>& rows);
void release_with_ledger(const Context& context, pg::Connection& connection, std::int64_t id,
                         const std::string& reason);

}  // namespace dsar::cmd

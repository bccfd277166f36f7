#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct LedgerShowOptions {
  bool open = false;  ///< only what nothing has settled
};

struct LedgerVerifyOptions {};

struct LedgerReplayOptions {
  bool apply = false;
  std::vector<std::int64_t> include;
  std::string since;
  std::string signing_key;
};

struct LedgerSettleOptions {
  std::int64_t number = 0;
  std::string reason;
};

/// `ledger show`, `ledger verify`, `ledger replay`, `ledger settle`.
void register_ledger(App app, Context& context);
ExitCode run_ledger_show(const LedgerShowOptions& options, Context& context);
ExitCode run_ledger_verify(const LedgerVerifyOptions& options, Context& context);
ExitCode run_ledger_replay(const LedgerReplayOptions& options, Context& context);
ExitCode run_ledger_settle(const LedgerSettleOptions& options, Context& context);

}  // namespace dsar::cmd

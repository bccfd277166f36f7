#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/erasure.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

struct EraseOptions {
  SubjectOptions subject;
  bool whole_tenant = false;  ///< not a subject: all that the tenant has
  std::int64_t request = 0;   ///< the request in the register that is carried out; 0: none is named
  std::string backups_rotate_after;  ///< a period; empty: not stated
  bool apply = false;
  bool scan = false;                ///< the plan looks for copies elsewhere, too
  bool scan_later = false;          ///< what follows an erasure is left to `erase scan`
  std::string plan_out;             ///< where the plan is written for review; empty: nowhere
  std::string plan;                 ///< a reviewed plan to carry out; empty: none
  bool accept_new_rows = false;     ///< carry it out though rows have come or gone since
  bool replays = false;             ///< does again what the ledger knows to have been done
  std::string signing_key;          ///< PEM file that signs the certificate, or the plan
  std::string certificate;          ///< where it is written besides the database; empty: nowhere
  std::uint64_t lock_timeout = 10;  ///< seconds
  std::uint64_t wait = 60;          ///< seconds, for transactions that were writing meanwhile
  std::size_t batch_rows = 5000;    ///< a transaction, at first, where it goes in batches
};

/// Adds --apply and what goes with it alone.
void add_apply_options(App command, EraseOptions& options);

/// The day by which backups have rotated; nothing where that is not stated. Throws Error (usage).
std::optional<Date> backups_until(const EraseOptions& options, Instant now);

/// Art. 17: deletes what is held about a subject, or says what would be.
void register_erase(App app, Context& context);
ExitCode run_erase(const EraseOptions& options, Context& context);

}  // namespace dsar::cmd

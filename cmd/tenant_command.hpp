#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/approval.hpp"
#include "cmd/erase.hpp"
#include "cmd/erase_tenant_reading.hpp"
#include "cmd/ledger_record.hpp"
#include "core/audit.hpp"
#include "core/crypto/ed25519.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/connection.hpp"

namespace dsar::cmd {

/// Erases all that the tenant of --tenant has, or says what would be.
class TenantCommand {
 public:
  /// All that is given outlives this. Throws Error (no_such_subject, usage) where there is no such
  /// tenant, or nobody knows what the law keeps of it.
  TenantCommand(const EraseOptions& options, Context& context);

  ErasureResult plan();
  /// Carries on what has begun before.
  ErasureResult apply();

 private:
  template <typename Ask>
  auto ask(Ask what) {
    return tenant_->ask(!finishing_, what);
  }

  void review(const SigningKey& key);
  [[nodiscard]] AuditNote note(std::map<std::string, std::string> facts) const;
  [[nodiscard]] LedgerNote ledger_note() const;
  void require_ledger();
  void begin();
  void note_shared();
  ErasureResult carry_out(pg::ErasureRun& run, const SigningKey& key);
  void work(pg::ErasureRun& run);
  pg::SweepPlan due();
  pg::SharedRows noted_shared();
  std::uint64_t gone();
  ErasureResult close(const SigningKey& key);
  void count_traces();
  ErasureResult try_close(const SigningKey& key);
  void refuse_left(const pg::TenantCounts& counts, const pg::SharedRows& shared) const;
  void add_done(ErasureResult& result, const pg::TenantCounts& counts);
  void put_on_record(const ErasureResult& result, const SigningKey& key);
  void verify(ErasureResult& result);
  void wait_for_writers();

  const EraseOptions& options_;
  Context& context_;
  pg::Connection connection_;
  pg::ConnectionPool pool_;  ///< of those that delete
  std::optional<TenantReading> tenant_;
  std::string hash_key_;
  std::string scope_;
  std::optional<Approval> approval_;  ///< of the plan; none: none was demanded
  pg::BegunErasure begun_;
  std::map<std::string, std::string> faults_;  ///< by record set, of the last round
  std::vector<std::int64_t> lost_;             ///< entries of the ledger that are done again
  TenantCount count_;                          ///< once what goes has gone
  bool finishing_ = false;                     ///< from now on it is not stopped
  std::string certificate_;
  std::string signature_;
};

}  // namespace dsar::cmd

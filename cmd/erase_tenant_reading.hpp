#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/erase.hpp"
#include "cmd/progress.hpp"
#include "cmd/sweep_reading.hpp"
#include "core/hold.hpp"
#include "core/pg/tenant_erasure.hpp"

namespace dsar::cmd {

/// What erasing a whole tenant is decided on.
class TenantReading {
 public:
  /// Of the tenant of --tenant. Throws Error (no_such_subject, usage) where there is none, or
  /// nobody knows what the law keeps of it.
  TenantReading(const EraseOptions& options, const Context& context, pg::Connection& connection);
  TenantReading(const TenantReading&) = delete;
  TenantReading& operator=(const TenantReading&) = delete;

  [[nodiscard]] const ScheduleReading& reading() const { return reading_; }
  [[nodiscard]] const SweepTenant& tenant() const { return tenant_; }
  [[nodiscard]] const TenantErasure& erasure() const { return erasure_; }
  /// As statements want it; refers to this.
  [[nodiscard]] SweepWorld world() const;

  /// Looks again at what is held, in the transaction that is open.
  void read_holds();

  /// Asks `ask` what wants a question, in the transaction that is open. `stoppable`: SIGTERM ends
  /// it.
  template <typename Ask>
  auto ask(bool stoppable, Ask ask) {
    Progress progress(context_.globals);
    const auto world = this->world();
    const pg::TenantQuestion question{erasure_, world, holds_, [&](const std::string& set) {
                                        if (stoppable) stop();
                                        progress.show("counting " + set);
                                      }};
    return ask(question);
  }

  /// What would be done, in a transaction of its own. `salt`: the key of the scope's digest.
  ErasureResult plan(const std::string& salt);
  /// A result without what became of the rows.
  [[nodiscard]] ErasureResult empty_result() const;

 private:
  void stop() const;
  [[nodiscard]] std::string scope_of(const ErasureResult& plan, const std::string& salt) const;

  const EraseOptions& options_;
  const Context& context_;
  pg::Connection& connection_;
  ScheduleReading reading_;
  const SweepTenant& tenant_;
  TenantErasure erasure_;
  std::vector<Hold> holds_;
};

/// Lines of rows that stay, and of each set as many of them masked as `masked` says.
std::vector<ErasureLine> with_masks(const std::vector<ErasureLine>& staying,
                                    std::map<std::string, std::uint64_t> masked);

/// Throws Error where the plan cannot be carried out as it stands: refused where something cannot
/// be seen, or would be set off that the map does not know; usage where the role may not delete.
void refuse_unfit(const TenantReading& reading, const ErasureResult& plan);

}  // namespace dsar::cmd

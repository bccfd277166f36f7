#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/erasure.hpp"
#include "core/hold.hpp"
#include "core/pg/connection.hpp"
#include "core/tenant_erasure.hpp"
#include "core/tenant_traces.hpp"

/// Counting what erasing a whole tenant comes to. All functions expect an open Transaction.
namespace dsar::pg {

struct TenantQuestion {
  const TenantErasure& erasure;
  const SweepWorld& world;         ///< its schedule is the erasure's
  const std::vector<Hold>& holds;  ///< for the dates of their review
  /// Called before each record set, for progress; may throw to stop.
  std::function<void(const std::string& set)> progress = {};
};

/// What becomes of the tenant's rows. Lines of rows that stay, and of what goes as it stands.
struct TenantCounts {
  std::vector<ErasureLine> going;  ///< to be deleted, set by set
  std::vector<ErasureLine> staying;
  std::map<std::string, std::uint64_t> masks;  ///< by set: of those that stay, still to be masked
  std::vector<ErasureObjects> objects;         ///< of rows that go

  [[nodiscard]] std::uint64_t going_rows() const;
  /// Whether anything stays but the tool's own record and what others share.
  [[nodiscard]] bool withholds_any() const;
  [[nodiscard]] std::uint64_t going_of(const std::string& set) const;
};

/// `predict`: as it will be once what goes has gone; otherwise as it stands, without shared rows.
TenantCounts count_tenant(Connection& connection, const TenantQuestion& question, bool predict);

/// Notes the keys of shared rows that rows of the tenant need, in the transaction that is open.
void note_shared(Connection& connection, const TenantQuestion& question,
                 const std::string& erasure);

/// The shared rows that were noted.
struct SharedRows {
  /// Those that nothing needs any more: passes over a piece each, and how many rows.
  std::vector<std::pair<SweepPass, std::uint64_t>> due;
  std::vector<ErasureLine> staying;
};
SharedRows noted_shared(Connection& connection, const TenantQuestion& question,
                        const std::string& erasure);

/// The same of the tenant's own row, which stays while anything else does.
TenantCounts count_tenant_row(Connection& connection, const TenantQuestion& question,
                              bool others_stay);

/// Deletes the tenant's own row in the open transaction. Gives how many rows went, by record set.
std::map<std::string, std::uint64_t> delete_tenant_row(Connection& connection,
                                                       const TenantQuestion& question,
                                                       const std::string& erasure);

/// Counts, once what goes has gone, the columns in which the tenant may be named though the map
/// does not say that the rows are its own.
TenantCount count_traces(Connection& connection, const TenantQuestion& question,
                         const std::string& tenant_key);

}  // namespace dsar::pg

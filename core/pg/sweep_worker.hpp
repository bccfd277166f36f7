#pragma once

#include <optional>
#include <string>

#include "core/held.hpp"
#include "core/pg/sweep_apply.hpp"
#include "core/pg/sweep_partitions.hpp"
#include "core/sweep_steps.hpp"

namespace dsar::pg {

/// A lock, a deadlock, another's change, a timeout, a reference that came in between.
bool worth_retrying(const std::string& sqlstate);

/// One connection that deletes, with its own view of what is held.
class SweepWorker {
 public:
  explicit SweepWorker(const SweepWork& work);

  Connection& connection() { return connection_; }
  const SweepWorld& world() const { return world_; }

  /// One batch; tried again where others were in the way. Throws ServerError when that was in vain.
  BatchCounts batch(const SweepPass& pass, const Scope& scope);

  /// Empties a partition; nothing where it may not be emptied after all.
  std::optional<BatchCounts> empty(const SweepPass& pass, const ExpiredLeaf& leaf);

 private:
  /// What every deleting transaction begins with.
  void begin_batch();
  BatchCounts try_batch(const SweepPass& pass, const Scope& scope);
  BatchCounts steps(const SweepPass& planned, const Scope& scope);
  void find_held_keys(SweepPass& pass);
  static std::string only_tenant(const SweepPass& pass);
  BatchCounts mask_with_hashes(const SweepPass& pass, const Scope& scope);
  [[nodiscard]] bool is_foreign(const SweepStep& step, const SweepPass& pass) const;
  /// A delete that is not pulled up whole goes row by row and by ctid, which on a partitioned
  /// remote table may be another row's.
  void require_direct_delete(const SweepStep& step);

  const SweepWork& work_;
  LentConnection lent_;
  Connection& connection_;
  Held held_;
  SweepWorld world_;
};

}  // namespace dsar::pg

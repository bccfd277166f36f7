#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/held.hpp"
#include "core/pg/sweep_apply.hpp"
#include "core/pg/sweep_partitions.hpp"
#include "core/sweep_steps.hpp"

namespace dsar::pg {

/// A lock, a deadlock, another's change, a timeout, a reference that came in between.
bool worth_retrying(const std::string& sqlstate);

/// For what is asked outside a Transaction: its search_path and DateStyle.
void pin_settings(Connection& connection);

/// What one transaction did to partitions.
struct EmptiedLeaves {
  BatchCounts gone;
  /// The one that it came to and left alone: others use it, or it may not be emptied after all.
  const ExpiredLeaf* left = nullptr;
};

/// The partition that the transaction is to empty as well; none: it ends.
using NextLeaf = std::function<const ExpiredLeaf*()>;

/// One connection that deletes, with its own view of what is held.
class SweepWorker {
 public:
  explicit SweepWorker(const SweepWork& work);

  Connection& connection() { return connection_; }
  const SweepWorld& world() const { return world_; }

  /// One batch; tried again where others were in the way. Throws ServerError when that was in vain.
  BatchCounts batch(const SweepPass& pass, const Scope& scope);

  /// Empties partitions in one transaction: a commit makes the server look for their pages in all
  /// of its shared buffers, however many they are. Others than the first are not waited for, since
  /// those before them are locked meanwhile. Throws ServerError when the first cannot be emptied.
  EmptiedLeaves empty(const SweepPass& pass, const ExpiredLeaf& first, const NextLeaf& next);

 private:
  /// What every deleting transaction begins with.
  [[nodiscard]] std::vector<SqlStatement> beginning() const;
  /// Reads what is held anew where that has changed. Throws Error (locked) when the run is over.
  void heed(const Transaction& begun);
  BatchCounts try_batch(const SweepPass& pass, const Scope& scope);
  /// Carries the steps out and, unless the run keeps their counts, commits.
  BatchCounts steps(const SweepPass& planned, const Scope& scope, Transaction& transaction);
  static BatchCounts counted(const SweepPass& pass, const std::vector<SweepStep>& steps,
                             const std::vector<std::unique_ptr<Result>>& results);
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

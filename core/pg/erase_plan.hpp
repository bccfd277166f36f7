#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/erasure.hpp"
#include "core/erasure_sql.hpp"
#include "core/hold.hpp"
#include "core/pg/connection.hpp"
#include "core/selection.hpp"

/// Deciding row by row what an erasure does, from the database as one transaction sees it.
namespace dsar::pg {

/// What the decision rests on. Everything that is referred to outlives what uses this.
struct ErasureQuestion {
  const ReachContext& reach;
  const SweepWorld& world;                      ///< its schedule is the subject's tenant's
  const std::vector<SetSelection>& selections;  ///< of the reach
  const std::vector<Hold>& holds;               ///< for the dates of their review
  bool lock = false;                            ///< rows that may be acted on
  bool trust_keys = false;                      ///< as keep_referred takes it; not for a plan
  const SubjectKeys* also = nullptr;            ///< rows that are decided on besides, by record set
  const SubjectKeys* only = nullptr;            ///< of the reached rows none but these
  std::uint64_t most = 0;                       ///< rows to act on; 0: as many as there are
};

/// More rows are to be acted on than were allowed.
class TooManyRows : public Error {
 public:
  using Error::Error;
};

/// The subject's rows, set by set, and what becomes of each.
struct ErasureDecision {
  std::vector<ErasureRows> sets;
  std::vector<ErasureEffect> effects;
  std::vector<std::string> cannot_see;  ///< `set: why`
  std::vector<std::string> refused;     ///< why nothing may be done; one line each

  /// Rows that are deleted, masked or re-pointed.
  [[nodiscard]] std::uint64_t acts_on() const;
};

/// Decides. Throws TooManyRows. `earlier`: what has been decided before and carried out. Those rows
/// are left out; on the ones that were deleted others may hang by now.
ErasureDecision decide_erasure(Connection& connection, const ErasureQuestion& question,
                               const std::vector<ErasureDecision>& earlier = {});

}  // namespace dsar::pg

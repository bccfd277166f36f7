#pragma once

#include <cstdint>
#include <vector>

#include "core/catalogue.hpp"
#include "core/erasure_rows.hpp"
#include "core/schedule.hpp"
#include "core/selection.hpp"

/// Which rows of a large erasure may go before its one transaction, in batches of their own.
namespace dsar {

/// What goes first, and what has to be remembered because nothing leads to it then.
struct ErasureBatches {
  /// Record sets whose rows that are deleted may go ahead, in this order: nothing that stays, or
  /// goes later, refers to these rows or needs them to be decided on.
  std::vector<SetRef> order;
  /// Rows of other sets that are reached through rows that go ahead.
  SubjectKeys noted;
  std::uint64_t rows = 0;  ///< that go ahead
};

/// `sets` as they were decided on, by `schedule`; `selections` by which they were reached, `roots`
/// whose rows are the subject. A set goes ahead if its rows have a key, are nobody's own, and no
/// row of its table refers to another; and if whatever refers to its rows, is kept by law by their
/// dates, or gets its tenant by them goes ahead of it, all of it. What is only reached through them
/// is noted, where it has keys.
ErasureBatches plan_batches(const DataMap& map, const Catalogue& catalogue,
                            const std::vector<ErasureRows>& sets,
                            const std::vector<SetSchedule>& schedule,
                            const std::vector<SetSelection>& selections, const SubjectKeys& roots);

}  // namespace dsar

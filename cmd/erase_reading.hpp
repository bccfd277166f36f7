#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/reading.hpp"
#include "core/erasure.hpp"
#include "core/held.hpp"
#include "core/hold.hpp"
#include "core/pg/erase_plan.hpp"
#include "core/pg/erasures.hpp"
#include "core/schedule.hpp"
#include "core/sweep_conditions.hpp"

namespace dsar::cmd {

/// What an erasure of one subject is decided on, in the transaction that is open: the tenant's
/// schedule, and what is held, without the subject's own requests.
class EraseReading {
 public:
  /// `reading`, `found` and `also` outlive this. `request`: the one that is carried out; 0: none is
  /// named. `also`: rows that are decided on besides those that are reached.
  EraseReading(Reading& reading, const FoundSubject& found, std::int64_t request, Instant now,
               const SubjectKeys* also = nullptr);
  EraseReading(const EraseReading&) = delete;
  EraseReading& operator=(const EraseReading&) = delete;

  /// Decides row by row, for a plan.
  [[nodiscard]] pg::ErasureDecision decide() const;

  /// Decides what is carried out in this transaction, and locks it. `earlier`: what has been
  /// carried out before; `trust_keys`: as pg::ErasureQuestion has it.
  [[nodiscard]] pg::ErasureDecision decide_and_lock(const std::vector<pg::ErasureDecision>& earlier,
                                                    bool trust_keys, std::uint64_t most = 0) const;

  /// The same of the rows that `only` names, of one record set.
  [[nodiscard]] pg::ErasureDecision decide_piece(const SetRef& set, const SubjectKeys& only) const;

  [[nodiscard]] const std::vector<SetSelection>& selections() const { return selections_; }

  [[nodiscard]] const SweepWorld& world() const { return world_; }

 private:
  Reading& reading_;
  ReachContext reach_;
  const SubjectKeys* also_;
  std::vector<SetSelection> selections_;
  std::vector<SweepTenant> tenants_;  ///< the subject's
  std::vector<SetSchedule> schedule_;
  std::map<std::string, ClockType> clock_types_;
  Held held_;
  std::vector<Hold> holds_;
  SweepWorld world_;
};

/// The digest of the files that a path leads to; empty where it is empty. `what`: for errors.
std::string digest_of_files(const std::string& path, const std::string& what);

/// Objects outside the database that belong to rows which are deleted.
std::vector<pg::StoredObject> objects_of(pg::Connection& connection,
                                         const pg::ErasureDecision& decision);

/// The lines of a decision, what lies outside, and the digests under `key`.
ErasureResult result_of(Reading& reading, const FoundSubject& found, const Context& context,
                        const pg::ErasureDecision& decision, const std::string& key);

/// Throws Error (refused) where something is reached that the map does not cover, or would be set
/// off that it does not know.
void refuse_uncovered(const pg::ErasureDecision& decision);

/// What arrivals are looked for by once the subject's rows are gone: the strong identities that
/// these had. Whatever else was asked for, such as a telephone number that a household shares, may
/// from then on be somebody else's alone, who must not be taken for the subject.
SubjectQuestion of_arrivals(const DataMap& map, const FoundSubject& found);

/// The rows that have been withheld, as far as they have keys to know them by again.
SubjectKeys withheld_of(const std::vector<pg::ErasureDecision>& decisions);

}  // namespace dsar::cmd

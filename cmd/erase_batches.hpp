#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/erase.hpp"
#include "cmd/erase_reading.hpp"
#include "core/erasure_batches.hpp"
#include "core/pg/begun_erasures.hpp"

namespace dsar::cmd {

/// The keys that an erasure is carried out with.
struct EraseKeys {
  const std::string& hash;    ///< empty: none
  const std::string& digest;  ///< of the digests of rows and scope
};

/// What a subject has too many rows of for one transaction goes ahead of it, in short ones of
/// their own, under the number of the erasure: whatever happens between them, the next erasure of
/// this subject takes it up. Lives until the last transaction is over, because no other erasure may
/// go in batches meanwhile.
class EraseBatches {
 public:
  /// All that is given outlives this.
  EraseBatches(const EraseOptions& options, Context& context, Reading& reading, EraseKeys keys);

  /// Does so where more rows are to be acted on than --erase-max-rows, or `begun` has been begun;
  /// otherwise nothing. `review` is shown the plan before anything is begun, `begin` fills in who
  /// was asked for. Throws Error: locked where another erasure goes in batches, refused where too
  /// many rows have to stay for the last transaction, interrupted where it is stopped.
  void run(const FoundSubject& found, std::optional<pg::BegunErasure> begun,
           const std::function<void(const ErasureResult& plan)>& review,
           const std::function<void(pg::BegunErasure& erasure)>& begin);

  /// The erasure that has begun; nothing: the last transaction is the only one.
  [[nodiscard]] const std::optional<pg::BegunErasure>& begun() const { return begun_; }
  /// Rows that the last transaction decides on besides those that are reached.
  [[nodiscard]] const SubjectKeys& noted() const { return noted_; }
  /// Rows that went in this run.
  [[nodiscard]] const pg::ErasureDecision& gone() const { return gone_; }

  /// Adds what all batches, of earlier runs too, have done; in the last transaction, before it
  /// notes objects of its own rows.
  void add_to(ErasureResult& result) const;

 private:
  void decide(const FoundSubject& found, const std::function<void(const ErasureResult&)>& review);
  void refuse_too_many(std::uint64_t batched) const;
  void begin_it(const FoundSubject& found, const ErasureResult& plan,
                const std::function<void(pg::BegunErasure&)>& begin);
  void carry_out(const FoundSubject& found, const SetRef& set);
  std::uint64_t piece(const FoundSubject& found, const SetRef& set, const SubjectKeys& keys);
  void take_over(const ErasureRows& rows);
  void warn_of_lost_links(const pg::BatchProgress& done, ErasureResult& result) const;
  std::uint64_t rows_gone() const;

  const EraseOptions& options_;
  Context& context_;
  Reading& reading_;
  EraseKeys keys_;
  std::optional<pg::ErasureRun> run_;
  std::optional<pg::BegunErasure> begun_;
  std::optional<EraseReading> erasing_;  ///< at the epoch of what is held that it was read at
  pg::ErasureDecision decision_;
  ErasureBatches batches_;
  SubjectKeys noted_;
  pg::ErasureDecision gone_;
  std::map<std::string, std::string> sums_;  ///< digests of what has gone, by record set
};

}  // namespace dsar::cmd

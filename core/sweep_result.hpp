#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_names.hpp"
#include "core/zone.hpp"

/// What a sweep found and did, as a value; rendered once (formats/sweep_*).
namespace dsar {

/// Rows of one record set and tenant under one rule. The words are the ones of every report.
struct SweepLine {
  std::string tenant;  ///< slug; empty: the database has no tenants, or the rows belong to none
  std::string set;
  std::string table;
  std::string rule;     ///< its id; empty: the parent of the rows is gone
  std::string clause;   ///< the rule's citation
  std::string reason;   ///< `creation + 90 days`
  std::string action;   ///< delete or mask
  std::string cut_off;  ///< RFC 3339; empty where every row is meant
  std::uint64_t due = 0;
  std::uint64_t deleted = 0;
  std::uint64_t masked = 0;
  std::uint64_t held = 0;         ///< by a hold or an open request
  std::uint64_t kept_by_law = 0;  ///< by a recorded ground or a floor resting on law
  std::uint64_t floored = 0;      ///< by another floor
  std::uint64_t needs_approval =
      0;                      ///< would go with their whole tenant, which nobody has approved
  std::uint64_t undated = 0;  ///< no clock
  std::uint64_t future = 0;   ///< a clock in the future
  std::uint64_t failed = 0;
  std::uint64_t left_over = 0;  ///< due, but another row that stays refers to it, or the run ended
  std::uint64_t crossing = 0;   ///< due although a floor has not passed
  std::uint64_t estimated = 0;  ///< of the due: in partitions that go whole, by the statistics
  std::string oldest;           ///< the oldest clock among the due rows that are still there
  std::string note;             ///< why something failed or is left over
};

/// Something that a sweep could not look at or would not touch.
struct SweepOmission {
  std::string set;
  std::string tenant;
  std::string rule;
  std::string reason;
};

enum class SweepState { planned, done, partial, refused, failed, interrupted };

template <>
struct EnumNames<SweepState> {
  using S = SweepState;
  static constexpr std::array table{
      EnumName<S>{S::planned, "planned"}, EnumName<S>{S::done, "done"},
      EnumName<S>{S::partial, "partial"}, EnumName<S>{S::refused, "refused"},
      EnumName<S>{S::failed, "failed"},   EnumName<S>{S::interrupted, "interrupted"},
  };
};

struct SweepResult {
  SweepState state = SweepState::planned;
  std::string run;  ///< number of the run; empty: nothing was applied
  Instant as_of;
  std::optional<Instant> started;
  std::optional<Instant> finished;
  std::vector<SweepLine> lines;
  std::vector<SweepOmission> cannot_see;
  std::vector<SweepOmission> not_set;    ///< rules without a period: nothing is touched by them
  std::vector<SweepOmission> not_dated;  ///< rules whose clock the map does not give
  std::vector<std::string> warnings;     ///< a missing index, an overdue review of a hold
  std::uint64_t batches = 0;             ///< transactions that deleted or masked
  std::chrono::milliseconds longest_batch{0};
  std::uint64_t objects = 0;  ///< keys of objects outside the database that were noted

  [[nodiscard]] std::uint64_t due() const;
  [[nodiscard]] std::uint64_t gone() const;  ///< deleted and masked
  [[nodiscard]] std::uint64_t left() const;  ///< failed and left over
  [[nodiscard]] std::uint64_t needs_approval() const;
};

/// Takes over what a second count found after the work: what is still held, kept, and there. What
/// is still due has failed where the line says why, and is left over elsewhere.
void settle(SweepResult& result, const SweepResult& after);

}  // namespace dsar

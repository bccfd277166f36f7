#pragma once

#include <optional>
#include <vector>

#include "core/effective_rules.hpp"
#include "core/zone.hpp"

/// Which rule wins for one row: a hold or a recorded legal ground before everything; then what is
/// due at once; a floor before a ceiling that only says 'as long as necessary'; the earliest stated
/// ceiling; and where a floor and a stated ceiling of one policy cross, the ceiling.
namespace dsar {

/// A rule as it stands for one row.
struct RuleAtRow {
  const EffectiveRule* rule = nullptr;
  /// A ceiling: from when the row is due. A floor: until when it stays. Nothing: the event has not
  /// happened, or no period is stated; a floor by law then has no end, everything else no effect.
  std::optional<Instant> moment = {};
};

/// What is recorded about the row itself.
struct RowProtection {
  bool held = false;             ///< by a legal hold or an open request
  bool ground_recorded = false;  ///< by a recorded legal ground
};

enum class Verdict {
  keep,         ///< nothing asks for it yet
  due,          ///< by `rule`
  floored,      ///< `rule`, a floor, delays what would be due
  held,         ///< a hold or an open request stops what would be due
  kept_by_law,  ///< `rule` (or a recorded ground, then none) stops what would be due
};

struct Ruling {
  Verdict verdict = Verdict::keep;
  const EffectiveRule* rule = nullptr;
  bool crossing = false;  ///< due, although a floor of the same policy has not passed
};

/// A ceiling whose length the policy's own text gives. One that a tenant or the operator chose, in
/// place of it or because there is none, gives way to a floor.
bool is_stated(const EffectiveRule& rule);

/// Decides for one row at `now`.
Ruling rule_on(const std::vector<RuleAtRow>& rules, const RowProtection& protection, Instant now);

}  // namespace dsar

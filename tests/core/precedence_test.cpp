#include "core/precedence.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

namespace {

using namespace dsar;
using std::chrono::days;

constexpr Instant now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 31}};
constexpr Instant past = now - days{10};
constexpr Instant long_past = now - days{20};
constexpr Instant future = now + days{10};

/// A rule of the policy's text; `chosen`: with a period that a tenant or the operator has set.
struct OneRule {
  RetentionRule rule;
  EffectiveRule effective;

  OneRule(const char* id, Bound bound, const Period& period, bool chosen = false) {
    rule.id = id;
    rule.bound = bound;
    rule.period = period;
    if (bound == Bound::ceiling) rule.action = RuleAction::delete_row;
    effective = {&rule, period, chosen, ""};
  }
  OneRule(const OneRule&) = delete;
  OneRule& operator=(const OneRule&) = delete;

  [[nodiscard]] RuleAtRow at(const std::optional<Instant>& moment) const {
    return {&effective, moment};
  }
};

struct Rules {
  OneRule ceiling{"ceiling", Bound::ceiling, Period::days(90)};
  OneRule other{"other", Bound::ceiling, Period::days(60)};
  OneRule chosen{"chosen", Bound::ceiling, Period::days(30), true};
  OneRule consent{"consent", Bound::ceiling, Period::at_once()};
  OneRule floor{"floor", Bound::floor, Period::months(3)};
  OneRule by_law{"by-law", Bound::floor_by_law, Period::years(6)};
};

/// `verdict by rule`
void check(const Ruling& ruling, Verdict verdict, const OneRule* rule, bool crossing = false) {
  CHECK(ruling.verdict == verdict);
  CHECK(ruling.rule == (rule == nullptr ? nullptr : &rule->effective));
  CHECK(ruling.crossing == crossing);
}

}  // namespace

TEST_CASE("a row is kept while no ceiling has been reached") {
  const Rules rules;
  check(rule_on({}, {}, now), Verdict::keep, nullptr);
  check(rule_on({rules.ceiling.at(future)}, {}, now), Verdict::keep, nullptr);
  check(rule_on({rules.ceiling.at(now + Instant::duration{1})}, {}, now), Verdict::keep, nullptr);
  check(rule_on({rules.ceiling.at(now)}, {}, now), Verdict::due, &rules.ceiling);
}

TEST_CASE("a rule without a moment deletes nothing and, unless by law, stops nothing") {
  const Rules rules;
  check(rule_on({rules.ceiling.at(std::nullopt)}, {}, now), Verdict::keep, nullptr);
  check(rule_on({rules.ceiling.at(past), rules.floor.at(std::nullopt)}, {}, now), Verdict::due,
        &rules.ceiling);
}

TEST_CASE("1: a hold stops everything, also what is due at once") {
  const Rules rules;
  const RowProtection held{.held = true};
  check(rule_on({rules.ceiling.at(past)}, held, now), Verdict::held, nullptr);
  check(rule_on({rules.consent.at(past)}, held, now), Verdict::held, nullptr);
  check(rule_on({rules.ceiling.at(past), rules.by_law.at(future)}, held, now), Verdict::held,
        nullptr);
  // What nothing asks for is not held back.
  check(rule_on({rules.ceiling.at(future)}, held, now), Verdict::keep, nullptr);
}

TEST_CASE("1: a recorded ground, and a floor that rests on law, stop everything else") {
  const Rules rules;
  const RowProtection ground{.ground_recorded = true};
  check(rule_on({rules.ceiling.at(past)}, ground, now), Verdict::kept_by_law, nullptr);
  check(rule_on({rules.consent.at(past)}, ground, now), Verdict::kept_by_law, nullptr);
  check(rule_on({rules.ceiling.at(past), rules.by_law.at(future)}, {}, now), Verdict::kept_by_law,
        &rules.by_law);
  check(rule_on({rules.consent.at(past), rules.by_law.at(future)}, {}, now), Verdict::kept_by_law,
        &rules.by_law);
  check(rule_on({rules.ceiling.at(past), rules.by_law.at(past)}, {}, now), Verdict::due,
        &rules.ceiling);
}

TEST_CASE("1: a floor that rests on law and states no period has no end") {
  const Rules rules;
  check(rule_on({rules.ceiling.at(past), rules.by_law.at(std::nullopt)}, {}, now),
        Verdict::kept_by_law, &rules.by_law);
}

TEST_CASE("1: a rule that is ceiling and floor by law is due then and never earlier") {
  const OneRule both("audit-log", Bound::ceiling_and_floor_by_law, Period::months(24));
  const Rules rules;
  check(rule_on({both.at(future)}, {}, now), Verdict::keep, nullptr);
  check(rule_on({both.at(future), rules.consent.at(past)}, {}, now), Verdict::kept_by_law, &both);
  check(rule_on({both.at(past)}, {}, now), Verdict::due, &both);
}

TEST_CASE("2: what is due at once comes before an earlier ceiling and before any other floor") {
  const Rules rules;
  check(rule_on({rules.ceiling.at(long_past), rules.consent.at(past)}, {}, now), Verdict::due,
        &rules.consent);
  check(rule_on({rules.consent.at(past), rules.ceiling.at(long_past)}, {}, now), Verdict::due,
        &rules.consent);
  check(rule_on({rules.consent.at(past), rules.floor.at(future)}, {}, now), Verdict::due,
        &rules.consent, true);
  check(rule_on({rules.consent.at(future), rules.ceiling.at(past)}, {}, now), Verdict::due,
        &rules.ceiling);
}

TEST_CASE("3: a floor comes before a ceiling as long as the operator thinks necessary") {
  const Rules rules;
  const OneRule necessity("necessity", Bound::ceiling, Period::days(10), true);
  check(rule_on({necessity.at(past), rules.floor.at(future)}, {}, now), Verdict::floored,
        &rules.floor);
  check(rule_on({necessity.at(past), rules.floor.at(now)}, {}, now), Verdict::due, &necessity);
}

TEST_CASE("4: of several stated ceilings the earliest wins") {
  const Rules rules;
  check(rule_on({rules.ceiling.at(past), rules.other.at(long_past)}, {}, now), Verdict::due,
        &rules.other);
  check(rule_on({rules.other.at(long_past), rules.ceiling.at(past)}, {}, now), Verdict::due,
        &rules.other);
  check(rule_on({rules.other.at(future), rules.ceiling.at(past)}, {}, now), Verdict::due,
        &rules.ceiling);
}

TEST_CASE("4: a period that was chosen in place of the text's counts as well as a stated one") {
  const Rules rules;
  check(rule_on({rules.chosen.at(long_past), rules.ceiling.at(past)}, {}, now), Verdict::due,
        &rules.chosen);
  check(rule_on({rules.chosen.at(past), rules.ceiling.at(long_past)}, {}, now), Verdict::due,
        &rules.ceiling);
}

TEST_CASE("5: where a floor crosses a stated ceiling the ceiling wins, and that is told") {
  const Rules rules;
  check(rule_on({rules.floor.at(future), rules.ceiling.at(past)}, {}, now), Verdict::due,
        &rules.ceiling, true);
  // The one that was chosen waits for the floor; the stated one does not.
  check(rule_on({rules.floor.at(future), rules.chosen.at(long_past), rules.ceiling.at(past)}, {},
                now),
        Verdict::due, &rules.ceiling, true);
  check(rule_on({rules.floor.at(past), rules.ceiling.at(past)}, {}, now), Verdict::due,
        &rules.ceiling, false);
}

#pragma once

#include <string>

#include "core/retention_rule.hpp"

/// Rules in words that a person without a legal or technical background can read.
namespace dsar {

/// The rule's clock as a noun: `creation`, `closure of the account`, `the later of creation and …`.
/// Empty where the rule has none.
std::string clock_in_words(const RetentionRule& rule);

/// How long it is kept: `90 days after creation` (`90 days` where the rule has no clock), `until
/// closure of the account`, `for as long as a recorded legal ground needs it`, or `not stated`.
std::string period_in_words(const RetentionRule& rule);

/// What the rule means for a row, in one or more full sentences, with its conditions and with who
/// may set another period.
std::string rule_in_words(const RetentionRule& rule);

}  // namespace dsar

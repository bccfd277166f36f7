#pragma once

#include <string_view>
#include <vector>

#include "core/policy.hpp"

namespace dsar {

/// The built-in policies, one file each in this folder; read a file beside the published text.
namespace policies {
Policy operatorone();
Policy omniops();
Policy web1on1();
Policy visitorchat();
Policy dataops();
}  // namespace policies

/// The rules on the records of requests and holds, on which the published texts are silent, for a
/// policy under these laws: nothing goes until the operator sets a period, counted from the day on
/// which the request was closed or the hold released, and California's 24 months bind in any case.
std::vector<RetentionRule> request_record_rules(const Document& text,
                                                const std::vector<Regime>& regimes);

/// All built-in policies.
const std::vector<Policy>& builtin_policies();

/// The built-in policy of that id, or nullptr.
const Policy* find_policy(std::string_view id);

/// The same; throws Error (usage) that lists the known ones when there is none.
const Policy& policy_named(std::string_view id);

}  // namespace dsar

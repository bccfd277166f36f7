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

/// All built-in policies.
const std::vector<Policy>& builtin_policies();

/// The built-in policy of that id, or nullptr.
const Policy* find_policy(std::string_view id);

/// The same; throws Error (usage) that lists the known ones when there is none.
const Policy& policy_named(std::string_view id);

}  // namespace dsar

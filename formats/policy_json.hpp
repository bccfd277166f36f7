#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/policy_catalogue.hpp"

namespace dsar::formats {

/// The whole policy as a policy file has it, dsarctl-policy(5) and policy.schema.json, with the
/// periods of its own file: read back, it is the same policy. What the policy does not state is
/// left out. A policy that extends another is written out in full.
nlohmann::ordered_json policy_json(const PolicyEntry& entry);

/// One object a policy: `id`, `title`, `texts`, `rules` and `left_open` (ids of rules), and for a
/// file's `file` and `extends`.
nlohmann::ordered_json policy_list_json(const PolicyCatalogue& catalogue);

}  // namespace dsar::formats

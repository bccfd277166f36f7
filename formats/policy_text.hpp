#pragma once

#include <string>

#include "core/policy_catalogue.hpp"

namespace dsar::formats {

/// A policy for a person who lays it beside the published text: which texts, each rule with all
/// its parts and its clause, and what the text leaves open.
std::string policy_text(const PolicyEntry& entry);

/// All policies, a line each.
std::string policy_list_text(const PolicyCatalogue& catalogue);

}  // namespace dsar::formats

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/policy_catalogue.hpp"

namespace dsar::formats {

/// The built-in policies with those of a file, or of a folder's `*.json` files (a policy each):
/// dsarctl-policy(5). Throws Invalid with every fault found, and Error (usage) where a file cannot
/// be read or the folder has none.
PolicyCatalogue read_policies(const std::filesystem::path& path);

/// One policy file.
struct PolicyText {
  std::string file;  ///< how faults name it
  std::string text;
};

/// The same from memory.
PolicyCatalogue read_policy_texts(const std::vector<PolicyText>& texts);

}  // namespace dsar::formats

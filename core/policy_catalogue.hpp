#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/effective_rules.hpp"
#include "core/policy.hpp"

namespace dsar {

/// A period that a policy file puts in a rule's place.
struct FilePeriod {
  std::string tenant;  ///< slug; empty: set by the operator, for every tenant under the policy
  RuleOverride change;
};

/// A policy with what its file adds to it.
struct PolicyEntry {
  Policy policy;
  std::vector<FilePeriod> periods = {};
  std::string file = {};     ///< where it was read; empty: built in
  std::string extends = {};  ///< the built-in policy that the file extends; empty: none
};

/// The policies that tenants can live under, by id: the built-in ones and those of files.
class PolicyCatalogue {
 public:
  /// The built-in policies alone.
  PolicyCatalogue();

  /// Adds a policy; it takes the place of one with the same id.
  void add(PolicyEntry entry);

  /// In the order of their adding, the built-in ones first.
  [[nodiscard]] const std::vector<PolicyEntry>& entries() const { return entries_; }
  /// The entry of that id, or nullptr.
  [[nodiscard]] const PolicyEntry* find(std::string_view id) const;
  /// The same; throws Error (usage) that lists the known ones when there is none.
  [[nodiscard]] const PolicyEntry& named(std::string_view id) const;

 private:
  std::vector<PolicyEntry> entries_;
};

/// The periods of the entry's file that concern the tenant: its own, and the operator's `general`
/// ones. A data map's overrides are added to these for effective_rules. `tenant`: its slug, empty
/// in a database without tenants.
std::vector<RuleOverride> overrides_for(const PolicyEntry& entry, std::string_view tenant);

/// The rules whose period neither the policy states nor its file sets.
std::vector<const RetentionRule*> rules_left_open(const PolicyEntry& entry);

}  // namespace dsar

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/policy_catalogue.hpp"
#include "core/schedule_change.hpp"

namespace dsar::formats {

/// What a change from one policy to another would come to.
struct PolicyDiff {
  const PolicyEntry* from = nullptr;
  const PolicyEntry* to = nullptr;
  Instant as_of;
  std::vector<TenantChange> tenants;
  std::vector<SweepOmission> cannot_see;

  [[nodiscard]] std::uint64_t newly_due() const;
  [[nodiscard]] std::uint64_t no_longer_due() const;
  /// What the first policy promises before it changes; nothing where nothing changes.
  [[nodiscard]] std::optional<ChangeNotice> notice() const;
};

/// For a terminal: tenant by tenant the rows, then the rules with their record sets.
std::string policy_diff_text(const PolicyDiff& diff);

/// formats/schemas/policy-diff.schema.json
nlohmann::ordered_json policy_diff_json(const PolicyDiff& diff);

}  // namespace dsar::formats

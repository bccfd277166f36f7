#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/erasure.hpp"

namespace dsar::formats {

/// A plan of an erasure that somebody has reviewed.
struct ReviewedErasure {
  ErasureResult plan;
  std::string salt;          ///< the key of its digests
  std::string planned_with;  ///< id of the key that signed it; empty: none has
};

/// The plan as a file, as formats/schemas/erasure-plan.schema.json describes it. Rows are in it
/// only as digests under `salt`. `planned_with`: the id of the key that signs it; empty: none does.
std::string erasure_plan_text(const ErasureResult& plan, const std::string& salt,
                              const std::string& planned_with = {});

/// Throws Error (usage) that begins with `path` where the text is none, or was changed.
ReviewedErasure read_erasure_plan(std::string_view text, const std::string& path);

/// The record sets whose rows are no longer those of the plan.
std::vector<std::string> changed_rows(const ReviewedErasure& reviewed, const ErasureResult& now);

}  // namespace dsar::formats

#pragma once

#include <string>
#include <vector>

#include "core/erasure.hpp"

namespace dsar::formats {

/// A plan of an erasure that somebody has reviewed.
struct ReviewedErasure {
  std::string salt;  ///< the key of its digests
  std::string scope;
  std::vector<RowDigest> digests;
  std::string digest;  ///< of the whole file
};

/// The plan as a file, as formats/schemas/erasure-plan.schema.json describes it. Rows are in it
/// only as digests under `salt`.
std::string erasure_plan_text(const ErasureResult& plan, const std::string& salt);

/// Throws Error (usage) where it is none, or was changed.
ReviewedErasure read_erasure_plan(const std::string& path);

/// The record sets whose rows are no longer those of the plan.
std::vector<std::string> changed_rows(const ReviewedErasure& reviewed, const ErasureResult& now);

}  // namespace dsar::formats

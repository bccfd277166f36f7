#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/pg/rectify.hpp"
#include "core/pg/value_search.hpp"

/// What a correction is about, before anything is changed.
namespace dsar::pg {

/// A correction of which the old value is known, or that only fills what is empty.
struct RectifyWork {
  const Correction* asked;
  std::vector<Place> places;
  std::optional<std::string> old;
  const Place* empty = nullptr;  ///< the one field to fill
  std::set<std::string> spellings;
};

/// `correction` outlives it. Throws Error (usage) where the map holds nothing of its category for
/// the subject, or it is not clear which of several values or empty fields is meant.
RectifyWork work_of(const RectifyQuestion& question, const Correction& correction,
                    const std::vector<SetSelection>& selections, ValueSearch& search);

}  // namespace dsar::pg

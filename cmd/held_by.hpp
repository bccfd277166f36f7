#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cmd/reading.hpp"
#include "core/period.hpp"

namespace dsar::cmd {

/// A hold, an open request or a restriction that keeps rows of a subject.
struct HeldBy {
  std::string by;    ///< `hold 12`, `request 7`, `restriction 3`
  std::string what;  ///< `subject`, `tenant`, `set messages`; a request's kind; `restricted`
  std::string why;   ///< the hold's ground; what a request is due by
  Date date;         ///< of the hold's review; on which the request is due; of the restriction
};

/// Everything that keeps rows of the subject; nothing where the role cannot know, or the database
/// has no schema for it yet.
std::optional<std::vector<HeldBy>> held_by(Reading& reading, const FoundSubject& found);

/// A heading and a table; empty where nothing holds.
std::string held_by_text(const std::optional<std::vector<HeldBy>>& holds);
/// null where it cannot be known.
nlohmann::ordered_json held_by_json(const std::optional<std::vector<HeldBy>>& holds);

}  // namespace dsar::cmd

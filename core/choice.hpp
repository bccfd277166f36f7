#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/hold.hpp"
#include "core/map/map_terms.hpp"
#include "core/zone.hpp"

/// What subjects decide about the use of their data (Art. 7(3), 18, 21; opt-outs), and what is
/// found out about them that has the same weight (a child; a parent's consent): recorded with time,
/// author and ground.
namespace dsar {

struct NewChoice {
  SubjectChoice kind = SubjectChoice::restriction;
  std::string purpose;  ///< of a consent, as the map's rows call it; empty: all of them
  RecordedTenant tenant;
  RecordedSubject subject;
  std::string ground;
  std::string author;
  Instant made_at;  ///< when the subject decided it
};

struct Choice {
  std::int64_t id = 0;
  NewChoice made;
  std::optional<Instant> lifted_at;
  std::string lifted_by;
  std::string lift_reason;
};

/// The map's choices that a recorded one is written as: an objection to marketing also ends
/// subscriptions.
std::vector<SubjectChoice> written_as(SubjectChoice kind);

/// `restriction (Art. 18)`
std::string in_words(SubjectChoice kind);

}  // namespace dsar

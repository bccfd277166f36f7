#include "core/pg/rectify_work.hpp"

namespace dsar::pg {
namespace {

bool can_be_set(const Place& place) {
  return place.fate == PlaceFate::change && !place.third_party && !place.copy;
}

/// --set: the one value that there is, or the one field that is empty.
void settle(RectifyWork& work, ValueSearch& search) {
  std::set<std::string> found;
  for (const auto& place : work.places) {
    if (!can_be_set(place)) continue;
    for (auto& value : search.distinct(place)) found.insert(std::move(value));
  }
  if (found.size() > 1)
    throw Error(ExitCode::usage,
                "the subject has " + std::to_string(found.size()) + " different values of " +
                    work.asked->category,
                "Say which one is wrong with --replace, or confine it with --in SET.COLUMN.");
  if (found.size() == 1) {
    work.old = *found.begin();
    return;
  }
  std::vector<std::string> names;
  for (const auto& place : work.places) {
    const bool plain = place.columns.size() == 1 && !place.inside_more() && can_be_set(place);
    if (!plain || search.empty(place).empty()) continue;
    work.empty = &place;
    names.push_back(place.name());
  }
  if (names.empty())
    throw Error(ExitCode::usage, "there is no empty field for " + work.asked->category);
  if (names.size() > 1)
    throw Error(ExitCode::usage,
                "several fields for " + work.asked->category + " are empty: " + join(names, ", "),
                "Choose one with --in, such as --in " + names.front() + ".");
}

}  // namespace

RectifyWork work_of(const RectifyQuestion& question, const Correction& correction,
                    const std::vector<SetSelection>& selections, ValueSearch& search) {
  RectifyWork work;
  work.asked = &correction;
  work.places =
      places_of(question.map, question.catalogue, selections, correction.category, question.within);
  if (work.places.empty())
    throw Error(ExitCode::usage,
                "the map holds nothing of " + correction.category + " for this subject" +
                    (question.within.empty() ? "" : " there"),
                "Run dsarctl find to see which record sets hold rows of the subject.");
  work.old = correction.old;
  if (!work.old) settle(work, search);
  return work;
}

}  // namespace dsar::pg

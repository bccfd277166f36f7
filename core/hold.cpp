#include "core/hold.hpp"

#include <algorithm>

namespace dsar {

bool is_overdue(const Hold& hold, Date today) {
  return !hold.released_at && hold.placed.review_on < today;
}

SubjectKeys keys_to_hold(const Closure& closure) {
  SubjectKeys keys;
  for (const auto& linked : closure.rows) keys[linked.row.set].push_back(linked.row.key);
  if (closure.outcome == ClosureOutcome::found) return keys;
  for (const auto& unlinked : closure.unlinked) keys[unlinked.row.set].push_back(unlinked.row.key);
  return keys;
}

SubjectKeys united(SubjectKeys keys, const SubjectKeys& more) {
  for (const auto& [set, rows] : more) {
    auto& known = keys[set];
    for (const auto& row : rows) {
      if (std::find(known.begin(), known.end(), row) == known.end()) known.push_back(row);
    }
  }
  return keys;
}

bool share_a_row(const SubjectKeys& keys, const SubjectKeys& other) {
  for (const auto& [set, rows] : keys) {
    const auto there = other.find(set);
    if (there == other.end()) continue;
    for (const auto& row : rows) {
      if (std::find(there->second.begin(), there->second.end(), row) != there->second.end())
        return true;
    }
  }
  return false;
}

}  // namespace dsar

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

SubjectKeys proven_keys(const Closure& closure, const std::vector<Identity>& also) {
  if (closure.outcome != ClosureOutcome::found) return {};
  const auto& rows = closure.rows;
  // Rows follow those that they were found by.
  std::vector<bool> vouched(rows.size(), false);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    vouched[i] = rows[i].from == i ? std::find(also.begin(), also.end(), rows[i].via) != also.end()
                                   : vouched[rows[i].from];
  }
  SubjectKeys distinct;
  SubjectKeys weak;  // asked for by what they share, where nobody distinct has it
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!vouched[i]) (rows[i].weak ? weak : distinct)[rows[i].row.set].push_back(rows[i].row.key);
  }
  return distinct.empty() ? weak : distinct;
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

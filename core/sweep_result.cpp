#include "core/sweep_result.hpp"

#include <algorithm>
#include <utility>

namespace dsar {

std::uint64_t SweepResult::due() const {
  std::uint64_t sum = 0;
  for (const auto& line : lines) sum += line.due;
  return sum;
}

std::uint64_t SweepResult::gone() const {
  std::uint64_t sum = 0;
  for (const auto& line : lines) sum += line.deleted + line.masked;
  return sum;
}

std::uint64_t SweepResult::left() const {
  std::uint64_t sum = 0;
  for (const auto& line : lines) sum += line.failed + line.left_over;
  return sum;
}

std::uint64_t SweepResult::needs_approval() const {
  std::uint64_t sum = 0;
  for (const auto& line : lines) sum += line.needs_approval;
  return sum;
}

void settle(SweepResult& result, const SweepResult& after) {
  for (auto& line : result.lines) {
    const bool failed = line.failed > 0;
    line.held = line.kept_by_law = line.floored = line.undated = line.future = 0;
    line.failed = line.left_over = 0;
    line.oldest.clear();
    const auto why_failed = std::exchange(line.note, {});
    for (const auto& now : after.lines) {
      if (now.set != line.set || now.tenant != line.tenant || now.rule != line.rule ||
          now.action != line.action)
        continue;
      line.held = now.held;
      line.kept_by_law = now.kept_by_law;
      line.floored = now.floored;
      line.undated = now.undated;
      line.future = now.future;
      line.oldest = now.oldest;
      line.left_over = now.left_over;
      (failed ? line.failed : line.left_over) += now.due;
      // What failed in one round may have gone in the next.
      line.note = line.failed > 0 ? why_failed : now.note;
    }
  }
  // What has become due meanwhile, and by what other rows left behind.
  for (const auto& now : after.lines) {
    const bool known = std::any_of(result.lines.begin(), result.lines.end(), [&](const auto& line) {
      return now.set == line.set && now.tenant == line.tenant && now.rule == line.rule &&
             now.action == line.action;
    });
    if (known || (now.due == 0 && now.left_over == 0)) continue;
    auto line = now;
    line.left_over += line.due;
    result.lines.push_back(std::move(line));
  }
}

}  // namespace dsar

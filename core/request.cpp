#include "core/request.hpp"

namespace dsar {

std::vector<ClockStop> stops_of(const Request& request) {
  std::vector<ClockStop> stops;
  for (const auto& step : request.steps) {
    if (step.kind == RequestStepKind::paused) {
      stops.push_back({step.cause.value_or(StopCause::identity), step.on, std::nullopt});
    } else if (step.kind == RequestStepKind::resumed && !stops.empty()) {
      stops.back().until = step.on;
    }
  }
  return stops;
}

bool is_overdue(const Request& request, Date today) {
  return !request.closed_at && !request.stopped && request.opened.due_on < today;
}

}  // namespace dsar

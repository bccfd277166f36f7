#include "core/deadline.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/statute.hpp"

namespace dsar {
namespace {

bool is_opt_out(RightKind kind) {
  return kind == RightKind::opt_out_of_sale || kind == RightKind::limit_sensitive;
}

Holidays with_bank_holidays(const DeadlineQuestion& question) {
  const auto year = static_cast<int>(std::chrono::year_month_day(question.received_on).year());
  auto holidays = bank_holidays(year, year + 2);
  holidays.insert(question.basis.holidays.begin(), question.basis.holidays.end());
  return holidays;
}

/// `stops`: those that the law knows.
TimeLimit by_months(const DeadlineQuestion& question, const StatutoryLimit& limit,
                    const Holidays& holidays, const std::vector<ClockStop>& stops) {
  auto begin = question.received_on;
  std::chrono::days waited{0};
  bool stopped = false;
  for (const auto& stop : stops) {
    if (!stop.until) {
      stopped = true;
    } else if (stop.cause == StopCause::clarification) {
      waited += *stop.until - stop.from;
    } else {
      begin = std::max(begin, *stop.until);
    }
  }
  const auto extended = Period::months(limit.answer.count() + limit.extension.count());
  return {.source = std::string(limit.source),
          .on = working_day_from(add(begin, limit.answer) + waited, holidays),
          .binding = true,
          .extended = working_day_from(add(begin, extended) + waited, holidays),
          .stopped = stopped};
}

TimeLimit by_statute(const DeadlineQuestion& question, Regime regime) {
  const auto& limit = statutory_limit(regime);
  switch (regime) {
    case Regime::uk_gdpr:
      return by_months(question, limit, with_bank_holidays(question), question.stops);
    case Regime::eu_gdpr:
      return by_months(question, limit, question.basis.holidays, {});
    case Regime::ccpa:
      break;
  }
  if (is_opt_out(question.kind))
    return {.source = question.kind == RightKind::opt_out_of_sale ? "11 CCR 7026" : "11 CCR 7027",
            .on = add_working_days(question.received_on, 15, question.basis.holidays),
            .binding = true,
            .extended = std::nullopt,
            .stopped = false};
  const auto extended = Period::days(limit.answer.count() + limit.extension.count());
  return {.source = std::string(limit.source),
          .on = add(question.received_on, limit.answer),
          .binding = true,
          .extended = add(question.received_on, extended),
          .stopped = false};
}

/// As if the subject had been told of an extension.
void extend(TimeLimit& limit, const std::optional<Date>& until) {
  if (!limit.extended) return;
  limit.on = until ? std::min(*until, *limit.extended) : *limit.extended;
  limit.extended.reset();
}

}  // namespace

std::optional<AnswerPromise> promise_of(const Policy& policy) {
  const auto& response = policy.response;
  if (!response || !response->within.is_counted()) return std::nullopt;
  return AnswerPromise{response->within, response->binding, to_text(response->citation)};
}

Deadline answer_deadline(const DeadlineQuestion& question) {
  if (question.regimes.empty())
    throw Error(ExitCode::usage, "no law is named that the request falls under");
  Deadline deadline;
  for (const auto regime : question.regimes) {
    deadline.limits.push_back(by_statute(question, regime));
    if (question.extended) extend(deadline.limits.back(), question.extended_until);
    if (regime == Regime::ccpa && !is_opt_out(question.kind))
      deadline.confirm_by = add_working_days(question.received_on, 10, question.basis.holidays);
  }
  if (const auto& promise = question.basis.promise)
    deadline.limits.push_back({.source = promise->source,
                               .on = add(question.received_on, promise->within),
                               .binding = promise->binding && !question.extended,
                               .extended = std::nullopt,
                               .stopped = false});
  // A regime's limit binds, so there is one.
  const auto& first = *std::min_element(deadline.limits.begin(), deadline.limits.end(),
                                        [](const TimeLimit& left, const TimeLimit& right) {
                                          if (left.binding != right.binding) return left.binding;
                                          if (left.stopped != right.stopped) return right.stopped;
                                          return left.on < right.on;
                                        });
  deadline.due_on = first.on;
  deadline.due_by = first.source;
  deadline.stopped = first.stopped;
  return deadline;
}

}  // namespace dsar

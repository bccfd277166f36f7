#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/enum_names.hpp"
#include "core/hold.hpp"
#include "core/policy_terms.hpp"

/// The register of data subject requests.
namespace dsar {

/// What came of a request.
enum class RequestOutcome {
  answered,
  refused,
  withdrawn,
  unverified,  ///< the person who asked could not be identified
  forwarded,   ///< to the controller, whose request it is
};

template <>
struct EnumNames<RequestOutcome> {
  using R = RequestOutcome;
  static constexpr std::array table{
      EnumName<R>{R::answered, "answered"},   EnumName<R>{R::refused, "refused"},
      EnumName<R>{R::withdrawn, "withdrawn"}, EnumName<R>{R::unverified, "unverified"},
      EnumName<R>{R::forwarded, "forwarded"},
  };
};

struct NewRequest {
  RightKind kind = RightKind::access;
  RecordedTenant tenant;
  RecordedSubject subject;
  Date received_on;
  std::vector<Regime> regimes;
  Date due_on;
  std::string due_by;                       ///< what makes it due then, e.g. `Art. 12(3) UK GDPR`
  std::optional<DeadlineBasis> basis = {};  ///< nothing: opened before it was recorded
  std::string author;
};

/// What moves the day on which a request is due.
enum class RequestStepKind { extended, paused, resumed };

template <>
struct EnumNames<RequestStepKind> {
  using R = RequestStepKind;
  static constexpr std::array table{
      EnumName<R>{R::extended, "extended"},
      EnumName<R>{R::paused, "paused"},
      EnumName<R>{R::resumed, "resumed"},
  };
};

/// One of them, as it was recorded.
struct RequestStep {
  RequestStepKind kind = RequestStepKind::extended;
  Date on;                         ///< since when
  std::optional<StopCause> cause;  ///< paused: what is waited for
  std::optional<Date> until;       ///< extended: to an earlier day than the law allows
  std::string reason;
  std::string author;
  Instant at;
};

struct Request {
  std::int64_t id = 0;
  NewRequest opened;
  Instant opened_at;
  std::vector<RequestStep> steps;
  bool stopped = false;  ///< no time limit runs until what was asked for arrives
  std::optional<Instant> closed_at;
  std::string closed_by;
  std::optional<RequestOutcome> outcome;
  std::string close_reason;
};

/// The times for which the clock stood or stands, by the request's steps.
std::vector<ClockStop> stops_of(const Request& request);

/// The answer should have been given by now: the day after its due date, until it is closed; not
/// while the clock stands.
bool is_overdue(const Request& request, Date today);

}  // namespace dsar

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  std::string due_by;  ///< what makes it due then, e.g. `Art. 12(3) UK GDPR`
  std::string author;
};

struct Request {
  std::int64_t id = 0;
  NewRequest opened;
  Instant opened_at;
  std::optional<Instant> closed_at;
  std::string closed_by;
  std::optional<RequestOutcome> outcome;
  std::string close_reason;
};

/// The answer should have been given by now: the day after its due date, until it is closed.
bool is_overdue(const Request& request, Date today);

}  // namespace dsar

#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_names.hpp"
#include "core/holidays.hpp"
#include "core/policy.hpp"

/// By when a data subject's request is to be answered.
namespace dsar {

/// What the clock waits for, where the law lets it.
enum class StopCause {
  identity,       ///< proof of who asks: the time begins on the day it arrives
  fee,            ///< likewise
  clarification,  ///< of what is asked, really needed: the days until it arrives do not count
};

template <>
struct EnumNames<StopCause> {
  using S = StopCause;
  static constexpr std::array table{
      EnumName<S>{S::identity, "identity"},
      EnumName<S>{S::fee, "fee"},
      EnumName<S>{S::clarification, "clarification"},
  };
};

struct ClockStop {
  StopCause cause = StopCause::identity;
  Date from;
  std::optional<Date> until;  ///< what was waited for arrived; nothing: not yet
};

/// What a policy promises.
struct AnswerPromise {
  Period within;  ///< counted
  bool binding = true;
  std::string source;  ///< clause

  friend bool operator==(const AnswerPromise&, const AnswerPromise&) = default;
};

/// The time that a policy promises; nothing where it counts none.
std::optional<AnswerPromise> promise_of(const Policy& policy);

/// What the day depends on besides the laws, the request and what became of it.
struct DeadlineBasis {
  std::optional<AnswerPromise> promise = {};
  Holidays holidays = {};  ///< besides weekends and, for the United Kingdom, the bank holidays
};

struct DeadlineQuestion {
  Date received_on;
  RightKind kind = RightKind::access;
  std::vector<Regime> regimes;  ///< the laws it falls under; at least one
  DeadlineBasis basis = {};
  std::vector<ClockStop> stops = {};
  bool extended = false;                    ///< the subject was told, in time
  std::optional<Date> extended_until = {};  ///< an earlier day than the law allows
};

/// One of the times that count, or are aimed at.
struct TimeLimit {
  std::string source;  ///< article or clause
  Date on;             ///< the last day
  bool binding = true;
  std::optional<Date> extended;  ///< the last day after an extension, told in time
  bool stopped = false;          ///< waits for what the subject was asked for
};

struct Deadline {
  Date due_on;         ///< the earliest binding limit
  std::string due_by;  ///< its source
  std::vector<TimeLimit> limits;
  bool stopped = false;            ///< no binding limit runs: `due_on` is as before the stop
  std::optional<Date> confirm_by;  ///< receipt is to be confirmed (11 CCR 7021(a))
};

/// Counts in dates from the day of receipt.
/// - United Kingdom: to the corresponding date of the next month, clipped to its last day; from a
///   weekend or bank holiday to the next working day (Art. 12(3), 12A UK GDPR; ICO).
/// - European Union: the same with the holidays passed in (Reg. 1182/71, Art. 3(2)(c) and (4)).
/// - California: 45 calendar days; 15 working days to stop selling or limit the use of sensitive
///   data (11 CCR 7021, 7026, 7027).
/// - Only the United Kingdom's month waits for proof of identity, a fee or a clarification.
/// - An extension moves the laws' limits that know one, and what a policy promises binds no more.
/// - A policy's promise neither pauses nor moves to a working day; one that does not bind is only
///   shown.
/// The earliest binding limit that runs governs. Throws Error (usage) without a regime.
Deadline answer_deadline(const DeadlineQuestion& question);

}  // namespace dsar

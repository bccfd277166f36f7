#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/closure.hpp"
#include "core/enum_names.hpp"
#include "core/identity.hpp"
#include "core/period.hpp"
#include "core/reach.hpp"
#include "core/zone.hpp"

/// Legal holds: what must not be deleted or masked, why, and until when that is looked at again.
namespace dsar {

enum class HoldKind { subject, tenant, set };

template <>
struct EnumNames<HoldKind> {
  static constexpr std::array table{
      EnumName<HoldKind>{HoldKind::subject, "subject"},
      EnumName<HoldKind>{HoldKind::tenant, "tenant"},
      EnumName<HoldKind>{HoldKind::set, "set"},
  };
};

/// A data subject as a hold or a request keeps it: how to find it again, and the rows it was then.
struct RecordedSubject {
  std::string kind;             ///< visitor, agent, …; empty: not known
  std::vector<Identity> asked;  ///< normalised
  std::vector<Identity> also;   ///< normalised; the officer vouched for these
  SubjectKeys keys;
  SubjectKeys proven;  ///< those of `keys` that are this subject's for certain
};

/// What a hold or a request says of the tenant.
struct RecordedTenant {
  std::string key;   ///< empty: the map has no tenants, or all of them
  std::string slug;  ///< as it was called when it was recorded
};

struct NewHold {
  HoldKind kind = HoldKind::subject;
  RecordedTenant tenant;
  RecordedSubject subject;               ///< of a hold on a subject
  std::string set;                       ///< of a hold on a record set
  std::optional<std::string> predicate;  ///< likewise; nothing: all its rows
  std::string ground;
  std::string author;
  Date review_on;  ///< when somebody looks whether it is still needed
};

struct Hold {
  std::int64_t id = 0;
  NewHold placed;
  Instant placed_at;
  std::optional<Instant> released_at;
  std::string released_by;
  std::string release_reason;
};

/// Somebody should have looked by now whether the hold is still needed: the day after its review
/// date, until it is released.
bool is_overdue(const Hold& hold, Date today);

/// The rows that may be the subject, whatever the outcome: of an ambiguous one every candidate's,
/// because holding too much is safe.
SubjectKeys keys_to_hold(const Closure& closure);

/// The rows that are the one subject found, and nobody else's: without those that an officer
/// vouched for by `also` (normalised), or that only a weak identity joins to others. None where it
/// is not known who is meant.
SubjectKeys proven_keys(const Closure& closure, const std::vector<Identity>& also);

/// Both, each row once.
SubjectKeys united(SubjectKeys keys, const SubjectKeys& more);

/// Whether the two have a row in common.
bool share_a_row(const SubjectKeys& keys, const SubjectKeys& other);

}  // namespace dsar

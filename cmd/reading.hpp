#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/subject.hpp"
#include "core/catalogue.hpp"
#include "core/closure.hpp"
#include "core/pg/cancel_on_stop.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/subject.hpp"
#include "core/policy_catalogue.hpp"
#include "core/selection.hpp"

namespace dsar::cmd {

/// What a command reads from: the map, the policies, and the database in one snapshot.
struct Reading {
  /// Reads map and policies, connects, opens the snapshot (or, read-write, a transaction that sees
  /// what is committed meanwhile), reads the catalogue; an error of any of them.
  explicit Reading(const Context& context,
                   pg::TransactionMode mode = pg::TransactionMode::read_only);

  DataMap map;
  PolicyCatalogue policies;
  pg::Connection connection;
  pg::CancelOnStop cancel;
  std::optional<pg::Transaction> transaction;  ///< the snapshot
  Catalogue catalogue;
};

/// Who was found, whatever came of it.
struct FoundSubject {
  Closure closure;
  pg::Tenant tenant;                   ///< of the closure's rows, when it is found
  std::vector<pg::Tenant> candidates;  ///< several_tenants: which
  SubjectKeys keys;
  std::vector<pg::CannotSee> cannot_see;
};

FoundSubject find_subject(Reading& reading, const Context& context,
                          const SubjectQuestion& question);

/// What answers the request of a subject that was found, and what cannot be seen of it.
std::vector<SetSelection> selections_of(const ReachContext& reach, const FoundSubject& found);

/// Throws Error (no_such_subject, refused, or partial where somebody may be whom the role cannot
/// see) unless exactly one subject was found.
void require_one(const FoundSubject& found);

/// Throws Error (refused) where rows of the subject may be in a set that the role cannot see.
void require_seen(const FoundSubject& found);

}  // namespace dsar::cmd

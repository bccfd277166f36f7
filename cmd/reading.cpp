#include "cmd/reading.hpp"

#include <algorithm>

#include "cmd/policy.hpp"
#include "core/pg/catalogue.hpp"
#include "formats/map_reader.hpp"
#include "formats/own_tables.hpp"

namespace dsar::cmd {

Reading::Reading(const Context& context, pg::TransactionMode mode)
    : map(formats::read_map(required_map(context))),
      policies(read_policies(context)),
      connection(context.globals.db),
      cancel(connection, context.stop),
      transaction(std::in_place, connection, mode),
      catalogue(pg::read_catalogue(connection)) {
  map = formats::with_own_tables(std::move(map), catalogue);
}

namespace {

/// The record sets in which somebody may be whom the role cannot see.
std::string unseen_sets(const FoundSubject& found) {
  std::vector<std::string> names;
  for (const auto& unseen : found.cannot_see) {
    if (std::find(names.begin(), names.end(), unseen.what) == names.end())
      names.push_back(unseen.what);
  }
  return join(names, ", ");
}

}  // namespace

FoundSubject find_subject(Reading& reading, const Context& context,
                          const SubjectQuestion& question) {
  FoundSubject found;
  ClosureQuestion closure;
  closure.asked = pg::normalise_identities(reading.connection, reading.map, question.asked);
  closure.also = pg::normalise_identities(reading.connection, reading.map, question.also);
  closure.subject = question.kind;
  closure.tenants_exist = reading.map.tenants.has_value();
  if (!context.globals.tenant.empty()) {
    found.tenant = pg::find_tenant(reading.connection, reading.map, context.globals.tenant);
    closure.tenant = found.tenant.key;
  }
  found.closure = close_identities(
      reading.map, closure,
      pg::subject_lookup(reading.connection, reading.map, reading.catalogue, found.cannot_see));
  if (!question.kind.empty()) {
    std::erase_if(found.cannot_see, [&](const pg::CannotSee& unseen) {
      return find_set(reading.map, unseen.what).set->subject != question.kind;
    });
  }
  found.keys = pg::subject_keys(found.closure);
  if (found.closure.outcome == ClosureOutcome::several_tenants) {
    for (const auto& key : found.closure.tenants)
      found.candidates.push_back(pg::tenant_of_key(reading.connection, reading.map, key));
  } else if (found.closure.outcome == ClosureOutcome::found) {
    found.tenant =
        pg::tenant_of_key(reading.connection, reading.map, found.closure.rows.front().row.tenant);
  }
  return found;
}

std::vector<SetSelection> selections_of(const ReachContext& reach, const FoundSubject& found) {
  auto selections = select_sets(reach);
  std::vector<Omission> roots;
  for (const auto& unseen : found.cannot_see) roots.push_back({unseen.what, unseen.reason});
  add_unseen(reach.map, found.closure.rows.front().row.subject, roots, selections);
  return selections;
}

void require_one(const FoundSubject& found) {
  switch (found.closure.outcome) {
    case ClosureOutcome::found:
      return;
    case ClosureOutcome::nobody:
      if (found.cannot_see.empty())
        throw Error(ExitCode::no_such_subject, "nobody has this identity");
      throw Error(ExitCode::partial,
                  "nobody who can be seen has this identity: cannot see " + unseen_sets(found),
                  "Run dsarctl doctor: it names the privileges that are missing.");
    case ClosureOutcome::several_tenants: {
      std::vector<std::string> slugs;
      for (const auto& tenant : found.candidates) slugs.push_back(tenant.slug);
      throw Error(ExitCode::refused, "several tenants know this identity: " + join(slugs, ", "),
                  "Choose one with --tenant.");
    }
    case ClosureOutcome::several_people:
      throw Error(ExitCode::refused, "this identity alone points to more than one person",
                  "Run dsarctl find to see whom, and ask by an identity that is one person's own.");
    case ClosureOutcome::several_kinds:
      throw Error(ExitCode::refused, "this identity belongs to subjects of several kinds",
                  "Choose one with --subject-kind; dsarctl find lists them.");
  }
}

void require_seen(const FoundSubject& found) {
  if (!found.cannot_see.empty())
    throw Error(ExitCode::refused,
                "the subject may have rows in " + found.cannot_see.front().what +
                    ", which this role cannot see: " + found.cannot_see.front().reason,
                "Run dsarctl doctor: it names the privileges that are missing.");
}

}  // namespace dsar::cmd

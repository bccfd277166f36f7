#pragma once

#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/closure.hpp"
#include "core/pg/connection.hpp"
#include "core/reach.hpp"

/// Finding a data subject in the database. All functions expect an open read-only Transaction, so
/// that they see one snapshot.
namespace dsar::pg {

/// A tenant as the map's tenants table has it.
struct Tenant {
  std::string key;
  std::string slug;
  std::string name;
  std::string contact;
  std::string
      policy;  ///< policy id, after the map's policy_names; the map's own where none is named
  std::string zone;
};

/// The tenant that --tenant names (by slug, else by key). Throws Error (no_such_subject) with the
/// known slugs as hint, if they are few.
Tenant find_tenant(Connection& connection, const DataMap& map, const std::string& slug);
/// All tenants, in the order of their keys as text; none where the map has no tenants.
std::vector<Tenant> list_tenants(Connection& connection, const DataMap& map);
/// The tenant with this key.
Tenant tenant_of_key(Connection& connection, const DataMap& map, const std::string& key);

/// Identities in the spelling in which the server compares them; those of which nothing is left are
/// dropped. Throws Error (usage) for a kind that the map does not have.
std::vector<Identity> normalise_identities(Connection& connection, const DataMap& map,
                                           const std::vector<Identity>& identities);

/// Something the role may not look at, or that the map does not say enough about.
struct CannotSee {
  std::string what;    ///< record set, or set.column
  std::string reason;  ///< e.g. `row-level security hides rows of helpdesk.note`
};

/// Looks root rows up. A root set that the role cannot read is left out, and noted in `cannot_see`
/// once an identity is looked up that it could hold.
SubjectLookup subject_lookup(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                             std::vector<CannotSee>& cannot_see);

/// The tenant's rows of a root set whose keys `wanted` says yes to, with all that they hold. Every
/// key is looked at. Throws Error (refused) where the role cannot see the set.
std::vector<SubjectRow> rows_of_keys(
    Connection& connection, const DataMap& map, const Catalogue& catalogue, const SetRef& root,
    const std::string& tenant_key,
    const std::function<bool(const std::vector<std::string>& key)>& wanted);

/// The keys of the subject's own rows, by root set.
SubjectKeys subject_keys(const Closure& closure);

}  // namespace dsar::pg

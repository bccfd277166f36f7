#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/identity.hpp"
#include "core/map/data_map.hpp"

/// Identity closure: which rows are one person, decided purely and with a reason for each.
namespace dsar {

/// An identity in a row: `value` in the spelling it is compared in, `written` as the row has it.
struct HeldIdentity {
  std::string kind;
  std::string value;
  std::string written;
};

/// A row of a root set: a candidate for being the subject.
struct SubjectRow {
  std::string set;
  std::string subject;           ///< the set's subject kind: visitor, agent, …
  std::string tenant;            ///< the tenants' key as text; empty without tenants
  std::vector<std::string> key;  ///< one text value per key column
  std::vector<HeldIdentity> identities;

  [[nodiscard]] bool same_row(const SubjectRow& other) const {
    return set == other.set && key == other.key;
  }
};

/// A row that is the subject, and why.
struct LinkedRow {
  SubjectRow row;
  Identity via;          ///< the identity it was found by (normalised)
  std::size_t from = 0;  ///< index of the row that identity was taken from; its own: as asked for
  bool weak = false;     ///< joined by a weak identity that nobody else claims
};

/// Why a row that shares an identity was left out.
enum class LeftOut {
  other_person,  ///< shares a weak identity, but has a strong one of its own
  claimed,       ///< holds only weak identities, one of which another person claims too
  other_kind,    ///< a subject of another kind (an agent, not a visitor)
  candidate,     ///< one of several people whom the question may mean
};

struct UnlinkedRow {
  SubjectRow row;
  Identity via;
  LeftOut why = LeftOut::other_person;
};

/// What the lookups came to.
enum class ClosureOutcome {
  found,
  nobody,
  several_tenants,  ///< `tenants` lists them; name one
  several_people,   ///< what was asked for points to more than one person; `unlinked` lists them
  several_kinds,    ///< the identity is a visitor's and an agent's; `unlinked` lists them
};

struct Closure {
  ClosureOutcome outcome = ClosureOutcome::nobody;
  std::vector<LinkedRow> rows;
  std::vector<UnlinkedRow> unlinked;
  std::vector<std::string> tenants;  ///< keys, sorted
};

/// The root rows that hold any of these identities (normalised), each once, with all they hold.
/// Within one tenant once `tenant` is not empty.
using SubjectLookup = std::function<std::vector<SubjectRow>(const std::vector<Identity>& identities,
                                                            const std::string& tenant)>;

struct ClosureQuestion {
  std::vector<Identity> asked;  ///< normalised; all have to mean one person
  std::vector<Identity> also;   ///< rows with these belong to the subject, says the officer: taken
                                ///< unless they have another person's strong identity
  std::string tenant;           ///< key; empty: not chosen
  bool tenants_exist = false;   ///< the map has tenants
  std::string subject;          ///< subject kind; empty: whichever it is, if it is one
};

/// Follows strong identities to the end; then weak ones to rows that have no strong identity of
/// their own and that no other strong subject claims. Never crosses a tenant or a subject kind.
Closure close_identities(const DataMap& map, const ClosureQuestion& question,
                         const SubjectLookup& lookup);

/// `has the same email as row 1`, `was asked for by email`; without any value.
std::string reason(const LinkedRow& row, std::size_t index);
std::string reason(const UnlinkedRow& row);

}  // namespace dsar

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/pg/erased_objects.hpp"
#include "core/reach.hpp"

/// Erasures on record, with their certificates. All functions want the schema to be there.
namespace dsar::pg {

/// One, with the exact bytes of its certificate and their signature.
struct StoredErasure {
  std::string id;       ///< 32 hexadecimal digits
  std::string follows;  ///< the erasure that it takes up; empty: none
  std::string tenant_key;
  std::string tenant;  ///< slug
  std::int64_t request = 0;
  std::string actor;
  std::string tool_version;
  std::uint64_t withheld = 0;
  std::string certificate;
  std::string signature;  ///< 64 bytes
  bool whole_tenant = false;
};

/// Puts it on record in the caller's transaction, with the objects whose rows are gone.
void store_erasure(Connection& connection, const StoredErasure& erasure,
                   const std::vector<StoredObject>& objects);

/// What the search for copies of the subject's identities came to, once an erasure was done.
struct StoredResidue {
  std::string erasure;
  std::string statement;  ///< the exact bytes
  std::string signature;  ///< 64 bytes
};

/// Puts it on record: it closes the erasure's certificate.
void store_residue(Connection& connection, const StoredResidue& residue);

/// That of the erasure; nothing: it is pending.
std::optional<StoredResidue> find_residue(Connection& connection, const std::string& erasure);

/// Record sets and keys of rows side by side, keys as PostgreSQL writes arrays.
std::pair<std::vector<std::string>, std::vector<std::string>> listed(const SubjectKeys& rows);

/// Rows from a result that has a number, the record set and one part of the key, in order.
SubjectKeys keys_of(const Result& rows);

/// Notes the rows that the erasure withheld, by record set, so that it can be resumed.
void note_withheld(Connection& connection, const std::string& erasure, const SubjectKeys& rows);
/// Rows that it withheld and that nothing has finished since.
SubjectKeys withheld_rows(Connection& connection, const std::string& erasure);
/// Erasures that have something left to do, the oldest first: their numbers. Those that were begun
/// and are not done; those of a person of which rows are withheld; the last ones of whole tenants,
/// if rows are.
std::vector<std::string> erasures_with_rest(Connection& connection);
/// Another erasure has taken them up.
void forget_withheld(Connection& connection, const std::string& erasure);

/// The erasure whose number begins like this. Throws Error (usage) where there is none, or several.
StoredErasure find_erasure(Connection& connection, const std::string& id);

}  // namespace dsar::pg

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/erased_object.hpp"
#include "core/pg/connection.hpp"

/// Objects outside the database that erasures leave to be removed, and what was signed of them.
/// All functions want the schema to be there.
namespace dsar::pg {

/// An object outside the database: its store and its key there.
using StoredObject = std::pair<std::string, std::string>;

/// Notes objects whose rows are gone, in the caller's transaction.
void note_erased_objects(Connection& connection, const std::string& erasure,
                         const std::vector<StoredObject>& objects);

/// One that was noted.
struct ErasedObject {
  std::string id;
  std::string erasure;
  std::string store;
  std::string key;                   ///< empty: it is gone, and its key forgotten
  std::optional<ObjectState> state;  ///< none: nobody has reported it
};

/// In the order of their numbers; without `reported` only those that are still to be removed.
/// `erasure`: of this one alone; empty: of all.
std::vector<ErasedObject> list_erased_objects(Connection& connection, const std::string& erasure,
                                              bool reported);

/// Waits until nobody else reports, for as long as the caller's transaction lasts.
void begin_reporting(Connection& connection);

/// A key for hashes of objects' keys, with its id.
struct ObjectHashKey {
  std::string id;
  std::string secret;
};

/// Notes what was reported, and forgets the keys of what is gone, which may say whose it was: but
/// for their hashes, where there is a key for these. Gives how many were not noted so before.
std::uint64_t report_erased_objects(Connection& connection,
                                    const std::vector<ObjectReport>& reports,
                                    const std::optional<ObjectHashKey>& hash_key);

/// The erasures that the objects belong to, with how many objects of theirs were reported.
std::vector<std::string> erasures_of(Connection& connection,
                                     const std::vector<ObjectReport>& reports);

/// How far the erasure's objects have come, store by store; with digests where the keys of all that
/// is gone were hashed with the key of this id.
std::vector<StoreState> states_of_objects(Connection& connection, const std::string& erasure,
                                          const std::string& hash_key_id);

/// A signed statement about what has become of an erasure's objects.
struct StoredStatement {
  std::string erasure;
  std::int64_t number = 0;  ///< from 1; a later one takes the place of those before
  std::string actor;
  std::string statement;  ///< the exact bytes
  std::string signature;  ///< 64 bytes
};

void store_statement(Connection& connection, const StoredStatement& statement);

/// The last one about the erasure; nothing: there is none.
std::optional<StoredStatement> last_statement(Connection& connection, const std::string& erasure);

}  // namespace dsar::pg

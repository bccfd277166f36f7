#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/erasure.hpp"
#include "core/pg/batch_run.hpp"
#include "core/pg/connection.hpp"
#include "core/reach.hpp"

/// Erasures that go in batches: begun, and not done yet. All functions want the schema to be there.
namespace dsar::pg {

struct BegunErasure {
  std::string id;       ///< 32 hexadecimal digits
  std::string follows;  ///< the erasure that it takes up; empty: none
  bool whole_tenant = false;
  std::string tenant_key;
  std::string tenant;        ///< slug
  std::int64_t request = 0;  ///< in the register; 0: none
  std::string actor;
  std::string hash_key_id;           ///< of the key of the subject's hashes; empty: none is kept
  std::vector<std::string> subject;  ///< keyed hashes of the identities that were asked for
  std::string scope;                 ///< digest of what was decided at first
  std::optional<Date> backups_until = {};
  SubjectKeys rows = {};  ///< that are the person; none of a whole tenant
};

/// Puts it on record in the caller's transaction.
void store_begun(Connection& connection, const BegunErasure& erasure);

/// Those that are not done, the oldest first, without their rows.
std::vector<BegunErasure> list_begun(Connection& connection);

/// The begun erasure of the tenant's `rows`: one that is about any of them; nothing: none.
std::optional<BegunErasure> find_begun(Connection& connection, const std::string& tenant_key,
                                       const SubjectKeys& rows);

/// The one whose number begins like this, with the rows that are the person; nothing: there is
/// none, or several.
std::optional<BegunErasure> find_begun_by_id(Connection& connection, const std::string& id);

/// The begun erasure of the whole tenant, by its slug.
std::optional<BegunErasure> find_begun_tenant(Connection& connection, const std::string& slug);

/// The last erasure of the whole tenant that is done; empty: none.
std::string last_tenant_erasure(Connection& connection, const std::string& tenant_key);

/// Notes rows that nothing leads to once others are gone, in the caller's transaction.
void note_rows(Connection& connection, const std::string& erasure, const SubjectKeys& rows);
SubjectKeys noted_rows(Connection& connection, const std::string& erasure);

/// What batches have done to a record set.
struct BatchProgress {
  std::string set;
  RowFate fate = RowFate::remove;  ///< or mask
  std::uint64_t rows = 0;
  std::string digest;  ///< of these rows; empty: none was made
};
std::vector<BatchProgress> progress_of(Connection& connection, const std::string& erasure);

/// Adds to it, in the batch's transaction; `digest` is the sum from now on, empty: as it was.
void add_progress(Connection& connection, const std::string& erasure, const BatchProgress& more);

/// How many are noted for the erasure, by store.
std::vector<ErasureObjects> erased_objects_of(Connection& connection, const std::string& erasure);

/// It is done, in the caller's transaction: nothing of its progress is kept.
void forget_begun(Connection& connection, const std::string& erasure);

/// The right to carry a begun erasure on: a session lock on the control connection, so that only
/// one erasure goes in batches at a time, and a count of runs that every batch looks at, so that a
/// run whose connection died cannot go on beside its successor.
class ErasureRun : public BatchRun {
 public:
  /// Takes the lock. Throws Error (locked) where another run holds it.
  explicit ErasureRun(Connection& control);
  ~ErasureRun() override;
  ErasureRun(const ErasureRun&) = delete;
  ErasureRun& operator=(const ErasureRun&) = delete;

  /// From now on it is about this erasure, which is on record. Waits for a batch of an earlier run.
  void take(const std::string& erasure);

  [[nodiscard]] SqlStatement fence() const override;
  void heed(const Result& fence) const override;
  void check_alive() override;
  [[nodiscard]] ObjectNotes notes() const override;
  [[nodiscard]] bool counts() const override { return true; }
  void count(Connection& worker, const SweepPass& pass, const BatchCounts& counts) override;

 private:
  Connection& control_;
  std::string erasure_;
  std::string number_;
};

}  // namespace dsar::pg

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/pg/batch_run.hpp"
#include "core/pg/connection.hpp"
#include "core/zone.hpp"

/// One sweep at a time, and a record of each.
namespace dsar::pg {

struct NewRun {
  std::string actor;
  std::string tool_version;
  std::string as_of;        ///< RFC 3339
  std::string plan_digest;  ///< empty: not from a reviewed plan
};

/// The right to sweep: a session lock on the control connection, and a row of dsar.sweep_run that
/// every batch looks at (the fence), so that a run whose connection died cannot go on beside its
/// successor.
class SweepRun : public BatchRun {
 public:
  /// Takes the lock and opens the record; runs that ended without a word are closed as interrupted.
  /// Throws Error (locked) where another run holds the lock.
  SweepRun(Connection& control, const NewRun& run);
  ~SweepRun() override;
  SweepRun(const SweepRun&) = delete;
  SweepRun& operator=(const SweepRun&) = delete;

  [[nodiscard]] const std::string& id() const { return id_; }

  [[nodiscard]] SqlStatement fence() const override;
  void heed(const Result& fence) const override;
  void check_alive() override;
  [[nodiscard]] ObjectNotes notes() const override;
  /// The result is told at the end.
  [[nodiscard]] bool counts() const override { return false; }
  void count(Connection& worker, const SweepPass& pass, const BatchCounts& counts) override;

  /// Writes how it ended (SweepState's word) and the result as JSON; `facts` are for the record.
  void finish(const std::string& state, const std::string& result_json,
              std::map<std::string, std::string> facts = {});

 private:
  Connection& control_;
  std::string actor_;
  std::string id_;
  bool open_ = true;
};

/// A finished or running sweep, as recorded.
struct RunRecord {
  std::string id;
  std::string started;
  std::string finished;  ///< empty: still running, or it never told
  std::string state;
  std::string actor;
  std::string as_of;
  std::string result;  ///< JSON; empty: none
};

/// The newest first.
std::vector<RunRecord> list_runs(Connection& connection, std::size_t limit);

/// How many rows the last finished run took; nothing where there was none.
std::optional<std::uint64_t> rows_of_last_run(Connection& connection);

/// How far the slowest standby is behind; zero without standbys. Throws Error (usage) where the
/// role may not know.
std::chrono::milliseconds replica_lag(Connection& connection);

/// How many keys of objects outside the database the run has noted.
std::uint64_t removed_objects(Connection& connection, const std::string& run);

/// An object outside the database whose row has been deleted.
struct RemovedObject {
  std::string id;
  std::string run;
  std::string store;
  std::string key;
};

/// Those that nobody has been told of; `told`: all.
std::vector<RemovedObject> list_removed_objects(Connection& connection, bool told);

/// Notes, in the caller's transaction, that the operator has removed them, and forgets their keys.
/// Gives how many there were.
std::uint64_t confirm_removed_objects(Connection& connection, const std::vector<std::string>& ids);

/// What the server's clock says.
Instant server_clock(Connection& connection);

/// Throws Error (refused) behind a pooler that gives each transaction another session.
void refuse_transaction_pooler(Connection& connection, const std::string& conninfo);

}  // namespace dsar::pg

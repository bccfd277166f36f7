#include "core/pg/sweep_worker.hpp"

#include <chrono>
#include <map>
#include <thread>

#include "core/crypto/hmac.hpp"
#include "core/mask_sql.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/server_error.hpp"

namespace dsar::pg {

bool worth_retrying(const std::string& sqlstate) {
  return sqlstate == "55P03" || sqlstate == "40P01" || sqlstate == "40001" || sqlstate == "57014" ||
         sqlstate == "23503" || sqlstate == "23001";
}

void pin_settings(Connection& connection) {
  connection.exec("SET search_path = pg_catalog, pg_temp; SET DateStyle = 'ISO, YMD'");
}

SweepWorker::SweepWorker(const SweepWork& work)
    : work_(work),
      lent_(work.pool.lend()),
      connection_(lent_.get()),
      held_(work.world.held),
      world_{work.world.map,
             work.world.catalogue,
             held_,
             work.world.clock_types,
             work.world.schedule,
             connection_.exec("SELECT current_setting('track_counts')")->text(0, 0) == "on"} {
  pin_settings(connection_);
}

BatchCounts SweepWorker::batch(const SweepPass& pass, const Scope& scope) {
  for (int attempt = 1;; ++attempt) {
    try {
      return try_batch(pass, scope);
    } catch (const ServerError& error) {
      if (!worth_retrying(error.sqlstate()) || attempt >= work_.limits.attempts) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20) * (1 << attempt));
    }
  }
}

EmptiedLeaves SweepWorker::empty(const SweepPass& pass, const ExpiredLeaf& first,
                                 const NextLeaf& next) {
  Transaction transaction(connection_, TransactionMode::read_write, beginning());
  heed(transaction);
  EmptiedLeaves done;
  const auto empty_one = [&](const ExpiredLeaf& leaf, LeafLock lock) {
    return empty_leaf(connection_, world_, pass, leaf, lock, work_.limits.drop_empty);
  };
  const auto add = [&](const std::map<std::string, std::uint64_t>& gone) {
    for (const auto& [tenant, rows] : gone) done.gone[{pass.set.set->name, tenant}] += rows;
  };
  const auto gone = empty_one(first, LeafLock::wait);
  if (!gone) return {{}, &first};
  add(*gone);
  while (const auto* leaf = next()) {
    try {
      Savepoint savepoint(connection_);
      const auto more = empty_one(*leaf, LeafLock::at_once);
      savepoint.keep();
      if (more) {
        add(*more);
        continue;
      }
    } catch (const ServerError&) {
      if (is_lost(connection_.raw())) throw;
    }
    done.left = leaf;
    break;
  }
  work_.run.count(connection_, pass, done.gone);
  transaction.commit();
  return done;
}

std::vector<SqlStatement> SweepWorker::beginning() const {
  const auto milliseconds = [](const char* setting, std::chrono::milliseconds value) {
    return SqlStatement("SET LOCAL " + std::string(setting) + " = " +
                        std::to_string(value.count()));
  };
  std::vector<SqlStatement> statements{
      // What a crash undoes is due again in the next run; the run's own record is durable, and with
      // it all before it.
      SqlStatement("SET LOCAL synchronous_commit = off"),
      milliseconds("lock_timeout", work_.limits.lock_timeout),
      milliseconds("statement_timeout", work_.limits.statement_timeout)};
  for (auto& statement : hold_lock_statements()) statements.push_back(std::move(statement));
  // After the wait for the lock, during which another run may have taken over.
  statements.push_back(work_.run.fence());
  return statements;
}

void SweepWorker::heed(const Transaction& begun) {
  const auto& results = begun.begun_with();
  work_.run.heed(*results.back());
  // The lock is kept: what is held now cannot change before this batch is done.
  if (epoch_in(*results[results.size() - 2]) != held_.epoch)
    held_ = held_now(connection_, work_.world.map, work_.world.catalogue);
}

BatchCounts SweepWorker::try_batch(const SweepPass& pass, const Scope& scope) {
  Transaction transaction(connection_, TransactionMode::read_write, beginning());
  heed(transaction);
  const bool hashes = pass.action == SweepAction::mask &&
                      !hashed_columns(world_.catalogue, pass.set, pass.masks).empty();
  if (!hashes) return steps(pass, scope, transaction);
  auto gone = mask_with_hashes(pass, scope);
  work_.run.count(connection_, pass, gone);
  transaction.commit();
  return gone;
}

BatchCounts SweepWorker::steps(const SweepPass& planned, const Scope& scope,
                               Transaction& transaction) {
  auto pass = planned;
  if (live_table(world_.catalogue, pass.set.table->name).kind == 'f') find_held_keys(pass);
  const auto all = batch_steps(world_, pass, scope, work_.run.notes());
  std::vector<SqlStatement> statements;
  for (const auto& step : all) {
    if (is_foreign(step, pass)) require_direct_delete(step);
    statements.push_back(step.statement);
  }
  if (!work_.run.counts()) return counted(pass, all, transaction.commit_after(statements));
  auto gone = counted(pass, all, connection_.exec_all(statements));
  work_.run.count(connection_, pass, gone);
  transaction.commit();
  return gone;
}

BatchCounts SweepWorker::counted(const SweepPass& pass, const std::vector<SweepStep>& steps,
                                 const std::vector<std::unique_ptr<Result>>& results) {
  BatchCounts gone;
  std::map<std::string, std::uint64_t> counters;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const auto& step = steps[s];
    const auto& result = *results[s];
    if (step.kind == SweepStep::Kind::lock || step.kind == SweepStep::Kind::references) continue;
    if (step.kind == SweepStep::Kind::counter) {
      for (std::size_t r = 0; r < result.rows(); ++r) {
        const auto deleted = std::stoull(result.text(r, 1));
        const auto before = counters.try_emplace(result.text(r, 0), deleted).first->second;
        gone[{result.text(r, 0), only_tenant(pass)}] += deleted - before;
      }
      continue;
    }
    if (!step.by_tenant) {
      gone[{step.set, only_tenant(pass)}] += result.affected();
      continue;
    }
    for (std::size_t r = 0; r < result.rows(); ++r) {
      const auto tenant = pass.tenants.size() == 1 ? only_tenant(pass) : result.text(r, 0);
      gone[{step.set, tenant}] += std::stoull(result.text(r, 1));
    }
  }
  return gone;
}

void SweepWorker::find_held_keys(SweepPass& pass) {
  SqlStatement ignored;
  if (SweepConditions(world_, ignored, false).held(pass.set, "t0") == "false") return;
  const auto statement = held_keys_statement(world_, pass);
  const auto found = connection_.exec(statement.text, statement.params());
  pass.held_keys.emplace();
  for (std::size_t r = 0; r < found->rows(); ++r) pass.held_keys->push_back(found->text(r, 0));
}

std::string SweepWorker::only_tenant(const SweepPass& pass) {
  return pass.tenants.size() == 1 ? pass.tenants.front()->tenant->key : std::string();
}

BatchCounts SweepWorker::mask_with_hashes(const SweepPass& pass, const Scope& scope) {
  if (work_.hash_key.empty())
    throw Error(ExitCode::usage,
                "record set " + pass.set.set->name +
                    " is masked by keyed hashes, and no key is "
                    "given",
                "Give the key's file with --hash-key.");
  constexpr std::size_t at_once = 1000;
  BatchCounts gone;
  HmacSha256 mac(work_.hash_key);
  const auto columns = hashed_columns(world_.catalogue, pass.set, pass.masks);
  for (;;) {
    const auto input = hash_input(world_, pass, scope, at_once);
    const auto rows = connection_.exec(input.text, input.params());
    std::uint64_t masked = 0;
    for (std::size_t r = 0; r < rows->rows(); ++r) {
      const auto key_columns =
          row_key(*pass.set.table, live_table(world_.catalogue, pass.set.table->name)).size();
      std::vector<std::string> key;
      for (std::size_t c = 0; c < key_columns; ++c) key.push_back(rows->text(r, c));
      std::map<std::string, std::optional<std::string>> hashes;
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto value = rows->at(r, key_columns + c);
        hashes[columns[c]] = value ? std::optional(mac.hex(*value)) : std::nullopt;
      }
      const auto step = hash_step(world_, pass, scope, key, hashes);
      const auto result = connection_.exec(step.statement.text, step.statement.params());
      gone[{step.set, rows->text(r, key_columns + columns.size())}] += result->affected();
      masked += result->affected();
    }
    if (rows->rows() < at_once || masked == 0) return gone;
  }
}

bool SweepWorker::is_foreign(const SweepStep& step, const SweepPass& pass) const {
  const auto& table = step.kind == SweepStep::Kind::dependants
                          ? find_set(world_.map, step.set).table->name
                          : pass.set.table->name;
  const auto* live = find_table(world_.catalogue, table);
  return live != nullptr && live->kind == 'f';
}

void SweepWorker::require_direct_delete(const SweepStep& step) {
  const auto plan =
      connection_.exec("EXPLAIN (COSTS OFF) " + step.statement.text, step.statement.params());
  for (std::size_t r = 0; r < plan->rows(); ++r) {
    const auto line = plan->text(r, 0);
    const bool direct = line.find("Foreign Delete on ") != std::string::npos ||
                        line.find("Foreign Update on ") != std::string::npos;
    if (direct) return;
  }
  throw Error(ExitCode::refused,
              "the foreign table of record set " + step.set +
                  " cannot be swept: the remote server does not delete by itself",
              "Sweep the remote database itself, with a map of its own.");
}

}  // namespace dsar::pg

#include "cmd/tenant_command.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/erasure_files.hpp"
#include "cmd/erasure_numbers.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/logging.hpp"
#include "cmd/progress.hpp"
#include "cmd/server_time.hpp"
#include "cmd/version.hpp"
#include "core/crypto/random.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/erase_apply.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/sweep_apply.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/certificate_json.hpp"

namespace dsar::cmd {
namespace {

/// Rounds in which what the last one made room for is taken too: more than any map needs.
constexpr int most_rounds = 100;

}  // namespace

TenantCommand::TenantCommand(const EraseOptions& options, Context& context)
    : options_(options),
      context_(context),
      connection_(context.globals.db),
      pool_(context.globals.db) {
  pg::require_schema(connection_);
  tenant_.emplace(options, context, connection_);
}

ErasureResult TenantCommand::plan() {
  const auto salt = random_hex(salt_bytes);
  auto result = tenant_->plan(salt);
  if (!options_.plan_out.empty()) {
    refuse_unfit(*tenant_, result);
    write_plan(options_, result, salt);
  }
  return result;
}

ErasureResult TenantCommand::apply() {
  const auto key = required_signing_key(options_);
  hash_key_ = hash_key(context_);
  refuse_files_of_others(required_map(context_));
  if (!context_.globals.policy.empty()) refuse_files_of_others(context_.globals.policy);
  pg::refuse_transaction_pooler(connection_, context_.globals.db);
  refuse_future(connection_, context_.now);
  require_ledger();
  pg::ErasureRun run(connection_);
  review(key);
  begin();
  run.take(begun_.id);
  auto result = carry_out(run, key);
  for (const auto entry : lost_)
    append_about(context_, LedgerKind::settled, entry, "erased again as " + result.id);
  verify(result);
  return result;
}

/// A reviewed plan must still hold, and be approved where that is demanded.
void TenantCommand::review(const SigningKey& key) {
  const auto [file, reviewed] = read_plan_to_carry_out(options_);
  approval_ = require_approval(context_, file, key.id(), pg::server_clock(connection_));
  const auto now = tenant_->plan(reviewed ? reviewed->salt : random_hex(salt_bytes));
  refuse_unfit(*tenant_, now);
  if (reviewed && now.scope != reviewed->plan.scope)
    throw Error(ExitCode::refused,
                "the reviewed plan no longer holds: the tenant, the map, the policy, or what is "
                "withheld has changed",
                "Write a new plan with --plan-out and review it.");
  scope_ = now.scope;
}

AuditNote TenantCommand::note(std::map<std::string, std::string> facts) const {
  auto note = note_of(context_, "erase");
  note.tenant_key = tenant_->tenant().key;
  note.facts = std::move(facts);
  note.facts["erasure"] = begun_.id;
  note.facts["scope"] = "whole tenant";
  return note;
}

LedgerNote TenantCommand::ledger_note() const {
  return {LedgerKind::tenant_erasure, begun_.id, tenant_->tenant().key, {}};
}

/// What the ledger has and the database lacks may only be erasures of this tenant: they are done
/// again now.
void TenantCommand::require_ledger() {
  if (context_.globals.ledger.empty()) return;
  auto gap = ledger_gap(context_, connection_);
  for (auto* entries : {&gap.lost, &gap.undecided}) {
    for (const auto& entry : *entries) {
      if (entry.kind != LedgerKind::tenant_erasure || entry.tenant_key != tenant_->tenant().key)
        require_level_ledger(context_, connection_);
      lost_.push_back(entry.number);
    }
  }
}

/// Puts on record that it is about to begin, or takes up one that has.
void TenantCommand::begin() {
  pg::Transaction transaction(connection_, pg::TransactionMode::read_write);
  if (const auto known = pg::find_begun_tenant(connection_, tenant_->tenant().slug)) {
    begun_ = *known;
    log_warning("erasure " + begun_.id + " of this tenant has begun before, and is carried on");
    note_shared();
    transaction.commit();
    return;
  }
  begun_.id = random_hex(erasure_id_bytes);
  begun_.follows = pg::last_tenant_erasure(connection_, tenant_->tenant().key);
  begun_.whole_tenant = true;
  begun_.tenant_key = tenant_->tenant().key;
  begun_.tenant = tenant_->tenant().slug;
  begun_.actor = actor_name(context_);
  begun_.backups_until = backups_until(options_, context_.now);
  begun_.scope = scope_;
  pg::store_begun(connection_, begun_);
  note_shared();
  pg::append_audit(connection_, note({{"stage", "begun"}}));
  commit_with_ledger(context_, connection_, transaction, ledger_note());
}

/// Files, tags and the like that its rows share with others.
void TenantCommand::note_shared() {
  ask([&](const auto& question) {
    pg::note_shared(connection_, question, begun_.id);
    return 0;
  });
}

ErasureResult TenantCommand::carry_out(pg::ErasureRun& run, const SigningKey& key) {
  try {
    work(run);
    wait_for_writers();
    work(run);  // what they have added
    return close(key);
  } catch (const Error& error) {
    if (error.code() != ExitCode::interrupted) throw;
    throw Error(ExitCode::interrupted,
                "erasure " + begun_.id + " was stopped: " + std::to_string(gone()) +
                    " rows are gone or masked, others are not",
                "Run it again: it goes on where it was stopped.");
  }
}

/// Batch by batch, until nothing is left that may go but the tenant's own row.
void TenantCommand::work(pg::ErasureRun& run) {
  const auto world = tenant_->world();
  pg::SweepLimits limits;
  limits.batch_rows = options_.batch_rows;
  Progress progress(context_.globals);
  std::string working;
  for (int round = 1; round <= most_rounds; ++round) {
    auto plan = due();
    if (plan.passes.empty()) return;
    const auto before = std::pair(gone(), faults_.size());
    const auto ended = pg::apply_sweep(
        {connection_, pool_, run, world, limits, context_.now, hash_key_, context_.stop,
         [&](const std::string& set) { working = set; },
         [&](std::uint64_t rows) {
           progress.show("erasing " + working + ": " + std::to_string(rows) + " rows");
         }},
        plan);
    if (ended == pg::EndedBy::stopped) stop_if_interrupted(context_.stop);
    for (const auto& line : plan.result.lines) {
      if (line.failed > 0) faults_[line.set] = line.note;
    }
    if (std::pair(gone(), faults_.size()) == before) return;
  }
}

/// What may go now.
pg::SweepPlan TenantCommand::due() {
  const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
  tenant_->read_holds();
  const auto counts =
      ask([&](const auto& question) { return count_tenant(connection_, question, true); });
  pg::SweepPlan plan;
  const auto add = [&](SweepPass pass, std::uint64_t rows) {
    if (rows == 0) return;
    SweepLine line;
    line.tenant = tenant_->tenant().slug;
    line.set = pass.set.set->name;
    line.table = pass.set.table->name.text();
    line.rule = rule_of(pass, pass.tenants.front())->rule->id;
    line.action = to_string(pass.action);
    line.due = rows;
    plan.result.lines.push_back(std::move(line));
    plan.passes.push_back({std::move(pass), rows});
  };
  for (auto& pass : tenant_->erasure().deletions(tenant_->reading().catalogue))
    add(pass, counts.going_of(pass.set.set->name));
  for (auto& [pass, rows] : noted_shared().due) add(std::move(pass), rows);
  for (auto& pass : tenant_->erasure().masks()) {
    const auto rows = counts.masks.find(pass.set.set->name);
    if (rows != counts.masks.end()) add(pass, rows->second);
  }
  // What a trigger has put aside must go before what tells that it is the tenant's.
  const auto triggers =
      std::find_if(plan.passes.begin(), plan.passes.end(), [&](const pg::PlannedPass& planned) {
        const auto& table = live_table(tenant_->reading().catalogue, planned.pass.set.table->name);
        return faults_.count(planned.pass.set.set->name) == 0 &&
               std::any_of(table.triggers.begin(), table.triggers.end(),
                           [](const CatalogueTrigger& one) { return one.on_delete; });
      });
  if (triggers != plan.passes.end()) plan.passes.erase(triggers + 1, plan.passes.end());
  return plan;
}

pg::SharedRows TenantCommand::noted_shared() {
  return ask(
      [&](const auto& question) { return pg::noted_shared(connection_, question, begun_.id); });
}

std::uint64_t TenantCommand::gone() {
  std::uint64_t rows = 0;
  for (const auto& one : pg::progress_of(connection_, begun_.id)) rows += one.rows;
  return rows;
}

/// The last transaction; tried again where others were in the way.
ErasureResult TenantCommand::close(const SigningKey& key) {
  finishing_ = true;
  count_traces();
  for (int attempt = 1;; ++attempt) {
    try {
      return try_close(key);
    } catch (const Error& error) {
      if (!pg::worth_another_attempt(error) || attempt == most_attempts) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(50) * (1 << attempt));
    }
  }
}

ErasureResult TenantCommand::try_close(const SigningKey& key) {
  pg::Transaction transaction(connection_, pg::TransactionMode::read_write);
  pg::begin_erasing(connection_, {.lock = std::chrono::seconds(options_.lock_timeout)});
  tenant_->read_holds();
  const auto counts =
      ask([&](const auto& question) { return count_tenant(connection_, question, false); });
  const auto shared = noted_shared();
  refuse_left(counts, shared);
  const auto own = ask([&](const auto& question) {
    return count_tenant_row(connection_, question, counts.withholds_any());
  });
  auto result = tenant_->empty_result();
  result.id = begun_.id;
  result.follows = begun_.follows;
  result.scope = begun_.scope;
  if (!result.backups_until) result.backups_until = begun_.backups_until;
  if (!own.going.empty()) {
    for (const auto& [set, rows] : ask([&](const auto& question) {
           return delete_tenant_row(connection_, question, begun_.id);
         }))
      pg::add_progress(connection_, begun_.id, {set, RowFate::remove, rows, {}});
  }
  add_done(result, counts);
  result.lines.insert(result.lines.end(), shared.staying.begin(), shared.staying.end());
  result.lines.insert(result.lines.end(), own.staying.begin(), own.staying.end());
  result.objects = pg::erased_objects_of(connection_, begun_.id);
  put_on_record(result, key);
  commit_with_ledger(context_, connection_, transaction, ledger_note());
  return result;
}

/// Whether the tenant is named where the map does not know of it: not while holds are locked.
void TenantCommand::count_traces() {
  const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
  count_ = ask([&](const auto& question) {
    return pg::count_traces(connection_, question, tenant_->tenant().key);
  });
}

/// Rows that should have gone and are there: it is not done.
void TenantCommand::refuse_left(const pg::TenantCounts& counts,
                                const pg::SharedRows& shared) const {
  std::vector<std::string> left;
  for (const auto& line : counts.going) {
    const auto fault = faults_.find(line.set);
    left.push_back(std::to_string(line.rows) + " of " + line.set +
                   (fault == faults_.end() ? std::string() : " (" + fault->second + ")"));
  }
  for (const auto& [pass, rows] : shared.due)
    left.push_back(std::to_string(rows) + " of " + pass.set.set->name);
  for (const auto& [set, rows] : counts.masks) {
    const auto fault = faults_.find(set);
    left.push_back(std::to_string(rows) + " of " + set + " to be masked" +
                   (fault == faults_.end() ? std::string() : " (" + fault->second + ")"));
  }
  if (left.empty()) return;
  throw Error(ExitCode::partial,
              "erasure " + begun_.id + " is not done, rows are still there: " + join(left, ", "),
              "Stop what adds rows, or see to what is named, and run it again: it goes on.");
}

void TenantCommand::add_done(ErasureResult& result, const pg::TenantCounts& counts) {
  std::map<std::string, std::uint64_t> masked;
  for (const auto& one : pg::progress_of(connection_, begun_.id)) {
    if (one.fate == RowFate::mask) {
      masked[one.set] += one.rows;
      continue;
    }
    const auto set = find_set(tenant_->reading().map, one.set);
    result.lines.push_back({one.set,
                            set.table == nullptr ? one.set : set.table->name.text(),
                            RowFate::remove,
                            one.rows,
                            {Cause::tenant, "", "", {}}});
  }
  for (const auto& line : with_masks(counts.staying, masked)) result.lines.push_back(line);
}

/// The certificate goes where the last rows went from: no crash can part them.
void TenantCommand::put_on_record(const ErasureResult& result, const SigningKey& key) {
  formats::CertificateFacts facts;
  facts.tool_version = version;
  facts.database = tenant_->reading().catalogue.database;
  facts.applied_at = pg::server_clock(connection_);
  facts.approval = approval_;
  facts.counted = count_;
  facts.signing_key_id = key.id();
  certificate_ = formats::certificate_text(result, facts);
  signature_ = key.sign(certificate_);
  pg::store_erasure(connection_,
                    {.id = result.id,
                     .follows = result.follows,
                     .tenant_key = tenant_->tenant().key,
                     .tenant = tenant_->tenant().slug,
                     .actor = actor_name(context_),
                     .tool_version = version,
                     .withheld = result.withheld(),
                     .certificate = certificate_,
                     .signature = signature_,
                     .whole_tenant = true},
                    {});
  pg::forget_begun(connection_, result.id);
  pg::append_audit(connection_,
                   note({{"stage", "done"},
                         {"deleted", std::to_string(result.rows_with(RowFate::remove))},
                         {"masked", std::to_string(result.rows_with(RowFate::mask))},
                         {"withheld", std::to_string(result.withheld())},
                         {"certificate_sha256", sha256_hex(certificate_)}}));
}

/// Writes the certificate's file, and counts once more what the tenant has.
void TenantCommand::verify(ErasureResult& result) {
  log_info("erasure " + result.id + ": " + std::to_string(result.rows_with(RowFate::remove)) +
           " rows deleted, " + std::to_string(result.withheld()) + " withheld");
  write_certificate(options_, certificate_, signature_, result);
  for (const auto& trace : count_.found) {
    result.warnings.push_back(std::to_string(trace.rows) + " rows of " + trace.table.text() +
                              " name the tenant in " + trace.column +
                              ", and the map does not say whose they are");
    result.left_over = true;
  }
  for (const auto& unseen : count_.cannot_see) {
    result.warnings.push_back("nobody knows whether rows name the tenant in " + unseen.what + ": " +
                              unseen.reason);
    result.left_over = true;
  }
  const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
  const auto counts =
      ask([&](const auto& question) { return count_tenant(connection_, question, false); });
  for (const auto& line : counts.going) {
    result.warnings.push_back(std::to_string(line.rows) + " rows of " + line.set +
                              " have come since: run it again");
    result.left_over = true;
  }
}

/// Transactions that were writing when the batches had gone through.
void TenantCommand::wait_for_writers() {
  std::vector<TableName> tables;
  for (const auto& pass : tenant_->erasure().deletions(tenant_->reading().catalogue))
    tables.push_back(pass.set.table->name);
  auto left = pg::writers_of(connection_, tables);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(options_.wait);
  while (!left.empty() && std::chrono::steady_clock::now() < until) {
    stop_if_interrupted(context_.stop);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    left = pg::still_running(connection_, left);
  }
}

}  // namespace dsar::cmd

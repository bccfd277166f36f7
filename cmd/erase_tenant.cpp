#include "cmd/erase_tenant.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "cmd/actor.hpp"
#include "cmd/approval.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/certificate_files.hpp"
#include "cmd/erase_apply.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/logging.hpp"
#include "cmd/output.hpp"
#include "cmd/progress.hpp"
#include "cmd/server_time.hpp"
#include "cmd/sweep_reading.hpp"
#include "cmd/version.hpp"
#include "cmd/whole_file.hpp"
#include "core/crypto/hmac.hpp"
#include "core/crypto/random.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/erase_apply.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/integrations.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/sweep_apply.hpp"
#include "core/pg/sweep_run.hpp"
#include "core/pg/tenant_erasure.hpp"
#include "core/policy_about.hpp"
#include "formats/certificate_json.hpp"
#include "formats/erasure_plan_file.hpp"
#include "formats/erasure_report.hpp"

namespace dsar::cmd {
namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t salt_bytes = 32;
/// Rounds in which what the last one made room for is taken too.
constexpr int most_rounds = 4;
constexpr int most_attempts = 4;

const SweepTenant& tenant_of(const ScheduleReading& reading, const std::string& slug) {
  const auto& all = reading.tenants.tenants;
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const SweepTenant& one) { return one.slug == slug; });
  if (found == all.end())
    found = std::find_if(all.begin(), all.end(),
                         [&](const SweepTenant& one) { return one.key == slug; });
  if (found == all.end())
    throw Error(ExitCode::no_such_subject, "there is no tenant '" + slug + "'");
  if (found->policy == nullptr)
    throw Error(ExitCode::usage, "tenant '" + slug + "' lives under no known policy",
                "Nothing is erased until it does: nobody knows what the law keeps.");
  return *found;
}

std::vector<ErasureRecipient> recipients_of(pg::Connection& connection,
                                            const ScheduleReading& reading,
                                            const SweepTenant& tenant) {
  AboutQuestion question;
  question.integrations =
      pg::enabled_integrations(connection, reading.map, reading.catalogue, tenant.key);
  std::vector<ErasureRecipient> recipients;
  for (const auto& one : about(*tenant.policy, question).recipients)
    recipients.push_back({one.name, one.purpose, to_text(one.citation)});
  return recipients;
}

/// Triggers that fire when rows of the tables go or are masked.
std::vector<ErasureEffect> effects_of(const ScheduleReading& reading,
                                      const std::vector<ErasureLine>& lines) {
  std::vector<ErasureEffect> effects;
  for (const auto& line : lines) {
    const auto set = find_set(reading.map, line.set);
    for (const auto& trigger : live_table(reading.catalogue, set.table->name).triggers) {
      const bool fires = line.fate == RowFate::remove
                             ? trigger.on_delete
                             : line.fate == RowFate::mask && trigger.on_update;
      const auto known = set.table->known_triggers.find(trigger.name);
      const auto what = known == set.table->known_triggers.end() ? "which the map does not describe"
                                                                 : known->second;
      const ErasureEffect effect{"trigger", line.table, trigger.name + ": " + what};
      const auto same = [&](const ErasureEffect& one) {
        return one.table == effect.table && one.what == effect.what;
      };
      if (fires && std::none_of(effects.begin(), effects.end(), same)) effects.push_back(effect);
    }
  }
  return effects;
}

/// Rows that stay, and of each set as many of them masked as `masked` says.
std::vector<ErasureLine> with_masks(const std::vector<ErasureLine>& staying,
                                    std::map<std::string, std::uint64_t> masked) {
  std::vector<ErasureLine> lines;
  for (auto line : staying) {
    auto& left = masked[line.set];
    if (line.ground.cause == Cause::law && left > 0) {
      auto hidden = line;
      hidden.fate = RowFate::mask;
      hidden.rows = std::min(left, line.rows);
      left -= hidden.rows;
      line.rows -= hidden.rows;
      lines.push_back(std::move(hidden));
    }
    if (line.rows > 0) lines.push_back(std::move(line));
  }
  return lines;
}

class TenantCommand {
 public:
  TenantCommand(const EraseOptions& options, Context& context)
      : options_(options), context_(context), connection_(context.globals.db) {
    pg::require_schema(connection_);
    reading_.emplace(context, connection_);
    tenant_ = &tenant_of(*reading_, context.globals.tenant);
    backups_until_ = backups_until(options, context.now);
    erasure_.emplace(reading_->map, reading_->schedule, *tenant_, context.now);
  }

  ErasureResult plan() {
    const auto salt = random_hex(salt_bytes);
    auto result = planned(salt);
    if (!options_.plan_out.empty()) {
      refuse_unfit(result);
      write_plan(options_, result, salt);
    }
    return result;
  }

  ErasureResult apply() {
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
    work(run);
    wait_for_writers();
    work(run);  // what they have added
    auto result = close(key);
    for (const auto entry : lost_)
      append_about(context_, LedgerKind::settled, entry, "erased again as " + result.id);
    verify(result);
    return result;
  }

 private:
  [[nodiscard]] SweepWorld world() const {
    return {reading_->map, reading_->catalogue, reading_->held, reading_->clock_types,
            erasure_->schedule()};
  }

  void read_holds() {
    reading_->held = pg::held_now(connection_, reading_->map, reading_->catalogue);
    holds_ = pg::list_holds(connection_, false);
  }

  template <typename Count>
  auto counted(Count count) {
    Progress progress(context_.globals);
    const auto world = this->world();
    const pg::TenantQuestion question{*erasure_, world, holds_, [&](const std::string& set) {
                                        if (!finishing_) stop_if_interrupted(context_.stop);
                                        progress.show("counting " + set);
                                      }};
    return count(question);
  }

  ErasureResult empty_result() {
    ErasureResult result;
    result.whole_tenant = true;
    result.as_of = context_.now;
    result.tenant = tenant_->slug;
    result.policy = tenant_->policy->id;
    result.backups_until = backups_until_;
    return result;
  }

  ErasureResult planned(const std::string& salt) {
    const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
    read_holds();
    auto result = empty_result();
    for (const auto& [set, why] : reading_->unseen) result.cannot_see.push_back(set + ": " + why);
    if (!result.cannot_see.empty()) return result;
    const auto counts =
        counted([&](const auto& question) { return count_tenant(connection_, question, true); });
    const auto own = counted([&](const auto& question) {
      return count_tenant_row(connection_, question, counts.withholds_any());
    });
    result.lines = counts.going;
    result.lines.insert(result.lines.end(), own.going.begin(), own.going.end());
    for (const auto& line : with_masks(counts.staying, counts.masks)) result.lines.push_back(line);
    result.lines.insert(result.lines.end(), own.staying.begin(), own.staying.end());
    result.objects = counts.objects;
    for (const auto& object : own.objects) result.objects.push_back(object);
    result.effects = effects_of(*reading_, result.lines);
    result.recipients = recipients_of(connection_, *reading_, *tenant_);
    result.scope = scope_of(result, salt);
    return result;
  }

  /// The digest of what is decided on, and of what stays and why, whatever the rows.
  [[nodiscard]] std::string scope_of(const ErasureResult& plan, const std::string& salt) const {
    std::set<std::string> parts;
    for (const auto& line : plan.lines) {
      if (withholds(line.ground.cause))
        parts.insert(line.set + " " + std::string(to_string(line.ground.cause)) + " " +
                     line.ground.by + " " + line.ground.clause);
    }
    std::string text;
    for (const auto& part : {std::string("whole tenant"), reading_->catalogue.database,
                             digest_of_files(context_.globals.map, "data map"), tenant_->policy->id,
                             digest_of_files(context_.globals.policy, "policies"), tenant_->key})
      text += std::to_string(part.size()) + ":" + part;
    for (const auto& part : parts) text += std::to_string(part.size()) + ":" + part;
    return hmac_sha256_hex(salt, text);
  }

  /// A reviewed plan must still hold, and be approved where that is demanded.
  void review(const SigningKey& key) {
    PlanFile file;
    std::string salt = random_hex(salt_bytes);
    std::optional<formats::ReviewedErasure> reviewed;
    if (!options_.plan.empty()) {
      file = {options_.plan, read_whole_file(options_.plan), {}};
      reviewed = formats::read_erasure_plan(file.text, file.path);
      file.planned_with = reviewed->planned_with;
      salt = reviewed->salt;
    }
    approval_ = require_approval(context_, file, key.id(), pg::server_clock(connection_));
    const auto now = planned(salt);
    refuse_unfit(now);
    if (reviewed && now.scope != reviewed->plan.scope)
      throw Error(ExitCode::refused,
                  "the reviewed plan no longer holds: the tenant, the map, the policy, or what is "
                  "withheld has changed",
                  "Write a new plan with --plan-out and review it.");
    scope_ = now.scope;
  }

  void refuse_unfit(const ErasureResult& plan) const {
    if (!plan.cannot_see.empty())
      throw Error(ExitCode::refused, "cannot see " + join(plan.cannot_see, "; "),
                  "What is left behind unseen could not be found again; 'dsarctl doctor' names the "
                  "privileges that are missing.");
    std::vector<std::string> refused;
    std::vector<std::string> closed;
    for (const auto& line : plan.lines) {
      if (line.fate != RowFate::remove) continue;
      const auto set = find_set(reading_->map, line.set);
      if (auto why = why_refused(reading_->map, reading_->catalogue, {.set = set}))
        refused.push_back(std::move(*why));
      if (!live_table(reading_->catalogue, set.table->name).deletable) closed.push_back(line.table);
    }
    if (!refused.empty())
      throw Error(
          ExitCode::refused, join(refused, "; "),
          "Nothing is erased while the map does not cover it; 'dsarctl map check' finds all "
          "such places.");
    if (!closed.empty())
      throw Error(ExitCode::usage, "the role may not delete from " + join(closed, ", "),
                  "Erase whole tenants as a role that has both dsar_officer and dsar_sweeper of "
                  "'dsarctl init --grants'.");
  }

  AuditNote note(std::map<std::string, std::string> facts) const {
    auto note = note_of(context_, "erase");
    note.tenant_key = tenant_->key;
    note.facts = std::move(facts);
    note.facts["erasure"] = begun_.id;
    note.facts["scope"] = "whole tenant";
    return note;
  }

  [[nodiscard]] LedgerNote ledger_note() const {
    return {LedgerKind::tenant_erasure, begun_.id, tenant_->key, {}};
  }

  /// What the ledger has and the database lacks may only be erasures of this tenant: they are done
  /// again now.
  void require_ledger() {
    if (context_.globals.ledger.empty()) return;
    auto gap = ledger_gap(context_, connection_);
    for (auto* entries : {&gap.lost, &gap.undecided}) {
      for (const auto& entry : *entries) {
        if (entry.kind != LedgerKind::tenant_erasure || entry.tenant_key != tenant_->key)
          require_level_ledger(context_, connection_);
        lost_.push_back(entry.number);
      }
    }
  }

  /// Puts on record that it is about to begin, or takes up one that has.
  void begin() {
    pg::Transaction transaction(connection_, pg::TransactionMode::read_write);
    if (const auto known = pg::find_begun_tenant(connection_, tenant_->slug)) {
      begun_ = *known;
      if (!backups_until_) backups_until_ = begun_.backups_until;
      log_warning("erasure " + begun_.id + " of this tenant has begun before, and is carried on");
      note_shared();
      transaction.commit();
      return;
    }
    begun_.id = random_hex(id_bytes);
    begun_.follows = pg::last_tenant_erasure(connection_, tenant_->key);
    begun_.whole_tenant = true;
    begun_.tenant_key = tenant_->key;
    begun_.tenant = tenant_->slug;
    begun_.actor = actor_name(context_);
    begun_.backups_until = backups_until_;
    begun_.scope = scope_;
    pg::store_begun(connection_, begun_);
    note_shared();
    pg::append_audit(connection_, note({{"stage", "begun"}}));
    commit_with_ledger(context_, connection_, transaction, ledger_note());
  }

  /// Files, tags and the like that its rows share with others.
  void note_shared() {
    counted([&](const auto& question) {
      pg::note_shared(connection_, question, begun_.id);
      return 0;
    });
  }

  /// Batch by batch, until nothing is left that may go but the tenant's own row.
  void work(pg::ErasureRun& run) {
    const auto world = this->world();
    pg::SweepLimits limits;
    limits.batch_rows = options_.batch_rows;
    Progress progress(context_.globals);
    std::string working;
    for (int round = 1;; ++round) {
      auto plan = due();
      if (plan.passes.empty()) return;
      const auto before = gone();
      const auto ended = pg::apply_sweep(
          {connection_, context_.globals.db, run, world, limits, context_.now, hash_key_,
           context_.stop, [&](const std::string& set) { working = set; },
           [&](std::uint64_t rows) {
             progress.show("erasing " + working + ": " + std::to_string(rows) + " rows");
           }},
          plan);
      if (ended == pg::EndedBy::stopped)
        throw Error(ExitCode::interrupted,
                    "erasure " + begun_.id + " was stopped: " + std::to_string(gone()) +
                        " rows are gone or masked, others are not",
                    "Run it again: it goes on where it was stopped.");
      faults_.clear();
      for (const auto& line : plan.result.lines) {
        if (line.failed > 0) faults_[line.set] = line.note;
      }
      if (gone() == before || round == most_rounds) return;
    }
  }

  /// What may go now.
  pg::SweepPlan due() {
    const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
    read_holds();
    const auto counts =
        counted([&](const auto& question) { return count_tenant(connection_, question, true); });
    pg::SweepPlan plan;
    const auto add = [&](SweepPass pass, std::uint64_t rows) {
      if (rows == 0) return;
      SweepLine line;
      line.tenant = tenant_->slug;
      line.set = pass.set.set->name;
      line.table = pass.set.table->name.text();
      line.rule = rule_of(pass, pass.tenants.front())->rule->id;
      line.action = to_string(pass.action);
      line.due = rows;
      plan.result.lines.push_back(std::move(line));
      plan.passes.push_back({std::move(pass), rows});
    };
    for (auto& pass : erasure_->deletions(reading_->catalogue))
      add(pass, counts.going_of(pass.set.set->name));
    for (auto& [pass, rows] : noted_shared().due) add(std::move(pass), rows);
    for (auto& pass : erasure_->masks()) {
      const auto rows = counts.masks.find(pass.set.set->name);
      if (rows != counts.masks.end()) add(pass, rows->second);
    }
    return plan;
  }

  pg::SharedRows noted_shared() {
    return counted(
        [&](const auto& question) { return pg::noted_shared(connection_, question, begun_.id); });
  }

  std::uint64_t gone() {
    std::uint64_t rows = 0;
    for (const auto& one : pg::progress_of(connection_, begun_.id)) rows += one.rows;
    return rows;
  }

  /// The last transaction; tried again where others were in the way.
  ErasureResult close(const SigningKey& key) {
    finishing_ = true;
    for (int attempt = 1;; ++attempt) {
      try {
        return try_close(key);
      } catch (const Error& error) {
        if (!pg::worth_another_attempt(error) || attempt == most_attempts) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(50) * (1 << attempt));
      }
    }
  }

  ErasureResult try_close(const SigningKey& key) {
    pg::Transaction transaction(connection_, pg::TransactionMode::read_write);
    pg::begin_erasing(connection_, {.lock = std::chrono::seconds(options_.lock_timeout)});
    read_holds();
    const auto counts =
        counted([&](const auto& question) { return count_tenant(connection_, question, false); });
    const auto shared = noted_shared();
    refuse_left(counts, shared);
    const auto own = counted([&](const auto& question) {
      return count_tenant_row(connection_, question, counts.withholds_any());
    });
    auto result = empty_result();
    result.id = begun_.id;
    result.follows = begun_.follows;
    result.scope = begun_.scope;
    if (!own.going.empty()) {
      for (const auto& [set, rows] : counted([&](const auto& question) {
             return delete_tenant_row(connection_, question, begun_.id);
           }))
        pg::add_progress(connection_, begun_.id, {set, RowFate::remove, rows, {}});
    }
    add_done(result, counts);
    result.lines.insert(result.lines.end(), shared.staying.begin(), shared.staying.end());
    result.lines.insert(result.lines.end(), own.staying.begin(), own.staying.end());
    result.objects = pg::erased_objects_of(connection_, begun_.id);
    result.recipients = recipients_of(connection_, *reading_, *tenant_);
    put_on_record(result, key);
    commit_with_ledger(context_, connection_, transaction, ledger_note());
    return result;
  }

  /// Rows that should have gone and are there: it is not done.
  void refuse_left(const pg::TenantCounts& counts, const pg::SharedRows& shared) const {
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

  void add_done(ErasureResult& result, const pg::TenantCounts& counts) {
    std::map<std::string, std::uint64_t> masked;
    for (const auto& one : pg::progress_of(connection_, begun_.id)) {
      if (one.fate == RowFate::mask) {
        masked[one.set] += one.rows;
        continue;
      }
      const auto set = find_set(reading_->map, one.set);
      result.lines.push_back({one.set,
                              set.table == nullptr ? one.set : set.table->name.text(),
                              RowFate::remove,
                              one.rows,
                              {Cause::tenant, "", "", {}}});
    }
    for (const auto& line : with_masks(counts.staying, masked)) result.lines.push_back(line);
  }

  /// The certificate goes where the last rows went from: no crash can part them.
  void put_on_record(const ErasureResult& result, const SigningKey& key) {
    formats::CertificateFacts facts;
    facts.tool_version = version;
    facts.database = reading_->catalogue.database;
    facts.applied_at = pg::server_clock(connection_);
    facts.approval = approval_;
    facts.signing_key_id = key.id();
    certificate_ = formats::certificate_text(result, facts);
    signature_ = key.sign(certificate_);
    pg::store_erasure(connection_,
                      {.id = result.id,
                       .follows = result.follows,
                       .tenant_key = tenant_->key,
                       .tenant = tenant_->slug,
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
  void verify(ErasureResult& result) {
    log_info("erasure " + result.id + ": " + std::to_string(result.rows_with(RowFate::remove)) +
             " rows deleted, " + std::to_string(result.withheld()) + " withheld");
    try {
      if (!options_.certificate.empty())
        write_certificate(options_.certificate, certificate_, signature_);
    } catch (const Error& error) {
      result.warnings.push_back(std::string("the certificate was not written: ") + error.what() +
                                "; 'dsarctl certificate show " + result.id + "' has it");
      result.left_over = true;
    }
    const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
    const auto counts =
        counted([&](const auto& question) { return count_tenant(connection_, question, false); });
    for (const auto& line : counts.going) {
      result.warnings.push_back(std::to_string(line.rows) + " rows of " + line.set +
                                " have come since: run it again");
      result.left_over = true;
    }
  }

  /// Transactions that were writing when the batches had gone through.
  void wait_for_writers() {
    std::vector<TableName> tables;
    for (const auto& pass : erasure_->deletions(reading_->catalogue))
      tables.push_back(pass.set.table->name);
    auto left = pg::writers_of(connection_, tables);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(options_.wait);
    while (!left.empty() && std::chrono::steady_clock::now() < until) {
      stop_if_interrupted(context_.stop);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      left = pg::still_running(connection_, left);
    }
  }

  const EraseOptions& options_;
  Context& context_;
  pg::Connection connection_;
  std::optional<ScheduleReading> reading_;
  const SweepTenant* tenant_ = nullptr;
  std::optional<TenantErasure> erasure_;
  std::optional<Date> backups_until_;
  std::vector<Hold> holds_;
  std::string hash_key_;
  std::string scope_;
  std::optional<Approval> approval_;  ///< of the plan; none: none was demanded
  pg::BegunErasure begun_;
  std::map<std::string, std::string> faults_;  ///< by record set, of the last round
  std::vector<std::int64_t> lost_;             ///< entries of the ledger that are done again
  bool finishing_ = false;                     ///< from now on it is not stopped
  std::string certificate_;
  std::string signature_;
};

void check(const EraseOptions& options, const Context& context) {
  const auto& subject = options.subject;
  if (context.globals.tenant.empty())
    throw Error(ExitCode::usage, "--whole-tenant needs --tenant, which names it");
  if (!subject.subjects.empty() || !subject.identities_from.empty() || !subject.also.empty() ||
      !subject.kind.empty() || options.request != 0)
    throw Error(ExitCode::usage, "--whole-tenant is about nobody in particular: name no subject");
  if (options.scan || options.scan_later || options.accept_new_rows)
    throw Error(ExitCode::usage,
                "--whole-tenant goes without --scan, --scan-later and --accept-new-rows");
  if (!options.plan.empty() && !options.apply)
    throw Error(ExitCode::usage, "--plan goes with --apply");
  if (!options.plan_out.empty() && options.apply)
    throw Error(ExitCode::usage, "--plan-out does not go with --apply",
                "Write the plan first, review it, then carry it out with --apply --plan.");
  if (!options.plan_out.empty() && options.signing_key.empty() && approval_demanded(context))
    throw Error(ExitCode::usage, "--plan-out needs --signing-key: somebody is to approve the plan",
                "Make one with: dsarctl keygen --signing FILE");
  if (!options.certificate.empty() && !options.apply)
    throw Error(ExitCode::usage, "--certificate goes with --apply");
}

}  // namespace

ExitCode run_erase_tenant(const EraseOptions& options, Context& context) {
  check(options, context);
  TenantCommand command(options, context);
  const auto result = options.apply ? command.apply() : command.plan();
  if (!options.apply) {
    auto note = note_of(context, "erase");
    note.facts = {{"stage", "plan"}, {"scope", "whole tenant"}, {"tenant", result.tenant}};
    put_on_record(context, note);
  }
  emit(
      context, [&] { return formats::erasure_text(result); },
      [&] {
        auto json = formats::erasure_json(result);
        json["residue"] = nullptr;
        return json;
      });
  const bool whole = result.withheld() == 0 && result.cannot_see.empty() && !result.left_over;
  return whole ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd

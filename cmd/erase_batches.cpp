#include "cmd/erase_batches.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/erasure_numbers.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/logging.hpp"
#include "cmd/progress.hpp"
#include "core/crypto/hmac.hpp"
#include "core/crypto/random.hpp"
#include "core/erasure_sql.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/erase_apply.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/sweep_run.hpp"

namespace dsar::cmd {
namespace {

using Clock = std::chrono::steady_clock;

/// What a transaction should take.
constexpr std::chrono::duration<double> target{0.1};
constexpr std::size_t least_rows = 50;
constexpr std::size_t most_rows = 50000;

}  // namespace

EraseBatches::EraseBatches(const EraseOptions& options, Context& context, Reading& reading,
                           EraseKeys keys)
    : options_(options), context_(context), reading_(reading), keys_(keys) {}

void EraseBatches::run(const FoundSubject& found, std::optional<pg::BegunErasure> begun,
                       const std::function<void(const ErasureResult&)>& review,
                       const std::function<void(pg::BegunErasure&)>& begin) {
  pg::refuse_transaction_pooler(reading_.connection, context_.globals.db);
  run_.emplace(reading_.connection);
  begun_ = std::move(begun);
  ErasureResult plan;
  decide(found, [&](const ErasureResult& decided) {
    plan = decided;
    if (!begun_) review(decided);
  });
  if (!begun_ && decision_.acts_on() <= context_.globals.erase_max_rows) {
    run_.reset();
    return;
  }
  refuse_too_many(batches_.rows);
  begin_it(found, plan, begin);
  run_->take(begun_->id);
  try {
    for (const auto& set : batches_.order) carry_out(found, set);
  } catch (const Error& error) {
    // A statement that was under way is cancelled, and fails as such.
    if (error.code() != ExitCode::interrupted && !context_.stop.stop_requested()) throw;
    throw Error(ExitCode::interrupted,
                "erasure " + begun_->id + " was stopped: " + std::to_string(rows_gone()) +
                    " rows are gone, others are not",
                "Run it again: it goes on where it was stopped.");
  }
  erasing_.reset();
  pg::Transaction transaction(reading_.connection, pg::TransactionMode::read_only);
  noted_ = pg::noted_rows(reading_.connection, begun_->id);
}

/// Decides on all of it, without a lock.
void EraseBatches::decide(const FoundSubject& found,
                          const std::function<void(const ErasureResult&)>& review) {
  const pg::Transaction transaction(reading_.connection, pg::TransactionMode::read_only);
  const EraseReading erasing(reading_, found, options_.request, context_.now);
  decision_ = erasing.decide();
  refuse_uncovered(decision_);
  if (!decision_.cannot_see.empty())
    throw Error(ExitCode::refused, "cannot see " + join(decision_.cannot_see, "; "),
                "What is left behind unseen could not be found again; 'dsarctl doctor' names the "
                "privileges that are missing.");
  review(result_of(reading_, found, context_, decision_, keys_.digest));
  batches_ = plan_batches(reading_.map, reading_.catalogue, decision_.sets,
                          erasing.world().schedule, erasing.selections(), found.keys);
}

void EraseBatches::refuse_too_many(std::uint64_t batched) const {
  const auto most = context_.globals.erase_max_rows;
  if (decision_.acts_on() - batched <= most) return;
  std::vector<std::string> sets;
  for (const auto& rows : decision_.sets) {
    const auto ahead = [&](const SetRef& set) { return set.set->name == rows.set.set->name; };
    const auto left = rows.size() - rows.with(RowFate::keep).size() -
                      (std::any_of(batches_.order.begin(), batches_.order.end(), ahead)
                           ? rows.with(RowFate::remove).size()
                           : 0);
    if (left > 0) sets.push_back(std::to_string(left) + " of " + rows.set.set->name);
  }
  throw Error(
      ExitCode::refused,
      "more rows than " + std::to_string(most) +
          " must go in one transaction, because others are found by them: " + join(sets, ", "),
      "Raise --erase-max-rows if the server can bear it.");
}

void EraseBatches::begin_it(const FoundSubject& found, const ErasureResult& plan,
                            const std::function<void(pg::BegunErasure&)>& begin) {
  pg::Transaction transaction(reading_.connection, pg::TransactionMode::read_write);
  if (begun_) {
    log_warning("erasure " + begun_->id + " of this person has begun before, and is carried on");
    for (const auto& one : pg::progress_of(reading_.connection, begun_->id))
      sums_[one.set] = one.digest;
    pg::note_rows(reading_.connection, begun_->id, batches_.noted);
    transaction.commit();
    return;
  }
  begun_.emplace();
  begun_->id = random_hex(erasure_id_bytes);
  begun_->tenant_key = found.tenant.key;
  begun_->tenant = found.tenant.slug;
  begun_->request = options_.request;
  begun_->actor = actor_name(context_);
  begun_->scope = plan.scope;
  begun_->backups_until = backups_until(options_, context_.now);
  begun_->rows = found.keys;
  begin(*begun_);
  pg::store_begun(reading_.connection, *begun_);
  pg::note_rows(reading_.connection, begun_->id, batches_.noted);
  auto note = note_of(context_, "erase", found);
  note.facts = {{"stage", "begun"},
                {"erasure", begun_->id},
                {"rows", std::to_string(decision_.acts_on())},
                {"ahead", std::to_string(batches_.rows)}};
  pg::append_audit(reading_.connection, note);
  commit_with_ledger(context_, reading_.connection, transaction,
                     {LedgerKind::erasure, begun_->id, found.tenant.key,
                      ledger_rows(context_, reading_.map, found)});
}

/// The set's rows that were to be deleted, piece by piece.
void EraseBatches::carry_out(const FoundSubject& found, const SetRef& set) {
  const auto rows =
      std::find_if(decision_.sets.begin(), decision_.sets.end(),
                   [&](const ErasureRows& one) { return one.set.set->name == set.set->name; });
  const auto going = rows->with(RowFate::remove);
  auto size = options_.batch_rows;
  Progress progress(context_.globals);
  for (std::size_t from = 0; from < going.size();) {
    stop_if_interrupted(context_.stop);
    const auto to = std::min(going.size(), from + size);
    SubjectKeys keys;
    auto& of_set = keys[set.set->name];
    for (std::size_t i = from; i < to; ++i) {
      auto& key = of_set.emplace_back();
      for (std::size_t k = 0; k < rows->address; ++k)
        key.push_back(rows->values[k][going[i]].value_or(""));
    }
    const auto began = Clock::now();
    for (int attempt = 1;; ++attempt) {
      try {
        piece(found, set, keys);
        break;
      } catch (const Error& error) {
        if (!pg::worth_another_attempt(error) || attempt == most_attempts) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(50) * (1 << attempt));
      }
    }
    const auto took = std::chrono::duration<double>(Clock::now() - began);
    progress.show("erasing " + set.set->name + ": " + std::to_string(to) + " of " +
                  std::to_string(going.size()) + " rows");
    const auto factor = std::clamp(target / std::max(took, target / 100), 0.5, 1.5);
    size = std::clamp(static_cast<std::size_t>(static_cast<double>(size) * factor),
                      std::min(least_rows, options_.batch_rows), most_rows);
    from = to;
  }
}

/// One transaction: rows that are still the subject's, and that nothing keeps by now.
std::uint64_t EraseBatches::piece(const FoundSubject& found, const SetRef& set,
                                  const SubjectKeys& keys) {
  auto& connection = reading_.connection;
  pg::Transaction transaction(connection, pg::TransactionMode::read_write);
  const auto epoch =
      pg::begin_erasing(connection, {.lock = std::chrono::seconds(options_.lock_timeout)});
  if (!erasing_ || erasing_->world().held.epoch != epoch)
    erasing_.emplace(reading_, found, options_.request, context_.now);
  const auto fence = run_->fence();
  run_->heed(*connection.exec(fence.text, fence.params()));
  auto decision = erasing_->decide_piece(set, keys);
  refuse_uncovered(decision);
  std::uint64_t gone = 0;
  for (auto& rows : decision.sets) {
    rows = chosen_of(rows, rows.with(RowFate::remove));
    gone += rows.size();
  }
  if (gone == 0) return 0;
  pg::note_erased_objects(connection, begun_->id, objects_of(connection, decision));
  pg::carry_out(connection, reading_.map, reading_.catalogue, decision, keys_.hash);
  HmacSha256 hmac(keys_.digest);
  auto sums = sums_;
  for (const auto& rows : decision.sets) {
    if (rows.size() == 0) continue;
    const auto digest = digest_of(rows, [&](const std::string& text) { return hmac.hex(text); });
    auto& sum = sums[rows.set.set->name];
    sum = added_sum(sum, digest.sum);
    pg::add_progress(connection, begun_->id,
                     {rows.set.set->name, RowFate::remove, rows.size(), sum});
  }
  pg::check_constraints(connection);
  transaction.commit();
  sums_ = std::move(sums);
  for (const auto& rows : decision.sets) take_over(rows);
  return gone;
}

/// What has gone in one piece: arrivals are looked for set by set.
void EraseBatches::take_over(const ErasureRows& rows) {
  if (rows.size() == 0) return;
  const auto known =
      std::find_if(gone_.sets.begin(), gone_.sets.end(),
                   [&](const ErasureRows& one) { return one.set.set->name == rows.set.set->name; });
  if (known == gone_.sets.end()) {
    gone_.sets.push_back(rows);
    return;
  }
  for (std::size_t c = 0; c < rows.values.size(); ++c)
    known->values[c].insert(known->values[c].end(), rows.values[c].begin(), rows.values[c].end());
  known->relation.insert(known->relation.end(), rows.relation.begin(), rows.relation.end());
  known->masked.insert(known->masked.end(), rows.masked.begin(), rows.masked.end());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    known->fate.push_back(RowFate::keep);
    known->ground.push_back(0);
    known->decide(known->size() - 1, rows.fate[row], rows.ground_of(row));
  }
}

std::uint64_t EraseBatches::rows_gone() const {
  std::uint64_t rows = 0;
  for (const auto& one : pg::progress_of(reading_.connection, begun_->id)) rows += one.rows;
  return rows;
}

/// Rows that came to hang by no foreign key on rows that an earlier run has erased: nothing leads
/// to them any more.
void EraseBatches::warn_of_lost_links(const pg::BatchProgress& done, ErasureResult& result) const {
  const auto set = find_set(reading_.map, done.set);
  if (set.table == nullptr) return;
  std::uint64_t in_this_run = 0;
  for (const auto& rows : gone_.sets) {
    if (rows.set.set->name == done.set) in_this_run += rows.with(RowFate::remove).size();
  }
  if (done.rows <= in_this_run) return;
  std::set<std::string> hanging;
  for (const auto& step : loose_links(reading_.map, reading_.catalogue, set))
    hanging.insert(step.from.set->name);
  if (hanging.empty()) return;
  result.warnings.push_back("an earlier run of this erasure has erased " +
                            std::to_string(done.rows - in_this_run) + " rows of " + done.set +
                            ": what was added since that hangs on these alone is not found, in " +
                            join({hanging.begin(), hanging.end()}, ", "));
}

void EraseBatches::add_to(ErasureResult& result) const {
  ErasureResult earlier;
  for (const auto& one : pg::progress_of(reading_.connection, begun_->id)) {
    warn_of_lost_links(one, result);
    const auto set = find_set(reading_.map, one.set);
    earlier.lines.push_back(
        {one.set, set.table == nullptr ? one.set : set.table->name.text(), one.fate, one.rows, {}});
    const auto same = std::find_if(result.digests.begin(), result.digests.end(),
                                   [&](const RowDigest& digest) { return digest.set == one.set; });
    if (same == result.digests.end()) {
      result.digests.push_back({one.set, one.rows, one.digest});
    } else {
      same->rows += one.rows;
      same->sum = added_sum(same->sum, one.digest);
    }
  }
  earlier.effects = decision_.effects;
  result.add(earlier);
  add_objects(result.objects, pg::erased_objects_of(reading_.connection, begun_->id));
  result.scope = begun_->scope;
  if (!result.backups_until) result.backups_until = begun_->backups_until;
}

}  // namespace dsar::cmd

#include "cmd/erase_apply.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/erasure_files.hpp"
#include "cmd/erasure_numbers.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/logging.hpp"
#include "cmd/server_time.hpp"
#include "cmd/signed_files.hpp"
#include "cmd/version.hpp"
#include "core/audit.hpp"
#include "core/crypto/hmac.hpp"
#include "core/crypto/random.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/erase_apply.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/certificate_json.hpp"
#include "formats/certificate_reader.hpp"
#include "formats/safe_file.hpp"

namespace dsar::cmd {
namespace {

/// How often what arrives is taken too, and rows that triggers add.
constexpr int most_rounds = 3;

void say_scan_is_pending(ErasureResult& result) {
  result.warnings.push_back("copies elsewhere are still to be searched for: 'dsarctl erase scan " +
                            result.id + "' with the person's identities");
}

}  // namespace

EraseApply::EraseApply(const EraseOptions& options, Context& context, Reading& reading)
    : options_(options),
      context_(context),
      reading_(reading),
      signing_key_(required_signing_key(options)),
      hash_key_(hash_key(context)) {
  refuse_files_of_others(required_map(context));
  if (!context.globals.policy.empty()) refuse_files_of_others(context.globals.policy);
  plan_ = read_plan_to_carry_out(options);
  digest_key_ = plan_.reviewed      ? plan_.reviewed->salt
                : hash_key_.empty() ? random_hex(salt_bytes)
                                    : hash_key_;
}

ErasureResult EraseApply::run(FoundSubject found, const SubjectQuestion& question,
                              std::optional<Date> backups_until, SubjectKeys person) {
  backups_until_ = backups_until;
  person_ = std::move(person);
  found.keys = united(std::move(found.keys), person_);
  refuse_future(reading_.connection, context_.now);
  if (!options_.replays)
    approval_ = require_approval(context_, plan_.file, signing_key_.id(),
                                 pg::server_clock(reading_.connection));
  const auto begun = pg::find_begun(reading_.connection, found.tenant.key, found.keys);
  reading_.transaction.reset();
  if (begun) go_in_batches(found, question, begun);
  ErasureResult result;
  try {
    result = erase_once(found, question, "");
  } catch (const pg::TooManyRows&) {
    go_in_batches(found, question, {});
    result = erase_once(found, question, "");
  }
  log_info("erasure " + result.id + ": " + std::to_string(result.rows_with(RowFate::remove)) +
           " rows deleted, " + std::to_string(result.withheld()) + " withheld");
  write_certificate(options_, certificate_, signature_, result);
  const auto erased = found;
  const auto certificate = certificate_;
  batches_.reset();
  take_arrivals(found, of_arrivals(reading_.map, erased), result);
  search(erased, certificate, result);
  return result;
}

/// What goes ahead of the one transaction of the subject.
void EraseApply::go_in_batches(const FoundSubject& found, const SubjectQuestion& question,
                               std::optional<pg::BegunErasure> begun) {
  limited_ = false;
  batches_.emplace(options_, context_, reading_, EraseKeys{hash_key_, digest_key_});
  batches_->run(
      found, std::move(begun), [&](const ErasureResult& plan) { refuse_unreviewed(plan); },
      [&](pg::BegunErasure& erasure) {
        formats::CertificateFacts facts;
        add_subject(facts, question);
        erasure.hash_key_id = facts.hash_key_id;
        erasure.subject = facts.subject;
      });
  if (!batches_->begun()) {
    batches_.reset();
    return;
  }
  noted_ = batches_->noted();
  rest_ = &noted_;
  if (!batches_->gone().sets.empty()) done_.push_back(batches_->gone());
}

ErasureResult EraseApply::resume(FoundSubject found, const pg::StoredErasure& erasure,
                                 const SubjectKeys& rest) {
  resumed_ = &erasure;
  rest_ = &rest;
  limited_ = false;
  refuse_future(reading_.connection, context_.now);
  reading_.transaction.reset();
  auto result = erase_once(found, {}, erasure.id);
  if (result.id.empty()) return result;
  write_certificate(options_, certificate_, signature_, result);
  take_arrivals(found, {}, result);
  say_scan_is_pending(result);
  return result;
}

/// Tried again where others were in the way: nothing has been changed then.
ErasureResult EraseApply::erase_once(FoundSubject& found, const SubjectQuestion& question,
                                     const std::string& follows) {
  for (int attempt = 1;; ++attempt) {
    try {
      return try_once(found, question, follows);
    } catch (const Error& error) {
      if (!pg::worth_another_attempt(error) || attempt == most_attempts) throw;
      stop_if_interrupted(context_.stop);
      trust_keys_ = trust_keys_ && !pg::refused_by_key(error);
      std::this_thread::sleep_for(std::chrono::milliseconds(50) * (1 << attempt));
    }
  }
}

/// The one transaction. Nothing is changed unless it returns; an arrivals' round that finds none
/// changes nothing either.
ErasureResult EraseApply::try_once(FoundSubject& found, const SubjectQuestion& question,
                                   const std::string& follows) {
  pending_.clear();
  pg::Transaction transaction(reading_.connection, pg::TransactionMode::read_write);
  const auto epoch =
      pg::begin_erasing(reading_.connection, {.lock = std::chrono::seconds(options_.lock_timeout)});
  const bool anew = resumed_ == nullptr && look_again(found, question, follows.empty());
  // The hold lock is taken: what keeps the subject's rows is as it was read, if nothing has come
  // up.
  if (anew || !erasing_ || erasing_->world().held.epoch != epoch)
    erasing_.emplace(reading_, found, options_.request, context_.now, rest_);
  const bool trust_keys = trust_keys_ && pg::enforces_keys(reading_.connection);
  ErasureResult result;
  std::vector<pg::StoredObject> objects;
  for (int round = 1;; ++round) {
    stop_if_interrupted(context_.stop);
    auto earlier = done_;
    earlier.insert(earlier.end(), pending_.begin(), pending_.end());
    const auto most = limited_ && follows.empty() ? context_.globals.erase_max_rows : 0;
    auto decision = erasing_->decide_and_lock(earlier, trust_keys, most);
    refuse_uncovered(decision);
    if (!decision.cannot_see.empty())
      throw Error(ExitCode::refused, "cannot see " + join(decision.cannot_see, "; "),
                  "What is left behind unseen could not be found again; 'dsarctl doctor' names the "
                  "privileges that are missing.");
    auto part = result_of(reading_, found, context_, decision, digest_key_);
    if (round == 1) {
      if (follows.empty() && !batches_) refuse_unreviewed(part);
      result = std::move(part);
      if (!follows.empty() && decision.acts_on() == 0) return result;
    } else if (decision.acts_on() == 0) {
      break;
    } else {
      result.add(part);
    }
    if (round > most_rounds)
      throw Error(ExitCode::refused,
                  "triggers keep adding rows to what is erased: nothing has been changed",
                  "Look at the triggers that the plan names.");
    for (auto& object : objects_of(reading_.connection, decision)) objects.push_back(object);
    pg::carry_out(reading_.connection, reading_.map, reading_.catalogue, decision, hash_key_);
    const bool more = pg::sets_off_triggers(reading_.catalogue, decision);
    pending_.push_back(std::move(decision));
    if (!more) break;
  }
  pg::check_constraints(reading_.connection);
  result.follows = follows;
  result.backups_until = backups_until_;
  if (batches_) batches_->add_to(result);
  put_on_record(result, found, question, objects);
  commit_with_ledger(context_, reading_.connection, transaction,
                     {LedgerKind::erasure, result.id, found.tenant.key,
                      ledger_rows(context_, reading_.map, found)});
  done_.insert(done_.end(), pending_.begin(), pending_.end());
  return result;
}

/// Who is meant may have changed since; once their own rows are gone, what is known of them counts.
/// Whether somebody has been found.
bool EraseApply::look_again(FoundSubject& found, const SubjectQuestion& question, bool must_exist) {
  if (!must_exist && question.asked.empty()) return false;
  auto now = find_subject(reading_, context_, question);
  if (must_exist) {
    require_one(now);
    now.keys = united(std::move(now.keys), person_);
    found = std::move(now);
    return true;
  }
  if (now.closure.outcome != ClosureOutcome::found) return false;
  now.keys = united(std::move(now.keys), found.keys);
  found = std::move(now);
  return true;
}

void EraseApply::refuse_unreviewed(const ErasureResult& now) const {
  if (!plan_.reviewed) return;
  if (now.scope != plan_.reviewed->plan.scope)
    throw Error(ExitCode::refused,
                "the reviewed plan no longer holds: the subject, the map, the policy, or what is "
                "withheld has changed",
                "Write a new plan with --plan-out and review it.");
  const auto changed = formats::changed_rows(*plan_.reviewed, now);
  if (changed.empty() || options_.accept_new_rows) return;
  throw Error(ExitCode::refused,
              "rows have come or gone since the plan was made, in " + join(changed, ", "),
              "Write a new plan and review it, or add --accept-new-rows.");
}

/// Keyed hashes of whom was asked for.
void EraseApply::add_subject(formats::CertificateFacts& facts,
                             const SubjectQuestion& question) const {
  // Without a key nobody shall be able to tell who it was: the salt is forgotten.
  if (!hash_key_.empty()) facts.hash_key_id = hmac_key_id(hash_key_);
  const auto key = hash_key_.empty() ? random_hex(salt_bytes) : hash_key_;
  for (const auto& one :
       pg::normalise_identities(reading_.connection, reading_.map, question.asked))
    facts.subject.push_back(subject_hash(key, one.kind, one.value));
}

/// The certificate goes where the rows went from: no crash can part them.
void EraseApply::put_on_record(ErasureResult& result, const FoundSubject& found,
                               const SubjectQuestion& question,
                               const std::vector<pg::StoredObject>& objects) {
  result.id = batches_ ? batches_->begun()->id : random_hex(erasure_id_bytes);
  formats::CertificateFacts facts;
  facts.tool_version = version;
  facts.database = reading_.catalogue.database;
  facts.request = options_.request;
  facts.applied_at = pg::server_clock(reading_.connection);
  facts.approval = approval_;
  facts.signing_key_id = signing_key_.id();
  add_subject(facts, question);
  if (batches_) {
    facts.hash_key_id = batches_->begun()->hash_key_id;
    facts.subject = batches_->begun()->subject;
    if (facts.request == 0) facts.request = batches_->begun()->request;
  }
  if (resumed_ != nullptr) {
    // Who it was is known by the first certificate alone.
    const auto first = formats::read_certificate(resumed_->certificate, "the certificate").facts;
    facts.hash_key_id = first.hash_key_id;
    facts.subject = first.subject;
    facts.approval = first.approval;
  }
  const auto certificate = formats::certificate_text(result, facts);
  signature_ = signing_key_.sign(certificate);
  certificate_ = certificate;
  pg::store_erasure(reading_.connection,
                    {.id = result.id,
                     .follows = result.follows,
                     .tenant_key = found.tenant.key,
                     .tenant = found.tenant.slug,
                     .request = facts.request,
                     .actor = actor_name(context_),
                     .tool_version = version,
                     .withheld = result.withheld(),
                     .certificate = certificate,
                     .signature = signature_},
                    objects);
  if (batches_) pg::forget_begun(reading_.connection, result.id);
  if (resumed_ != nullptr) pg::forget_withheld(reading_.connection, resumed_->id);
  pg::note_withheld(reading_.connection, result.id, withheld_of(pending_));
  auto note = note_of(context_, "erase", found);
  note.facts = {{"stage", "done"},
                {"erasure", result.id},
                {"deleted", std::to_string(result.rows_with(RowFate::remove))},
                {"masked", std::to_string(result.rows_with(RowFate::mask))},
                {"repointed", std::to_string(result.rows_with(RowFate::repoint))},
                {"withheld", std::to_string(result.withheld())},
                {"certificate_sha256", sha256_hex(certificate)}};
  if (facts.approval) note.facts["approved_with"] = facts.approval->approved_with;
  if (options_.request != 0) note.facts["request"] = std::to_string(options_.request);
  pg::append_audit(reading_.connection, note);
}

/// Rows that others added while it ran, where no foreign key stopped them.
void EraseApply::take_arrivals(FoundSubject& found, SubjectQuestion question,
                               ErasureResult& result) {
  if (!found.tenant.slug.empty()) context_.globals.tenant = found.tenant.slug;
  for (int round = 1;; ++round) {
    bool waited = false;
    ErasureResult more;
    try {
      waited = wait_for(pg::writers_of(reading_.connection, tables()));
      more = erase_once(found, question, result.id);
    } catch (const Error& error) {
      // The erasure itself is done, and has to be told.
      result.warnings.push_back(std::string("what arrived meanwhile was not looked for: ") +
                                error.what() + "; run it again");
      result.left_over = true;
      return;
    }
    if (!more.id.empty()) {
      result.add(more);
      result.followed_by.push_back(more.id);
    }
    if (!waited) {
      result.warnings.emplace_back(
          "transactions that were writing to these tables have not ended: run it again to erase "
          "what they may add");
      result.left_over = true;
      return;
    }
    if (more.id.empty()) return;
    if (round == most_rounds) {
      result.warnings.emplace_back("rows keep arriving: stop what adds them, and run it again");
      result.left_over = true;
      return;
    }
  }
}

pg::KnownRows EraseApply::still_there() const {
  pg::KnownRows known;
  for (const auto& decision : done_) {
    for (const auto& rows : decision.sets) {
      if (!is_keyed(rows)) continue;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows.fate[row] == RowFate::remove) continue;
        std::vector<std::string> key;
        for (std::size_t k = 0; k < rows.address; ++k)
          key.push_back(rows.values[k][row].value_or(""));
        known[rows.set.table->name].insert(std::move(key));
      }
    }
  }
  return known;
}

/// The last step: whatever comes of it, the erasure is done, and its certificate says that this is
/// pending until it has been closed.
void EraseApply::search(const FoundSubject& found, const std::string& certificate,
                        ErasureResult& result) {
  if (options_.scan_later) {
    say_scan_is_pending(result);
    return;
  }
  try {
    residue_ = close_with_scan(reading_, found, still_there(), context_,
                               {result.id, certificate, identities_of(found)}, signing_key_);
    if (leaves_residue(residue_->scan)) result.left_over = true;
    if (!options_.certificate.empty())
      write_signed(options_.certificate + ".residue", residue_->text, residue_->signature);
  } catch (const Error& error) {
    result.warnings.push_back(std::string("the search for copies elsewhere was not finished: ") +
                              error.what());
    say_scan_is_pending(result);
    result.left_over = true;
  }
}

/// False: some have not ended in time.
bool EraseApply::wait_for(const std::vector<std::string>& writers) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(options_.wait);
  auto left = writers;
  while (!left.empty()) {
    left = pg::still_running(reading_.connection, left);
    if (left.empty()) break;
    if (std::chrono::steady_clock::now() >= until || context_.stop.stop_requested()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

/// Every table that has been reached.
std::vector<TableName> EraseApply::tables() const {
  std::vector<TableName> tables;
  for (const auto& decision : done_) {
    for (const auto& rows : decision.sets) {
      if (std::find(tables.begin(), tables.end(), rows.set.table->name) == tables.end())
        tables.push_back(rows.set.table->name);
    }
  }
  return tables;
}

}  // namespace dsar::cmd

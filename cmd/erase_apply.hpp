#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/approval.hpp"
#include "cmd/erase.hpp"
#include "cmd/erase_batches.hpp"
#include "cmd/erase_reading.hpp"
#include "cmd/erase_residue.hpp"
#include "cmd/erasure_files.hpp"
#include "core/crypto/ed25519.hpp"
#include "core/pg/erasures.hpp"
#include "formats/certificate_json.hpp"
#include "formats/erasure_plan_file.hpp"

namespace dsar::cmd {

/// Carries an erasure out: one transaction, then what arrived meanwhile.
class EraseApply {
 public:
  /// Refuses files that others may write, and reads the keys and the reviewed plan. All that is
  /// given outlives this; `context` names the tenant once it is known.
  EraseApply(const EraseOptions& options, Context& context, Reading& reading);

  /// `found` is who was asked for, as a first look found them; `question` how. `person`: rows that
  /// are known to be theirs, whatever leads to them.
  ErasureResult run(FoundSubject found, const SubjectQuestion& question,
                    std::optional<Date> backups_until, SubjectKeys person = {});

  /// Takes up what the erasure on record has withheld, as far as nothing keeps it any more. A
  /// result without a number: all of it is kept still, and nothing has been changed.
  ErasureResult resume(FoundSubject found, const pg::StoredErasure& erasure,
                       const SubjectKeys& rest);

  /// The subject's rows that are still there, as far as they have keys.
  [[nodiscard]] pg::KnownRows still_there() const;

  /// What was found of the subject once it was done; nothing where the search failed.
  [[nodiscard]] const std::optional<SignedResidue>& residue() const { return residue_; }

 private:
  void go_in_batches(const FoundSubject& found, const SubjectQuestion& question,
                     std::optional<pg::BegunErasure> begun);
  void add_subject(formats::CertificateFacts& facts, const SubjectQuestion& question) const;
  ErasureResult erase_once(FoundSubject& found, const SubjectQuestion& question,
                           const std::string& follows);
  ErasureResult try_once(FoundSubject& found, const SubjectQuestion& question,
                         const std::string& follows);
  bool look_again(FoundSubject& found, const SubjectQuestion& question, bool must_exist);
  void refuse_unreviewed(const ErasureResult& now) const;
  void put_on_record(ErasureResult& result, const FoundSubject& found,
                     const SubjectQuestion& question, const std::vector<pg::StoredObject>& objects);
  void take_arrivals(FoundSubject& found, SubjectQuestion question, ErasureResult& result);
  bool wait_for(const std::vector<std::string>& writers) const;
  [[nodiscard]] std::vector<TableName> tables() const;
  void search(const FoundSubject& found, const std::string& certificate, ErasureResult& result);

  const EraseOptions& options_;
  Context& context_;
  Reading& reading_;
  SigningKey signing_key_;
  std::string hash_key_;
  PlanToCarryOut plan_;
  std::optional<Approval> approval_;  ///< of the plan; none: none was demanded
  std::string digest_key_;            ///< of the digests of rows and scope
  std::optional<Date> backups_until_;
  std::optional<EraseBatches> batches_;
  std::optional<EraseReading> erasing_;  ///< of whom was found last, as it was held then
  bool limited_ = true;                  ///< the one transaction may have too many rows
  std::string certificate_;              ///< of the last erasure
  std::string signature_;
  std::optional<SignedResidue> residue_;
  const pg::StoredErasure* resumed_ = nullptr;
  const SubjectKeys* rest_ = nullptr;  ///< of the resumed one, or noted by batches
  SubjectKeys noted_;
  SubjectKeys person_;
  bool trust_keys_ = true;                    ///< until a foreign key refuses
  std::vector<pg::ErasureDecision> done_;     ///< carried out and committed
  std::vector<pg::ErasureDecision> pending_;  ///< carried out in the open transaction
};

}  // namespace dsar::cmd

#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/reading.hpp"
#include "core/audit.hpp"
#include "core/choice.hpp"
#include "core/error.hpp"
#include "core/ledger.hpp"
#include "core/pg/choices.hpp"

/// What restrict, object and consent have in common.
namespace dsar::cmd {

struct ChoiceListOptions {
  bool all = false;
};

struct ChoiceLiftOptions {
  std::int64_t id = 0;
  std::string reason;
};

/// One choice to be recorded.
struct ChoiceQuestion {
  SubjectChoice kind = SubjectChoice::restriction;
  std::string purpose;
  std::string ground;
  std::string then;  ///< a full sentence: what follows from it
};

/// Records it, writes it to the map's columns and tells both.
ExitCode record_choice(const SubjectOptions& subject, const ChoiceQuestion& question,
                       Context& context);

/// Lists what is recorded of these kinds.
ExitCode list_choices(const std::vector<SubjectChoice>& kinds, const ChoiceListOptions& options,
                      Context& context);

/// Ends one of these kinds and takes it out of the map's columns.
ExitCode lift_choice(const std::vector<SubjectChoice>& kinds, const ChoiceLiftOptions& options,
                     Context& context);

/// Ends every consent's withdrawal of the subject for the purpose: it is given again.
ExitCode give_consent(const SubjectOptions& subject, const ChoiceQuestion& question,
                      Context& context);

struct RecordedChoice {
  std::int64_t id = 0;
  std::vector<pg::WrittenChoice> written;
};

/// Records the choice, writes it to the map's columns and commits, with `note` in the audit trail
/// and an entry in the ledger about `rows`.
RecordedChoice commit_choice(const Context& context, Reading& reading, const NewChoice& choice,
                             AuditNote note, const std::vector<LedgerRow>& rows);

struct LiftedChoice {
  Choice choice;
  std::vector<pg::WrittenChoice> written;
};

/// Ends the choices, takes them out of the map's columns and commits, likewise. With `rows` the
/// ledger's entry is about all that these have decided of the kind, for the purpose of the last.
std::vector<LiftedChoice> commit_lifts(const Context& context, Reading& reading,
                                       const std::vector<std::int64_t>& ids,
                                       const std::vector<SubjectChoice>& kinds,
                                       const std::string& reason,
                                       const std::vector<LedgerRow>& rows);

/// Adds ID and --reason.
void add_lift_options(App command, ChoiceLiftOptions& options);

/// What the subject has decided and not taken back; none where the role cannot know.
std::vector<Choice> choices_of(Reading& reading, const FoundSubject& found);
/// A heading and a table; empty where there are none.
std::string choices_text(const std::vector<Choice>& choices);
nlohmann::ordered_json choices_json(const std::vector<Choice>& choices);

}  // namespace dsar::cmd

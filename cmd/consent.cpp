#include "cmd/consent.hpp"

#include "cmd/cli.hpp"

namespace dsar::cmd {
namespace {

std::vector<SubjectChoice> consents() {
  return {SubjectChoice::consent_withdrawn, SubjectChoice::child_discovered,
          SubjectChoice::parental_consent};
}

void add_person(App command, ConsentOptions& options, const std::string& ground) {
  add_subject_options(command, options.subject);
  command.add_option("--ground", options.ground, ground).type_name("TEXT").required();
}

void register_child(App consent, Context& context) {
  const auto child = add_command(
      consent, context,
      {.name = "child",
       .summary = "record that a person was found to be a child",
       .description = "Their data are due at the next sweep where the policy says so, unless a "
                      "parent's consent is recorded.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl consent child visitor:42 --ground 'said so in the chat'"},
      run_consent_child);
  add_person(child.app, child.options, "how that was found out");
  const auto parental = add_command(
      consent, context,
      {.name = "parental",
       .summary = "record a parent's consent, verified",
       .description = "",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl consent parental visitor:42 --ground 'signed form, called back'"},
      run_consent_parental);
  add_person(parental.app, parental.options, "how it was verified");
}

}  // namespace

void register_consent(App app, Context& context) {
  const auto consent = add_group(
      app, {.name = "consent",
            .summary = "record consents withdrawn, children and their parents' consent",
            .description = "What rests on a consent that is withdrawn is due at the next sweep "
                           "where the policy says so (Art. 7(3), 17(1)(b)).",
            .exit_codes = {},
            .example = "dsarctl consent list"});
  const auto withdraw = add_command(
      consent, context,
      {.name = "withdraw",
       .summary = "record that a person withdraws consent",
       .description = "",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl consent withdraw visitor:42 --purpose analytics --ground 'by email'"},
      run_consent_withdraw);
  add_person(withdraw.app, withdraw.options, "how the person said so");
  withdraw.app
      .add_option("--purpose", withdraw.options.purpose,
                  "only of this purpose, as the rows of the map's purpose_in call it")
      .type_name("NAME");
  const auto give = add_command(
      consent, context,
      {.name = "give",
       .summary = "record that a person gives a consent again",
       .description = "Ends the withdrawal that was recorded for the same purpose.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl consent give visitor:42 --purpose analytics --ground 'banner'"},
      run_consent_give);
  add_person(give.app, give.options, "how the person said so");
  give.app.add_option("--purpose", give.options.purpose, "of this purpose").type_name("NAME");
  register_child(consent, context);
  const auto list = add_command(consent, context,
                                {.name = "list",
                                 .summary = "show what is recorded",
                                 .description = "Needs no data map.",
                                 .exit_codes = {ExitCode::database},
                                 .example = "dsarctl consent list --all"},
                                run_consent_list);
  list.app.add_flag("--all", list.options.all, "what no longer stands, too");
  const auto lift = add_command(consent, context,
                                {.name = "lift",
                                 .summary = "end what was recorded",
                                 .description = "",
                                 .exit_codes = {ExitCode::database, ExitCode::refused},
                                 .example = "dsarctl consent lift 3 --reason 'is of age'"},
                                run_consent_lift);
  add_lift_options(lift.app, lift.options);
}

ExitCode run_consent_withdraw(const ConsentOptions& options, Context& context) {
  return record_choice(options.subject,
                       {SubjectChoice::consent_withdrawn, options.purpose, options.ground,
                        "What rests on it is due at the next sweep, where the policy says so."},
                       context);
}

ExitCode run_consent_give(const ConsentOptions& options, Context& context) {
  return give_consent(options.subject,
                      {SubjectChoice::consent_withdrawn, options.purpose, options.ground, {}},
                      context);
}

ExitCode run_consent_child(const ConsentOptions& options, Context& context) {
  return record_choice(options.subject,
                       {SubjectChoice::child_discovered,
                        {},
                        options.ground,
                        "Where the policy says so the data are due at the next sweep, unless a "
                        "parent's consent is recorded: dsarctl consent parental."},
                       context);
}

ExitCode run_consent_parental(const ConsentOptions& options, Context& context) {
  return record_choice(options.subject, {SubjectChoice::parental_consent, {}, options.ground, {}},
                       context);
}

ExitCode run_consent_list(const ChoiceListOptions& options, Context& context) {
  return list_choices(consents(), options, context);
}

ExitCode run_consent_lift(const ChoiceLiftOptions& options, Context& context) {
  return lift_choice(consents(), options, context);
}

}  // namespace dsar::cmd

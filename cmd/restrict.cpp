#include "cmd/restrict.hpp"

#include "cmd/cli.hpp"

namespace dsar::cmd {

void register_restrict(App app, Context& context) {
  const auto restrict_group = add_group(
      app, {.name = "restrict",
            .summary = "restrict the processing of a person's data (Art. 18)",
            .description = "Restricted rows are neither deleted nor masked, for the person's own "
                           "claims, until the restriction is lifted.",
            .exit_codes = {},
            .example = "dsarctl restrict list"});
  const auto place =
      add_command(restrict_group, context,
                  {.name = "place",
                   .summary = "record a restriction and write it where the map says",
                   .description = "Sweeps and erasures leave the person's rows alone from now on.",
                   .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                                  ExitCode::no_such_subject},
                   .example = "dsarctl restrict place visitor:42 --ground 'accuracy contested'"},
                  run_restrict_place);
  add_subject_options(place.app, place.options.subject);
  place.app.add_option("--ground", place.options.ground, "why the person may want it")
      .type_name("TEXT")
      .required();
  const auto list = add_command(restrict_group, context,
                                {.name = "list",
                                 .summary = "show the restrictions",
                                 .description = "Needs no data map.",
                                 .exit_codes = {ExitCode::database},
                                 .example = "dsarctl restrict list --all"},
                                run_restrict_list);
  list.app.add_flag("--all", list.options.all, "those too that have been lifted");
  const auto lift =
      add_command(restrict_group, context,
                  {.name = "lift",
                   .summary = "end a restriction",
                   .description = "Says what the person has to be told before that (Art. 18(3)).",
                   .exit_codes = {ExitCode::database, ExitCode::refused},
                   .example = "dsarctl restrict lift 3 --reason 'accuracy verified'"},
                  run_restrict_lift);
  add_lift_options(lift.app, lift.options);
}

ExitCode run_restrict_place(const RestrictPlaceOptions& options, Context& context) {
  return record_choice(
      options.subject,
      {SubjectChoice::restriction,
       {},
       options.ground,
       "Until it is lifted the rows are kept, and may be processed only with the person's consent, "
       "for legal claims or for others' rights (Art. 18(2))."},
      context);
}

ExitCode run_restrict_list(const ChoiceListOptions& options, Context& context) {
  return list_choices({SubjectChoice::restriction}, options, context);
}

ExitCode run_restrict_lift(const ChoiceLiftOptions& options, Context& context) {
  return lift_choice({SubjectChoice::restriction}, options, context);
}

}  // namespace dsar::cmd

#include "cmd/object.hpp"

#include "cmd/cli.hpp"
#include "cmd/named_option.hpp"

namespace dsar::cmd {

/// What one may object to, as --to has it.
enum class ObjectedTo { marketing, ai, sale };

}  // namespace dsar::cmd

namespace dsar {

template <>
struct EnumNames<cmd::ObjectedTo> {
  using O = cmd::ObjectedTo;
  static constexpr std::array table{
      EnumName<O>{O::marketing, "marketing"},
      EnumName<O>{O::ai, "ai"},
      EnumName<O>{O::sale, "sale"},
  };
};

}  // namespace dsar

namespace dsar::cmd {
namespace {

ChoiceQuestion question_of(ObjectedTo to, const std::string& ground) {
  switch (to) {
    case ObjectedTo::marketing:
      return {SubjectChoice::objection_marketing,
              {},
              ground,
              "Subscriptions end too. What a sweep leaves of them keeps the sending stopped."};
    case ObjectedTo::ai:
      return {SubjectChoice::opt_out_ai, {}, ground, {}};
    case ObjectedTo::sale:
      return {SubjectChoice::opt_out_sale, {}, ground, {}};
  }
  return {};
}

std::vector<SubjectChoice> objections() {
  return {SubjectChoice::objection_marketing, SubjectChoice::opt_out_ai,
          SubjectChoice::opt_out_sale};
}

}  // namespace

void register_object(App app, Context& context) {
  const auto object = add_group(
      app, {.name = "object",
            .summary = "record objections and opt-outs (Art. 21, CCPA)",
            .description = "An objection to direct marketing holds at once and without a ground.",
            .exit_codes = {},
            .example = "dsarctl object list"});
  const auto place =
      add_command(object, context,
                  {.name = "place",
                   .summary = "record an objection and write it where the map says",
                   .description = "One to marketing ends the person's subscriptions, too.",
                   .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                                  ExitCode::no_such_subject},
                   .example = "dsarctl object place visitor:42 --to marketing"},
                  run_object_place);
  add_subject_options(place.app, place.options.subject);
  place.app.add_option("--to", place.options.to, "marketing, ai or sale")
      .type_name("WHAT")
      .required();
  place.app.add_option("--ground", place.options.ground, "what the person said").type_name("TEXT");
  const auto list = add_command(object, context,
                                {.name = "list",
                                 .summary = "show the objections and opt-outs",
                                 .description = "Needs no data map.",
                                 .exit_codes = {ExitCode::database},
                                 .example = "dsarctl object list --all"},
                                run_object_list);
  list.app.add_flag("--all", list.options.all, "those too that have been taken back");
  const auto lift = add_command(object, context,
                                {.name = "lift",
                                 .summary = "record that the person takes one back",
                                 .description = "Subscriptions that ended stay ended.",
                                 .exit_codes = {ExitCode::database, ExitCode::refused},
                                 .example = "dsarctl object lift 3 --reason 'opted in again'"},
                                run_object_lift);
  add_lift_options(lift.app, lift.options);
}

ExitCode run_object_place(const ObjectPlaceOptions& options, Context& context) {
  const auto to = named<ObjectedTo>("--to", options.to);
  return record_choice(
      options.subject,
      question_of(to, options.ground.empty() ? "the person's request" : options.ground), context);
}

ExitCode run_object_list(const ChoiceListOptions& options, Context& context) {
  return list_choices(objections(), options, context);
}

ExitCode run_object_lift(const ChoiceLiftOptions& options, Context& context) {
  return lift_choice(objections(), options, context);
}

}  // namespace dsar::cmd

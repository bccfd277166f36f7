#include "cmd/policy.hpp"

#include <nlohmann/json.hpp>

#include "cmd/cli.hpp"
#include "cmd/output.hpp"
#include "cmd/policy_diff.hpp"
#include "cmd/policy_schedule.hpp"
#include "formats/policy_json.hpp"
#include "formats/policy_reader.hpp"
#include "formats/policy_text.hpp"

namespace dsar::cmd {

PolicyCatalogue read_policies(const Context& context) {
  return context.globals.policy.empty() ? PolicyCatalogue()
                                        : formats::read_policies(context.globals.policy);
}

void register_policy(App app, Context& context) {
  const auto policy =
      add_group(app, {.name = "policy",
                      .summary = "list, show and compare the policies",
                      .description = "A policy says what was promised, clause by clause. Five are "
                                     "built in, --policy adds own ones; see dsarctl-policy(5).",
                      .exit_codes = {},
                      .example = "dsarctl policy show omniops"});
  add_command(policy, context,
              {.name = "list",
               .summary = "list the policies",
               .description = "Needs no database.",
               .exit_codes = {},
               .example = "dsarctl policy list"},
              run_policy_list);
  const auto show = add_command(
      policy, context,
      {.name = "show",
       .summary = "print every rule of a policy with its clause",
       .description = "Needs no database. With --json it is a policy file, which --policy reads. "
                      "With --schedule, what the policy comes to in the live database: for each "
                      "tenant under it and each record set the rule, clock, cut-off and action, "
                      "the rows that are due, and the date when the next ones are.",
       .exit_codes = {ExitCode::partial, ExitCode::database},
       .example = "dsarctl policy show omniops"},
      run_policy_show);
  show.app.add_option("name", show.options.name, "the policy's name").type_name("NAME").required();
  show.app.add_flag("--schedule", show.options.schedule,
                    "what it comes to in the live database, with rows and dates");
  const auto diff = add_command(
      policy, context,
      {.name = "diff",
       .summary = "say what a change of policy would make due",
       .description =
           "What would be due if those who live under the first policy lived under the second: in "
           "rows, by tenant and record set, with the rules that change and the notice that the "
           "first policy promises. Changes nothing.",
       .exit_codes = {ExitCode::partial, ExitCode::database},
       .example = "dsarctl policy diff omniops privacy/omniops-2027.json"},
      run_policy_diff);
  diff.app.add_option("from", diff.options.from, "the policy's name, or a policy file")
      .type_name("POLICY")
      .required();
  diff.app.add_option("to", diff.options.to, "another one, or a file that changes it")
      .type_name("POLICY")
      .required();
}

ExitCode run_policy_list(const PolicyListOptions& /*options*/, Context& context) {
  const PolicyCatalogue policies = read_policies(context);
  emit(
      context, [&] { return formats::policy_list_text(policies); },
      [&] { return formats::policy_list_json(policies); });
  return ExitCode::done;
}

ExitCode run_policy_show(const PolicyShowOptions& options, Context& context) {
  if (options.schedule) return run_policy_schedule(options.name, context);
  const PolicyCatalogue policies = read_policies(context);
  const PolicyEntry& entry = policies.named(options.name);
  emit(
      context, [&] { return formats::policy_text(entry); },
      [&] { return formats::policy_json(entry); });
  return ExitCode::done;
}

}  // namespace dsar::cmd

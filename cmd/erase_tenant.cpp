#include "cmd/erase_tenant.hpp"

#include "cmd/approval.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/erasure_output.hpp"
#include "cmd/tenant_command.hpp"

namespace dsar::cmd {
namespace {

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
  return tell_erasure(context, result);
}

}  // namespace dsar::cmd

#include "cmd/plan.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <variant>

#include "cmd/approval.hpp"
#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/output.hpp"
#include "cmd/signed_files.hpp"
#include "cmd/whole_file.hpp"
#include "core/crypto/sha256.hpp"
#include "core/rfc3339.hpp"
#include "formats/approval_file.hpp"
#include "formats/erasure_plan_file.hpp"
#include "formats/erasure_report.hpp"
#include "formats/printable.hpp"
#include "formats/sweep_plan_file.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// A plan of an erasure or of a sweep.
struct ReadPlan {
  PlanFile file;
  std::variant<ErasureResult, formats::ReviewedPlan> plan;
};

ReadPlan read_plan(const std::string& path) {
  auto text = read_whole_file(path);
  if (formats::is_sweep_plan(text)) {
    auto plan = formats::read_sweep_plan(text, path);
    auto key = plan.planned_with;
    return {{path, std::move(text), std::move(key)}, std::move(plan)};
  }
  auto reviewed = formats::read_erasure_plan(text, path);
  return {{path, std::move(text), std::move(reviewed.planned_with)}, std::move(reviewed.plan)};
}

std::string told(const ErasureResult& plan) {
  auto text = formats::erasure_text(plan);
  if (!plan.tenant.empty()) text += "Tenant " + formats::printable(plan.tenant) + ". ";
  if (!plan.whole_tenant)
    text += "Rows that are the person: " + std::to_string(plan.subject_rows) + ". ";
  return text;
}

std::string plan_text(const ReadPlan& read) {
  const auto* erasure = std::get_if<ErasureResult>(&read.plan);
  const auto text = erasure != nullptr
                        ? told(*erasure)
                        : formats::sweep_plan_report(std::get<formats::ReviewedPlan>(read.plan));
  return text + (read.file.planned_with.empty()
                     ? "Nobody has signed this plan.\n"
                     : "Planned with key " + read.file.planned_with + ".\n");
}

Json plan_json(const ReadPlan& read) {
  const auto* erasure = std::get_if<ErasureResult>(&read.plan);
  auto json = erasure != nullptr
                  ? formats::erasure_json(*erasure)
                  : formats::sweep_plan_json(std::get<formats::ReviewedPlan>(read.plan));
  json["planned_with"] =
      read.file.planned_with.empty() ? Json(nullptr) : Json(read.file.planned_with);
  json["sha256"] = sha256_hex(read.file.text);
  return json;
}

/// By whom it may be approved: one of the keys, and not the planner's.
void refuse_approver(const std::vector<VerifyingKey>& keys, const PlanFile& plan,
                     const std::string& approver) {
  const bool known = std::any_of(keys.begin(), keys.end(),
                                 [&](const VerifyingKey& key) { return key.id() == approver; });
  if (!known)
    throw Error(ExitCode::refused, "key " + approver + " is none of --approval-keys",
                "Whoever looks after these adds the public half of the key.");
  if (approver == plan.planned_with)
    throw Error(ExitCode::refused, plan.path + ": the approver is the planner",
                "Another person approves it, with a key of their own.");
}

}  // namespace

void register_plan(App app, Context& context) {
  const auto plan = add_group(
      app, {.name = "plan",
            .summary = "show and approve plans of erasures and sweeps",
            .description = "Where --approval-keys is set, an erasure, and a sweep that removes a "
                           "whole tenant, wants a plan that another than its planner has "
                           "approved.",
            .exit_codes = {},
            .example = "dsarctl plan approve ada.plan --signing-key second.pem"});
  const auto show = add_command(plan, context,
                                {.name = "show",
                                 .summary = "show what a plan does",
                                 .description = "Needs no database.",
                                 .exit_codes = {},
                                 .example = "dsarctl plan show ada.plan"},
                                run_plan_show);
  show.app
      .add_option("FILE", show.options.file, "the plan, as --plan-out of erase or sweep wrote it")
      .required();
  const auto approve = add_command(
      plan, context,
      {.name = "approve",
       .summary = "approve what a plan does, with a second person's key",
       .description = "Shows the plan and writes the signed approval beside it, as FILE.approval "
                      "and FILE.approval.sig. Needs no database.",
       .exit_codes = {ExitCode::refused},
       .example = "dsarctl plan approve ada.plan --signing-key second.pem"},
      run_plan_approve);
  approve.app
      .add_option("FILE", approve.options.file,
                  "the plan, as --plan-out of erase or sweep wrote it")
      .required();
  approve.app.add_option("--signing-key", approve.options.signing_key, "the approver's Ed25519 key")
      .type_name("FILE")
      .required();
  approve.app
      .add_option("--expires", approve.options.expires,
                  "for how long it is good: at most 336, two weeks")
      .range(1, static_cast<int>(longest_approval.count()))
      .type_name("HOURS");
}

ExitCode run_plan_show(const PlanShowOptions& options, Context& context) {
  const auto read = read_plan(options.file);
  emit(
      context, [&] { return plan_text(read); }, [&] { return plan_json(read); });
  return ExitCode::done;
}

ExitCode run_plan_approve(const PlanApproveOptions& options, Context& context) {
  if (!approval_demanded(context))
    throw Error(ExitCode::usage, "no keys are given that may approve",
                "Name them with --approval-keys or in the variable DSARCTL_APPROVAL_KEYS.");
  const auto key = read_signing_key(options.signing_key);
  const auto read = read_plan(options.file);
  const auto keys = read_approval_keys(context);
  require_planner(keys, read.file);
  refuse_approver(keys, read.file, key.id());
  const Approval approval{sha256_hex(read.file.text), read.file.planned_with, key.id(), context.now,
                          context.now + std::chrono::hours(options.expires)};
  const auto path = options.file + ".approval";
  const auto text = formats::approval_text(approval);
  write_signed(path, text, key.sign(text));
  emit(
      context,
      [&] {
        return plan_text(read) + "Approved with key " + key.id() + " until " +
               rfc3339(approval.expires_at) + ": " + formats::printable(path) + "\n";
      },
      [&] {
        return Json{{"plan", plan_json(read)}, {"approval", formats::approval_json(approval)}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd

#include "cmd/approval.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "cmd/guarded_file.hpp"
#include "cmd/whole_file.hpp"
#include "core/crypto/sha256.hpp"
#include "core/error.hpp"
#include "formats/approval_file.hpp"

namespace dsar::cmd {
namespace {

namespace fs = std::filesystem;

/// Each public key of a file, which may hold several.
void add_keys(const fs::path& path, std::vector<VerifyingKey>& keys) {
  constexpr std::string_view end = "-----END PUBLIC KEY-----";
  const auto text = read_whole_file(path.string());
  std::size_t from = 0;
  try {
    do {
      auto to = text.find(end, from);
      to = to == std::string::npos ? text.size() : to + end.size();
      keys.push_back(VerifyingKey::from_pem(std::string_view(text).substr(from, to - from)));
      from = text.find_first_not_of(" \t\r\n", to);
    } while (from != std::string::npos);
  } catch (const std::invalid_argument& fault) {
    throw Error(ExitCode::usage, path.string() + ": " + fault.what(),
                "--approval-keys wants public keys: FILE.pub of dsarctl keygen --signing FILE.");
  }
}

const VerifyingKey* find_key(const std::vector<VerifyingKey>& keys, const std::string& id) {
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&](const VerifyingKey& one) { return one.id() == id; });
  return key == keys.end() ? nullptr : &*key;
}

[[noreturn]] void refuse(const PlanFile& plan, const std::string& why, const std::string& hint) {
  throw Error(ExitCode::refused, plan.path + ": " + why, hint);
}

std::string how_to_approve(const PlanFile& plan) {
  return "Another than the planner runs: dsarctl plan approve " + plan.path + " --signing-key FILE";
}

/// As it was signed, whatever it says.
Approval read_signed(const std::vector<VerifyingKey>& keys, const PlanFile& plan) {
  const auto path = plan.path + ".approval";
  if (!fs::exists(path)) refuse(plan, "nobody has approved this plan", how_to_approve(plan));
  const auto text = read_whole_file(path);
  auto approval = formats::read_approval(text, path);
  const auto* key = find_key(keys, approval.approved_with);
  if (key == nullptr)
    refuse(
        plan,
        "it was approved with key " + approval.approved_with + ", which is none of --approval-keys",
        how_to_approve(plan));
  const auto signature = path + ".sig";
  if (!fs::exists(signature) || !key->verify(text, read_whole_file(signature)))
    refuse(plan, "the approval is not as key " + approval.approved_with + " has signed it",
           how_to_approve(plan));
  return approval;
}

}  // namespace

std::vector<VerifyingKey> read_approval_keys(const Context& context) {
  const fs::path path = context.globals.approval_keys;
  if (!fs::exists(path))
    throw Error(ExitCode::usage, path.string() + ": --approval-keys cannot be read",
                "It is a file or a folder of public keys.");
  refuse_files_of_others(path.string());
  std::vector<VerifyingKey> keys;
  if (!fs::is_directory(path)) {
    add_keys(path, keys);
    return keys;
  }
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) add_keys(entry.path(), keys);
  }
  return keys;
}

void require_planner(const std::vector<VerifyingKey>& keys, const PlanFile& plan) {
  constexpr const char* again =
      "Write a new plan with --plan-out FILE and --signing-key FILE, with a key whose public half "
      "is one of --approval-keys.";
  if (plan.planned_with.empty()) refuse(plan, "nobody has signed this plan", again);
  const auto* key = find_key(keys, plan.planned_with);
  if (key == nullptr)
    refuse(plan,
           "it was planned with key " + plan.planned_with + ", which is none of --approval-keys",
           again);
  const auto signature = plan.path + ".sig";
  if (!fs::exists(signature) || !key->verify(plan.text, read_whole_file(signature)))
    refuse(plan, "the plan is not as key " + plan.planned_with + " has signed it", again);
}

std::optional<Approval> require_approval(const Context& context, const PlanFile& plan,
                                         const std::string& carrier, Instant now) {
  if (!approval_demanded(context)) return std::nullopt;
  if (plan.path.empty())
    throw Error(ExitCode::refused, "an approved plan is demanded, and none is given",
                "Write it with --plan-out FILE and --signing-key FILE; another than the planner "
                "runs 'dsarctl plan approve FILE --signing-key FILE'; then give --plan FILE.");
  const auto keys = read_approval_keys(context);
  require_planner(keys, plan);
  auto approval = read_signed(keys, plan);
  if (const auto why = why_not_approved(approval, {sha256_hex(plan.text), plan.planned_with}, now))
    refuse(plan, *why, how_to_approve(plan));
  if (approval.approved_with == carrier)
    refuse(plan, "the approver is the one who carries it out",
           "Give another --signing-key than the one that approved the plan.");
  return approval;
}

}  // namespace dsar::cmd

#include "cmd/erasure_files.hpp"

#include "cmd/guarded_file.hpp"
#include "cmd/signed_files.hpp"
#include "cmd/whole_file.hpp"
#include "core/error.hpp"
#include "formats/safe_file.hpp"

namespace dsar::cmd {

SigningKey required_signing_key(const EraseOptions& options) {
  if (options.signing_key.empty())
    throw Error(ExitCode::usage, "--apply needs --signing-key, which signs the certificate",
                "Make one with: dsarctl keygen --signing FILE");
  return read_signing_key(options.signing_key);
}

PlanToCarryOut read_plan_to_carry_out(const EraseOptions& options) {
  PlanToCarryOut plan;
  if (options.plan.empty()) return plan;
  plan.file = {options.plan, read_whole_file(options.plan), {}};
  plan.reviewed = formats::read_erasure_plan(plan.file.text, plan.file.path);
  plan.file.planned_with = plan.reviewed->planned_with;
  return plan;
}

void write_plan(const EraseOptions& options, const ErasureResult& plan, const std::string& salt) {
  if (options.signing_key.empty()) {
    formats::SafeFile file(options.plan_out, formats::SafeFile::Existing::refuse);
    file.write(formats::erasure_plan_text(plan, salt));
    file.commit();
    return;
  }
  const auto key = read_signing_key(options.signing_key);
  const auto text = formats::erasure_plan_text(plan, salt, key.id());
  write_signed(options.plan_out, text, key.sign(text));
}

void write_certificate(const EraseOptions& options, const std::string& certificate,
                       const std::string& signature, ErasureResult& result) {
  if (options.certificate.empty()) return;
  try {
    write_signed(options.certificate, certificate, signature);
  } catch (const Error& error) {
    result.warnings.push_back(std::string("the certificate was not written: ") + error.what() +
                              "; 'dsarctl certificate show " + result.id + "' has it");
    result.left_over = true;
  }
}

}  // namespace dsar::cmd

#include "cmd/certificate.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/output.hpp"
#include "cmd/signed_files.hpp"
#include "cmd/whole_file.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"
#include "formats/certificate_report.hpp"
#include "formats/printable.hpp"
#include "formats/safe_file.hpp"
#include "formats/statement.hpp"

namespace dsar::cmd {
namespace {

/// A certificate with what closes it.
struct Proof {
  std::string certificate = {};  ///< exact bytes
  std::string signature = {};    ///< empty: not looked for
  std::string residue = {};      ///< exact bytes of the statement; empty: it is pending
  std::string residue_signature = {};
  std::string objects =
      {};  ///< exact bytes of the last statement about objects; empty: there is none
  std::string objects_signature = {};
};

Proof stored(const std::string& id, const Context& context) {
  pg::Connection connection(context.globals.db);
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  pg::require_schema(connection);
  const auto erasure = pg::find_erasure(connection, id);
  Proof proof{.certificate = erasure.certificate, .signature = erasure.signature};
  if (const auto residue = pg::find_residue(connection, erasure.id)) {
    proof.residue = residue->statement;
    proof.residue_signature = residue->signature;
  }
  if (const auto objects = pg::last_statement(connection, erasure.id)) {
    proof.objects = objects->statement;
    proof.objects_signature = objects->signature;
  }
  return proof;
}

Proof in_files(const std::string& path) {
  Proof proof{.certificate = read_whole_file(path)};
  if (std::filesystem::exists(path + ".residue"))
    proof.residue = read_whole_file(path + ".residue");
  if (std::filesystem::exists(path + ".objects"))
    proof.objects = read_whole_file(path + ".objects");
  return proof;
}

/// The statement in the bytes, which must be about this certificate; nothing: there is none.
template <typename Read>
auto stated(const std::string& bytes, const std::string& name, const Proof& proof, Read read)
    -> std::optional<decltype(read(bytes, name))> {
  if (bytes.empty()) return std::nullopt;
  auto statement = read(bytes, name);
  if (statement.certificate_sha256 != sha256_hex(proof.certificate))
    throw Error(ExitCode::usage, name + " belongs to another certificate");
  return statement;
}

/// What keeps the file from being proven; none: it is.
std::vector<std::string> faults_of(const std::string& bytes, const std::string& signature,
                                   const VerifyingKey& key) {
  std::vector<std::string> faults;
  if (!key.verify(bytes, signature))
    faults.emplace_back("the signature is not of these bytes by this key");
  try {
    const auto signer = formats::signer_of(bytes, "the file");
    if (signer != key.id())
      faults.push_back("it says that key " + signer + " has signed it, and this is key " +
                       key.id());
  } catch (const Error& error) {
    faults.emplace_back(error.what());
  }
  return faults;
}

}  // namespace

void register_certificate(App app, Context& context) {
  const auto certificate = add_group(
      app, {.name = "certificate",
            .summary = "show and verify certificates of erasure",
            .description = "Every erasure leaves one in the database, signed and naming nobody.",
            .exit_codes = {},
            .example = "dsarctl certificate verify ada.json --key officer.pem.pub"});
  const auto show = add_command(
      certificate, context,
      {.name = "show",
       .summary = "show the certificate of an erasure",
       .description = "With --json it is printed as it was signed, byte for byte.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl certificate show 7fb055bb --output ada.json --html ada.html"},
      run_certificate_show);
  show.app
      .add_option("ID|FILE", show.options.which,
                  "the number of the erasure, or how it begins; or the certificate's file")
      .required();
  show.app
      .add_option("-o,--output", show.options.output,
                  "write it to a file as it was signed, and its signature beside it")
      .type_name("FILE");
  show.app.add_option("--html", show.options.html, "write a page to print").type_name("FILE");
  const auto verify =
      add_command(certificate, context,
                  {.name = "verify",
                   .summary = "check that a certificate is as it was signed",
                   .description = "Needs no database.",
                   .exit_codes = {ExitCode::findings},
                   .example = "dsarctl certificate verify ada.json --key officer.pem.pub"},
                  run_certificate_verify);
  verify.app.add_option("FILE", verify.options.file, "the certificate, or a statement about it")
      .required();
  verify.app.add_option("--key", verify.options.key, "the public key").required().type_name("FILE");
  verify.app
      .add_option("--signature", verify.options.signature,
                  "the signature, if it is not in FILE.sig")
      .type_name("FILE");
}

ExitCode run_certificate_show(const CertificateShowOptions& options, Context& context) {
  const bool is_file = std::filesystem::exists(options.which);
  if (is_file && !options.output.empty())
    throw Error(ExitCode::usage, "--output is for certificates in the database",
                "Copy the file and its signature.");
  const auto proof = is_file ? in_files(options.which) : stored(options.which, context);
  if (!options.output.empty()) {
    write_signed(options.output, proof.certificate, proof.signature);
    if (!proof.residue.empty())
      write_signed(options.output + ".residue", proof.residue, proof.residue_signature);
    if (!proof.objects.empty())
      write_signed(options.output + ".objects", proof.objects, proof.objects_signature);
  }
  const auto certificate = formats::read_certificate(
      proof.certificate, is_file ? options.which : "erasure " + options.which);
  const formats::CertificateStatements statements{
      stated(proof.residue, options.which + ".residue", proof, formats::read_residue_statement),
      stated(proof.objects, options.which + ".objects", proof, formats::read_objects_statement)};
  if (!options.html.empty()) {
    formats::SafeFile page(options.html, formats::SafeFile::Existing::refuse);
    page.write(formats::certificate_html(certificate, statements));
    page.commit();
  }
  emit_text(context, context.globals.json ? proof.certificate
                                          : formats::certificate_report(certificate, statements));
  return ExitCode::done;
}

ExitCode run_certificate_verify(const CertificateVerifyOptions& options, Context& context) {
  const auto key = read_verifying_key(options.key);
  const auto signature = options.signature.empty() ? options.file + ".sig" : options.signature;
  const auto bytes = read_whole_file(options.file);
  const auto faults = faults_of(bytes, read_whole_file(signature), key);
  emit(
      context,
      [&] {
        const auto file = formats::printable(options.file);
        if (faults.empty()) return file + ": verified, signed with key " + key.id() + "\n";
        std::string text;
        for (const auto& fault : faults) text += file + ": " + formats::printable(fault) + "\n";
        return text;
      },
      [&] {
        return nlohmann::ordered_json{{"file", options.file},
                                      {"key", key.id()},
                                      {"verified", faults.empty()},
                                      {"faults", faults}};
      });
  return faults.empty() ? ExitCode::done : ExitCode::findings;
}

}  // namespace dsar::cmd

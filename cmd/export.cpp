#include "cmd/export.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/choice.hpp"
#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/logging.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "cmd/version.hpp"
#include "core/pg/integrations.hpp"
#include "core/pg/rules_in_force.hpp"
#include "core/pg/subject_rows.hpp"
#include "core/policy_about.hpp"
#include "core/rfc3339.hpp"
#include "core/selection.hpp"
#include "formats/about_json.hpp"
#include "formats/bytes_entry.hpp"
#include "formats/package_writer.hpp"
#include "formats/printable.hpp"
#include "formats/redacted_rows.hpp"
#include "formats/redactions_json.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

/// The facts of the tenant's policy for the categories that the package holds.
About facts_for(const Policy& policy, const pg::Tenant& tenant,
                const std::vector<SetSelection>& selections, AboutQuestion question) {
  CategorySet categories;
  for (const auto& selection : selections) {
    if (const auto category = from_string<DataCategory>(selection.set.set->category))
      categories = categories | CategorySet{*category};
  }
  question.categories = categories;
  if (!tenant.key.empty())
    question.customer =
        Customer{tenant.name, tenant.contact.empty() ? std::nullopt
                                                     : std::optional<std::string>(tenant.contact)};
  return about(policy, question);
}

formats::Provenance provenance(const SetSelection& selection) {
  return {{"record_set", selection.set.set->name},
          {"table", selection.set.table->name.text()},
          {"category", selection.set.set->category},
          {"reached", describe(selection)}};
}

std::vector<HeldIdentity> own_identities(const Closure& closure) {
  std::vector<HeldIdentity> own;
  for (const auto& linked : closure.rows)
    own.insert(own.end(), linked.row.identities.begin(), linked.row.identities.end());
  return own;
}

formats::PackageOptions package_options(const ExportOptions& options,
                                        const std::optional<SigningKey>& key,
                                        const Context& context) {
  formats::PackageOptions package;
  package.existing =
      options.force ? formats::SafeFile::Existing::replace : formats::SafeFile::Existing::refuse;
  package.tool_version = version;
  package.created = std::chrono::floor<std::chrono::seconds>(context.now);
  if (key) package.sign = [&key](std::string_view manifest) { return key->sign(manifest); };
  package.stop = context.stop;
  return package;
}

/// Announces everything that the package will hold; most of it is read when it is finished.
class Packer {
 public:
  /// The key, if there is one, must outlive this.
  Packer(Reading& reading, const FoundSubject& found, const ExportOptions& options,
         const std::optional<SigningKey>& key, const Context& context)
      : connection_(reading.connection),
        reach_{reading.map, reading.catalogue, found.keys, found.tenant.key},
        selections_(selections_of(reach_, found)),
        redactor_(reading.map, found.keys, own_identities(found.closure)),
        writer_(options.output, package_options(options, key, context)) {}

  formats::PackageSummary pack(const PolicyEntry& policy, const pg::Tenant& tenant, bool california,
                               std::vector<StandingChoice> choices) {
    AboutQuestion question;
    question.integrations =
        pg::enabled_integrations(connection_, reach_.map, reach_.catalogue, tenant.key);
    question.in_force = pg::rules_in_force(connection_, reach_.map, policy, tenant);
    question.california = california;
    question.choices = std::move(choices);
    const auto facts = facts_for(policy.policy, tenant, selections_, std::move(question));
    writer_.add_text("about.json", {{"policy", tenant.policy}},
                     [&] { return formats::about_json(facts); });
    for (const auto& selection : selections_) {
      if (!selection.paths.empty()) add_set(selection);
    }
    writer_.add_rows("objects.json", {},
                     [this] { return pg::open_objects(connection_, reach_, selections_); });
    writer_.add_text("redactions.json", {},
                     [this] { return formats::redactions_json(selections_, redactor_); });
    return writer_.finish();
  }

  /// What the package lacks because the role may not look at it or the map does not say what it is.
  [[nodiscard]] std::vector<Omission> missing() const {
    std::vector<Omission> missing;
    for (const auto& selection : selections_) {
      for (const auto* omissions : {&selection.cannot_see, &selection.unclassified})
        missing.insert(missing.end(), omissions->begin(), omissions->end());
    }
    return missing;
  }

 private:
  void add_set(const SetSelection& selection) {
    writer_.add_rows("data/" + selection.set.set->name + ".json", provenance(selection),
                     [this, &selection] {
                       return formats::redacted(pg::open_rows(connection_, reach_, selection),
                                                selection, redactor_);
                     });
    for (const auto& column : selection.columns) {
      if (column.bytes) add_bytes(selection, column.column.name);
    }
  }

  void add_bytes(const SetSelection& selection, const std::string& column) {
    const auto values = pg::list_bytes(connection_, reach_, selection, column);
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto source = provenance(selection);
      source.emplace_back("column", column);
      writer_.add_bytes(formats::bytes_entry_name(selection.set.set->name, column, i + 1),
                        std::move(source), [this, &selection, column, value = values[i]] {
                          return pg::open_bytes(connection_, reach_, selection, column, value);
                        });
    }
  }

  pg::Connection& connection_;
  ReachContext reach_;
  std::vector<SetSelection> selections_;
  Redactor redactor_;
  formats::PackageWriter writer_;
};

/// What was written, told of the subject's own rows apart from the lists beside them.
struct Written {
  std::string file;
  formats::PackageSummary package;
  std::vector<Omission> missing;
  std::uint64_t rows = 0;
  std::size_t sets = 0;
  std::string key_id;  ///< of the key that signed it; empty: none did
};

Written written(const std::string& file, formats::PackageSummary package,
                std::vector<Omission> missing, const std::optional<SigningKey>& key) {
  Written result{file, std::move(package), std::move(missing), 0, 0, key ? key->id() : ""};
  for (const auto& each : result.package.files) {
    if (!each.rows || !each.name.starts_with("data/")) continue;
    result.rows += *each.rows;
    ++result.sets;
  }
  return result;
}

std::vector<StandingChoice> standing_choices(Reading& reading, const FoundSubject& found) {
  std::vector<StandingChoice> standing;
  for (const auto& choice : choices_of(reading, found))
    standing.push_back({std::string(to_string(choice.made.kind)), in_words(choice.made.kind),
                        choice.made.purpose, rfc3339(choice.made.made_at)});
  return standing;
}

std::size_t files_in(const Written& result) {
  const std::size_t manifest_and_signature = result.key_id.empty() ? 1 : 2;
  return result.package.files.size() + manifest_and_signature;
}

std::string written_text(const Written& result) {
  auto text = "wrote " + formats::printable(result.file) + ": " + std::to_string(result.rows) +
              " rows of " + std::to_string(result.sets) + " record sets in " +
              std::to_string(files_in(result)) + " files, " + std::to_string(result.package.bytes) +
              " bytes unpacked\nmanifest sha256 " + result.package.manifest_sha256 + "\n";
  if (!result.key_id.empty()) text += "signed with key " + result.key_id + "\n";
  if (result.missing.empty()) return text;
  formats::TextTable table({{"what"}, {"why"}});
  for (const auto& omission : result.missing) table.add({omission.what, omission.reason});
  return text + "\nCannot see, so the package is incomplete:\n" + table.text(2);
}

nlohmann::ordered_json written_json(const Written& result) {
  auto unseen = nlohmann::ordered_json::array();
  for (const auto& omission : result.missing)
    unseen.push_back({{"what", omission.what}, {"reason", omission.reason}});
  return {{"file", result.file},
          {"rows", result.rows},
          {"record_sets", result.sets},
          {"files", files_in(result)},
          {"bytes", result.package.bytes},
          {"manifest_sha256", result.package.manifest_sha256},
          {"signed_with", result.key_id.empty() ? nlohmann::ordered_json()
                                                : nlohmann::ordered_json(result.key_id)},
          {"cannot_see", std::move(unseen)}};
}

}  // namespace

void register_export(App app, Context& context) {
  const auto command = add_command(
      app, context,
      {.name = "export",
       .summary = "write everything held about a person into a package",
       .description =
           "The package is a ZIP of JSON files: the person's rows by record set, the facts that "
           "Art. 15 GDPR wants told, what was left out and why, and a manifest with a SHA-256 of "
           "each file. Other people in it stand under labels.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl export --tenant harbour email:ada@example.com --output ada.zip"},
      run_export);
  add_subject_options(command.app, command.options.subject);
  command.app.add_option("-o,--output", command.options.output, "the package to write")
      .required()
      .type_name("FILE");
  command.app
      .add_option("--signing-key", command.options.signing_key,
                  "sign the manifest with this Ed25519 key")
      .type_name("FILE");
  command.app.add_flag("--force", command.options.force, "replace the package if it exists");
  command.app.add_flag("--california", command.options.california,
                       "add what a Californian resident is told");
}

ExitCode run_export(const ExportOptions& options, Context& context) {
  std::optional<SigningKey> key;
  if (!options.signing_key.empty()) key.emplace(read_signing_key(options.signing_key));
  const auto question = read_subject(options.subject, context);
  Reading reading(context);
  const auto found = find_subject(reading, context, question);
  require_one(found);
  Packer packer(reading, found, options, key, context);
  auto note = note_of(context, "export", found);
  note.facts = {{"stage", "begun"}};
  put_on_record(context, note);
  auto package = packer.pack(reading.policies.named(found.tenant.policy), found.tenant,
                             options.california, standing_choices(reading, found));
  const auto result = written(options.output, std::move(package), packer.missing(), key);
  note.facts = {{"stage", "done"},
                {"rows", std::to_string(result.rows)},
                {"record_sets", std::to_string(result.sets)},
                {"manifest_sha256", result.package.manifest_sha256}};
  if (!result.missing.empty()) note.facts["cannot_see"] = std::to_string(result.missing.size());
  put_on_record(context, note);
  emit(
      context, [&] { return written_text(result); }, [&] { return written_json(result); });
  return result.missing.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd

#include "cmd/keygen.hpp"

#include <filesystem>
#include <list>
#include <nlohmann/json.hpp>

#include "cmd/cli.hpp"
#include "cmd/output.hpp"
#include "core/crypto/ed25519.hpp"
#include "core/crypto/hmac.hpp"
#include "core/crypto/random.hpp"
#include "formats/printable.hpp"
#include "formats/safe_file.hpp"

namespace dsar::cmd {
namespace {

using formats::SafeFile;

/// Files of keys, all of them or none. None is written over: what was signed or hashed with it
/// would be lost.
class KeyFiles {
 public:
  void add(const std::string& path, SafeFile::Readers readers, const std::string& content) {
    files_.emplace_back(path, SafeFile::Existing::refuse, readers).write(content);
  }

  void commit() {
    for (auto& file : files_) file.commit();
  }

 private:
  std::list<SafeFile> files_;
};

bool same_file(const std::string& one, const std::string& other) {
  return std::filesystem::weakly_canonical(one) == std::filesystem::weakly_canonical(other);
}

/// A path named twice would be found out only when the first file is in place.
void refuse_one_path_twice(const KeygenOptions& options) {
  if (options.signing.empty() || options.hmac.empty()) return;
  if (same_file(options.signing, options.hmac) || same_file(options.signing + ".pub", options.hmac))
    throw Error(ExitCode::usage, "--hmac names a file that --signing writes",
                "The signing key goes to its FILE, the public half to FILE.pub.");
}

}  // namespace

void register_keygen(App app, Context& context) {
  const auto command = add_command(
      app, context,
      {.name = "keygen",
       .summary = "make the keys that sign packages and hash values",
       .description = "A key's file is readable by its owner alone, and one that exists "
                      "is never written over.",
       .exit_codes = {},
       .example = "dsarctl keygen --signing signing.pem --hmac hash.key"},
      run_keygen);
  command.app
      .add_option("--signing", command.options.signing,
                  "write an Ed25519 key here, and its public half beside it as FILE.pub")
      .type_name("FILE");
  command.app.add_option("--hmac", command.options.hmac, "write a key of keyed hashes here")
      .type_name("FILE");
}

ExitCode run_keygen(const KeygenOptions& options, Context& context) {
  if (options.signing.empty() && options.hmac.empty())
    throw Error(ExitCode::usage, "no key is asked for", "Give --signing, --hmac or both.");
  refuse_one_path_twice(options);
  KeyFiles files;
  std::string text;
  auto json = nlohmann::ordered_json::object();
  if (!options.signing.empty()) {
    const auto key = SigningKey::make();
    const auto public_path = options.signing + ".pub";
    files.add(options.signing, SafeFile::Readers::owner, key.private_pem());
    files.add(public_path, SafeFile::Readers::everybody, key.public_pem());
    text += "signing key " + key.id() + ": " + formats::printable(options.signing) +
            "; whoever verifies wants " + formats::printable(public_path) + '\n';
    json["signing"] = {{"id", key.id()}, {"file", options.signing}, {"public", public_path}};
  }
  if (!options.hmac.empty()) {
    constexpr std::size_t bytes = 32;
    const auto key = random_hex(bytes);
    files.add(options.hmac, SafeFile::Readers::owner, key + '\n');
    text += "hmac key " + hmac_key_id(key) + ": " + formats::printable(options.hmac) + '\n';
    json["hmac"] = {{"id", hmac_key_id(key)}, {"file", options.hmac}};
  }
  files.commit();
  emit(
      context, [&] { return text; }, [&] { return json; });
  return ExitCode::done;
}

}  // namespace dsar::cmd

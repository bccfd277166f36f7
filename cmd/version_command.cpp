#include "cmd/version_command.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "cmd/cli.hpp"
#include "cmd/output.hpp"
#include "cmd/version.hpp"

namespace dsar::cmd {

void register_version(App app, Context& context) {
  add_command(app, context,
              {.name = "version",
               .summary = "print the version",
               .description = "",
               .exit_codes = {},
               .example = "dsarctl version --json"},
              run_version);
}

ExitCode run_version(const VersionOptions& /*options*/, Context& context) {
  emit(
      context, [] { return std::string("dsarctl ") + version + '\n'; },
      [] {
        return nlohmann::ordered_json{{"name", "dsarctl"}, {"version", version}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd

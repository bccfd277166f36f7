#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/identity.hpp"

/// How a command line names a data subject.
namespace dsar::cmd {

struct SubjectOptions {
  std::vector<std::string> subjects;  ///< each `kind:value`
  std::string identities_from;        ///< a file with one a line, or `-`; empty: none
  std::vector<std::string> also;      ///< identities of rows that are the subject's too
  std::string kind;                   ///< visitor, agent, …; empty: whichever it is
};

/// Adds `SUBJECT...` and --identities-from.
void add_identity_options(App command, SubjectOptions& options);

/// Adds `SUBJECT...`, --identities-from, --also and --subject-kind.
void add_subject_options(App command, SubjectOptions& options);

/// All identities that were named, each once, in the order given. A file has one `kind:value` a
/// line; empty lines and lines that start with `#` do not count. Throws Error (usage), which never
/// repeats a value, when one is malformed or none is there.
std::vector<Identity> read_identities(const SubjectOptions& options, const Context& context);

/// Who is meant.
struct SubjectQuestion {
  std::vector<Identity> asked;
  std::vector<Identity> also;
  std::string kind;
};

/// All that the options say; the errors are those of read_identities.
SubjectQuestion read_subject(const SubjectOptions& options, const Context& context);

/// `email:ada@example.com` taken apart. `place` is where it stands, for the error.
Identity parse_identity(std::string_view text, const std::string& place);

}  // namespace dsar::cmd

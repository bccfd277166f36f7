#include "cmd/subject.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <istream>
#include <system_error>

#include "core/error.hpp"
#include "core/utf8.hpp"

namespace dsar::cmd {

namespace {

bool is_kind(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' ||
           letter == '-';
  });
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_at(text, at);
    if (character.code_point == 0xFFFD && character.length == 1) return false;
    at += character.length;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void add_once(std::vector<Identity>& identities, Identity identity) {
  if (std::find(identities.begin(), identities.end(), identity) == identities.end()) {
    identities.push_back(std::move(identity));
  }
}

void read_lines(std::istream& input, const std::string& name, std::vector<Identity>& identities) {
  std::string line;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    add_once(identities, parse_identity(text, name + ":" + std::to_string(number)));
  }
}

}  // namespace

void add_identity_options(App command, SubjectOptions& options) {
  command.add_option("SUBJECT", options.subjects,
                     "who, as kind:value (email:ada@example.com, visitor:42); several for one "
                     "person");
  command
      .add_option("--identities-from", options.identities_from,
                  "read them from a file, one a line, or from standard input (-), so that no "
                  "personal value stands in the shell's history")
      .type_name("FILE|-");
}

void add_subject_options(App command, SubjectOptions& options) {
  add_identity_options(command, options);
  command
      .add_option("--also", options.also,
                  "rows with this identity are the subject's too, though nothing proves it; rows "
                  "with another person's own identity are not taken")
      .type_name("KIND:VALUE")
      .one_value();
  command
      .add_option("--subject-kind", options.kind,
                  "which kind of subject is meant, as the map calls it (visitor, agent), where an "
                  "identity belongs to both")
      .type_name("KIND");
}

Identity parse_identity(std::string_view text, const std::string& place) {
  const auto colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  if (colon == std::string_view::npos || !is_kind(kind) || colon + 1 == text.size()) {
    throw Error(ExitCode::usage, place + " is not kind:value",
                "Write it like email:name@example.com or visitor:42.");
  }
  const std::string_view value = text.substr(colon + 1);
  if (value.find('\0') != std::string_view::npos) {
    throw Error(ExitCode::usage, place + " holds a zero byte");
  }
  if (!is_utf8(value)) {
    throw Error(ExitCode::usage, place + " is not UTF-8",
                "Convert it first, for example with iconv(1).");
  }
  return {std::string(kind), std::string(value)};
}

std::vector<Identity> read_identities(const SubjectOptions& options, const Context& context) {
  std::vector<Identity> identities;
  for (std::size_t i = 0; i < options.subjects.size(); ++i) {
    add_once(identities, parse_identity(options.subjects[i], "subject " + std::to_string(i + 1)));
  }
  if (options.identities_from == "-") {
    read_lines(context.in, "standard input", identities);
  } else if (!options.identities_from.empty()) {
    errno = 0;
    std::ifstream file(options.identities_from);
    if (file) read_lines(file, options.identities_from, identities);
    if (!file.is_open() || file.bad()) {
      throw Error(ExitCode::usage, "cannot read " + options.identities_from + ": " +
                                       std::generic_category().message(errno));
    }
  }
  if (identities.empty()) {
    throw Error(ExitCode::usage, "no subject given",
                "Name one as kind:value, like email:name@example.com, or with --identities-from.");
  }
  return identities;
}

SubjectQuestion read_subject(const SubjectOptions& options, const Context& context) {
  SubjectQuestion question{read_identities(options, context), {}, options.kind};
  for (std::size_t i = 0; i < options.also.size(); ++i)
    add_once(question.also, parse_identity(options.also[i], "--also " + std::to_string(i + 1)));
  return question;
}

}  // namespace dsar::cmd

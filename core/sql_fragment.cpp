#include "core/sql_fragment.hpp"

#include <algorithm>
#include <utility>

#include "core/sql_lexer.hpp"
#include "core/sql_roles.hpp"
#include "core/sql_words.hpp"

namespace dsar {

namespace {

using Kind = SqlToken::Kind;

/// The columns among tokens of these roles.
std::vector<ColumnUseInFragment> columns(const std::vector<SqlToken>& tokens,
                                         const std::vector<SqlRole>& roles) {
  std::vector<ColumnUseInFragment> uses;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (roles[i] != SqlRole::column) continue;
    const bool qualified = i + 2 < tokens.size() && tokens[i + 1].is(".");
    ColumnUseInFragment use;
    if (qualified) use.alias = tokens[i].name;
    use.name = tokens[qualified ? i + 2 : i].name;
    use.offset = tokens[i].offset;
    uses.push_back(std::move(use));
  }
  return uses;
}

std::string list(const std::set<std::string>& aliases) {
  std::string result;
  std::size_t left = aliases.size();
  for (const std::string& alias : aliases) {
    if (!result.empty()) result += left == 1 ? " or " : ", ";
    result += "'" + alias + "'";
    --left;
  }
  return result;
}

class Checker {
 public:
  explicit Checker(const SqlFragment& fragment)
      : fragment_(fragment), tokens_(lex_sql(fragment.text)), roles_(sql_roles(tokens_)) {}

  void check_names(const std::set<std::string>& aliases, bool bare) {
    for (const ColumnUseInFragment& use : columns(tokens_, roles_)) {
      if (!use.alias.empty()) {
        if (aliases.count(use.alias) == 0) {
          fault(use.offset,
                "nothing is called '" + use.alias + "' here; expected " + list(aliases));
        }
      } else if (aliases.count(use.name) > 0) {
        fault(use.offset, "'" + use.name + "' names a whole row; name a column of it");
      } else if (!bare) {
        fault(use.offset, "several tables are in sight; say whose column '" + use.name +
                              "' is: " + list(aliases) + ", then a dot");
      }
    }
  }

  void check_tokens() {
    if (tokens_.empty()) faults_.push_back({fragment_.where, "SQL fragment: it is empty"});
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const SqlToken& token = tokens_[at_];
      if (token.kind == Kind::wrong) fault(token, token.problem);
      if (token.kind == Kind::mark) mark(token);
      if (token.kind == Kind::string) string(token);
      if (roles_[at_] == SqlRole::keyword && token.kind == Kind::word) keyword(token);
      if (roles_[at_] == SqlRole::function) function(token);
    }
    for (const SqlToken* open : open_) {
      fault(*open, "'" + std::string(open->text) + "' is never closed");
    }
  }

  std::vector<Fault> faults() && { return std::move(faults_); }

 private:
  void fault(std::size_t offset, const std::string& problem) {
    faults_.push_back({fragment_.where,
                       "SQL fragment, character " + std::to_string(offset + 1) + ": " + problem});
  }
  void fault(const SqlToken& token, const std::string& problem) { fault(token.offset, problem); }

  [[nodiscard]] const SqlToken* before() const { return at_ > 0 ? &tokens_[at_ - 1] : nullptr; }
  [[nodiscard]] const SqlToken* after(std::size_t count = 1) const {
    return at_ + count < tokens_.size() ? &tokens_[at_ + count] : nullptr;
  }

  void mark(const SqlToken& token) {
    if (token.is("(") || token.is("[")) {
      open_.push_back(&token);
    } else if (token.is(")") || token.is("]")) {
      const std::string_view opening = token.is(")") ? "(" : "[";
      if (open_.empty() || !open_.back()->is(opening)) {
        fault(token, "'" + std::string(token.text) + "' closes nothing");
      } else {
        open_.pop_back();
      }
    } else if (token.is(",") && open_.empty()) {
      fault(token, "a comma outside brackets; a fragment is one expression");
    } else if (token.is(".") && after() != nullptr && after()->text.substr(0, 1) == "*") {
      fault(token, "'.*' names every column; name the ones that are meant");
    }
  }

  void keyword(const SqlToken& token) {
    const bool alias = token.name == "as" && open_.empty();
    const bool lock = token.name == "for" && open_.empty();
    const bool source = token.name == "from" && open_.empty() &&
                        (before() == nullptr || before()->name != "distinct");
    if (alias || lock || source) {
      fault(token, "'" + token.name + "' belongs to a query, not to an expression");
      return;
    }
    const std::string_view why = refused_word(token.name);
    if (!why.empty()) fault(token, "'" + token.name + "' " + std::string(why));
    const bool behind_call = before() != nullptr && before()->is(")");
    if (behind_call && (token.name == "over" || token.name == "filter" || token.name == "within")) {
      fault(token, "'" + token.name + "' counts over several rows; a fragment is about one");
    }
  }

  void function(const SqlToken& token) {
    const std::string_view why = refused_function(token.name);
    if (!why.empty()) fault(token, "function '" + token.name + "' " + std::string(why));
    if (token.name == "age" && arguments() == 1) {
      fault(token, "function 'age' of one date depends on when it runs; give it two");
    }
  }

  /// How many arguments the call has whose name is at the position.
  [[nodiscard]] std::size_t arguments() const {
    std::size_t depth = 0;
    std::size_t count = 1;
    for (std::size_t i = at_ + 1; i < tokens_.size(); ++i) {
      const SqlToken& token = tokens_[i];
      if (token.is("(") || token.is("[")) ++depth;
      if ((token.is(")") || token.is("]")) && --depth == 0) break;
      if (token.is(",") && depth == 1) ++count;
    }
    return count;
  }

  /// 'today'::date is another date tomorrow.
  void string(const SqlToken& token) {
    std::string content;
    for (const char letter : token.name) {
      if (letter >= 'A' && letter <= 'Z') {
        content += static_cast<char>(letter - 'A' + 'a');
      } else if (letter != ' ') {
        content += letter;
      }
    }
    if (content != "now" && content != "today" && content != "tomorrow" && content != "yesterday") {
      return;
    }
    const auto casts = [](const SqlToken* type) {
      return type != nullptr && (is_time_type(type->name) || type->name == "pg_catalog");
    };
    const bool cast = after() != nullptr && (after()->is("::") || after()->name == "as");
    if (casts(before()) || (cast && casts(after(2)))) {
      fault(token, std::string(token.text) + " depends on when it runs, so no cut-off could be " +
                       "repeated");
    }
  }

  const SqlFragment& fragment_;
  std::vector<SqlToken> tokens_;
  std::vector<SqlRole> roles_;
  std::vector<const SqlToken*> open_;
  std::vector<Fault> faults_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Fault> check_fragment(const SqlFragment& fragment) {
  Checker checker(fragment);
  checker.check_tokens();
  return std::move(checker).faults();
}

std::vector<Fault> check_fragment(const SqlFragment& fragment, const std::set<std::string>& aliases,
                                  bool bare) {
  Checker checker(fragment);
  checker.check_tokens();
  checker.check_names(aliases, bare);
  return std::move(checker).faults();
}

std::string bind_aliases(std::string_view fragment,
                         const std::map<std::string, std::string>& aliases) {
  const std::vector<SqlToken> tokens = lex_sql(fragment);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const SqlToken& token = tokens[i];
    if (token.kind == Kind::wrong) {
      throw Error(ExitCode::usage,
                  "an SQL fragment of the data map cannot be used: " + token.problem);
    }
    const bool head = token.is_name() && (i == 0 || !tokens[i - 1].is("."));
    if (!head || i + 1 == tokens.size() || !tokens[i + 1].is(".")) continue;
    const auto alias = aliases.find(token.name);
    if (alias == aliases.end()) continue;
    result += fragment.substr(copied, token.offset - copied);
    // not"this".x must not become nott0.x, nor u&this.x an escaped name.
    const bool touches = i > 0 && tokens[i - 1].end() == token.offset;
    if (touches && tokens[i - 1].kind != Kind::mark) result += ' ';
    result += alias->second;
    copied = token.end();
  }
  result += fragment.substr(copied);
  return result;
}

std::vector<ColumnUseInFragment> referenced_names(std::string_view fragment) {
  std::vector<SqlToken> tokens = lex_sql(fragment);
  const auto wrong = std::find_if(tokens.begin(), tokens.end(),
                                  [](const SqlToken& token) { return token.kind == Kind::wrong; });
  tokens.erase(wrong, tokens.end());
  return columns(tokens, sql_roles(tokens));
}

}  // namespace dsar

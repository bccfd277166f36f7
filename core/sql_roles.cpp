#include "core/sql_roles.hpp"

#include <algorithm>
#include <array>

#include "core/sql_words.hpp"

namespace dsar {

namespace {

using Kind = SqlToken::Kind;

/// Reserved words that are values, so that no operand follows.
bool is_value_word(std::string_view word) {
  constexpr std::array<std::string_view, 6> words{"true",   "false", "null",
                                                  "isnull", "end",   "notnull"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Goes through an expression and keeps in mind whether an operand must come next: a name there is
/// a column, a name elsewhere a keyword such as `at time zone`.
class RoleFinder {
 public:
  explicit RoleFinder(const std::vector<SqlToken>& tokens)
      : tokens_(tokens), roles_(tokens.size(), SqlRole::other) {}

  std::vector<SqlRole> roles() {
    while (at_ < tokens_.size()) {
      const SqlToken& token = tokens_[at_];
      if (token.is_name()) {
        name(token);
      } else {
        other(token);
      }
    }
    return std::move(roles_);
  }

 private:
  [[nodiscard]] const SqlToken* look(std::size_t index) const {
    return index < tokens_.size() ? &tokens_[index] : nullptr;
  }
  [[nodiscard]] bool is_mark(std::size_t index, std::string_view mark) const {
    return index < tokens_.size() && tokens_[index].is(mark);
  }
  [[nodiscard]] bool is_word(std::size_t index, std::string_view word) const {
    return index < tokens_.size() && tokens_[index].kind == Kind::word &&
           tokens_[index].name == word;
  }

  void other(const SqlToken& token) {
    if (token.is("::")) {
      ++at_;
      type();
      return;
    }
    if (token.is(".")) {
      // (row).field
      ++at_;
      if (at_ < tokens_.size() && tokens_[at_].is_name()) give(SqlRole::part, 1);
      operand_next_ = false;
      return;
    }
    operand_next_ =
        token.kind == Kind::op || token.is("(") || token.is("[") || token.is(",") || token.is(":");
    ++at_;
  }

  void name(const SqlToken& token) {
    std::size_t end = at_ + 1;  // behind the last name of `schema.table.column`
    while (is_mark(end, ".") && look(end + 1) != nullptr && tokens_[end + 1].is_name()) end += 2;
    const bool alone = end == at_ + 1;
    const bool called = is_mark(end, "(");
    const bool reserved = alone && token.kind == Kind::word && is_reserved_word(token.name);

    if (reserved && !(called && (token.name == "left" || token.name == "right"))) {
      keyword(token);
    } else if (alone && is_word(at_, "operator") && called) {
      while (at_ < tokens_.size() && !tokens_[at_].is(")")) give(SqlRole::keyword, 1);
      if (at_ < tokens_.size()) give(SqlRole::keyword, 1);
      operand_next_ = true;
    } else if (!operand_next_) {
      // `x at time zone 'UTC'`, `x like y escape '#'`
      operand_next_ = token.name == "zone" || token.name == "escape";
      give(SqlRole::keyword, end - at_);
    } else if (called) {
      function(end);
    } else if (look(end) != nullptr && tokens_[end].kind == Kind::string) {
      give(SqlRole::type, end - at_);  // date '2026-01-31'
    } else if (is_named_argument(end)) {
      give(SqlRole::keyword, 1);
    } else {
      give(SqlRole::column, 1);
      give(SqlRole::part, end - at_);
      operand_next_ = false;
    }
  }

  void keyword(const SqlToken& token) {
    give(SqlRole::keyword, 1);
    if (token.name == "as") {
      type();
    } else if (token.name == "is" || token.name == "collate") {
      // `is unknown`, `collate "C"`: what follows is no operand; `is not null`, `is distinct from`
      operand_next_ = false;
    } else if (token.name != "not" || operand_next_) {
      operand_next_ = !is_value_word(token.name);
    }
  }

  void function(std::size_t end) {
    const bool extract = tokens_[end - 1].name == "extract";
    give(SqlRole::part, end - 1 - at_);
    give(SqlRole::function, 1);
    ++at_;  // the bracket
    operand_next_ = true;
    // extract(year from x)
    if (extract && at_ < tokens_.size() && tokens_[at_].is_name() && is_word(at_ + 1, "from")) {
      give(SqlRole::keyword, 2);
    }
  }

  /// make_interval(days => 3)
  [[nodiscard]] bool is_named_argument(std::size_t end) const {
    const SqlToken* next = look(end);
    if (next == nullptr) return false;
    if (next->kind == Kind::op) return next->text == "=>";
    return next->is(":") && look(end + 1) != nullptr && tokens_[end + 1].kind == Kind::op;
  }

  void type() {
    if (at_ < tokens_.size() && tokens_[at_].is_name()) {
      give(SqlRole::type, 1);
      while (is_mark(at_, ".") && look(at_ + 1) != nullptr && tokens_[at_ + 1].is_name()) {
        ++at_;
        give(SqlRole::type, 1);
      }
    }
    // timestamp(3) with time zone
    if (is_mark(at_, "(") && look(at_ + 1) != nullptr && tokens_[at_ + 1].kind == Kind::number &&
        is_mark(at_ + 2, ")")) {
      at_ += 3;
    }
    const bool with = is_word(at_, "with") || is_word(at_, "without");
    if (with && is_word(at_ + 1, "time") && is_word(at_ + 2, "zone")) {
      give(SqlRole::type, 3);
    } else {
      while (is_word(at_, "precision") || is_word(at_, "varying")) give(SqlRole::type, 1);
    }
    operand_next_ = false;
  }

  void give(SqlRole role, std::size_t count) {
    for (; count > 0 && at_ < tokens_.size(); --count) roles_[at_++] = role;
  }

  const std::vector<SqlToken>& tokens_;
  std::vector<SqlRole> roles_;
  std::size_t at_ = 0;
  bool operand_next_ = true;
};

}  // namespace

std::vector<SqlRole> sql_roles(const std::vector<SqlToken>& tokens) {
  return RoleFinder(tokens).roles();
}

}  // namespace dsar

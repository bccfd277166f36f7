#include "core/sql_lexer.hpp"

#include <algorithm>
#include <utility>

namespace dsar {

namespace {

using Kind = SqlToken::Kind;

constexpr std::string_view blanks = " \t\n\r\f\v";
constexpr std::string_view operator_letters = "~!@#^&|`?+-*/%<>=";

bool is_blank(char letter) {
  return blanks.find(letter) != std::string_view::npos;
}
bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}
bool starts_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
         (static_cast<unsigned char>(letter) & 0x80U) != 0;
}
bool goes_on_word(char letter) {
  return starts_word(letter) || is_digit(letter) || letter == '$';
}

std::string folded(std::string_view word) {
  std::string result(word);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<SqlToken> tokens() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        ++at_;
      } else {
        next();
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  /// Adds what lies between the position and `end`.
  SqlToken& add(Kind kind, std::size_t end) {
    SqlToken token;
    token.kind = kind;
    token.offset = at_;
    token.text = text_.substr(at_, end - at_);
    at_ = end;
    return tokens_.emplace_back(std::move(token));
  }

  void wrong(std::size_t end, std::string problem) {
    add(Kind::wrong, end).problem = std::move(problem);
  }

  void next() {
    const char letter = peek();
    if (starts_word(letter)) {
      prefixed_or_word();
    } else if (letter == '\'') {
      string(at_ + 1, false);
    } else if (letter == '"') {
      quoted_name();
    } else if (letter == '$') {
      dollar();
    } else if (is_digit(letter) || (letter == '.' && is_digit(peek(1)))) {
      number();
    } else if (operator_letters.find(letter) != std::string_view::npos) {
      operators();
    } else {
      mark(letter);
    }
  }

  void prefixed_or_word() {
    const char letter = folded(text_.substr(at_, 1)).front();
    const char second = peek(1);
    if (second == '\'' && std::string_view("ebxn").find(letter) != std::string_view::npos) {
      string(at_ + 2, letter == 'e');
    } else if (letter == 'u' && second == '&' && (peek(2) == '\'' || peek(2) == '"')) {
      wrong(at_ + 2, "unicode escapes (U&) are not allowed; write the characters themselves");
    } else {
      std::size_t end = at_;
      while (end < text_.size() && goes_on_word(text_[end])) ++end;
      SqlToken& word = add(Kind::word, end);
      word.name = folded(word.text);
    }
  }

  /// From just behind the opening quote.
  void string(std::size_t from, bool escapes) {
    std::size_t end = from;
    std::string content;
    while (end < text_.size()) {
      if (escapes && text_[end] == '\\') {
        end += 2;
        continue;
      }
      if (text_[end] == '\'') {
        if (end + 1 >= text_.size() || text_[end + 1] != '\'') break;
        ++end;
      }
      content += text_[end++];
    }
    if (end >= text_.size()) {
      wrong(text_.size(), "string without its closing quote");
      return;
    }
    add(Kind::string, end + 1).name = std::move(content);
    // 'a' 'b' over two lines is one string to PostgreSQL, cut by the rules of the first part.
    const std::size_t after = text_.find_first_not_of(blanks, at_);
    if (after != std::string_view::npos && text_[after] == '\'') {
      at_ = after;
      wrong(after + 1, "string continued after a gap; write it as one");
    }
  }

  void quoted_name() {
    std::size_t end = at_ + 1;
    std::string content;
    while (end < text_.size()) {
      if (text_[end] == '"') {
        if (end + 1 >= text_.size() || text_[end + 1] != '"') break;
        ++end;
      }
      content += text_[end++];
    }
    if (end >= text_.size()) {
      wrong(text_.size(), "quoted name without its closing quote");
    } else if (content.empty()) {
      wrong(end + 1, "empty quoted name");
    } else {
      add(Kind::quoted_name, end + 1).name = std::move(content);
    }
  }

  void dollar() {
    std::size_t end = at_ + 1;
    if (is_digit(peek(1))) {
      while (end < text_.size() && is_digit(text_[end])) ++end;
      wrong(end, "parameters are not allowed");
      return;
    }
    while (end < text_.size() && text_[end] != '$' && goes_on_word(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '$') {
      wrong(at_ + 1, "'$' stands for nothing here");
      return;
    }
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    const std::size_t close = text_.find(tag, end + 1);
    if (close == std::string_view::npos) {
      wrong(text_.size(), "string without its closing " + std::string(tag));
      return;
    }
    const std::string content(text_.substr(end + 1, close - end - 1));
    add(Kind::string, close + tag.size()).name = content;
  }

  void number() {
    std::size_t end = at_;
    const auto digits = [&] {
      while (end < text_.size() && is_digit(text_[end])) ++end;
    };
    digits();
    // `1..2` is a range in PL/pgSQL and never a number.
    if (end < text_.size() && text_[end] == '.' && text_.substr(end, 2) != "..") {
      ++end;
      digits();
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t power = end + 1;
      if (power < text_.size() && (text_[power] == '+' || text_[power] == '-')) ++power;
      if (power < text_.size() && is_digit(text_[power])) {
        end = power;
        digits();
      }
    }
    if (end < text_.size() && goes_on_word(text_[end])) {
      while (end < text_.size() && goes_on_word(text_[end])) ++end;
      wrong(end, "a number followed by letters");
      return;
    }
    add(Kind::number, end);
  }

  void operators() {
    std::size_t end = at_;
    while (end < text_.size() && operator_letters.find(text_[end]) != std::string_view::npos) {
      const std::string_view two = text_.substr(end, 2);
      if (two == "--" || two == "/*") break;
      ++end;
    }
    if (end > at_) add(Kind::op, end);
    const std::string_view two = text_.substr(at_, 2);
    if (two == "--" || two == "/*") wrong(at_ + 2, "comments are not allowed");
  }

  void mark(char letter) {
    if (text_.substr(at_, 2) == "::") {
      add(Kind::mark, at_ + 2);
    } else if (std::string_view("()[],.:").find(letter) != std::string_view::npos) {
      add(Kind::mark, at_ + 1);
    } else if (letter == ';') {
      wrong(at_ + 1, "';' is not allowed: a fragment is one expression");
    } else if (letter == '\\') {
      wrong(at_ + 1, "a backslash is not allowed");
    } else if (letter == '\0') {
      wrong(at_ + 1, "a NUL character is not allowed");
    } else {
      wrong(at_ + 1, static_cast<unsigned char>(letter) < 0x20 || letter == '\x7F'
                         ? std::string("a control character is not allowed")
                         : "'" + std::string(1, letter) + "' is not SQL");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<SqlToken> tokens_;
};

}  // namespace

std::vector<SqlToken> lex_sql(std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    SqlToken token;
    token.offset = nul;
    token.text = text.substr(nul, 1);
    token.problem = "a NUL character is not allowed";
    return {std::move(token)};
  }
  return Lexer(text).tokens();
}

}  // namespace dsar

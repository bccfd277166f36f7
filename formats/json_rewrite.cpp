#include "formats/json_rewrite.hpp"

#include <algorithm>
#include <utility>

#include "core/json_string.hpp"

namespace dsar::formats {
namespace {

constexpr std::size_t deepest = 512;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_element(const JsonStep& step) {
  return step.kind == JsonStep::Kind::element || step.kind == JsonStep::Kind::any_element;
}

/// The step leads to the element of that index.
bool picks(const JsonStep& step, std::size_t index) {
  return step.kind == JsonStep::Kind::any_element ||
         (step.kind == JsonStep::Kind::element && step.index == index);
}

}  // namespace

/// One text on its way through a rewriter: a recursive descent over RFC 8259's grammar that copies
/// up to what changes, and nothing at all where nothing does.
class JsonPass {
 public:
  JsonPass(JsonRewriter& rewriter, std::string_view json, JsonEditor& editor, std::string& out)
      : rules_(rewriter.rules_),
        states_(rewriter.states_),
        covering_(rewriter.covering_),
        covered_(rewriter.covered_),
        key_(rewriter.key_),
        edited_(rewriter.edited_),
        json_(json),
        editor_(editor),
        out_(out) {}

  JsonOutcome run() {
    out_.clear();
    states_.clear();
    covering_.assign(rules_.size(), 0);
    covered_ = 0;
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) states_.push_back({rule, 0});
    skip_blanks();
    if (!value(0, 0)) return JsonOutcome::unreadable;
    if (drop_) out_ += "null";
    skip_blanks();
    if (at_ != json_.size()) return JsonOutcome::unreadable;
    if (!changed_) return JsonOutcome::unchanged;
    copy_to(at_);
    return JsonOutcome::rewritten;
  }

 private:
  using State = JsonRewriter::State;

  // ------------------------------------------------------------ reading

  [[nodiscard]] char peek() const { return at_ < json_.size() ? json_[at_] : '\0'; }

  bool take(char c) {
    if (peek() != c || at_ == json_.size()) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (at_ < json_.size() &&
           (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t'))
      ++at_;
  }

  bool take_word(std::string_view word) {
    if (!json_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool take_digits() {
    const auto begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  }

  bool take_number() {
    take('-');
    if (!take('0') && !take_digits()) return false;
    if (take('.') && !take_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return take_digits();
    }
    return true;
  }

  bool take_string() {
    if (!take('"')) return false;
    while (at_ < json_.size()) {
      const char c = json_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !take_escape()) return false;
    }
    return false;
  }

  /// What follows a backslash.
  bool take_escape() {
    constexpr std::string_view letters = "\"\\/bfnrtu";
    if (at_ == json_.size() || letters.find(json_[at_]) == std::string_view::npos) return false;
    if (json_[at_++] != 'u') return true;
    const auto digits = json_.substr(at_, 4);
    if (digits.size() < 4 ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return false;
    at_ += 4;
    return true;
  }

  bool take_scalar() {
    switch (peek()) {
      case '"':
        return take_string();
      case 't':
        return take_word("true");
      case 'f':
        return take_word("false");
      case 'n':
        return take_word("null");
      default:
        return take_number();
    }
  }

  // ------------------------------------------------------------ writing

  void copy_to(std::size_t end) {
    out_ += json_.substr(copied_, end - copied_);
    copied_ = end;
  }

  /// Takes back what has been written from `mark` on, and leaves out what has been read.
  void cut(std::size_t mark) {
    out_.resize(mark);
    copied_ = at_;
    changed_ = true;
  }

  /// Asks about the scalar or key that began at `begin` and ends here.
  void edit(std::size_t begin, bool is_key) {
    if (covered_ == 0 || muted_) return;
    const JsonEditor::Leaf leaf{json_.substr(begin, at_ - begin), is_key};
    edited_.clear();
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      if (covering_[rule] == 0) continue;
      const auto answer = editor_.edit(rule, leaf, edited_);
      if (answer == JsonEditor::Answer::pass) continue;
      if (answer == JsonEditor::Answer::replace) {
        copy_to(begin);
        out_ += edited_;
        copied_ = at_;
        changed_ = true;
      }
      return;
    }
  }

  // ------------------------------------------------------------ walking

  /// A value that the states from `first` on lead into. Leaves them behind, and `drop_` set where
  /// the value is left out.
  bool value(std::size_t first, std::size_t depth) {
    if (depth > deepest) return false;
    enter(first);
    const auto last = states_.size();
    const bool dropping = cover(first, last);
    if (dropping) copy_to(at_);
    const auto mark = out_.size();
    const bool muted_before = std::exchange(muted_, muted_ || dropping);
    if (!content(first, depth)) return false;
    muted_ = muted_before;
    uncover(first, last);
    states_.resize(first);
    drop_ = dropping;
    if (dropping) cut(mark);
    return true;
  }

  bool content(std::size_t first, std::size_t depth) {
    if (peek() == '{') return object(first, depth);
    if (peek() == '[') return array(first, depth);
    const auto begin = at_;
    if (!take_scalar()) return false;
    edit(begin, false);
    return true;
  }

  [[nodiscard]] bool is_there(const State& state) const {
    return state.step == rules_[state.rule].path.size();
  }

  /// Notes the rules that lead to this value; true if one of them leaves it out.
  bool cover(std::size_t first, std::size_t last) {
    bool dropping = false;
    for (auto i = first; i < last; ++i) {
      const auto rule = states_[i].rule;
      if (!is_there(states_[i])) continue;
      ++covering_[rule];
      ++covered_;
      if (!rules_[rule].drop) continue;
      if (!dropping && !muted_) editor_.dropped(rule);
      dropping = true;
    }
    return dropping;
  }

  void uncover(std::size_t first, std::size_t last) {
    for (auto i = first; i < last; ++i) {
      if (!is_there(states_[i])) continue;
      --covering_[states_[i].rule];
      --covered_;
    }
  }

  /// Follows `[*]` and `[0]` on the spot into what is no array.
  void enter(std::size_t first) {
    if (peek() == '[') return;
    for (auto i = first; i < states_.size(); ++i) {
      const auto [rule, step] = states_[i];
      const auto& path = rules_[rule].path;
      if (step < path.size() && picks(path[step], 0)) states_.push_back({rule, step + 1});
    }
  }

  /// A key (raw, with quotes) with its escapes undone. One that is no text (half a surrogate pair)
  /// is none that a rule can name.
  std::string_view name_of(std::string_view key) {
    const auto content = key.substr(1, key.size() - 2);
    if (content.find('\\') == std::string_view::npos) return content;
    return decode_json_string(content, key_) ? std::string_view(key_) : key;
  }

  /// Pushes the states of a member with this key.
  void push_member_states(std::size_t first, std::size_t last, std::string_view key) {
    if (first == last) return;
    const auto name = name_of(key);
    for (auto i = first; i < last; ++i) {
      const auto [rule, step] = states_[i];
      const auto& path = rules_[rule].path;
      if (step == path.size() || is_element(path[step])) continue;
      if (path[step].kind == JsonStep::Kind::member && path[step].name != name) continue;
      states_.push_back({rule, step + 1});
    }
  }

  void push_element_states(std::size_t first, std::size_t last, std::size_t index) {
    for (auto i = first; i < last; ++i) {
      const auto [rule, step] = states_[i];
      const auto& path = rules_[rule].path;
      if (step == path.size()) continue;
      if (!is_element(path[step])) {
        states_.push_back({rule, step});
      } else if (picks(path[step], index)) {
        states_.push_back({rule, step + 1});
      }
    }
  }

  bool object(std::size_t first, std::size_t depth) {
    const auto last = states_.size();
    take('{');
    auto begin = at_;
    skip_blanks();
    if (take('}')) return true;
    for (bool is_first = true;;) {
      if (!member(begin, is_first, first, last, depth)) return false;
      skip_blanks();
      if (take('}')) return true;
      begin = at_;
      if (!take(',')) return false;
    }
  }

  /// A member, which begins with its comma and blanks at `begin`; `is_first` of those that stay.
  bool member(std::size_t begin, bool& is_first, std::size_t first, std::size_t last,
              std::size_t depth) {
    skip_blanks();
    const auto key = at_;
    if (!take_string()) return false;
    push_member_states(first, last, json_.substr(key, at_ - key));
    const bool may_go =
        std::any_of(states_.begin() + static_cast<std::ptrdiff_t>(last), states_.end(),
                    [this](const State& state) { return rules_[state.rule].drop; });
    if (may_go) copy_to(begin);
    const auto mark = out_.size();
    if (is_first && json_[begin] == ',') {
      // Those before it have gone, and so does its comma.
      copy_to(begin);
      copied_ = begin + 1;
    }
    edit(key, true);
    skip_blanks();
    if (!take(':')) return false;
    skip_blanks();
    if (!value(last, depth + 1)) return false;
    if (drop_) {
      cut(mark);
    } else {
      is_first = false;
    }
    return true;
  }

  bool array(std::size_t first, std::size_t depth) {
    const auto last = states_.size();
    take('[');
    skip_blanks();
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      skip_blanks();
      push_element_states(first, last, index++);
      if (!value(last, depth + 1)) return false;
      if (drop_) out_ += "null";
      skip_blanks();
    } while (take(','));
    return take(']');
  }

  const std::vector<JsonRule>& rules_;
  std::vector<State>& states_;
  std::vector<std::size_t>& covering_;
  std::size_t& covered_;
  std::string& key_;
  std::string& edited_;
  std::string_view json_;
  JsonEditor& editor_;
  std::string& out_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;  ///< how much of the text is in `out_`, or replaced there
  bool changed_ = false;
  bool drop_ = false;   ///< the value just read is to go
  bool muted_ = false;  ///< inside a value that is to go
};

JsonRewriter::JsonRewriter(std::vector<JsonRule> rules) : rules_(std::move(rules)) {}

JsonOutcome JsonRewriter::rewrite(std::string_view json, JsonEditor& editor, std::string& out) {
  return JsonPass(*this, json, editor, out).run();
}

}  // namespace dsar::formats

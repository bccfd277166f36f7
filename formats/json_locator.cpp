#include "formats/json_locator.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace dsar::formats {

namespace {

using Kind = JsonValue::Kind;

/// Follows the text as the parser consumes it and notes where tokens begin: nlohmann's SAX events
/// say what was read, not where.
struct Cursor {
  JsonPosition next{1, 1};  ///< of the character to be read next
  JsonPosition last{1, 1};  ///< of the character read last
  JsonPosition token{1, 1};
  JsonPosition word{1, 1};  ///< of the number or literal; its end is seen one character late
  bool in_string = false;
  bool in_word = false;
  bool escaped = false;

  void consume(char letter) {
    last = next;
    if (in_string) {
      if (escaped) {
        escaped = false;
      } else if (letter == '\\') {
        escaped = true;
      } else if (letter == '"') {
        in_string = false;
      }
    } else {
      begin_token(letter);
    }
    if (letter == '\n') {
      next = {next.line + 1, 1};
    } else if ((static_cast<unsigned char>(letter) & 0xC0U) != 0x80U) {
      ++next.column;
    }
  }

 private:
  void begin_token(char letter) {
    constexpr std::string_view blanks = " \t\r\n";
    constexpr std::string_view structure = "{}[]:,\"";
    if (blanks.find(letter) != std::string_view::npos) {
      in_word = false;
    } else if (structure.find(letter) != std::string_view::npos) {
      in_word = false;
      in_string = letter == '"';
      token = last;
    } else if (!in_word) {
      in_word = true;
      token = last;
      word = last;
    }
  }
};

/// The text as nlohmann's parser takes it, telling the cursor what it consumes.
class Feed {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Feed(const char* at, Cursor* cursor) : at_(at), cursor_(cursor) {}
  reference operator*() const { return *at_; }
  Feed& operator++() {
    cursor_->consume(*at_);
    ++at_;
    return *this;
  }
  Feed operator++(int) {
    Feed before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Feed& left, const Feed& right) { return left.at_ == right.at_; }

 private:
  const char* at_;
  Cursor* cursor_;
};

/// The parser's message without its own position and without what was read: `unexpected ',';
/// expected string literal`.
std::string syntax_message(const std::string& raw) {
  const std::size_t dash = raw.find(" - ");
  std::string message = dash == std::string::npos ? raw : raw.substr(dash + 3);
  const std::size_t read = message.find("; last read: ");
  if (read != std::string::npos) {
    const std::size_t expected = message.rfind("; expected ");
    const bool tail = expected != std::string::npos && expected > read;
    message = message.substr(0, read) + (tail ? message.substr(expected) : std::string());
  }
  // Newer parsers have words of their own for a text with nothing in it.
  if (message.find("empty input") != std::string::npos)
    message = "unexpected end of input; expected '[', '{', or a literal";
  return "no valid JSON: " + message;
}

class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(JsonDocument& document, const Cursor& cursor) : document_(document), cursor_(cursor) {}

  bool null() override { return add(Kind::null, cursor_.word) != nullptr; }
  bool boolean(bool value) override {
    add(Kind::boolean, cursor_.word)->boolean = value;
    return true;
  }
  bool number_integer(std::int64_t value) override {
    add(Kind::integer, cursor_.word)->integer = value;
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value > most) {
      add(Kind::decimal, cursor_.word)->text = std::to_string(value);
    } else {
      add(Kind::integer, cursor_.word)->integer = static_cast<std::int64_t>(value);
    }
    return true;
  }
  bool number_float(double /*value*/, const std::string& raw) override {
    add(Kind::decimal, cursor_.word)->text = raw;
    return true;
  }
  bool string(std::string& value) override {
    add(Kind::string, cursor_.token)->text = std::move(value);
    return true;
  }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*size*/) override { return open(Kind::object); }
  bool start_array(std::size_t /*size*/) override { return open(Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    Frame& frame = open_.back();
    const JsonPosition here = cursor_.token;
    const auto [first, added] = frame.keys.emplace(name, here);
    if (added) {
      frame.container->members.push_back({std::move(name), here, {}});
      return true;
    }
    fault(here, json_pointer(frame.pointer, name),
          "key '" + name + "' occurs twice in one object, first in line " +
              std::to_string(first->second.line));
    second_.emplace_back();  // its value is read, so that faults in it are found, and dropped
    frame.drop = &second_.back();
    frame.dropped_key = name;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& error) override {
    const std::string message = syntax_message(error.what());
    const auto says = [&](std::string_view part) {
      return message.find(part) != std::string::npos;
    };
    JsonPosition at = cursor_.token;
    if (says("unexpected end of input")) {
      at = cursor_.next;
    } else if (says(": invalid ")) {
      at = cursor_.last;  // within a token
    } else if (says("unexpected number")) {
      at = cursor_.word;  // the letter behind it has been consumed, too
    }
    fault(at, {}, message);
    return false;
  }

 private:
  struct Frame {
    JsonValue* container = nullptr;
    std::string pointer;
    std::map<std::string, JsonPosition> keys;
    JsonValue* drop = nullptr;  ///< takes the value of a key that occurs twice
    std::string dropped_key;
  };

  /// The place where the value that has just begun belongs.
  JsonValue* add(Kind kind, JsonPosition position) {
    JsonValue* value = &document_.root;
    if (!open_.empty()) {
      Frame& frame = open_.back();
      if (frame.drop != nullptr) {
        value = std::exchange(frame.drop, nullptr);
        latest_ = json_pointer(frame.pointer, frame.dropped_key);
      } else if (frame.container->kind == Kind::array) {
        latest_ = json_pointer(frame.pointer, frame.container->items.size());
        value = &frame.container->items.emplace_back();
      } else {
        latest_ = json_pointer(frame.pointer, frame.container->members.back().key);
        value = &frame.container->members.back().value;
      }
    }
    value->kind = kind;
    value->position = position;
    return value;
  }

  bool open(Kind kind) {
    const JsonPosition here = cursor_.token;
    JsonValue* container = add(kind, here);
    if (open_.size() == json_depth_limit) {
      fault(here, {}, "nested more than " + std::to_string(json_depth_limit) + " levels deep");
      return false;
    }
    open_.push_back({container, latest_, {}, nullptr, {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  void fault(JsonPosition at, std::string pointer, std::string message) {
    const std::size_t column = pointer.empty() ? at.column : 0;
    document_.faults.push_back(
        {{document_.file, std::move(pointer), at.line, column}, std::move(message)});
  }

  JsonDocument& document_;
  const Cursor& cursor_;
  std::vector<Frame> open_;
  std::list<JsonValue> second_;
  std::string latest_;  ///< pointer to the value added last
};

/// The key, or the position in an array, that one part of a pointer stands for.
std::string unescape(std::string_view part) {
  std::string result;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size();
    if (escape) ++i;
    result += escape ? (part[i] == '1' ? '/' : '~') : part[i];
  }
  return result;
}

}  // namespace

const JsonMember* JsonValue::find(std::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

Location JsonDocument::locate(const std::string& pointer) const {
  const JsonValue* value = &root;
  JsonPosition position = root.position;
  std::size_t at = 0;
  while (at < pointer.size() && pointer[at] == '/') {
    const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
    const std::string part = unescape(std::string_view(pointer).substr(at + 1, end - at - 1));
    if (const JsonMember* member = value->find(part)) {
      position = member->position;
      value = &member->value;
    } else {
      std::size_t index = value->items.size();
      std::from_chars(part.data(), part.data() + part.size(), index);
      if (index >= value->items.size()) break;
      value = &value->items[index];
      position = value->position;
    }
    at = end;
  }
  return {file, pointer, position.line, 0};
}

JsonDocument read_json(std::string_view text, std::string file) {
  JsonDocument document;
  document.file = std::move(file);
  if (text.size() > json_size_limit) {
    document.faults.push_back(
        {{document.file, {}, 0, 0},
         "larger than " + std::to_string(json_size_limit >> 20U) + " MiB, the most that is read"});
    return document;
  }
  Cursor cursor;
  Builder builder(document, cursor);
  document.readable = nlohmann::json::sax_parse(Feed(text.data(), &cursor),
                                                Feed(text.data() + text.size(), &cursor), &builder);
  return document;
}

JsonDocument read_json_file(const std::filesystem::path& path) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ExitCode::usage, "cannot read " + path.string() + ": " + reason);
  };
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(std::generic_category().message(errno));
  std::string text;
  std::vector<char> block(std::size_t{64} << 10U);
  // One block beyond the limit is enough for read_json to refuse it.
  while (file && text.size() <= json_size_limit) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) refuse(std::generic_category().message(errno));
  return read_json(text, path.string());
}

}  // namespace dsar::formats

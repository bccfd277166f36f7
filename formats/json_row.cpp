#include "formats/json_row.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace dsar::formats {
namespace {

constexpr const char* hex_digits = "0123456789abcdef";

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Whether any of eight bytes needs an escape: the classic subtract-and-borrow test for a byte
/// below a bound, here for controls, and for zero after an exclusive or with the quote and the
/// backslash.
constexpr bool any_needs_escape(std::uint64_t word) {
  constexpr std::uint64_t each = 0x0101010101010101U;
  constexpr std::uint64_t high = 0x8080808080808080U;
  const std::uint64_t quote = word ^ (each * '"');
  const std::uint64_t backslash = word ^ (each * '\\');
  return ((((word - each * 0x20) & ~word) | ((quote - each) & ~quote) |
           ((backslash - each) & ~backslash)) &
          high) != 0;
}

const char* find_escape(const char* at, const char* end) {
  while (end - at >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if (any_needs_escape(word)) break;
    at += 8;
  }
  while (at != end && !needs_escape(*at)) ++at;
  return at;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += hex_digits[static_cast<unsigned char>(c) >> 4];
      out += hex_digits[static_cast<unsigned char>(c) & 15];
  }
}

/// RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto take_digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > start;
  };
  const auto take = [&](char c) { return at < text.size() && text[at] == c && (++at, true); };
  take('-');
  if (!take('0') && !take_digits()) return false;
  if (take('.') && !take_digits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!take_digits()) return false;
  }
  return at == text.size();
}

/// `2026-03-31 12:00:00`, then perhaps a fraction and an offset, and nothing else.
bool is_timestamp(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-dd dd:dd:dd";
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 'd' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  return text.find_first_not_of("0123456789.:+-", shape.size()) == std::string_view::npos;
}

void append_timestamp(std::string& out, std::string_view text) {
  if (!is_timestamp(text)) return append_json_string(out, text);
  out += '"';
  out += text.substr(0, 10);
  out += 'T';
  out += text.substr(11);
  const char sign = text[text.size() - 3];  // of an offset in whole hours
  if (sign == '+' || sign == '-') out += ":00";
  out += '"';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// The bytes of PostgreSQL's `\x...`, false if it is something else.
bool decode_bytea(std::string_view text, std::string& bytes) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return false;
  bytes.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes += static_cast<char>(high * 16 + low);
  }
  return true;
}

void append_base64(std::string& out, std::string_view bytes) {
  constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) : 0U;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    out += digits[group >> 18];
    out += digits[group >> 12 & 63];
    out += i + 1 < bytes.size() ? digits[group >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? digits[group & 63] : '=';
  }
}

void append_bytea(std::string& out, std::string_view text) {
  std::string bytes;
  if (!decode_bytea(text, bytes)) return append_json_string(out, text);
  out += '"';
  append_base64(out, bytes);
  out += '"';
}

void append_value(std::string& out, ValueKind kind, std::string_view text) {
  switch (kind) {
    case ValueKind::number:
      if (!is_json_number(text)) return append_json_string(out, text);
      out += text;
      return;
    case ValueKind::boolean:
      if (text != "t" && text != "f") return append_json_string(out, text);
      out += text == "t" ? "true" : "false";
      return;
    case ValueKind::json:
      out += text;
      return;
    case ValueKind::timestamp:
    case ValueKind::timestamptz:
      return append_timestamp(out, text);
    case ValueKind::bytea:
      return append_bytea(out, text);
    case ValueKind::text:
      return append_json_string(out, text);
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  out += '"';
  for (;;) {
    const char* const stop = find_escape(at, end);
    out.append(at, static_cast<std::size_t>(stop - at));
    if (stop == end) break;
    append_escape(out, *stop);
    at = stop + 1;
  }
  out += '"';
}

JsonRow::JsonRow(const std::vector<Column>& columns) {
  fields_.reserve(columns.size());
  for (const Column& column : columns) {
    std::string prefix = fields_.empty() ? "{" : ",";
    append_json_string(prefix, column.name);
    prefix += ':';
    fields_.push_back({std::move(prefix), column.kind});
  }
}

void JsonRow::append(std::string& out, const Row& row) const {
  if (row.size() != fields_.size()) {
    throw std::logic_error("a row has another number of values than there are columns");
  }
  if (fields_.empty()) out += '{';
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    out += fields_[i].prefix;
    if (row[i]) {
      append_value(out, fields_[i].kind, *row[i]);
    } else {
      out += "null";
    }
  }
  out += '}';
}

}  // namespace dsar::formats

#include "core/map/personal_looking.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace dsar {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_alnum(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c);
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// `senderEmail_2` → sender, email, 2
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_alnum(name[i])) {
      flush();
      continue;
    }
    if (i > 0 && is_upper(name[i]) && is_lower(name[i - 1])) flush();
    word += lower(name[i]);
  }
  flush();
  return words;
}

struct Hint {
  std::string_view words;  ///< one word, or several in a row joined by `_`
  std::string_view what;
};

constexpr auto hints = std::to_array<Hint>({
    {"email", "an email address"},
    {"emails", "an email address"},
    {"mail", "an email address"},
    {"phone", "a telephone number"},
    {"telephone", "a telephone number"},
    {"mobile", "a telephone number"},
    {"msisdn", "a telephone number"},
    {"whatsapp", "a telephone number"},
    {"firstname", "a person's name"},
    {"lastname", "a person's name"},
    {"surname", "a person's name"},
    {"fullname", "a person's name"},
    {"nickname", "a person's name"},
    {"username", "a user name"},
    {"first_name", "a person's name"},
    {"last_name", "a person's name"},
    {"full_name", "a person's name"},
    {"display_name", "a person's name"},
    {"given_name", "a person's name"},
    {"family_name", "a person's name"},
    {"user_name", "a user name"},
    {"contact_name", "a person's name"},
    {"customer_name", "a person's name"},
    {"visitor_name", "a person's name"},
    {"agent_name", "a person's name"},
    {"sender_name", "a person's name"},
    {"birth", "a date of birth"},
    {"birthday", "a date of birth"},
    {"birthdate", "a date of birth"},
    {"dob", "a date of birth"},
    {"gender", "a person's gender"},
    {"ip", "an IP address"},
    {"ipaddress", "an IP address"},
    {"useragent", "a device"},
    {"user_agent", "a device"},
    {"device_id", "a device"},
    {"fingerprint", "a device"},
    {"cookie", "a device"},
    {"street", "a postal address"},
    {"postcode", "a postal address"},
    {"zipcode", "a postal address"},
    {"postal_code", "a postal address"},
    {"zip_code", "a postal address"},
    {"latitude", "a place"},
    {"longitude", "a place"},
    {"geolocation", "a place"},
    {"ssn", "an identity number"},
    {"passport", "an identity number"},
    {"national_id", "an identity number"},
    {"tax_id", "an identity number"},
    {"iban", "a bank account"},
    {"avatar", "a picture"},
    {"photo", "a picture"},
    {"password", "a secret"},
    {"passwd", "a secret"},
    {"secret", "a secret"},
    {"token", "a secret"},
    {"body", "what somebody wrote"},
    {"message", "what somebody wrote"},
    {"comment", "what somebody wrote"},
    {"transcript", "what somebody wrote"},
});

/// Words that turn a name into something about personal data rather than the data: `email_count`.
constexpr auto numbers_of = std::to_array<std::string_view>(
    {"count", "counter", "at", "on", "enabled", "type", "kind", "id", "ids", "status", "size",
     "length", "limit", "template", "notifications", "verified", "confirmed", "sent", "hash"});

bool has_run(const std::vector<std::string>& words, std::string_view run) {
  std::string joined = "_";
  for (const auto& word : words) joined += word + "_";
  return joined.find("_" + std::string(run) + "_") != std::string::npos;
}

bool is_email(std::string_view value) {
  const auto at = value.find('@');
  if (at == 0 || at == std::string_view::npos || at + 3 >= value.size()) return false;
  const auto domain = value.substr(at + 1);
  const auto dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 2 >= domain.size()) return false;
  const auto plain = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
      return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '+' || (c & 0x80) != 0;
    });
  };
  return plain(value.substr(0, at)) && plain(domain);
}

bool is_phone(std::string_view value) {
  if (value.empty() || value.front() != '+') return false;
  const auto digits = std::count_if(value.begin(), value.end(), is_digit);
  return digits >= 8 && digits <= 15 && std::all_of(value.begin() + 1, value.end(), [](char c) {
           return is_digit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '.';
         });
}

bool is_ipv4(std::string_view value) {
  int parts = 0;
  while (!value.empty()) {
    const auto dot = std::min(value.find('.'), value.size());
    const auto part = value.substr(0, dot);
    if (part.empty() || part.size() > 3 || !std::all_of(part.begin(), part.end(), is_digit) ||
        std::stoi(std::string(part)) > 255)
      return false;
    ++parts;
    value.remove_prefix(std::min(dot + 1, value.size()));
  }
  return parts == 4;
}

}  // namespace

std::optional<std::string> personal_looking_name(std::string_view column) {
  const auto words = words_of(column);
  if (words.empty()) return std::nullopt;
  if (std::find(numbers_of.begin(), numbers_of.end(), words.back()) != numbers_of.end() &&
      !has_run(words, "device_id") && !has_run(words, "national_id") && !has_run(words, "tax_id"))
    return std::nullopt;
  for (const auto& hint : hints) {
    if (has_run(words, hint.words)) return std::string(hint.what);
  }
  return std::nullopt;
}

std::optional<std::string> personal_looking_value(std::string_view value) {
  // Addresses stand inside longer texts too: each blank-separated word is looked at.
  if (is_phone(value)) return "a telephone number";
  while (!value.empty()) {
    const auto end = std::min(value.find_first_of(" \t\r\n<>\"',;:()[]{}"), value.size());
    auto word = value.substr(0, end);
    while (!word.empty() && word.back() == '.') word.remove_suffix(1);
    if (is_email(word)) return "an email address";
    if (is_ipv4(word)) return "an IP address";
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return std::nullopt;
}

}  // namespace dsar

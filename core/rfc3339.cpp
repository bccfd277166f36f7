#include "core/rfc3339.hpp"

#include <chrono>
#include <cstddef>

namespace dsar {

namespace {

namespace chr = std::chrono;

/// Takes a text apart from the left; one failure makes the whole reading fail.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  /// Exactly `digits` decimal digits, between `low` and `high`.
  int number(std::size_t digits, int low, int high) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int digit = next_digit();
      if (digit < 0) return fail();
      value = value * 10 + digit;
    }
    return value < low || value > high ? fail() : value;
  }

  /// One of `choices`, which is returned.
  char one_of(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }

  /// `.` and digits, or nothing at all.
  chr::microseconds fraction() {
    if (rest_.empty() || rest_.front() != '.') return {};
    rest_.remove_prefix(1);
    int unit = 100'000;
    int value = 0;
    bool any = false;
    for (int digit = next_digit(); digit >= 0; digit = next_digit()) {
      value += digit * unit;
      unit /= 10;
      any = true;
    }
    if (!any) fail();
    return chr::microseconds(value);
  }

 private:
  int next_digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return -1;
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::string padded(long long value, std::size_t width) {
  std::string digits = std::to_string(value);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const int year = reader.number(4, 0, 9999);
  reader.one_of("-");
  const int month = reader.number(2, 1, 12);
  reader.one_of("-");
  const int day = reader.number(2, 1, 31);
  reader.one_of("Tt ");
  const int hour = reader.number(2, 0, 23);
  reader.one_of(":");
  const int minute = reader.number(2, 0, 59);
  reader.one_of(":");
  const int second = reader.number(2, 0, 60);
  const chr::microseconds fraction = reader.fraction();
  const char zone = reader.one_of("Zz+-");
  chr::minutes offset{0};
  if (zone == '+' || zone == '-') {
    offset = chr::hours(reader.number(2, 0, 23));
    reader.one_of(":");
    offset += chr::minutes(reader.number(2, 0, 59));
    if (zone == '-') offset = -offset;
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  const chr::year_month_day date(chr::year(year), chr::month(static_cast<unsigned>(month)),
                                 chr::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return chr::sys_days(date) + chr::hours(hour) + chr::minutes(minute) + chr::seconds(second) +
         fraction - offset;
}

std::string rfc3339(Instant instant) {
  const auto day = chr::floor<chr::days>(instant);
  const chr::year_month_day date(day);
  const chr::hh_mm_ss time(instant - day);
  std::string text = padded(static_cast<int>(date.year()), 4) + '-' +
                     padded(static_cast<unsigned>(date.month()), 2) + '-' +
                     padded(static_cast<unsigned>(date.day()), 2) + 'T' +
                     padded(time.hours().count(), 2) + ':' + padded(time.minutes().count(), 2) +
                     ':' + padded(time.seconds().count(), 2);
  if (time.subseconds().count() != 0) {
    text += '.' + padded(time.subseconds().count(), 6);
    while (text.back() == '0') text.pop_back();
  }
  return text + 'Z';
}

}  // namespace dsar

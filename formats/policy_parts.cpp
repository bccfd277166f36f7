#include "formats/policy_parts.hpp"

#include <algorithm>

namespace dsar::formats {
namespace {

/// `2026-02-20`, and a day that the calendar has.
std::optional<Date> parse_date(std::string_view text) {
  constexpr std::string_view form = "dddd-dd-dd";
  if (text.size() != form.size()) return std::nullopt;
  int parts[3] = {0, 0, 0};
  std::size_t part = 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (digit != (form[i] == 'd') || (!digit && text[i] != '-')) return std::nullopt;
    if (digit) {
      parts[part] = parts[part] * 10 + (text[i] - '0');
    } else {
      ++part;
    }
  }
  const std::chrono::year_month_day day{std::chrono::year{parts[0]},
                                        std::chrono::month{static_cast<unsigned>(parts[1])},
                                        std::chrono::day{static_cast<unsigned>(parts[2])}};
  return day.ok() ? std::optional(Date{day}) : std::nullopt;
}

bool is_id(std::string_view text) {
  constexpr std::size_t longest = 63;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= longest && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

}  // namespace

std::optional<std::string> read_id(const JsonInput& input) {
  const auto text = input.text();
  if (!text) return std::nullopt;
  if (is_id(*text)) return text;
  input.fault(
      "expected a lower-case letter, then at most 62 lower-case letters, digits, '-' or '_'");
  return std::nullopt;
}

std::optional<Period> read_counted_period(const JsonInput& input) {
  const auto text = input.text();
  if (!text) return std::nullopt;
  auto period = parse_period(*text);
  if (!period) {
    input.fault(
        "expected a period such as '30 days', '18 months' or '2 years', of at most 100 years");
  }
  return period;
}

void Reader::check_id(std::string& id) {
  const auto input = fields_.find("id");
  if (input && !id.empty()) id = read_id(*input).value_or("");
}

void Reader::read(const JsonInput& input, std::string& into) {
  into = input.text().value_or(into);
}

void Reader::read(const JsonInput& input, bool& into) {
  into = input.boolean().value_or(into);
}

void Reader::read(const JsonInput& input, int& into) {
  constexpr int most = 10'000;  // hours; years of age stay below it too
  into = static_cast<int>(input.integer(0, most).value_or(into));
}

void Reader::read(const JsonInput& input, Date& into) {
  const auto text = input.text();
  if (!text) return;
  const auto date = parse_date(*text);
  if (!date) {
    input.fault("expected a date such as 2026-02-20");
    return;
  }
  into = *date;
}

void Reader::read(const JsonInput& input, Period& into) {
  const auto text = input.text();
  if (!text) return;
  for (const Period& each :
       {Period::at_once(), Period::none_after(), Period::while_needed(), Period::not_stated()}) {
    if (*text == to_text(each)) {
      into = each;
      return;
    }
  }
  const auto period = parse_period(*text);
  if (!period) {
    input.fault(
        "expected 'at once', 'none after', 'while needed', 'not stated' or a period such as '30 "
        "days', '18 months' or '2 years', of at most 100 years");
    return;
  }
  into = *period;
}

void Reader::read(const JsonInput& input, CategorySet& into) {
  CategorySet read;
  for (const JsonInput& item : one_or_more(input)) {
    if (!input.is_array() && item.is_string() && item.any_text() == "all") {
      into = CategorySet::all();
      return;
    }
    if (const auto category = item.word<DataCategory>()) read = read | CategorySet{*category};
  }
  into = read;
}

void Reader::read(const JsonInput& input, Citation& into) {
  const std::vector<Document>& documents = context_.documents;
  if (input.is_string()) {
    const auto clause = input.text();
    if (!clause || !context_.documents_readable) return;
    if (documents.size() == 1) {
      into = documents.front().clause(*clause);
    } else {
      input.fault(documents.empty()
                      ? "the policy has no document that this could be a clause of"
                      : "the policy has several documents: write {\"document\": …, \"clause\": …}");
    }
    return;
  }
  std::string title;
  std::string edition;
  std::string clause;
  const auto read_parts = [&](JsonFields& fields) {
    fields.require_text("document", title);
    fields.text("edition", edition);
    fields.require_text("clause", clause);
  };
  if (!input.fields(read_parts) || title.empty() || clause.empty()) return;
  if (!context_.documents_readable) return;
  const auto found =
      std::find_if(documents.begin(), documents.end(), [&](const Document& document) {
        return document.title == title && (edition.empty() || document.edition() == edition);
      });
  if (found == documents.end()) {
    input.fault(edition.empty() ? "'documents' has no document of this title"
                                : "'documents' has no document of this title and edition");
    return;
  }
  into = found->clause(clause);
}

void Reader::read(const JsonInput& input, std::vector<RetentionRule>& into) {
  for (const JsonInput& item : input.items()) {
    RetentionRule rule;
    read(item, rule);
    const auto [before, added] = context_.rules.emplace(rule.id, item.where());
    if (!added && !rule.id.empty()) {
      item.fault("the rule '" + rule.id + "' is already in line " +
                 std::to_string(before->second.line));
    }
    into.push_back(std::move(rule));
  }
}

}  // namespace dsar::formats

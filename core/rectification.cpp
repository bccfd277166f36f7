#include "core/rectification.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "core/phone_number.hpp"
#include "core/suggest.hpp"
#include "core/utf8.hpp"

namespace dsar {
namespace {

[[noreturn]] void refuse(const std::string& place, const std::string& form) {
  throw Error(ExitCode::usage, place + " is not " + form,
              "Values with '=' in them, and those that no other user may see, are given with "
              "--from-json.");
}

/// Every category that the map has, and the identity kinds, which may stand for theirs.
std::vector<std::string_view> known_names(const DataMap& map) {
  std::set<std::string_view> names;
  const auto add = [&](const std::vector<ColumnRule>& columns) {
    for (const auto& column : columns) {
      if (!column.category.empty()) names.insert(column.category);
      for (const auto& rule : column.json) names.insert(rule.category);
    }
  };
  for (const auto& table : map.tables) add(table.columns);
  for (const auto& ref : record_sets(map)) add(ref.set->columns);
  for (const auto& kind : map.identities) {
    names.insert(kind.name);
    names.insert(kind.category);
  }
  names.erase("");
  return {names.begin(), names.end()};
}

std::string resolved_category(const DataMap& map, const std::string& name) {
  if (const auto* kind = find_identity(map, name)) return kind->category;
  const auto known = known_names(map);
  const bool held = std::any_of(known.begin(), known.end(),
                                [&](std::string_view one) { return falls_under(one, name); });
  if (held) return name;
  throw Error(ExitCode::usage,
              "the map holds nothing of the category '" + name + "'" + did_you_mean(name, known),
              "Run dsarctl map show, or name an identity kind of the map, such as email.");
}

bool is_letter_or_digit(std::uint32_t code_point) {
  const bool ascii = (code_point >= '0' && code_point <= '9') ||
                     (code_point >= 'a' && code_point <= 'z') ||
                     (code_point >= 'A' && code_point <= 'Z');
  return ascii || code_point >= 0x80;
}

}  // namespace

Correction parse_replacement(std::string_view text, const std::string& place) {
  const auto colon = text.find(':');
  const auto equals = text.find('=', colon == std::string_view::npos ? 0 : colon);
  if (colon == std::string_view::npos || equals == std::string_view::npos || colon == 0 ||
      equals == colon + 1 || equals + 1 == text.size() ||
      text.find('=', equals + 1) != std::string_view::npos)
    refuse(place, "CATEGORY:OLD=NEW");
  return {std::string(text.substr(0, colon)),
          std::string(text.substr(colon + 1, equals - colon - 1)),
          std::string(text.substr(equals + 1))};
}

Correction parse_setting(std::string_view text, const std::string& place) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
    refuse(place, "CATEGORY=VALUE");
  return {std::string(text.substr(0, equals)), std::nullopt, std::string(text.substr(equals + 1))};
}

Within parse_within(const DataMap& map, std::string_view text) {
  const auto dot = text.find('.');
  Within within{std::string(text.substr(0, dot)),
                dot == std::string_view::npos ? "" : std::string(text.substr(dot + 1))};
  const auto set = find_set(map, within.set);
  if (set.set == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : record_sets(map)) names.emplace_back(known.set->name);
    throw Error(ExitCode::usage,
                "the map has no record set '" + within.set + "'" + did_you_mean(within.set, names));
  }
  if (!within.column.empty() && column_rule(set, within.column) == nullptr)
    throw Error(ExitCode::usage, "the map says nothing of a column '" + within.column +
                                     "' of record set " + within.set);
  return within;
}

bool falls_under(std::string_view category, std::string_view asked) {
  return category.starts_with(asked) &&
         (category.size() == asked.size() || category[asked.size()] == '.');
}

std::vector<Correction> checked_corrections(const DataMap& map, std::vector<Correction> asked) {
  for (auto& correction : asked) correction.category = resolved_category(map, correction.category);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    for (std::size_t j = 0; j < asked.size(); ++j) {
      const bool same = falls_under(asked[i].category, asked[j].category) ||
                        falls_under(asked[j].category, asked[i].category);
      if (i == j || !same) continue;
      const bool twice = i < j && (!asked[i].old || !asked[j].old || asked[i].old == asked[j].old);
      if (!twice && asked[i].value != asked[j].old) continue;
      throw Error(ExitCode::usage,
                  "two corrections of " + asked[i].category + " are about the same value",
                  "Give them to two runs, one after the other.");
    }
  }
  return asked;
}

std::optional<std::string> last_part(const IdentityKind* kind,
                                     const std::vector<std::string>& parts,
                                     const std::string& value) {
  auto rest = [](std::string_view text, std::size_t from) {
    text.remove_prefix(from);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.empty() ? std::nullopt : std::optional(std::string(text));
  };
  const auto first = std::accumulate(parts.begin(), parts.end(), std::string());
  if (value.starts_with(first)) return rest(value, first.size());
  if (kind == nullptr || kind->normalisation != Normalisation::phone) return std::nullopt;
  const auto number = normalise(*kind, value);
  const auto prefix = "+" + normalise({.name = {},
                                       .category = {},
                                       .strength = Strength::weak,
                                       .normalisation = Normalisation::digits,
                                       .region = {},
                                       .scan = false,
                                       .where = {}},
                                      first);
  if (prefix.size() < 2 || !number.starts_with(prefix)) return std::nullopt;
  return rest(number, prefix.size());
}

std::uint64_t Rectification::changed() const {
  return std::accumulate(rows.begin(), rows.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + one.second; });
}

std::string masked_value(std::string_view value) {
  constexpr std::size_t longest = 60;
  std::string masked;
  bool inside = false;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < value.size(); ++characters) {
    if (characters == longest) return masked + "…";
    const auto character = utf8_at(value, at);
    const bool word = is_letter_or_digit(character.code_point);
    if (word && inside)
      masked += '*';
    else
      masked += value.substr(at, character.length);
    inside = word;
    at += character.length;
  }
  return masked;
}

}  // namespace dsar

#include "core/erasure_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <stdexcept>

namespace dsar {
namespace {

constexpr const char* place = "ctid";

constexpr std::size_t lanes = 4;

/// Adds 64 hexadecimal digits, lane by lane.
void add_lanes(std::array<std::uint64_t, lanes>& sum, const std::string& hex) {
  constexpr std::size_t digits = 16;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const auto* const begin = hex.data() + lane * digits;
    std::uint64_t value = 0;
    std::from_chars(begin, begin + digits, value, 16);
    sum[lane] += value;
  }
}

std::string sum_text(const std::array<std::uint64_t, lanes>& sum) {
  std::string text;
  for (const auto lane : sum) {
    constexpr const char* hexadecimal = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) text += hexadecimal[(lane >> shift) & 15];
  }
  return text;
}

std::string unnested(const ErasureRows& rows, const std::vector<std::size_t>& chosen,
                     const std::vector<std::size_t>& columns, SqlStatement& statement) {
  std::vector<std::string> arrays;
  for (const auto column : columns) {
    std::vector<std::optional<std::string>> values;
    values.reserve(chosen.size());
    for (const auto row : chosen) values.push_back(rows.values[column][row]);
    arrays.push_back(statement.bind(nullable_array(values), rows.columns[column].type + "[]"));
  }
  return "unnest(" + join(arrays, ", ") + ")";
}

}  // namespace

void ErasureRows::decide(std::size_t row, RowFate new_fate, const Ground& why) {
  const auto known = std::find(grounds.begin(), grounds.end(), why);
  ground.at(row) = static_cast<std::uint32_t>(known - grounds.begin());
  if (known == grounds.end()) grounds.push_back(why);
  fate.at(row) = new_fate;
}

std::vector<std::size_t> ErasureRows::with(RowFate wanted) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < fate.size(); ++i) {
    if (fate[i] == wanted) found.push_back(i);
  }
  return found;
}

std::size_t ErasureRows::column(const std::string& name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  throw std::logic_error("a column of " + set.set->name + " has not been read");
}

std::vector<ReadColumn> address_columns(const Table& mapped, const CatalogueTable& table) {
  std::vector<ReadColumn> columns;
  for (const auto& name : row_key(mapped, table)) {
    const auto* column = find_column(table, name);
    if (column != nullptr) columns.push_back({name, column->type});
  }
  if (columns.empty()) columns = {{"tableoid", "oid"}, {place, "tid"}};
  return columns;
}

bool is_keyed(const ErasureRows& rows) {
  return rows.address > 0 && rows.columns[rows.address - 1].name != place;
}

std::string nullable_array(const std::vector<std::optional<std::string>>& values) {
  std::string text = "{";
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    if (!value) {
      text += "NULL";
      continue;
    }
    text += '"';
    for (const char c : *value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

std::string rows_as(const ErasureRows& rows, const std::vector<std::size_t>& chosen,
                    const std::vector<std::size_t>& columns, const std::string& alias,
                    bool numbered, SqlStatement& statement) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < columns.size(); ++i)
    names.push_back(quote(alias + std::to_string(i)).text());
  if (numbered) names.push_back(quote(alias + "n").text());
  return unnested(rows, chosen, columns, statement) + (numbered ? " WITH ORDINALITY" : "") +
         " AS " + quote(alias).text() + "(" + join(names, ", ") + ")";
}

std::string rows_by_name(const ErasureRows& rows, const std::vector<std::size_t>& chosen,
                         const std::vector<std::size_t>& columns, const std::string& alias,
                         SqlStatement& statement) {
  std::vector<std::string> names;
  for (const auto column : columns) names.push_back(quote(rows.columns[column].name).text());
  return unnested(rows, chosen, columns, statement) + " AS " + quote(alias).text() + "(" +
         join(names, ", ") + ")";
}

std::string same_address(const std::vector<ReadColumn>& columns, std::size_t address,
                         const std::string& row, const std::string& other) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < address; ++i)
    parts.push_back(qualify(row, columns[i].name) + " = " +
                    qualify(other, other + std::to_string(i)).text());
  return join(parts, " AND ");
}

std::vector<ErasureLine> lines_of(const ErasureRows& rows) {
  std::vector<ErasureLine> lines;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& ground = rows.ground_of(i);
    const auto same = [&](const ErasureLine& line) {
      return line.fate == rows.fate[i] && line.ground == ground;
    };
    auto line = std::find_if(lines.begin(), lines.end(), same);
    if (line == lines.end())
      line = lines.insert(
          lines.end(), {rows.set.set->name, rows.set.table->name.text(), rows.fate[i], 0, ground});
    ++line->rows;
  }
  return lines;
}

ErasureRows chosen_of(const ErasureRows& rows, const std::vector<std::size_t>& chosen) {
  ErasureRows some;
  some.set = rows.set;
  some.columns = rows.columns;
  some.address = rows.address;
  some.grounds = rows.grounds;
  for (const auto& values : rows.values) {
    auto& own = some.values.emplace_back();
    for (const auto row : chosen) own.push_back(values[row]);
  }
  for (const auto row : chosen) {
    some.relation.push_back(rows.relation[row]);
    some.masked.push_back(rows.masked[row]);
    some.fate.push_back(rows.fate[row]);
    some.ground.push_back(rows.ground[row]);
  }
  return some;
}

std::string added_sum(const std::string& one, const std::string& other) {
  std::array<std::uint64_t, lanes> sum{};
  for (const auto* text : {&one, &other}) {
    if (!text->empty()) add_lanes(sum, *text);
  }
  return sum_text(sum);
}

RowDigest digest_of(const ErasureRows& rows,
                    const std::function<std::string(const std::string&)>& hash) {
  std::array<std::uint64_t, lanes> sum{};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    auto text = rows.set.set->name;
    // What has no key cannot be known again: such rows only count.
    for (std::size_t c = 0; is_keyed(rows) && c < rows.address; ++c) {
      const auto& value = *rows.values[c][row];
      text += '\0' + std::to_string(value.size()) + ':' + value;
    }
    add_lanes(sum, hash(text));
  }
  return {rows.set.set->name, rows.size(), sum_text(sum)};
}

}  // namespace dsar

#include "core/erasure_actions.hpp"

#include <algorithm>
#include <numeric>

#include "core/mask_sql.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"

namespace dsar {
namespace {

constexpr const char* row = "t0";
constexpr const char* key = "dsar_k";

std::vector<std::size_t> numbers(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// A hash as the column can hold it.
std::optional<std::string> fitting(const std::optional<std::string>& hash,
                                   const CatalogueColumn& column) {
  if (!hash || !column.max_length) return hash;
  return hash->substr(0, static_cast<std::size_t>(*column.max_length));
}

}  // namespace

ErasureRows going_of(const std::vector<ErasureRows>& sets, const TableName& table) {
  ErasureRows going;
  for (const auto& rows : sets) {
    if (rows.set.table->name != table) continue;
    if (going.columns.empty()) {
      going.set = rows.set;
      going.address = rows.address;
      going.columns.assign(rows.columns.begin(),
                           rows.columns.begin() + static_cast<std::ptrdiff_t>(rows.address));
      going.values.resize(rows.address);
    }
    for (const auto chosen : rows.with(RowFate::remove)) {
      for (std::size_t c = 0; c < going.address; ++c)
        going.values[c].push_back(rows.values[c][chosen]);
      going.fate.push_back(RowFate::remove);
    }
  }
  return going;
}

SqlStatement delete_statement(const ErasureRows& going) {
  SqlStatement statement;
  statement.text =
      "DELETE " + from_table(going.set) + " USING " +
      rows_as(going, numbers(going.size()), numbers(going.address), key, false, statement) +
      " WHERE " + same_address(going.columns, going.address, row, key);
  return statement;
}

SqlStatement release_statement(const Releasing& releasing, const ErasureRows& rows,
                               const ErasureRows& own) {
  SqlStatement statement;
  const auto& table = releasing.referrer.table->name;
  const auto column = qualify(row, releasing.column).text();
  const auto target = qualify("t1", releasing.target).text();
  std::string value = "NULL";
  if (releasing.referrer.fate == Referrer::Fate::repointed)
    value = "(SELECT (" + bind_aliases(releasing.referrer.to->text, {{"this", "t1"}}) + ") FROM " +
            quote(rows.set.table->name) + " AS \"t1\" WHERE " + target + " = " + column + ")";
  statement.text = "UPDATE " + quote(table) + (" AS \"" + std::string(row) + "\" SET ") +
                   quote(releasing.column) + " = " + value + " FROM " +
                   rows_as(rows, rows.with(RowFate::remove), {rows.column(releasing.target)}, key,
                           false, statement) +
                   " WHERE " + column + " = " + qualify(key, key + std::string("0")).text();
  if (own.size() > 0) {
    constexpr const char* goes = "dsar_g";
    statement.text +=
        " AND NOT EXISTS (SELECT 1 FROM " +
        rows_as(own, numbers(own.size()), numbers(own.address), goes, false, statement) +
        " WHERE " + same_address(own.columns, own.address, row, goes) + ")";
  }
  return statement;
}

SqlStatement hashed_values_statement(const ErasureRows& rows,
                                     const std::vector<std::size_t>& chosen,
                                     const std::vector<std::string>& columns) {
  SqlStatement statement;
  std::vector<std::string> select{qualify(key, key + std::string("n")).text()};
  for (const auto& column : columns) select.push_back(qualify(row, column).text() + "::text");
  statement.text = "SELECT " + join(select, ", ") + " " + from_table(rows.set) + " JOIN " +
                   rows_as(rows, chosen, numbers(rows.address), key, true, statement) + " ON " +
                   same_address(rows.columns, rows.address, row, key);
  return statement;
}

SqlStatement mask_statement(const Catalogue& catalogue, const ErasureRows& rows,
                            const std::vector<std::size_t>& chosen, const Hashes& hashes) {
  SqlStatement statement;
  // The hashes are further columns of the rows.
  ErasureRows bound;
  bound.set = rows.set;
  bound.address = rows.address;
  bound.columns.assign(rows.columns.begin(),
                       rows.columns.begin() + static_cast<std::ptrdiff_t>(rows.address));
  for (std::size_t c = 0; c < rows.address; ++c) {
    auto& values = bound.values.emplace_back();
    for (const auto one : chosen) values.push_back(rows.values[c][one]);
  }
  std::map<std::string, std::string> placeholders;
  for (const auto& [column, values] : hashes) {
    const auto& live = live_column(catalogue, rows.set.table->name, column);
    placeholders[column] = qualify(key, key + std::to_string(bound.columns.size())).text();
    bound.columns.push_back({column, "text"});
    auto& fitted = bound.values.emplace_back();
    for (const auto& value : values) fitted.push_back(fitting(value, live));
  }
  const auto count = bound.columns.size();
  statement.text =
      "UPDATE " + quote(rows.set.table->name) + (" AS \"" + std::string(row) + "\" SET ") +
      mask_assignments(catalogue, rows.set, row, placeholders, mask_scope(rows.set)) + " FROM " +
      rows_as(bound, numbers(chosen.size()), numbers(count), key, false, statement) + " WHERE " +
      same_address(rows.columns, rows.address, row, key);
  return statement;
}

}  // namespace dsar

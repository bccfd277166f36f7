#include "core/pg/column_texts.hpp"

#include "core/pg/row_stream.hpp"
#include "core/rectification_sql.hpp"

namespace dsar::pg {

void column_texts(
    Connection& connection, const Catalogue& catalogue, const SetRef& set,
    const std::string& column,
    const std::function<void(const std::vector<std::string>& key, const std::string& text)>& each) {
  const auto* const table = find_table(catalogue, set.table->name);
  if (table == nullptr || find_column(*table, column) == nullptr) return;
  const auto key = row_key(*set.table, *table);
  if (key.empty()) return;
  const auto statement = column_statement(catalogue, set, column);
  const auto rows = stream_rows(connection, statement.text, statement.params(),
                                std::vector<Column>(key.size() + 1, {"", ValueKind::text}));
  Row row;
  while (rows->next(row)) {
    std::vector<std::string> values;
    for (const auto& value : row) values.emplace_back(value.value_or(""));
    const auto text = std::move(values.back());
    values.pop_back();
    each(values, text);
  }
}

}  // namespace dsar::pg

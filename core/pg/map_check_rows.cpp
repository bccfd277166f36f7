#include <algorithm>

#include "core/map/personal_looking.hpp"
#include "core/pg/map_check_parts.hpp"
#include "core/sql.hpp"
#include "core/sql_fragment.hpp"
#include "core/visibility.hpp"

namespace dsar::pg {
namespace {

/// How many values of a column are looked at for content that seems personal.
constexpr std::size_t sample_rows = 200;

void check_coverage(Connection& connection, const Catalogue& catalogue, const Table& table,
                    FindingList& findings) {
  const auto partial = std::any_of(table.sets.begin(), table.sets.end(),
                                   [](const RecordSet& set) { return set.predicate.has_value(); });
  if (!partial || cannot_read(catalogue, table.name, {})) return;
  std::vector<std::string> sets;
  for (const auto& set : table.sets)
    sets.push_back(set.predicate ? "(" + bound(*set.predicate) + " IS TRUE)::int" : "1");
  std::string uncovered;
  std::string overlapping;
  const auto problem = attempt(connection, [&] {
    const auto counts = connection.exec(
        "SELECT count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1) FROM (SELECT " +
        join(sets, " + ") + " AS n FROM " + quote(table.name) + " AS \"t0\") AS c");
    uncovered = counts->text(0, 0);
    overlapping = counts->text(0, 1);
  });
  if (!problem.empty()) return;  // a condition that does not prepare is reported already
  if (uncovered != "0")
    findings.add("uncovered-rows", table.name.text(), uncovered + " rows are in no record set",
                 "Widen a set's \"where\", or add a set for them.", table.where);
  if (overlapping != "0")
    findings.add("overlapping-rows", table.name.text(),
                 overlapping + " rows are in more than one record set",
                 "Make the sets' \"where\" exclude each other.", table.where);
}

bool declared_harmless(const Table& table, const std::string& column) {
  if (table.not_personal) return true;
  const auto harmless = [](const ColumnRule* rule) {
    return rule != nullptr &&
           (rule->use == ColumnUse::not_personal || rule->use == ColumnUse::key) &&
           rule->third_parties.empty() && rule->json.empty();
  };
  return std::any_of(table.sets.begin(), table.sets.end(), [&](const RecordSet& set) {
    return harmless(column_rule({&table, &set}, column));
  });
}

Location place_of(const Table& table, const std::string& column) {
  for (const auto& rule : table.columns) {
    if (rule.name == column) return rule.where;
  }
  return table.where;
}

void check_sample(const Table& table, const CatalogueColumn& column, const Result& sample,
                  std::size_t index, FindingList& findings) {
  for (std::size_t r = 0; r < sample.rows(); ++r) {
    const auto value = sample.at(r, index);
    const auto what = value ? personal_looking_value(*value) : std::nullopt;
    if (!what) continue;
    findings.add(
        "personal-looking-content", table.name.text() + "." + column.name,
        "a sampled value looks like " + *what + ", but the column is declared not personal",
        "Give it a category, or waive this with a reason.", place_of(table, column.name),
        Severity::warning);
    return;
  }
}

/// Samples columns that are declared free of personal data.
void check_content(Connection& connection, const Catalogue& catalogue, const Table& table,
                   FindingList& findings) {
  const auto& live = *find_table(catalogue, table.name);
  if (cannot_read(catalogue, table.name, {}) || live.kind == 'v') return;
  std::vector<const CatalogueColumn*> columns;
  for (const auto& column : live.columns) {
    const auto texts =
        column.category == 'S' || column.kind == ValueKind::json || column.base_type == "inet";
    if (texts && column.readable && declared_harmless(table, column.name))
      columns.push_back(&column);
  }
  if (columns.empty()) return;
  std::vector<std::string> select;
  for (const auto* column : columns)
    select.push_back("left(" + qualify("t0", column->name) + "::text, 4000)");
  const auto sample =
      connection.exec("SELECT " + join(select, ", ") + " FROM " + quote(table.name) +
                      " AS \"t0\" LIMIT " + std::to_string(sample_rows));
  for (std::size_t c = 0; c < columns.size(); ++c)
    check_sample(table, *columns[c], *sample, c, findings);
}

}  // namespace

std::string attempt(Connection& connection, const std::function<void()>& work) {
  connection.exec("SAVEPOINT dsar_check");
  try {
    work();
    connection.exec("RELEASE SAVEPOINT dsar_check");
    return {};
  } catch (const ServerError& error) {
    connection.exec("ROLLBACK TO SAVEPOINT dsar_check");
    return error.what();
  }
}

std::string bound(const SqlFragment& fragment) {
  return "(" + bind_aliases(fragment.text, {{"this", "t0"}}) + ")";
}

void check_rows(Connection& connection, const Catalogue& catalogue, const Table& table,
                FindingList& findings) {
  check_coverage(connection, catalogue, table, findings);
  check_content(connection, catalogue, table, findings);
}

}  // namespace dsar::pg

#include "core/pg/catalogue.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace dsar::pg {
namespace {

using Tables = std::unordered_map<std::string, CatalogueTable>;  // by oid

// The relations of interest; every query below starts from them.
constexpr std::string_view relations = R"(
WITH relation AS (
  SELECT c.oid, c.relname, c.relkind, c.relispartition, c.reltuples, n.nspname,
         has_schema_privilege(n.oid, 'USAGE') AS visible
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_')
)";

constexpr std::string_view tables_sql = R"(
SELECT r.oid, r.nspname, r.relname, r.relkind, pn.nspname, p.relname,
       CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
       r.visible AND (has_table_privilege(r.oid, 'SELECT')
                      OR has_any_column_privilege(r.oid, 'SELECT')),
       row_security_active(r.oid), r.reltuples, has_table_privilege(r.oid, 'DELETE')
FROM relation r
LEFT JOIN pg_inherits i ON i.inhrelid = r.oid AND r.relispartition
LEFT JOIN pg_class p ON p.oid = i.inhparent
LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace)";

// A domain's base type may be a domain again, and any of them may bring a length or NOT NULL.
constexpr std::string_view columns_sql = R"(,
domain(oid, base, modifier, not_null) AS (
  WITH RECURSIVE step(oid, base, modifier, not_null) AS (
    SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_type WHERE typtype = 'd'
    UNION ALL
    SELECT s.oid, t.typbasetype, greatest(s.modifier, t.typtypmod), s.not_null OR t.typnotnull
    FROM step s JOIN pg_type t ON t.oid = s.base AND t.typtype = 'd')
  SELECT s.* FROM step s JOIN pg_type t ON t.oid = s.base AND t.typtype <> 'd')
SELECT r.oid, a.attname, format_type(a.atttypid, a.atttypmod), format_type(t.oid, NULL),
       t.typcategory, t.typname, t.typnamespace = 'pg_catalog'::regnamespace,
       a.attnotnull OR coalesce(d.not_null, false),
       a.attgenerated <> '' OR a.attidentity = 'a',
       r.visible AND has_column_privilege(r.oid, a.attnum, 'SELECT'),
       CASE WHEN t.oid IN ('varchar'::regtype, 'bpchar'::regtype)
            THEN nullif(greatest(a.atttypmod, d.modifier), -1) - 4 END
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN domain d ON d.oid = a.atttypid
JOIN pg_type t ON t.oid = coalesce(d.base, a.atttypid)
ORDER BY r.oid, a.attnum)";

// A foreign key to a partitioned table has a clone for each partition of the target: not repeated.
constexpr std::string_view constraints_sql = R"(
SELECT r.oid, c.contype, c.conname, a.attname, tn.nspname, t.relname, ta.attname, c.confdeltype,
       c.condeferrable, CASE WHEN c.contype = 'c' THEN pg_get_constraintdef(c.oid) END
FROM relation r
JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype IN ('f', 'c')
LEFT JOIN pg_constraint parent ON parent.oid = c.conparentid
LEFT JOIN unnest(CASE WHEN c.contype = 'f' THEN c.conkey END, c.confkey)
          WITH ORDINALITY AS k(near, far, position) ON true
LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.near
LEFT JOIN pg_attribute ta ON ta.attrelid = c.confrelid AND ta.attnum = k.far
LEFT JOIN pg_class t ON t.oid = c.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
WHERE parent.conrelid IS DISTINCT FROM c.conrelid
ORDER BY r.oid, c.conname, k.position)";

constexpr std::string_view indexes_sql = R"(
SELECT r.oid, ic.relname, i.indisprimary, i.indisunique, i.indpred IS NOT NULL,
       coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, k, false)), a.attname IS NULL
FROM relation r
JOIN pg_index i ON i.indrelid = r.oid AND i.indisvalid
JOIN pg_class ic ON ic.oid = i.indexrelid
CROSS JOIN generate_series(1, i.indnkeyatts) AS k
LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = i.indkey[k - 1] AND a.attnum > 0
ORDER BY r.oid, ic.relname, k)";

// Those that fire for an ordinary session. Bits of tgtype: INSERT 4, DELETE 8, UPDATE 16.
constexpr std::string_view triggers_sql = R"(
SELECT r.oid, t.tgname, t.tgtype & 8 <> 0, t.tgtype & 16 <> 0, t.tgtype & 4 <> 0
FROM relation r
JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
ORDER BY r.oid, t.tgname)";

bool is_true(const Result& result, std::size_t row, std::size_t column) {
  return result.at(row, column) == "t";
}

char first_char(const Result& result, std::size_t row, std::size_t column, char otherwise) {
  const auto text = result.at(row, column).value_or("");
  return text.empty() ? otherwise : text.front();
}

ValueKind kind_of(char category, std::string_view type, bool built_in) {
  if (category == 'A' || category == 'C') return ValueKind::json;
  if (!built_in) return type == "hstore" ? ValueKind::json : ValueKind::text;
  struct Known {
    std::string_view type;
    ValueKind kind;
  };
  static constexpr std::array known{
      Known{"int2", ValueKind::number},         Known{"int4", ValueKind::number},
      Known{"int8", ValueKind::number},         Known{"float4", ValueKind::number},
      Known{"float8", ValueKind::number},       Known{"numeric", ValueKind::number},
      Known{"oid", ValueKind::number},          Known{"bool", ValueKind::boolean},
      Known{"json", ValueKind::json},           Known{"jsonb", ValueKind::json},
      Known{"timestamp", ValueKind::timestamp}, Known{"timestamptz", ValueKind::timestamptz},
      Known{"bytea", ValueKind::bytea},
  };
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.type == type; });
  return found == known.end() ? ValueKind::text : found->kind;
}

/// nullptr for a table that another session made since the tables were read.
CatalogueTable* table_of(Tables& tables, const Result& result, std::size_t row) {
  const auto found = tables.find(result.text(row, 0));
  return found == tables.end() ? nullptr : &found->second;
}

std::unique_ptr<Result> query(Connection& connection, std::string_view sql) {
  return connection.exec(std::string(relations) + std::string(sql));
}

Tables read_tables(Connection& connection) {
  Tables tables;
  const auto result = query(connection, tables_sql);
  for (std::size_t row = 0; row < result->rows(); ++row) {
    CatalogueTable table;
    table.name = {result->text(row, 1), result->text(row, 2)};
    table.kind = first_char(*result, row, 3, 'r');
    if (result->at(row, 4)) {
      table.partition_of = TableName{result->text(row, 4), result->text(row, 5)};
    }
    table.partition_key = result->text(row, 6);
    table.readable = is_true(*result, row, 7);
    table.row_security = is_true(*result, row, 8);
    table.estimated_rows = std::stod(result->text(row, 9));
    table.deletable = is_true(*result, row, 10);
    tables.emplace(result->text(row, 0), std::move(table));
  }
  return tables;
}

void read_columns(Connection& connection, Tables& tables) {
  const auto result = query(connection, columns_sql);
  for (std::size_t row = 0; row < result->rows(); ++row) {
    auto* table = table_of(tables, *result, row);
    if (table == nullptr) continue;
    CatalogueColumn column;
    column.name = result->text(row, 1);
    column.type = result->text(row, 2);
    column.base_type = result->text(row, 3);
    column.category = first_char(*result, row, 4, 'S');
    column.kind = kind_of(column.category, result->text(row, 5), is_true(*result, row, 6));
    column.not_null = is_true(*result, row, 7);
    column.generated = is_true(*result, row, 8);
    column.readable = is_true(*result, row, 9);
    if (result->at(row, 10)) column.max_length = std::stoi(result->text(row, 10));
    table->columns.push_back(std::move(column));
  }
}

void read_constraints(Connection& connection, Tables& tables) {
  const auto result = query(connection, constraints_sql);
  for (std::size_t row = 0; row < result->rows(); ++row) {
    auto* table = table_of(tables, *result, row);
    if (table == nullptr) continue;
    if (result->text(row, 1) == "c") {
      table->check_constraints.push_back(result->text(row, 9));
      continue;
    }
    auto& keys = table->foreign_keys;
    auto name = result->text(row, 2);
    if (keys.empty() || keys.back().name != name) {
      CatalogueForeignKey key;
      key.name = std::move(name);
      key.target = {result->text(row, 4), result->text(row, 5)};
      key.on_delete = first_char(*result, row, 7, 'a');
      key.deferrable = is_true(*result, row, 8);
      keys.push_back(std::move(key));
    }
    keys.back().columns.push_back(result->text(row, 3));
    keys.back().target_columns.push_back(result->text(row, 6));
  }
}

void read_indexes(Connection& connection, Tables& tables) {
  const auto result = query(connection, indexes_sql);
  for (std::size_t row = 0; row < result->rows();) {
    const auto first = row;
    CatalogueIndex index;
    index.name = result->text(first, 1);
    index.unique = is_true(*result, first, 3);
    index.partial = is_true(*result, first, 4);
    bool expression = false;
    for (; row < result->rows() && result->at(row, 0) == result->at(first, 0) &&
           result->at(row, 1) == result->at(first, 1);
         ++row) {
      index.columns.push_back(result->text(row, 5));
      expression = expression || is_true(*result, row, 6);
    }
    auto* table = table_of(tables, *result, first);
    if (table == nullptr) continue;
    if (is_true(*result, first, 2)) {
      table->primary_key = index.columns;
    } else if (index.unique && !index.partial && !expression) {
      table->unique_keys.push_back(index.columns);
    }
    table->indexes.push_back(std::move(index));
  }
}

void read_triggers(Connection& connection, Tables& tables) {
  const auto result = query(connection, triggers_sql);
  for (std::size_t row = 0; row < result->rows(); ++row) {
    auto* table = table_of(tables, *result, row);
    if (table == nullptr) continue;
    table->triggers.push_back({result->text(row, 1), is_true(*result, row, 2),
                               is_true(*result, row, 3), is_true(*result, row, 4)});
  }
}

/// A partitioned table has the rows of its leaves; its own estimate is set by ANALYZE alone.
void sum_partitions(Catalogue& catalogue) {
  std::map<TableName, double> sums;
  for (const auto& [name, table] : catalogue.tables) {
    if (table.kind == 'p' || table.estimated_rows < 0) continue;
    for (auto parent = table.partition_of; parent;) {
      sums[*parent] += table.estimated_rows;
      const auto* above = find_table(catalogue, *parent);
      parent = above == nullptr ? std::nullopt : above->partition_of;
    }
  }
  for (const auto& [name, sum] : sums) {
    const auto found = catalogue.tables.find(name);
    if (found != catalogue.tables.end()) found->second.estimated_rows = sum;
  }
}

Catalogue read_all(Connection& connection) {
  Catalogue catalogue;
  catalogue.server_version = PQserverVersion(connection.raw());
  const auto names = connection.exec("SELECT current_database(), current_user");
  catalogue.database = names->text(0, 0);
  catalogue.role = names->text(0, 1);

  auto tables = read_tables(connection);
  read_columns(connection, tables);
  read_constraints(connection, tables);
  read_indexes(connection, tables);
  read_triggers(connection, tables);
  for (auto& [oid, table] : tables) {
    auto name = table.name;
    catalogue.tables.emplace(std::move(name), std::move(table));
  }
  sum_partitions(catalogue);
  return catalogue;
}

}  // namespace

Catalogue read_catalogue(Connection& connection) {
  // Type names are written as this transaction's search_path asks for: all but built-in qualified.
  if (PQtransactionStatus(connection.raw()) != PQTRANS_IDLE) return read_all(connection);
  Transaction transaction(connection, TransactionMode::read_only);
  auto catalogue = read_all(connection);
  transaction.commit();
  return catalogue;
}

}  // namespace dsar::pg

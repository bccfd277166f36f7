#include "core/pg/catalogue.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/sql.hpp"

namespace dsar::pg {
namespace {

/// A table, and what the queries below know its parts by.
struct Known {
  CatalogueTable table;
  std::string parent;                        ///< oid; empty: no partition
  bool visible = true;                       ///< the role may use the schema
  std::map<std::string, std::string> names;  ///< of its columns, by attnum
};
using Tables = std::unordered_map<std::string, Known>;  // by oid

// A connection is opened for every command, and what its server process has not yet in its caches
// costs more than the rows: few relations a query, and what they have in common is joined here.
constexpr std::string_view tables_sql = R"(
SELECT c.oid, n.nspname, c.relname, c.relkind, i.inhparent,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       has_schema_privilege(n.oid, 'USAGE'),
       has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'),
       row_security_active(c.oid), c.reltuples, has_table_privilege(c.oid, 'DELETE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_'))";

// What a type is. A domain's is asked for when there is one.
constexpr std::string_view columns_sql = R"(
SELECT a.attrelid, a.attnum, a.attname, format_type(t.oid, a.atttypmod), a.attnotnull,
       a.attgenerated <> '' OR a.attidentity = 'a', has_table_privilege(a.attrelid, 'SELECT') OR
       has_column_privilege(a.attrelid, a.attnum, 'SELECT'), a.atttypmod, t.oid, t.typtype = 'd', format_type(t.oid, NULL), t.typcategory, t.typname,
       t.typnamespace = 'pg_catalog'::regnamespace, t.oid IN ('varchar'::regtype, 'bpchar'::regtype)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum)";

// A domain's base type may be a domain again, and any of them may bring a length or NOT NULL.
constexpr std::string_view domains_sql = R"(
WITH RECURSIVE step(oid, base, modifier, not_null) AS (
  SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_type WHERE typtype = 'd'
  UNION ALL
  SELECT s.oid, t.typbasetype, greatest(s.modifier, t.typtypmod), s.not_null OR t.typnotnull
  FROM step s JOIN pg_type t ON t.oid = s.base AND t.typtype = 'd')
SELECT s.oid, s.not_null, s.modifier, format_type(t.oid, NULL), t.typcategory, t.typname,
       t.typnamespace = 'pg_catalog'::regnamespace, t.oid IN ('varchar'::regtype, 'bpchar'::regtype)
FROM step s JOIN pg_type t ON t.oid = s.base AND t.typtype <> 'd')";

// A foreign key to a partitioned table has a clone for each partition of the target: not repeated.
constexpr std::string_view foreign_keys_sql = R"(
SELECT c.conrelid, c.conname, k.near, c.confrelid, k.far, c.confdeltype, c.condeferrable
FROM pg_constraint c, unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(near, far, position)
WHERE c.conrelid = ANY($1::oid[]) AND c.contype = 'f'
  AND NOT EXISTS (SELECT FROM pg_constraint parent
                  WHERE parent.oid = c.conparentid AND parent.conrelid = c.conrelid)
ORDER BY c.conrelid, c.conname, k.position)";

constexpr std::string_view indexes_sql = R"(
SELECT i.indrelid, ic.relname, i.indisprimary, i.indisunique, i.indpred IS NOT NULL, i.indkey[k - 1],
       CASE WHEN i.indkey[k - 1] <= 0 THEN pg_get_indexdef(i.indexrelid, k, false) END
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid, generate_series(1, i.indnkeyatts) AS k
WHERE i.indrelid = ANY($1::oid[]) AND i.indisvalid
ORDER BY i.indrelid, ic.relname, k)";

// Those that fire for an ordinary session. Bits of tgtype: INSERT 4, DELETE 8, UPDATE 16.
constexpr std::string_view triggers_sql = R"(
SELECT t.tgrelid, t.tgname, t.tgtype & 8 <> 0, t.tgtype & 16 <> 0, t.tgtype & 4 <> 0
FROM pg_trigger t
WHERE t.tgrelid = ANY($1::oid[]) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
ORDER BY t.tgrelid, t.tgname)";

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
  struct Built {
    std::string_view type;
    ValueKind kind;
  };
  static constexpr std::array known{
      Built{"int2", ValueKind::number},         Built{"int4", ValueKind::number},
      Built{"int8", ValueKind::number},         Built{"float4", ValueKind::number},
      Built{"float8", ValueKind::number},       Built{"numeric", ValueKind::number},
      Built{"oid", ValueKind::number},          Built{"bool", ValueKind::boolean},
      Built{"json", ValueKind::json},           Built{"jsonb", ValueKind::json},
      Built{"timestamp", ValueKind::timestamp}, Built{"timestamptz", ValueKind::timestamptz},
      Built{"bytea", ValueKind::bytea},
  };
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Built& k) { return k.type == type; });
  return found == known.end() ? ValueKind::text : found->kind;
}

Tables read_tables(Connection& connection) {
  Tables tables;
  const auto result = connection.exec(tables_sql);
  for (std::size_t row = 0; row < result->rows(); ++row) {
    Known known;
    auto& table = known.table;
    table.name = {result->text(row, 1), result->text(row, 2)};
    table.kind = first_char(*result, row, 3, 'r');
    known.parent = result->text(row, 4);
    table.partition_key = result->text(row, 5);
    known.visible = is_true(*result, row, 6);
    table.readable = known.visible && is_true(*result, row, 7);
    table.row_security = is_true(*result, row, 8);
    table.estimated_rows = std::stod(result->text(row, 9));
    table.deletable = is_true(*result, row, 10);
    tables.emplace(result->text(row, 0), std::move(known));
  }
  for (auto& [oid, known] : tables) {
    const auto parent = tables.find(known.parent);
    if (parent != tables.end()) known.table.partition_of = parent->second.table.name;
  }
  return tables;
}

/// Empty for a column that another session made since the columns were read.
std::string name_of(const Known& known, const std::string& attnum) {
  const auto name = known.names.find(attnum);
  return name == known.names.end() ? std::string() : name->second;
}

/// What is read of some tables, in the order of their oids.
class PartsReader {
 public:
  PartsReader(Connection& connection, Tables& tables) : connection_(connection), tables_(tables) {
    std::vector<std::string> oids;
    for (const auto& [oid, known] : tables) oids.push_back(oid);
    oids_ = array_value(oids);
  }

  void run() {
    read_columns();
    read_foreign_keys();
    read_indexes();
    read_triggers();
  }

 private:
  struct Type {
    std::string name;
    char category = 'S';
    ValueKind kind = ValueKind::text;
    bool has_length = false;  ///< the modifier is one
    int modifier = -1;
    bool not_null = false;
  };

  [[nodiscard]] std::unique_ptr<Result> query(std::string_view sql) {
    return connection_.exec(sql, {oids_});
  }

  static Type type_at(const Result& result, std::size_t row, std::size_t column) {
    Type type;
    type.name = result.text(row, column);
    type.category = first_char(result, row, column + 1, 'S');
    type.kind =
        kind_of(type.category, result.text(row, column + 2), is_true(result, row, column + 3));
    type.has_length = is_true(result, row, column + 4);
    return type;
  }

  const Type& domain(const std::string& oid) {
    if (domains_.empty()) {
      const auto result = connection_.exec(domains_sql);
      for (std::size_t row = 0; row < result->rows(); ++row) {
        auto type = type_at(*result, row, 3);
        type.not_null = is_true(*result, row, 1);
        type.modifier = std::stoi(result->text(row, 2));
        domains_.emplace(result->text(row, 0), std::move(type));
      }
    }
    return domains_.at(oid);
  }

  void read_columns() {
    const auto result = query(columns_sql);
    for (std::size_t row = 0; row < result->rows(); ++row) {
      auto& known = tables_.at(result->text(row, 0));
      const auto type =
          is_true(*result, row, 9) ? domain(result->text(row, 8)) : type_at(*result, row, 10);
      CatalogueColumn column;
      column.name = result->text(row, 2);
      column.type = result->text(row, 3);
      column.base_type = type.name;
      column.category = type.category;
      column.kind = type.kind;
      column.not_null = type.not_null || is_true(*result, row, 4);
      column.generated = is_true(*result, row, 5);
      column.readable = known.visible && is_true(*result, row, 6);
      const auto modifier = std::max(type.modifier, std::stoi(result->text(row, 7)));
      constexpr int header = 4;
      if (type.has_length && modifier >= 0) column.max_length = modifier - header;
      known.names.emplace(result->text(row, 1), column.name);
      known.table.columns.push_back(std::move(column));
    }
  }

  void read_foreign_keys() {
    const auto result = query(foreign_keys_sql);
    for (std::size_t row = 0; row < result->rows(); ++row) {
      auto& known = tables_.at(result->text(row, 0));
      const auto target = tables_.find(result->text(row, 3));
      if (target == tables_.end()) continue;  // another session has made it since
      auto& keys = known.table.foreign_keys;
      auto name = result->text(row, 1);
      if (keys.empty() || keys.back().name != name) {
        CatalogueForeignKey key;
        key.name = std::move(name);
        key.target = target->second.table.name;
        key.on_delete = first_char(*result, row, 5, 'a');
        key.deferrable = is_true(*result, row, 6);
        keys.push_back(std::move(key));
      }
      keys.back().columns.push_back(name_of(known, result->text(row, 2)));
      keys.back().target_columns.push_back(name_of(target->second, result->text(row, 4)));
    }
  }

  void read_indexes() {
    const auto result = query(indexes_sql);
    for (std::size_t row = 0; row < result->rows();) {
      const auto first = row;
      const auto& names = tables_.at(result->text(first, 0)).names;
      auto& table = tables_.at(result->text(first, 0)).table;
      CatalogueIndex index;
      index.name = result->text(first, 1);
      index.unique = is_true(*result, first, 3);
      index.partial = is_true(*result, first, 4);
      bool expression = false;
      for (; row < result->rows() && result->at(row, 0) == result->at(first, 0) &&
             result->at(row, 1) == result->at(first, 1);
           ++row) {
        const auto name = names.find(result->text(row, 5));
        expression = expression || name == names.end();
        index.columns.push_back(name == names.end() ? result->text(row, 6) : name->second);
      }
      if (is_true(*result, first, 2)) {
        table.primary_key = index.columns;
      } else if (index.unique && !index.partial && !expression) {
        table.unique_keys.push_back(index.columns);
      }
      table.indexes.push_back(std::move(index));
    }
  }

  void read_triggers() {
    const auto result = query(triggers_sql);
    for (std::size_t row = 0; row < result->rows(); ++row) {
      tables_.at(result->text(row, 0))
          .table.triggers.push_back({result->text(row, 1), is_true(*result, row, 2),
                                     is_true(*result, row, 3), is_true(*result, row, 4)});
    }
  }

  Connection& connection_;
  Tables& tables_;
  std::string oids_;
  std::unordered_map<std::string, Type> domains_;
};

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
  PartsReader(connection, tables).run();
  for (auto& [oid, known] : tables) {
    auto name = known.table.name;
    catalogue.tables.emplace(std::move(name), std::move(known.table));
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

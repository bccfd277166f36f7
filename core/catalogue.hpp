#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/map/data_map.hpp"
#include "core/value_kind.hpp"

/// What a live database holds, as a value: read by core/pg/catalogue, or from a snapshot.
namespace dsar {

struct CatalogueColumn {
  std::string name;
  std::string
      type;  ///< format_type(), qualified where needed to be cast to: `bigint`, `helpdesk.mood`
  std::string
      base_type;        ///< the same with domains resolved and without length: `character varying`
  char category = 'S';  ///< pg_type.typcategory of the base type: N number, S string, A array, …
  ValueKind kind = ValueKind::text;
  bool not_null = false;
  bool generated = false;
  bool readable = true;           ///< the role may SELECT it
  std::optional<int> max_length;  ///< characters, of varchar(n) and char(n)
};

struct CatalogueForeignKey {
  std::string name;
  std::vector<std::string> columns;
  TableName target;
  std::vector<std::string> target_columns;
  char on_delete =
      'a';  ///< pg_constraint.confdeltype: a no action, r restrict, c cascade, n null, d default
  bool deferrable = false;
};

struct CatalogueIndex {
  std::string name;
  std::vector<std::string> columns;  ///< leading columns by name; an expression as its text
  bool unique = false;
  bool partial = false;
};

struct CatalogueTrigger {
  std::string name;
  bool on_delete = false;
  bool on_update = false;
  bool on_insert = false;
};

struct CatalogueTable {
  TableName name;
  char kind = 'r';  ///< pg_class.relkind: r table, p partitioned, v view, m materialized, f foreign
  std::optional<TableName> partition_of;
  std::string partition_key;   ///< pg_get_partkeydef, of a partitioned table
  bool readable = true;        ///< the role may read the table or at least one column
  bool deletable = true;       ///< the role may DELETE
  bool row_security = false;   ///< policies hide rows from this role: it cannot see
  double estimated_rows = -1;  ///< reltuples (summed over partitions); -1: never analysed
  std::vector<CatalogueColumn> columns;
  std::vector<std::string> primary_key;
  std::vector<std::vector<std::string>> unique_keys;
  std::vector<CatalogueForeignKey> foreign_keys;
  std::vector<CatalogueIndex> indexes;
  std::vector<CatalogueTrigger> triggers;
};

struct Catalogue {
  int server_version = 0;  ///< e.g. 150018
  std::string database;
  std::string role;
  std::map<TableName, CatalogueTable> tables;  ///< without system schemas
};

/// nullptr where there is no such table or column.
const CatalogueTable* find_table(const Catalogue& catalogue, const TableName& name);
const CatalogueColumn* find_column(const CatalogueTable& table, const std::string& name);

/// Whether the column is in a unique key of the table.
bool is_unique(const CatalogueTable& table, const std::string& column);

/// The table, which the map names. Throws Error (usage) where the database lacks it.
const CatalogueTable& live_table(const Catalogue& catalogue, const TableName& table);
/// The column, which the map names. Throws Error (usage) where the database lacks it.
const CatalogueColumn& live_column(const Catalogue& catalogue, const TableName& table,
                                   const std::string& column);

/// The columns that identify a row: the map's key, else the primary key, else none.
std::vector<std::string> row_key(const Table& mapped, const CatalogueTable& table);

}  // namespace dsar

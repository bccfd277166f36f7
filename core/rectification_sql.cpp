#include "core/rectification_sql.hpp"

#include "core/identity.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

const CatalogueColumn& column_of(const Catalogue& catalogue, const Place& place) {
  return live_column(catalogue, place.set.table->name, place.columns.front());
}

bool is_array(const CatalogueColumn& column) {
  return column.category == 'A';
}

/// A query of the values that the place holds in the row "t0", one column named `value`.
std::string values_query(const Catalogue& catalogue, const Place& place) {
  Parts queries;
  for (const auto& source : place.values) {
    if (place.json && is_array(column_of(catalogue, place))) {
      queries.push_back("SELECT jsonb_path_query(to_jsonb(" +
                        qualify("t0", source.json_column).text() + "), " +
                        string_literal(source.json_path) + "::jsonpath, '{}', true) #>> '{}'");
      continue;
    }
    const auto sql = source_sql(catalogue, place.set, source, "t0");
    queries.push_back(sql.several ? sql.text : "SELECT " + sql.text);
  }
  return "(SELECT value::text FROM (" + join(queries, " UNION ALL ") + ") AS q(value)) AS v(value)";
}

std::string compared(const Place& place) {
  return place.kind == nullptr ? "v.value" : normalised_sql(*place.kind, "v.value");
}

std::string is_old(const Place& place, const OldValues& old, SqlStatement& statement) {
  return compared(place) + " = ANY (" + statement.bind(array_value(old), "text[]") + ")";
}

/// `select` over the rows of every way, with a further condition on the row "t0".
std::string over_ways(const ReachContext& context, const SetRef& set,
                      const std::vector<ReachPath>& paths, std::size_t first,
                      const std::string& select, const std::string& condition,
                      SqlStatement& statement) {
  Parts branches;
  for (auto i = first; i < paths.size(); ++i) {
    auto branch = "SELECT " + select + " " + from_where(context, set, paths, i, statement);
    if (!condition.empty()) branch += " AND " + condition;
    branches.push_back(std::move(branch));
  }
  return join(branches, " UNION ALL ");
}

Parts address_of(const Catalogue& catalogue, const SetRef& set) {
  Parts columns;
  for (const auto& key : row_key(*set.table, live_table(catalogue, set.table->name)))
    columns.push_back(qualify("t0", key).text());
  if (columns.empty()) columns = {"\"t0\".tableoid", "\"t0\".ctid"};
  return columns;
}

/// The column as text. An array of JSON is one JSON text.
std::string as_text(const CatalogueColumn& column) {
  const auto name = qualify("t0", column.name).text();
  const bool json_array = column.base_type == "json[]" || column.base_type == "jsonb[]";
  return json_array ? "to_json(" + name + ")::text" : name + "::text";
}

/// The inverse, for the parameter of that number.
std::string from_text(const CatalogueColumn& column, const std::string& parameter) {
  const bool json_array = column.base_type == "json[]" || column.base_type == "jsonb[]";
  if (!json_array) return parameter;
  const auto one = column.base_type.substr(0, column.base_type.size() - 2);
  return "ARRAY(SELECT CASE WHEN o.v IS NOT NULL THEN e.value END FROM " + one +
         "_array_elements(" + parameter + "::" + one +
         ") WITH ORDINALITY AS e(value, n) JOIN unnest(" + qualify("t0", column.name).text() +
         ") WITH ORDINALITY AS o(v, n) USING (n) ORDER BY n)";
}

std::string replaced_elements(const CatalogueColumn& column,
                              const std::vector<std::string>& spellings, const std::string& value,
                              SqlStatement& statement) {
  auto one = column.base_type;
  if (one.ends_with("[]")) one.resize(one.size() - 2);
  return "(SELECT array_agg(CASE WHEN u.v::text = ANY (" +
         statement.bind(array_value(spellings), "text[]") + ") THEN " + statement.bind(value, one) +
         " ELSE u.v END ORDER BY u.n) FROM unnest(" + qualify("t0", column.name).text() +
         ") WITH ORDINALITY AS u(v, n))::text";
}

}  // namespace

SqlStatement spellings_statement(const ReachContext& context, const Place& place,
                                 const OldValues& old) {
  SqlStatement statement;
  const auto select = "unnest(ARRAY(SELECT v.value FROM " + values_query(context.catalogue, place) +
                      " WHERE " + is_old(place, old, statement) + ")) AS value";
  statement.text =
      "SELECT DISTINCT value FROM (" +
      over_ways(context, place.set, place.paths, place.first_path, select, {}, statement) +
      ") AS r ORDER BY value";
  return statement;
}

SqlStatement distinct_statement(const ReachContext& context, const Place& place) {
  SqlStatement statement;
  const auto select = "unnest(ARRAY(SELECT " + compared(place) + " FROM " +
                      values_query(context.catalogue, place) + ")) AS value";
  statement.text =
      "SELECT DISTINCT value FROM (" +
      over_ways(context, place.set, place.paths, place.first_path, select, {}, statement) +
      ") AS r WHERE value <> '' ORDER BY value";
  return statement;
}

SqlStatement found_statement(const ReachContext& context, const Place& place, const OldValues& old,
                             const std::vector<std::string>& spellings, const std::string& value) {
  SqlStatement statement;
  const auto values = values_query(context.catalogue, place);
  auto condition =
      "EXISTS (SELECT 1 FROM " + values + " WHERE " + is_old(place, old, statement) + ")";
  if (place.json)
    condition = "(" + condition + " OR EXISTS (SELECT 1 FROM unnest(" +
                statement.bind(array_value(spellings), "text[]") + ") AS s(text) WHERE strpos(" +
                as_text(column_of(context.catalogue, place)) + ", s.text) > 0))";
  Parts select;
  for (const auto& part : address_of(context.catalogue, place.set))
    select.push_back(part + "::text");
  for (const auto& name : place.columns)
    select.push_back(as_text(live_column(context.catalogue, place.set.table->name, name)));
  if (place.array())
    select.push_back(
        replaced_elements(column_of(context.catalogue, place), spellings, value, statement));
  if (place.part()) select.push_back("(SELECT v.value FROM " + values + " LIMIT 1)");
  statement.text = over_ways(context, place.set, place.paths, place.first_path, join(select, ", "),
                             condition, statement) +
                   " ORDER BY 1, 2";
  return statement;
}

SqlStatement empty_statement(const ReachContext& context, const Place& place) {
  SqlStatement statement;
  const auto column = as_text(column_of(context.catalogue, place));
  Parts select;
  for (const auto& part : address_of(context.catalogue, place.set))
    select.push_back(part + "::text");
  select.push_back(column);
  statement.text = over_ways(context, place.set, place.paths, place.first_path, join(select, ", "),
                             "coalesce(" + column + ", '') = ''", statement) +
                   " ORDER BY 1";
  return statement;
}

SqlStatement rewrite_statement(const Catalogue& catalogue, const SetRef& set,
                               const std::vector<std::string>& address, const NewText& text) {
  const auto& table = live_table(catalogue, set.table->name);
  const auto key = row_key(*set.table, table);
  const auto& column = *find_column(table, text.column);
  SqlStatement statement;
  const auto assignment =
      quote(text.column) + (" = " + from_text(column, statement.bind_as_column(text.after)));
  Parts conditions{as_text(column) + " IS NOT DISTINCT FROM " +
                   statement.bind(text.before, "text")};
  Parts returned;
  const auto parts = address_of(catalogue, set);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto type =
        key.empty() ? std::string(i == 0 ? "oid" : "tid") : find_column(table, key[i])->type;
    conditions.push_back(parts[i] + " = " + statement.bind(address.at(i), type));
    returned.push_back(parts[i] + "::text");
  }
  returned.push_back(as_text(column));
  statement.text = "UPDATE " + quote(table.name) + (" AS \"t0\" SET " + assignment) + " WHERE " +
                   join(conditions, " AND ") + " RETURNING " + join(returned, ", ");
  return statement;
}

SqlStatement column_statement(const Catalogue& catalogue, const SetRef& set,
                              const std::string& column) {
  Parts select;
  for (const auto& part : address_of(catalogue, set)) select.push_back(part + "::text");
  select.push_back(as_text(live_column(catalogue, set.table->name, column)));
  SqlStatement statement;
  statement.text =
      "SELECT " + join(select, ", ") + " FROM " + quote(set.table->name) + (" AS \"t0\"");
  return statement;
}

std::vector<SqlStatement> mention_statements(const ReachContext& context,
                                             const SetSelection& selection,
                                             const std::vector<std::string>& columns,
                                             const std::vector<std::string>& texts) {
  std::vector<SqlStatement> statements;
  for (std::size_t way = 0; way < selection.paths.size(); ++way) {
    SqlStatement statement;
    const auto sought = statement.bind(array_value(texts), "text[]");
    Parts counts;
    for (const auto& column : columns)
      counts.push_back("count(*) FILTER (WHERE EXISTS (SELECT 1 FROM unnest(" + sought +
                       ") AS s(text) WHERE strpos(lower(" + qualify("t0", column).text() +
                       "::text), s.text) > 0))");
    statement.text = "SELECT " + join(counts, ", ") + " " +
                     from_where(context, selection.set, selection.paths, way, statement);
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace dsar

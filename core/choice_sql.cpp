#include "core/choice_sql.hpp"

#include <algorithm>
#include <iterator>

namespace dsar {

std::vector<ChoiceColumn> choice_columns(const std::vector<SetSelection>& selections,
                                         const std::vector<SubjectChoice>& choices,
                                         const std::string& purpose) {
  std::vector<ChoiceColumn> columns;
  for (const auto choice : choices) {
    for (const auto& selection : selections) {
      const auto& set = *selection.set.set;
      const auto named = set.recorded_in.find(choice);
      if (named == set.recorded_in.end() || (!purpose.empty() && set.purpose_in.empty())) continue;
      ChoiceColumn column{selection.set, named->second, {}};
      std::copy_if(selection.paths.begin(), selection.paths.end(), std::back_inserter(column.paths),
                   [](const ReachPath& path) { return path.relation != Relation::mentions; });
      if (!column.paths.empty()) columns.push_back(std::move(column));
    }
  }
  return columns;
}

SqlStatement choice_statement(const ReachContext& context, const ChoiceColumn& column,
                              const std::string& purpose, const std::string& at, bool lifted) {
  const auto& table = live_table(context.catalogue, column.set.table->name);
  const auto& type = find_column(table, column.column)->base_type;
  const bool flag = type == "boolean";
  SqlStatement statement;
  const auto moment = statement.bind(at, "timestamp with time zone");
  // A session of ours is in UTC.
  const std::string value =
      flag ? (lifted ? "false" : "true") : (lifted ? "NULL" : moment + "::" + type);
  const auto cell = qualify("t0", column.column).text();
  const auto there = flag ? cell : cell + " IS NOT NULL";
  std::vector<std::string> address;
  for (const auto& key : row_key(*column.set.table, table))
    address.push_back(qualify("t0", key).text());
  // A role that may read only some of the columns may not read the row's place.
  if (address.empty()) address = {"\"t0\".tableoid", "\"t0\".ctid"};
  const auto row = join(address, ", ");
  std::vector<std::string> branches;
  for (std::size_t way = 0; way < column.paths.size(); ++way)
    branches.push_back("SELECT " + row + " " +
                       from_where(context, column.set, column.paths, way, statement));
  std::string condition = "(" + row + ") IN (" + join(branches, " UNION ALL ") + ") AND " +
                          (lifted ? "(" + there + ")" : "(" + there + ") IS NOT TRUE");
  if (!purpose.empty())
    condition += " AND " + qualify("t0", column.set.set->purpose_in).text() +
                 "::text = " + statement.bind(purpose, "text");
  // Used in every form of the statement, so that its type is known.
  statement.text = "UPDATE " + quote(table.name) +
                   (" AS \"t0\" SET " + quote(column.column).text()) + " = " + value + " WHERE " +
                   condition + " AND " + moment + " IS NOT NULL";
  return statement;
}

}  // namespace dsar

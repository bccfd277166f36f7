#include "core/selection.hpp"

#include <algorithm>
#include <set>

#include "core/sql_fragment.hpp"
#include "core/visibility.hpp"

namespace dsar {
namespace {

bool needs_to_json(const CatalogueColumn& column) {
  return column.kind == ValueKind::json && column.base_type != "json" &&
         column.base_type != "jsonb";
}

std::string in_row(const SqlFragment& fragment) {
  return "(" + bind_aliases(fragment.text, {{"this", "t0"}}) + ")";
}

void select_columns(const ReachContext& context, SetSelection& selection) {
  const auto& table = live_table(context.catalogue, selection.set.table->name);
  const auto& name = selection.set.set->name;
  for (const auto& column : table.columns) {
    const auto what = name + "." + column.name;
    const auto* rule = column_rule(selection.set, column.name);
    if (rule == nullptr) {
      selection.unclassified.push_back({what, "the map does not say what it holds"});
    } else if (rule->use == ColumnUse::secret) {
      selection.secrets.push_back({what, "a secret, such as a password hash"});
    } else if (!column.readable) {
      selection.cannot_see.push_back(
          {what, "no SELECT privilege on " + table.name.text() + "." + column.name});
    } else {
      SelectedColumn selected{
          {column.name, column.kind}, rule, column.kind == ValueKind::bytea, {}};
      if (selected.bytes) selected.column.kind = ValueKind::number;
      for (const auto& party : rule->third_parties) {
        selected.when.push_back(party.when ? std::optional(selection.hidden++) : std::nullopt);
      }
      selection.columns.push_back(std::move(selected));
    }
  }
}

/// Several ways may be closed for one reason.
void add_once(std::vector<Omission>& omissions, Omission omission) {
  const auto same = [&](const Omission& other) {
    return other.what == omission.what && other.reason == omission.reason;
  };
  if (std::none_of(omissions.begin(), omissions.end(), same))
    omissions.push_back(std::move(omission));
}

/// What the rows are ordered by, and what addresses one of them.
std::vector<std::string> address_columns(const SetSelection& selection) {
  std::vector<std::string> columns;
  for (const auto& key : selection.key) columns.push_back(qualify("t0", key).text());
  if (columns.empty()) columns = {"\"t0\".tableoid", "\"t0\".ctid"};
  return columns;
}

/// `select` over every way, each row once.
std::string over_paths(const ReachContext& context, const SetSelection& selection,
                       const std::string& select, const std::string& further_condition,
                       SqlStatement& statement) {
  std::vector<std::string> branches;
  for (std::size_t i = 0; i < selection.paths.size(); ++i) {
    auto branch = "SELECT " + select + " " +
                  from_where(context, selection.set, selection.paths, i, statement);
    if (!further_condition.empty()) branch += " AND " + further_condition;
    branches.push_back(std::move(branch));
  }
  return join(branches, " UNION ALL ");
}

}  // namespace

std::string describe(const SetSelection& selection) {
  std::vector<std::string> ways;
  for (const auto& path : selection.paths) ways.push_back(describe(path));
  return join(ways, "; ");
}

std::vector<SetSelection> select_sets(const ReachContext& context) {
  std::vector<SetSelection> selections;
  for (const auto& reach : plan_reach(context.map)) {
    SetSelection selection;
    selection.set = reach.set;
    for (auto& path : live_paths(reach, context.keys)) {
      if (auto why = cannot_read(context, reach.set, path))
        add_once(selection.cannot_see, {reach.set.set->name, *why});
      else
        selection.paths.push_back(std::move(path));
    }
    if (!selection.paths.empty()) {
      select_columns(context, selection);
      selection.key =
          row_key(*reach.set.table, live_table(context.catalogue, reach.set.table->name));
    }
    if (!selection.paths.empty() || !selection.cannot_see.empty())
      selections.push_back(std::move(selection));
  }
  return selections;
}

void add_unseen(const DataMap& map, const std::string& subject, const std::vector<Omission>& roots,
                std::vector<SetSelection>& selections) {
  const auto add = [&](const SetRef& ref, const std::string& reason) {
    auto known = std::find_if(selections.begin(), selections.end(),
                              [&](const SetSelection& one) { return one.set.set == ref.set; });
    if (known == selections.end()) {
      known = selections.emplace(selections.end());
      known->set = ref;
    }
    add_once(known->cannot_see, {ref.set->name, reason});
  };
  const auto unseen = [&](const ReachPath& path) {
    return path.root.set->subject == subject &&
           std::any_of(roots.begin(), roots.end(),
                       [&](const Omission& root) { return root.what == path.root.set->name; });
  };
  std::set<std::string> named;
  for (const auto& selection : selections) named.insert(selection.set.set->name);
  for (const auto& root : roots) {
    add(find_set(map, root.what), root.reason);
    named.insert(root.what);
  }
  for (const auto& reach : plan_reach(map)) {
    if (named.count(reach.set.set->name) != 0) continue;
    const auto path = std::find_if(reach.paths.begin(), reach.paths.end(), unseen);
    if (path != reach.paths.end())
      add(reach.set, "reached from " + path->root.set->name + ", which cannot be seen");
  }
}

SqlStatement rows_statement(const ReachContext& context, const SetSelection& selection) {
  const auto& table = live_table(context.catalogue, selection.set.table->name);
  std::vector<std::string> select;
  std::vector<std::string> hidden(selection.hidden);
  for (const auto& selected : selection.columns) {
    const auto column = qualify("t0", selected.column.name).text();
    if (selected.bytes)
      select.push_back("octet_length(" + column + ")");
    else if (needs_to_json(*find_column(table, selected.column.name)))
      select.push_back("to_json(" + column + ")");
    else
      select.push_back(column);
    for (std::size_t i = 0; i < selected.when.size(); ++i) {
      if (const auto& column_index = selected.when[i])
        hidden[*column_index] = "(" + in_row(*selected.rule->third_parties[i].when) + " IS TRUE)";
    }
  }
  select.insert(select.end(), hidden.begin(), hidden.end());
  // The order is by columns of the row itself, also where several ways are put together.
  const auto order = address_columns(selection);
  std::vector<std::string> positions;
  for (const auto& column : order) {
    select.push_back(column);
    positions.push_back(std::to_string(select.size()));
  }
  SqlStatement statement;
  statement.text = over_paths(context, selection, join(select, ", "), {}, statement) +
                   " ORDER BY " + join(positions, ", ");
  return statement;
}

SqlStatement count_statement(const ReachContext& context, const SetSelection& selection) {
  SqlStatement statement;
  statement.text =
      "SELECT count(*) FROM (" + over_paths(context, selection, "1", {}, statement) + ") AS r";
  return statement;
}

SqlStatement bytes_statement(const ReachContext& context, const SetSelection& selection,
                             const std::string& column) {
  const auto value = qualify("t0", column).text();
  std::vector<std::string> select{"octet_length(" + value + ")"};
  std::vector<std::string> positions;
  const auto address = address_columns(selection);
  for (const auto& part : address) select.push_back(part + "::text");
  for (const auto& part : address) {
    select.push_back(part);
    positions.push_back(std::to_string(select.size()));
  }
  SqlStatement statement;
  statement.text =
      over_paths(context, selection, join(select, ", "), value + " IS NOT NULL", statement) +
      " ORDER BY " + join(positions, ", ");
  return statement;
}

SqlStatement chunk_statement(const ReachContext& context, const SetSelection& selection,
                             const std::string& column, const std::vector<std::string>& address) {
  const auto& table = live_table(context.catalogue, selection.set.table->name);
  const auto parts = address_columns(selection);
  SqlStatement statement;
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto type = selection.key.empty() ? std::string(i == 0 ? "oid" : "tid")
                                            : find_column(table, selection.key[i])->type;
    conditions.push_back(parts[i] + " = " + statement.bind(address.at(i), type));
  }
  const auto next = statement.params().size();
  statement.text = "SELECT substring(" + qualify("t0", column).text() + " from $" +
                   std::to_string(next + 1) + "::integer for $" + std::to_string(next + 2) +
                   "::integer) FROM " + quote(table.name) + " AS \"t0\" WHERE " +
                   join(conditions, " AND ");
  return statement;
}

std::vector<SqlStatement> object_statements(const ReachContext& context,
                                            const SetSelection& selection) {
  std::vector<SqlStatement> statements;
  for (const auto& rule : selection.set.set->objects) {
    const auto key = in_row(rule.key);
    SqlStatement statement;
    const auto select = string_literal(rule.store) + "::text, " + key + "::text";
    statement.text =
        over_paths(context, selection, select, key + " IS NOT NULL", statement) + " ORDER BY 2";
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::vector<Column> stream_columns(const SetSelection& selection) {
  std::vector<Column> columns;
  for (const auto& selected : selection.columns) columns.push_back(selected.column);
  const auto address = selection.key.empty() ? 2 : selection.key.size();
  for (std::size_t i = 0; i < selection.hidden; ++i)
    columns.push_back({"when " + std::to_string(i), ValueKind::boolean});
  for (std::size_t i = 0; i < address; ++i)
    columns.push_back({"order " + std::to_string(i), ValueKind::text});
  return columns;
}

}  // namespace dsar

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/health.hpp"
#include "core/identity.hpp"
#include "core/map/read_access.hpp"
#include "core/reach.hpp"
#include "core/sql.hpp"
#include "core/sql_fragment.hpp"
#include "core/visibility.hpp"

namespace dsar {

namespace {

constexpr double large_table = 10000;  // rows; below, reading all of it is quick

std::string grant_select(const Catalogue& catalogue, const TableName& table,
                         const std::set<std::string>& columns) {
  std::vector<std::string> quoted;
  for (const auto& column : columns) quoted.push_back(quote(column).text());
  const auto list = quoted.empty() ? std::string{} : " (" + join(quoted, ", ") + ")";
  return "GRANT SELECT" + list + " ON TABLE " + quote(table).text() + " TO " +
         quote(catalogue.role).text() + ";";
}

/// `a, b, c and 7 more`
std::string some_of(std::vector<std::string> names) {
  constexpr std::size_t enough = 5;
  const auto count = names.size();
  if (count > enough) names.resize(enough);
  return join(names, ", ") +
         (count > enough ? " and " + std::to_string(count - enough) + " more" : "");
}

class AccessCheck {
 public:
  explicit AccessCheck(const Catalogue& catalogue) : catalogue_(catalogue) {}

  void check(const ReadAccess& wanted) {
    const auto name = wanted.table.text();
    const auto* table = find_table(catalogue_, wanted.table);
    if (table == nullptr) {
      missing_.push_back(name);
    } else if (table->row_security) {
      lines_.push_back(
          cannot_see("row-level security hides rows of " + name + " from this role",
                     "Write a policy that shows this role every row, or give it BYPASSRLS."));
    } else if (!table->readable) {
      const auto schema = quote(wanted.table.schema).text();
      lines_.push_back(cannot_see(
          "no SELECT privilege on " + name,
          "Run: GRANT USAGE ON SCHEMA " + schema + " TO " + quote(catalogue_.role).text() + "; " +
              grant_select(catalogue_, wanted.table,
                           wanted.has_secrets ? wanted.columns : std::set<std::string>{})));
    } else {
      check_columns(wanted, *table);
    }
  }

  [[nodiscard]] std::vector<HealthLine> lines(std::size_t wanted) const {
    auto all = lines_;
    if (!missing_.empty()) {
      all.insert(all.begin(), cannot_see("the database lacks " + std::to_string(missing_.size()) +
                                             " of what the map reads: " + some_of(missing_),
                                         "Run 'dsarctl map check', or choose another database."));
    }
    if (all.empty()) {
      all.push_back({"access", Health::ok,
                     "sees all " + std::to_string(wanted) + " tables that the map reads", ""});
    }
    return all;
  }

 private:
  static HealthLine cannot_see(const std::string& message, std::string hint) {
    return {"access", Health::error, message, std::move(hint)};
  }

  void check_columns(const ReadAccess& wanted, const CatalogueTable& table) {
    std::set<std::string> closed;
    for (const auto& name : wanted.columns) {
      const auto* column = find_column(table, name);
      if (column == nullptr) {
        missing_.push_back(wanted.table.text() + "." + name);
      } else if (!column->readable) {
        closed.insert(name);
      }
    }
    if (closed.empty()) return;
    lines_.push_back(cannot_see("no SELECT privilege on " + wanted.table.text() + " (" +
                                    join({closed.begin(), closed.end()}, ", ") + ")",
                                "Run: " + grant_select(catalogue_, wanted.table, closed)));
  }

  const Catalogue& catalogue_;
  std::vector<HealthLine> lines_;
  std::vector<std::string> missing_;
};

/// The record sets that can be read but not found: they hang on nothing but roots in which the role
/// cannot look for anybody.
std::optional<HealthLine> behind_closed_roots(const DataMap& map, const Catalogue& catalogue) {
  std::set<std::string> closed;
  for (const auto& ref : record_sets(map)) {
    if (!ref.set->identities.empty() && cannot_search(catalogue, ref)) closed.insert(ref.set->name);
  }
  std::vector<std::string> behind;
  std::set<std::string> roots;
  for (const auto& reach : plan_reach(map)) {
    const auto& paths = reach.paths;
    const bool hidden = std::all_of(paths.begin(), paths.end(), [&](const ReachPath& path) {
      return closed.contains(path.root.set->name);
    });
    if (paths.empty() || !hidden || closed.contains(reach.set.set->name)) continue;
    if (cannot_read(catalogue, reach.set.table->name, {})) continue;  // has a line of its own
    behind.push_back(reach.set.set->name);
    for (const auto& path : paths) roots.insert(path.root.set->name);
  }
  if (behind.empty()) return std::nullopt;
  const auto sets = std::to_string(behind.size()) +
                    (behind.size() == 1 ? " set that hangs on " : " sets that hang on ");
  return HealthLine{"access", Health::error,
                    "finds no rows of " + sets + join({roots.begin(), roots.end()}, ", ") +
                        " alone: " + some_of(std::move(behind)),
                    "Open what cannot be seen of these first."};
}

/// An expression without what may be written one way or another.
std::string without_brackets(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](char c) { return c == '(' || c == ')' || c == ' ' || c == '"'; }),
             text.end());
  return text;
}

/// And without casts to text, which PostgreSQL leaves out where the column is text already.
std::string without_casts(std::string text) {
  for (std::size_t at = 0; (at = text.find("::text", at)) != std::string::npos;) text.erase(at, 6);
  return without_brackets(std::move(text));
}

/// Whether an index begins, within its first `depth` columns, with one that `serves`.
template <typename Serves>
bool has_index(const CatalogueTable& table, bool partial_may_do, std::size_t depth,
               const Serves& serves) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const CatalogueIndex& index) {
    if (index.partial && !partial_may_do) return false;
    const auto end = static_cast<std::ptrdiff_t>(std::min(depth, index.columns.size()));
    return std::any_of(index.columns.begin(), index.columns.begin() + end, serves);
  });
}

class IndexCheck {
 public:
  explicit IndexCheck(const Catalogue& catalogue) : catalogue_(catalogue) {}

  /// `expression`: over columns of the table, without an alias; `what` names it. A cast that is all
  /// of it matters; within functions PostgreSQL writes it or not.
  void want_expression(const TableName& name, bool partial_may_do, const std::string& what,
                       const std::string& expression, bool casts_matter) {
    const auto* table = large(name);
    if (table == nullptr) return;
    const auto form = casts_matter ? without_brackets : without_casts;
    const auto serves = [&](const std::string& column) { return form(column) == form(expression); };
    if (has_index(*table, partial_may_do, 1, serves)) return;
    report(*table, what, "(" + expression + ")");
  }

  /// One of `columns` among an index's first two serves: the other may be told by a predicate.
  void want_one_of(const TableName& name, bool partial_may_do,
                   const std::vector<std::string>& columns) {
    const auto* table = large(name);
    if (table == nullptr || columns.empty()) return;
    const auto serves = [&](const std::string& column) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    if (has_index(*table, partial_may_do, 2, serves)) return;
    std::vector<std::string> quoted;
    for (const auto& column : columns) quoted.push_back(quote(column).text());
    report(*table, join(columns, ", "), join(quoted, ", "));
  }

  std::vector<HealthLine> lines;

 private:
  /// Views and foreign tables have no indexes of ours to advise on.
  [[nodiscard]] const CatalogueTable* large(const TableName& name) const {
    const auto* table = find_table(catalogue_, name);
    if (table == nullptr || table->estimated_rows < large_table) return nullptr;
    return table->kind == 'r' || table->kind == 'p' || table->kind == 'm' ? table : nullptr;
  }

  void report(const CatalogueTable& table, const std::string& what, const std::string& key) {
    if (!reported_.emplace(table.name, key).second) return;
    const auto rows = std::to_string(static_cast<long long>(table.estimated_rows));
    lines.push_back({"index", Health::warning,
                     table.name.text() + ", some " + rows + " rows, has no index on " + what +
                         ": finding a subject reads all of it",
                     std::string("Run: CREATE INDEX ") +
                         (table.kind == 'p' ? "" : "CONCURRENTLY ") + "ON " +
                         quote(table.name).text() + " (" + key + ");"});
  }

  const Catalogue& catalogue_;
  std::set<std::pair<TableName, std::string>> reported_;
};

void check_identity(const DataMap& map, const Catalogue& catalogue, const SetRef& ref,
                    const IdentitySource& source, IndexCheck& check) {
  const auto* kind = find_identity(map, source.kind);
  // What several values come from is searched row by row.
  if (kind == nullptr || !source.via.empty() || source.array || !source.json_column.empty()) return;
  const bool partial_may_do = ref.set->predicate.has_value();
  if (kind->normalisation == Normalisation::exact && source.columns.size() == 1) {
    const auto* table = find_table(catalogue, ref.table->name);
    const auto& name = source.columns.front();
    const auto* column = table == nullptr ? nullptr : find_column(*table, name);
    if (column != nullptr && compares_as_itself(column->base_type)) {
      check.want_one_of(ref.table->name, partial_may_do, {name});
      return;
    }
  }
  std::string expression;
  if (source.expression) {
    expression = source.expression->text;
    if (expression.find('.') != std::string::npos) return;  // qualified: not as it stands
  } else if (source.columns.size() == 1) {
    expression = quote(source.columns.front()).text();
  } else {
    std::vector<std::string> parts;
    for (const auto& column : source.columns) parts.push_back(quote(column).text() + "::text");
    expression = "(" + join(parts, " || ") + ")";
  }
  const bool exact = kind->normalisation == Normalisation::exact;
  const auto compared = normalised_sql(*kind, expression);
  check.want_expression(ref.table->name, partial_may_do,
                        exact ? compared : expression + " as " + kind->name + " is compared",
                        compared, exact);
}

std::vector<std::string> near_columns(const std::vector<ColumnPair>& pairs) {
  std::vector<std::string> columns;
  for (const auto& pair : pairs) columns.push_back(pair.near);
  return columns;
}

/// From the subject outwards each table is entered by the columns that point towards the subject.
void check_link(const SetRef& ref, const Link& link, IndexCheck& check) {
  bool partial_may_do = ref.set->predicate.has_value() || link.on.has_value();
  auto table = ref.table->name;
  for (const auto& hop : link.via) {
    check.want_one_of(table, partial_may_do || hop.on.has_value(), near_columns(hop.match));
    table = hop.table;
    partial_may_do = link.on.has_value();
  }
  check.want_one_of(table, partial_may_do, near_columns(link.match));
}

}  // namespace

std::vector<HealthLine> check_access(const DataMap& map, const Catalogue& catalogue) {
  AccessCheck check(catalogue);
  const auto wanted = read_access(map);
  for (const auto& table : wanted) check.check(table);
  auto lines = check.lines(wanted.size());
  if (auto behind = behind_closed_roots(map, catalogue)) lines.push_back(std::move(*behind));
  return lines;
}

std::vector<HealthLine> check_indexes(const DataMap& map, const Catalogue& catalogue) {
  IndexCheck check(catalogue);
  for (const auto& ref : record_sets(map)) {
    for (const auto& source : ref.set->identities) {
      check_identity(map, catalogue, ref, source, check);
    }
    for (const auto& link : ref.set->links) check_link(ref, link, check);
  }
  if (check.lines.empty()) {
    check.lines.push_back(
        {"index", Health::ok, "finding a subject reads no large table from end to end", ""});
  }
  return check.lines;
}

}  // namespace dsar

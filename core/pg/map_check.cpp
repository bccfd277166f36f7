#include "core/pg/map_check.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "core/identity.hpp"
#include "core/map/personal_looking.hpp"
#include "core/reach.hpp"
#include "core/sql_fragment.hpp"
#include "core/sql_lexer.hpp"
#include "core/sql_roles.hpp"
#include "core/visibility.hpp"

namespace dsar::pg {
namespace {

/// How many values of a column are looked at for content that seems personal.
constexpr std::size_t sample_rows = 200;

std::string bound(const SqlFragment& fragment) {
  return "(" + bind_aliases(fragment.text, {{"this", "t0"}}) + ")";
}

class LiveChecker {
 public:
  LiveChecker(Connection& connection, const DataMap& map, const Catalogue& catalogue)
      : connection_(connection), map_(map), catalogue_(catalogue) {}

  std::vector<Finding> run() {
    check_tenants();
    for (const auto& table : map_.tables) {
      if (find_table(catalogue_, table.name) == nullptr) continue;
      for (const auto& set : table.sets) check_set({&table, &set});
      check_coverage(table);
      check_content(table);
    }
    check_links();
    check_volatility();
    return findings_.take();
  }

 private:
  /// Runs `work` so that a failure leaves the transaction as it was; gives the server's words.
  std::string attempt(const std::function<void()>& work) {
    connection_.exec("SAVEPOINT dsar_check");
    try {
      work();
      connection_.exec("RELEASE SAVEPOINT dsar_check");
      return {};
    } catch (const ServerError& error) {
      connection_.exec("ROLLBACK TO SAVEPOINT dsar_check");
      return error.what();
    }
  }

  std::string fails_to_prepare(const std::string& sql) {
    return attempt([&] {
      connection_.exec("PREPARE dsar_check AS " + sql);
      connection_.exec("DEALLOCATE dsar_check");
    });
  }

  void note_functions(const SqlFragment& fragment, const std::string& subject) {
    const auto tokens = lex_sql(fragment.text);
    const auto roles = sql_roles(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (roles[i] == SqlRole::function)
        calls_.push_back({tokens[i].name, subject, fragment.where});
    }
  }

  void check_fragment_of(const TableName& table, const SqlFragment& fragment,
                         const std::string& subject, const std::string& what,
                         bool condition = false) {
    note_functions(fragment, subject);
    const auto from = " FROM " + quote(table) + " AS \"t0\"";
    const auto sql = condition ? "SELECT 1" + from + " WHERE " + bound(fragment)
                               : "SELECT " + bound(fragment) + from;
    if (const auto problem = fails_to_prepare(sql); !problem.empty())
      findings_.add("bad-fragment", subject, what + " does not prepare: " + problem,
                    "Correct the fragment in the map.", fragment.where);
  }

  void check_tenants() {
    if (!map_.tenants || find_table(catalogue_, map_.tenants->table) == nullptr) return;
    const auto& tenants = *map_.tenants;
    const auto check = [&](const std::optional<SqlFragment>& fragment, const std::string& what) {
      if (fragment) check_fragment_of(tenants.table, *fragment, "tenants", what);
    };
    check(tenants.display_name, "the display name");
    check(tenants.contact, "the contact");
    check(tenants.policy, "the policy");
    check(tenants.zone, "the zone");
    for (const auto& event : tenants.events) {
      check(event.expression, "the event " + event.event);
      if (event.unless)
        check_fragment_of(tenants.table, *event.unless, "tenants",
                          "the condition of " + event.event, true);
    }
    for (const auto& override_rule : map_.overrides) check(override_rule.expression, "an override");
  }

  void check_set(const SetRef& ref) {
    const auto& table = ref.table->name;
    const auto& set = *ref.set;
    if (set.predicate)
      check_fragment_of(table, *set.predicate, set.name, "the record set's condition", true);
    for (const auto& event : set.events)
      check_fragment_of(table, event.expression, set.name, "the event " + event.event);
    for (const auto& object : set.objects)
      check_fragment_of(table, object.key, set.name, "an object's key");
    for (const auto& [column, expression] : set.erase.repoint)
      check_fragment_of(table, expression, set.name, "what " + column + " is pointed to");
    for (const auto& rules : {&ref.table->columns, &set.columns}) {
      for (const auto& rule : *rules) check_third_party(ref, rule);
    }
    if (set.clock) check_clock(ref, *set.clock);
    check_identities(ref);
  }

  void check_third_party(const SetRef& ref, const ColumnRule& rule) {
    const auto check = [&](const ThirdParty& third_party) {
      if (third_party.when)
        check_fragment_of(ref.table->name, *third_party.when,
                          ref.table->name.text() + "." + rule.name, "the third party's condition",
                          true);
    };
    for (const auto& party : rule.third_parties) check(party);
    for (const auto& path : rule.json) {
      if (path.third_party) check(*path.third_party);
    }
  }

  void check_clock(const SetRef& ref, const Clock& clock) {
    if (clock.masked_when)
      check_fragment_of(ref.table->name, *clock.masked_when, ref.set->name,
                        "the condition masked_when", true);
    if (!clock.expression) return;
    check_fragment_of(ref.table->name, *clock.expression, ref.set->name, "the clock");
    std::string type;
    const auto problem = attempt([&] {
      // A row of NULLs has the expression's type, also where the table is empty.
      type = connection_
                 .exec("SELECT pg_typeof(" + bound(*clock.expression) +
                       ")::text FROM (VALUES (1)) AS v(x) LEFT JOIN " + quote(ref.table->name) +
                       " AS \"t0\" ON false")
                 ->text(0, 0);
    });
    if (!problem.empty()) return;  // reported above, or by missing-column
    static const std::set<std::string> dates{"date", "timestamp without time zone",
                                             "timestamp with time zone"};
    static const std::set<std::string> numbers{"smallint", "integer", "bigint",
                                               "numeric",  "real",    "double precision"};
    const auto fits = clock.epoch == EpochUnit::none ? dates.count(type) : numbers.count(type);
    if (fits == 0)
      findings_.add("clock-type", ref.set->name, "the clock is of type " + type,
                    "It has to be a date or a timestamp; of a number say its \"epoch\".",
                    clock.where);
  }

  void check_identities(const SetRef& ref) {
    for (const auto& source : ref.set->identities) {
      if (source.expression) note_functions(*source.expression, ref.set->name);
      if (find_identity(map_, source.kind) == nullptr) continue;
      const auto sql = source_sql(catalogue_, ref, source, "t0");
      const auto value =
          normalised_sql(*find_identity(map_, source.kind), sql.several ? "v.value" : sql.text);
      const auto from = quote(ref.table->name) + std::string(" AS \"t0\"");
      const auto problem =
          fails_to_prepare(sql.several ? "SELECT (SELECT max(" + value + ") FROM (" + sql.text +
                                             ") AS v(value)) FROM " + from
                                       : "SELECT " + value + " FROM " + from);
      if (!problem.empty())
        findings_.add("bad-identity", ref.set->name,
                      "the identity " + source.kind + " does not prepare: " + problem,
                      "Correct the identity in the map.", source.where);
    }
  }

  /// Each way is prepared whole, with no keys bound, as find and export run it.
  void check_links() {
    for (const auto& reach : plan_reach(map_)) {
      for (const auto& path : reach.paths) {
        if (path.steps.empty()) continue;
        const auto& link = *path.steps.front().link;
        if (link.on) note_functions(*link.on, reach.set.set->name);
        SubjectKeys keys;
        const auto here = [&](const SetRef& ref) {
          return find_table(catalogue_, ref.table->name) != nullptr;
        };
        if (!here(reach.set) || !std::all_of(path.steps.begin(), path.steps.end(),
                                             [&](const ReachStep& step) { return here(step.to); }))
          continue;  // reported by check_map
        const auto* root = find_table(catalogue_, path.root.table->name);
        keys[path.root.set->name] = {
            std::vector<std::string>(row_key(*path.root.table, *root).size())};
        const ReachContext context{map_, catalogue_, keys, {}};
        std::string problem;
        try {
          SqlStatement statement;
          statement.text = "SELECT 1 " + from_where(context, reach.set, {path}, 0, statement);
          problem = fails_to_prepare(statement.text);
        } catch (const Error&) {
          continue;  // a missing table or column, reported by check_map
        }
        if (!problem.empty() && broken_links_.insert(&link).second)
          findings_.add("bad-link", reach.set.set->name,
                        describe(path) + " does not prepare: " + problem,
                        "Correct the link in the map.", link.where);
      }
    }
  }

  void check_volatility() {
    std::vector<std::string> names;
    for (const auto& call : calls_) names.push_back(call.function);
    const auto found = connection_.exec(
        "SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile = 'v' AND proname = ANY "
        "($1::text[]::name[])",
        {array_value(names)});
    for (std::size_t r = 0; r < found->rows(); ++r) {
      for (const auto& call : calls_) {
        if (call.function == found->text(r, 0))
          findings_.add("volatile-function", call.subject,
                        "the fragment calls " + call.function + ", which is volatile",
                        "A fragment has to give the same answer each time; use a stable function.",
                        call.where);
      }
    }
  }

  void check_coverage(const Table& table) {
    const auto partial =
        std::any_of(table.sets.begin(), table.sets.end(),
                    [](const RecordSet& set) { return set.predicate.has_value(); });
    if (!partial || cannot_read(catalogue_, table.name, {})) return;
    std::vector<std::string> sets;
    for (const auto& set : table.sets)
      sets.push_back(set.predicate ? "(" + bound(*set.predicate) + " IS TRUE)::int" : "1");
    std::string uncovered;
    std::string overlapping;
    const auto problem = attempt([&] {
      const auto counts = connection_.exec(
          "SELECT count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1) FROM (SELECT " +
          join(sets, " + ") + " AS n FROM " + quote(table.name) + " AS \"t0\") AS c");
      uncovered = counts->text(0, 0);
      overlapping = counts->text(0, 1);
    });
    if (!problem.empty()) return;  // a condition that does not prepare is reported already
    if (uncovered != "0")
      findings_.add("uncovered-rows", table.name.text(), uncovered + " rows are in no record set",
                    "Widen a set's \"where\", or add a set for them.", table.where);
    if (overlapping != "0")
      findings_.add("overlapping-rows", table.name.text(),
                    overlapping + " rows are in more than one record set",
                    "Make the sets' \"where\" exclude each other.", table.where);
  }

  /// Samples columns that are declared free of personal data.
  void check_content(const Table& table) {
    const auto& live = *find_table(catalogue_, table.name);
    if (cannot_read(catalogue_, table.name, {}) || live.kind == 'v') return;
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
        connection_.exec("SELECT " + join(select, ", ") + " FROM " + quote(table.name) +
                         " AS \"t0\" LIMIT " + std::to_string(sample_rows));
    for (std::size_t c = 0; c < columns.size(); ++c) check_sample(table, *columns[c], *sample, c);
  }

  void check_sample(const Table& table, const CatalogueColumn& column, const Result& sample,
                    std::size_t index) {
    for (std::size_t r = 0; r < sample.rows(); ++r) {
      const auto value = sample.at(r, index);
      const auto what = value ? personal_looking_value(*value) : std::nullopt;
      if (!what) continue;
      findings_.add(
          "personal-looking-content", table.name.text() + "." + column.name,
          "a sampled value looks like " + *what + ", but the column is declared not personal",
          "Give it a category, or waive this with a reason.", place_of(table, column.name),
          Severity::warning);
      return;
    }
  }

  static bool declared_harmless(const Table& table, const std::string& column) {
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

  static Location place_of(const Table& table, const std::string& column) {
    for (const auto& rule : table.columns) {
      if (rule.name == column) return rule.where;
    }
    return table.where;
  }

  struct Call {
    std::string function;
    std::string subject;
    Location where;
  };

  Connection& connection_;
  const DataMap& map_;
  const Catalogue& catalogue_;
  FindingList findings_;
  std::vector<Call> calls_;
  std::set<const Link*> broken_links_;
};

}  // namespace

std::vector<Finding> check_map_live(Connection& connection, const DataMap& map,
                                    const Catalogue& catalogue) {
  return LiveChecker(connection, map, catalogue).run();
}

}  // namespace dsar::pg

#include "core/pg/map_check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/identity.hpp"
#include "core/integrations.hpp"
#include "core/map/map_terms.hpp"
#include "core/pg/map_check_parts.hpp"
#include "core/reach.hpp"
#include "core/sql_fragment.hpp"
#include "core/sql_lexer.hpp"
#include "core/sql_roles.hpp"
#include "core/tenant_sql.hpp"

namespace dsar::pg {
namespace {

class LiveChecker {
 public:
  LiveChecker(Connection& connection, const DataMap& map, const Catalogue& catalogue)
      : connection_(connection), map_(map), catalogue_(catalogue) {}

  std::vector<Finding> run() {
    check_tenants();
    for (const auto& table : map_.tables) {
      if (find_table(catalogue_, table.name) == nullptr) continue;
      for (const auto& set : table.sets) check_set({&table, &set});
      check_tenant(table);
      check_rows(connection_, catalogue_, table, findings_);
    }
    check_links();
    check_volatility();
    return findings_.take();
  }

 private:
  std::string fails_to_prepare(const std::string& sql) {
    return attempt(connection_, [&] {
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
    check_integrations();
  }

  void check_integrations() {
    const auto& integrations = map_.tenants->integrations;
    if (!integrations) return;
    for (const auto& hop : integrations->via) {
      if (find_table(catalogue_, hop.table) == nullptr) return;  // reported by check_map
      if (hop.on) note_functions(*hop.on, "tenants");
    }
    note_functions(integrations->expression, "tenants");
    if (const auto problem = fails_to_prepare(integrations_sql(map_, catalogue_)); !problem.empty())
      findings_.add("bad-fragment", "tenants", "the integrations do not prepare: " + problem,
                    "Correct the fragment in the map.", integrations->where);
  }

  void check_set(const SetRef& ref) {
    const auto& table = ref.table->name;
    const auto& set = *ref.set;
    if (set.predicate)
      check_fragment_of(table, *set.predicate, set.name, "the record set's condition", true);
    for (const auto& event : set.events) check_event(ref, event);
    if (set.legal_ground) check_ground(ref, *set.legal_ground);
    for (const auto& object : set.objects)
      check_fragment_of(table, object.key, set.name, "an object's key");
    for (const auto& [column, expression] : set.erase.repoint)
      check_repoint(ref, table, column, expression, "");
    for (const auto& [reference, to] : set.erase.repoint_references) {
      if (find_table(catalogue_, reference.table) == nullptr || reference.match.empty()) continue;
      const auto& pair = reference.match.front();
      check_repoint(ref, reference.table, pair.near, to,
                    " FROM " + quote(table) + " AS \"t0\" WHERE " + qualify("r", pair.near).text() +
                        " = " + qualify("t0", pair.far).text());
    }
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
    const auto type = type_of(bound(*clock.expression), ref);
    if (type.name.empty()) return;  // reported above, or by missing-column
    static const std::set<std::string> numbers{"smallint", "integer", "bigint",
                                               "numeric",  "real",    "double precision"};
    if (clock.epoch == EpochUnit::none ? is_date(type) : numbers.count(type.name) != 0) return;
    findings_.add("clock-type", ref.set->name, "the clock is of type " + type.name,
                  "It has to be a date or a timestamp; of a number say its \"epoch\".",
                  clock.where);
  }

  /// The event's rows: the set's and, by way of the hops, those that tell it.
  void check_event(const SetRef& ref, const SetEvent& event) {
    std::map<std::string, std::string> aliases{{"this", "t0"}};
    std::string joins;
    std::string before = "t0";
    for (const auto& hop : event.via) {
      if (find_table(catalogue_, hop.table) == nullptr) return;  // reported by check_map
      const auto alias = before + "h";
      aliases[hop.alias] = alias;
      std::vector<std::string> conditions;
      for (const auto& pair : hop.match)
        conditions.push_back(qualify(alias, pair.far).text() + " = " +
                             qualify(before, pair.near).text());
      if (hop.on) {
        note_functions(*hop.on, ref.set->name);
        conditions.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
      }
      joins += " LEFT JOIN " + quote(hop.table) + " AS " + quote(alias).text() + " ON " +
               join(conditions, " AND ");
      before = alias;
    }
    note_functions(event.expression, ref.set->name);
    if (event.unless) note_functions(*event.unless, ref.set->name);
    const auto date = "(" + bind_aliases(event.expression.text, aliases) + ")";
    const auto unless =
        event.unless ? "(" + bind_aliases(event.unless->text, aliases) + ")" : std::string("false");
    const auto problem = fails_to_prepare("SELECT " + date + " FROM " + from_of(ref.table->name) +
                                          joins + " WHERE " + unless + " IS NOT TRUE");
    if (!problem.empty()) {
      findings_.add("bad-fragment", ref.set->name,
                    "the event " + event.event + " does not prepare: " + problem,
                    "Correct the event in the map.", event.where);
      return;
    }
    const auto type = type_of(date, ref, joins);
    if (type.name.empty() || is_date(type)) return;
    findings_.add("clock-type", ref.set->name,
                  "the event " + event.event + " is of type " + type.name,
                  "It has to be a date or a timestamp.", event.where);
  }

  void check_ground(const SetRef& ref, const SqlFragment& ground) {
    check_fragment_of(ref.table->name, ground, ref.set->name, "the legal ground");
    const auto type = type_of(bound(ground), ref);
    if (type.name.empty() || type.category == "S" || type.name == "unknown") return;
    findings_.add("ground-type", ref.set->name, "the legal ground is of type " + type.name,
                  "It has to be a text that says why the row must be kept.", ground.where);
  }

  /// Prepared as it will be run, so that the value's type is judged too.
  void check_repoint(const SetRef& ref, const TableName& table, const std::string& column,
                     const SqlFragment& to, const std::string& from_where) {
    note_functions(to, ref.set->name);
    const auto alias = from_where.empty() ? std::string("t0") : std::string("r");
    const auto problem =
        fails_to_prepare("UPDATE " + quote(table) + " AS " + quote(alias).text() + " SET " +
                         quote(column).text() + " = " + bound(to) + from_where);
    if (!problem.empty())
      findings_.add(
          "bad-fragment", ref.set->name,
          "what " + table.text() + "." + column + " is pointed to does not prepare: " + problem,
          "Correct the fragment in the map.", to.where);
  }

  /// The paths to a row's tenant, prepared whole.
  void check_tenant(const Table& table) {
    if (table.tenant.empty() || !map_.tenants) return;
    for (const auto& path : table.tenant) {
      if (path.when) note_functions(*path.when, table.name.text());
      for (const auto& hop : path.via) {
        if (hop.on) note_functions(*hop.on, table.name.text());
        if (find_table(catalogue_, hop.table) == nullptr) return;  // reported by check_map
      }
    }
    const auto problem = fails_to_prepare("SELECT " + tenant_expression(map_, table, "t0") +
                                          " FROM " + from_of(table.name));
    if (!problem.empty())
      findings_.add("bad-tenant", table.name.text(),
                    "how its rows belong to tenants does not prepare: " + problem,
                    "Correct \"tenant\" in the map.", table.tenant.front().where);
  }

  static std::string from_of(const TableName& table) { return quote(table) + " AS \"t0\""; }

  struct Type {
    std::string name;
    std::string category;
  };

  /// Of an expression over the set's table and what is joined to it, also where they are empty; no
  /// name where it does not prepare.
  Type type_of(const std::string& expression, const SetRef& ref, const std::string& joins = {}) {
    Type type;
    static_cast<void>(attempt(connection_, [&] {
      // A row of NULLs has the expression's type.
      const auto row = connection_.exec(
          "SELECT t.oid::regtype::text, t.typcategory::text FROM (SELECT pg_typeof(" + expression +
          ") AS oid FROM (VALUES (1)) AS v(x) LEFT JOIN " + from_of(ref.table->name) + " ON false" +
          joins + ") AS e JOIN pg_type AS t ON t.oid = e.oid");
      type = {row->text(0, 0), row->text(0, 1)};
    }));
    return type;
  }

  static bool is_date(const Type& type) {
    static const std::set<std::string> dates{"date", "timestamp without time zone",
                                             "timestamp with time zone"};
    return dates.count(type.name) != 0;
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

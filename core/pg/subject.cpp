#include "core/pg/subject.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/pg/row_stream.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"
#include "core/visibility.hpp"
#include "core/way_sql.hpp"

namespace dsar::pg {
namespace {

std::string fragment_or(const std::optional<SqlFragment>& fragment, const std::string& otherwise) {
  return fragment ? "(" + bind_aliases(fragment->text, {{"this", "t0"}}) + ")::text" : otherwise;
}

std::string tenants_select(const DataMap& map) {
  const auto& tenants = *map.tenants;
  const auto slug = tenants.slug.empty() ? tenants.key : tenants.slug;
  return "SELECT " + qualify("t0", tenants.key) + "::text, " + qualify("t0", slug).text() +
         "::text, " + fragment_or(tenants.display_name, "NULL") + ", " +
         fragment_or(tenants.contact, "NULL") + ", " + fragment_or(tenants.policy, "NULL") + ", " +
         fragment_or(tenants.zone, "NULL") + " FROM " + quote(tenants.table) + " AS t0";
}

Tenant read_tenant(const DataMap& map, const Result& result, std::size_t row = 0) {
  Tenant tenant{result.text(row, 0), result.text(row, 1), result.text(row, 2),
                result.text(row, 3), result.text(row, 4), result.text(row, 5)};
  if (const auto named = map.tenants->policy_names.find(tenant.policy);
      named != map.tenants->policy_names.end())
    tenant.policy = named->second;
  if (tenant.policy.empty()) tenant.policy = map.policy;
  if (tenant.zone.empty()) tenant.zone = map.zone;
  if (tenant.name.empty()) tenant.name = tenant.slug;
  return tenant;
}

/// All identities of a row in long form: one result row for each.
std::string identities_lateral(const DataMap& map, const Catalogue& catalogue, const SetRef& ref) {
  std::vector<std::string> branches;
  const auto& identities = ref.set->identities;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    const auto* kind = find_identity(map, identities[i].kind);
    const auto sql = source_sql(catalogue, ref, identities[i], "t0");
    const auto number = std::to_string(i);
    if (sql.several)
      branches.push_back("SELECT " + number + ", v.value::text, " +
                         normalised_sql(*kind, "v.value") + " FROM (" + sql.text + ") AS v(value)");
    else
      branches.push_back("SELECT " + number + ", (" + sql.text + ")::text, " +
                         normalised_sql(*kind, sql.text));
  }
  return join(branches, " UNION ALL ");
}

class Lookup {
 public:
  Lookup(Connection& connection, const DataMap& map, const Catalogue& catalogue,
         std::vector<CannotSee>& cannot_see)
      : connection_(&connection), map_(&map), catalogue_(&catalogue), cannot_see_(&cannot_see) {
    for (const auto& ref : record_sets(map)) {
      if (ref.set->identities.empty()) continue;
      if (auto why = unreadable(ref))
        closed_.push_back({ref, *why});
      else
        roots_.push_back(ref);
    }
  }

  std::vector<SubjectRow> operator()(const std::vector<Identity>& identities,
                                     const std::string& tenant) const {
    std::map<std::string, std::vector<std::string>> by_kind;
    for (const auto& identity : identities) by_kind[identity.kind].push_back(identity.value);
    for (const auto& [ref, why] : closed_) note_unseen(ref, why, by_kind);
    std::vector<SubjectRow> rows;
    for (const auto& ref : roots_) read_root(ref, by_kind, tenant, rows);
    return rows;
  }

  /// The rows of the root set whose keys `wanted` says yes to.
  std::vector<SubjectRow> of_keys(
      const SetRef& ref, const std::string& tenant,
      const std::function<bool(const std::vector<std::string>&)>& wanted) const {
    const auto key = row_key(*ref.table, live_table(*catalogue_, ref.table->name));
    std::vector<std::string> select;
    for (const auto& column : key) select.push_back(qualify("t0", column) + "::text");
    SqlStatement keys;
    const auto conditions = rows_of(ref, tenant, keys);
    keys.text = "SELECT " + join(select, ", ") + " FROM " + quote(ref.table->name) +
                " AS t0 WHERE " + join(conditions, " AND ");
    SubjectKeys found;
    const auto stream = stream_rows(*connection_, keys.text, keys.params(),
                                    std::vector<Column>(key.size(), {"", ValueKind::text}));
    Row row;
    while (stream->next(row)) {
      std::vector<std::string> values;
      for (const auto& value : row) values.emplace_back(value.value_or(""));
      if (wanted(values)) found[ref.set->name].push_back(std::move(values));
    }
    std::vector<SubjectRow> rows;
    if (found.empty()) return rows;
    SqlStatement statement;
    auto where = rows_of(ref, tenant, statement);
    where.push_back(has_key_of(*catalogue_, ref, "t0", found, statement));
    read_rows(ref, where, statement, rows);
    return rows;
  }

 private:
  /// What makes a row one of the set and of the tenant.
  std::vector<std::string> rows_of(const SetRef& ref, const std::string& tenant,
                                   SqlStatement& statement) const {
    std::vector<std::string> conditions{"true"};
    if (ref.set->predicate)
      conditions.push_back("(" + bind_aliases(ref.set->predicate->text, {{"this", "t0"}}) + ")");
    if (auto in_tenant = tenant_condition(*map_, *catalogue_, *ref.table, "t0", tenant, statement);
        !in_tenant.empty())
      conditions.push_back(std::move(in_tenant));
    return conditions;
  }

  [[nodiscard]] std::optional<std::string> unreadable(const SetRef& ref) const {
    const auto* table = find_table(*catalogue_, ref.table->name);
    if (table != nullptr && row_key(*ref.table, *table).empty())
      throw Error(ExitCode::usage,
                  ref.table->name.text() + " has identities but no primary key to know its rows by",
                  "Name the columns that identify a row as its key in the map.");
    return cannot_search(*catalogue_, ref);
  }

  /// Only a set that can hold what is looked for may have somebody whom the role cannot see.
  void note_unseen(const SetRef& ref, const std::string& why,
                   const std::map<std::string, std::vector<std::string>>& by_kind) const {
    const bool could_hold = std::any_of(
        ref.set->identities.begin(), ref.set->identities.end(),
        [&](const IdentitySource& source) { return by_kind.find(source.kind) != by_kind.end(); });
    const bool noted =
        std::any_of(cannot_see_->begin(), cannot_see_->end(),
                    [&](const CannotSee& other) { return other.what == ref.set->name; });
    if (could_hold && !noted) cannot_see_->push_back({ref.set->name, why});
  }

  void read_root(const SetRef& ref, const std::map<std::string, std::vector<std::string>>& by_kind,
                 const std::string& tenant, std::vector<SubjectRow>& rows) const {
    // One query a source, so that each can use its own index.
    for (const auto& source : ref.set->identities) {
      const auto values = by_kind.find(source.kind);
      if (values == by_kind.end()) continue;
      SqlStatement statement;
      auto conditions = rows_of(ref, tenant, statement);
      conditions.push_back(
          holds_sql(*map_, *catalogue_, ref, source, "t0", values->second, statement));
      read_rows(ref, conditions, statement, rows);
    }
  }

  void read_rows(const SetRef& ref, const std::vector<std::string>& conditions,
                 SqlStatement& statement, std::vector<SubjectRow>& rows) const {
    const auto key = row_key(*ref.table, *find_table(*catalogue_, ref.table->name));
    std::vector<std::string> select;
    for (const auto& column : key) select.push_back(qualify("t0", column) + "::text");
    select.push_back(tenant_expression(*map_, *ref.table, "t0"));
    select.emplace_back("s.source");
    select.emplace_back("s.written");
    select.emplace_back("s.value");
    std::vector<std::string> order;
    for (std::size_t i = 1; i <= key.size(); ++i) order.push_back(qualify("t0", key[i - 1]).text());
    statement.text = "SELECT " + join(select, ", ") + " FROM " + quote(ref.table->name) +
                     " AS t0 LEFT JOIN LATERAL (" + identities_lateral(*map_, *catalogue_, ref) +
                     ") AS s(source, written, value) ON s.value <> '' WHERE " +
                     join(conditions, " AND ") + " ORDER BY " + join(order, ", ") + ", s.source";
    const auto result = connection_->exec(statement.text, statement.params());
    for (std::size_t r = 0; r < result->rows(); ++r) add(ref, key.size(), *result, r, rows);
  }

  static void add(const SetRef& ref, std::size_t key_columns, const Result& result, std::size_t r,
                  std::vector<SubjectRow>& rows) {
    SubjectRow row{.set = ref.set->name,
                   .subject = ref.set->subject,
                   .tenant = result.text(r, key_columns),
                   .key = {},
                   .identities = {}};
    for (std::size_t k = 0; k < key_columns; ++k) row.key.push_back(result.text(r, k));
    auto known = std::find_if(rows.begin(), rows.end(),
                              [&](const SubjectRow& other) { return other.same_row(row); });
    if (known == rows.end()) known = rows.insert(rows.end(), std::move(row));
    const auto source = result.at(r, key_columns + 1);
    if (!source) return;
    HeldIdentity held{ref.set->identities.at(std::stoul(std::string(*source))).kind,
                      result.text(r, key_columns + 3), result.text(r, key_columns + 2)};
    const auto same = [&](const HeldIdentity& other) {
      return other.kind == held.kind && other.value == held.value;
    };
    if (std::none_of(known->identities.begin(), known->identities.end(), same))
      known->identities.push_back(std::move(held));
  }

  Connection* connection_;
  const DataMap* map_;
  const Catalogue* catalogue_;
  std::vector<CannotSee>* cannot_see_;
  std::vector<SetRef> roots_;
  std::vector<std::pair<SetRef, std::string>> closed_;  ///< and why
};

}  // namespace

Tenant find_tenant(Connection& connection, const DataMap& map, const std::string& slug) {
  if (!map.tenants)
    throw Error(ExitCode::usage, "the map has no tenants, so none can be chosen",
                "Leave out --tenant.");
  const auto& tenants = *map.tenants;
  const auto column = tenants.slug.empty() ? tenants.key : tenants.slug;
  const auto found = connection.exec(
      tenants_select(map) + " WHERE " + qualify("t0", column).text() + "::text = $1", {slug});
  if (found->rows() == 1) return read_tenant(map, *found);
  if (found->rows() > 1)
    throw Error(ExitCode::refused, "several tenants are called '" + slug + "'");

  const auto known = connection.exec(tenants_select(map) + " ORDER BY 2 LIMIT 21");
  std::vector<std::string> slugs;
  for (std::size_t r = 0; r < known->rows() && r < 20; ++r) slugs.push_back(known->text(r, 1));
  throw Error(ExitCode::no_such_subject, "there is no tenant '" + slug + "'",
              "There are: " + join(slugs, ", ") + (known->rows() > 20 ? ", and more." : "."));
}

std::vector<Tenant> list_tenants(Connection& connection, const DataMap& map) {
  std::vector<Tenant> tenants;
  if (!map.tenants) return tenants;
  const auto found = connection.exec(tenants_select(map) + " ORDER BY 1");
  for (std::size_t r = 0; r < found->rows(); ++r) tenants.push_back(read_tenant(map, *found, r));
  return tenants;
}

Tenant tenant_of_key(Connection& connection, const DataMap& map, const std::string& key) {
  Tenant tenant;
  tenant.key = tenant.slug = key;
  tenant.policy = map.policy;
  tenant.zone = map.zone;
  if (!map.tenants) return tenant;
  const auto found = connection.exec(
      tenants_select(map) + " WHERE " + qualify("t0", map.tenants->key).text() + "::text = $1",
      {key});
  return found->rows() == 1 ? read_tenant(map, *found) : tenant;
}

std::vector<Identity> normalise_identities(Connection& connection, const DataMap& map,
                                           const std::vector<Identity>& identities) {
  std::vector<Identity> normal;
  for (const auto& identity : identities) {
    const auto* kind = find_identity(map, identity.kind);
    if (kind == nullptr) {
      std::vector<std::string> kinds;
      for (const auto& known : map.identities) kinds.push_back(known.name);
      throw Error(ExitCode::usage, "the map has no identity kind '" + identity.kind + "'",
                  "It has: " + join(kinds, ", ") + ".");
    }
    const auto answer =
        connection.exec("SELECT " + normalised_sql(*kind, "$1::text"), {identity.value});
    if (auto value = answer->text(0, 0); !value.empty()) normal.push_back({kind->name, value});
  }
  return normal;
}

SubjectLookup subject_lookup(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                             std::vector<CannotSee>& cannot_see) {
  return Lookup(connection, map, catalogue, cannot_see);
}

std::vector<SubjectRow> rows_of_keys(
    Connection& connection, const DataMap& map, const Catalogue& catalogue, const SetRef& root,
    const std::string& tenant_key,
    const std::function<bool(const std::vector<std::string>& key)>& wanted) {
  if (const auto why = cannot_search(catalogue, root))
    throw Error(ExitCode::refused, "cannot see " + root.set->name + ": " + *why,
                "Run dsarctl doctor: it names the privileges that are missing.");
  std::vector<CannotSee> cannot_see;
  return Lookup(connection, map, catalogue, cannot_see).of_keys(root, tenant_key, wanted);
}

SubjectKeys subject_keys(const Closure& closure) {
  SubjectKeys keys;
  for (const auto& linked : closure.rows) keys[linked.row.set].push_back(linked.row.key);
  return keys;
}

}  // namespace dsar::pg

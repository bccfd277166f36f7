#include "core/map/validate.hpp"

#include <algorithm>
#include <map>

#include "core/map/map_terms.hpp"
#include "core/map/own_schema.hpp"
#include "core/map/validation.hpp"
#include "core/phone_region.hpp"

namespace dsar {

namespace {

std::string place(const Location& where) {
  return where.file + ":" + std::to_string(where.line);
}

void check_identity_kinds(Validation& check) {
  for (const IdentityKind& kind : check.map.identities) {
    if (!is_safe_name(kind.name)) {
      check.fault(kind.where, "expected a word such as 'email', found '" + kind.name + "'");
    }
    if (!kind.category.empty()) {
      check_category(check, within(kind.where, "category"), kind.category);
    }
    const bool phone = kind.normalisation == Normalisation::phone;
    if (phone && kind.region.empty()) {
      check.fault(kind.where, "numbers are read as those of a region; the key 'region' is missing");
    } else if (!phone && !kind.region.empty()) {
      check.fault(within(kind.where, "region"), "'region' goes with 'normalise' 'phone'");
    } else if (phone && !phone_region(kind.region)) {
      check.fault(
          within(kind.where, "region"),
          "expected the two capital letters of a country, such as GB (ISO 3166-1), found '" +
              kind.region + "'");
    }
  }
}

void check_unique_names(Validation& check) {
  std::map<TableName, Location> tables;
  std::map<std::string, Location> sets;
  for (const Table& table : check.map.tables) {
    const auto [first, added] = tables.emplace(table.name, table.where);
    if (!added) {
      check.fault(table.where, "the table " + table.name.text() + " is already described in " +
                                   place(first->second));
    }
    for (const RecordSet& set : table.sets) {
      const auto [same, fresh] = sets.emplace(set.name, set.where);
      check.set_names.insert(set.name);
      if (!fresh) {
        check.fault(set.where, "the record set '" + set.name + "' is already described in " +
                                   place(same->second));
      }
    }
  }
}

void check_table(Validation& check, const Table& table) {
  if (table.name.schema.empty() || table.name.name.empty()) {
    check.fault(table.where, "expected a table's name, or its schema, a dot and its name");
  }
  if (is_own(table.name)) {
    check.fault(table.where, "the schema " + std::string(own_schema) +
                                 " is the tool's own and mapped already; leave its tables out");
  }
  check_tenant_paths(check, table);
  if (table.not_personal && !(table.sets.empty() && table.columns.empty())) {
    check.fault(within(table.where, "not_personal"),
                "a table that holds nothing personal has neither 'sets' nor 'columns'");
  }
  check_columns(check, table.columns);
  for (const RecordSet& set : table.sets) check_set(check, {&table, &set});
  const auto personal =
      std::find_if(table.columns.begin(), table.columns.end(), [](const ColumnRule& rule) {
        return rule.use == ColumnUse::personal || rule.use == ColumnUse::secret;
      });
  if (table.sets.empty() && personal != table.columns.end()) {
    check.fault(within(table.where, "sets"), "its column '" + personal->name + "' is " +
                                                 std::string(to_string(personal->use)) +
                                                 ", but no record set covers its rows");
  }
}

}  // namespace

std::vector<Fault> validate(const DataMap& map, bool whole) {
  Validation check{map, {}, {}};
  if (map.tables.empty()) {
    check.fault({map.files.empty() ? "" : map.files.front(), "/tables", 0, 0},
                "the map describes no table");
  }
  check_unique_names(check);
  check_tenants(check);
  check_identity_kinds(check);
  for (const Table& table : map.tables) check_table(check, table);
  check_graph(check, whole);
  check_overrides(check);
  check_waivers(check);
  return std::move(check.faults);
}

}  // namespace dsar

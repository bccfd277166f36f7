#include "core/map/check.hpp"

#include <algorithm>
#include <set>

#include "core/map/map_terms.hpp"
#include "core/map/personal_looking.hpp"
#include "core/residue.hpp"
#include "core/side_effects.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

/// Where something that the map does not mention would belong.
Location place_of(const DataMap& map) {
  return {map.files.empty() ? std::string{} : map.files.front(), "", 0};
}

class Checker {
 public:
  Checker(const DataMap& map, const Catalogue& catalogue) : map_(map), catalogue_(catalogue) {}

  std::vector<Finding> run() {
    check_tenants();
    for (const auto& table : map_.tables) check_table(table);
    check_unmapped_tables();
    return findings_.take();
  }

 private:
  /// The column, or a finding that it is missing (one per column is enough).
  const CatalogueColumn* need_column(const TableName& table, const std::string& column,
                                     const Location& where) {
    const auto* live = find_table(catalogue_, table);
    if (live == nullptr) {
      need_table(table, where);
      return nullptr;
    }
    const auto* found = find_column(*live, column);
    const auto subject = table.text() + "." + column;
    if (found == nullptr && reported_.insert(subject).second)
      findings_.add("missing-column", subject, "the database has no column " + subject,
                    "Correct the map, or take the column out of it.", where);
    return found;
  }

  bool need_table(const TableName& table, const Location& where) {
    if (find_table(catalogue_, table) != nullptr) return true;
    if (reported_.insert(table.text()).second)
      findings_.add("missing-table", table.text(), "the database has no table " + table.text(),
                    "Correct the map, or take the table out of it.", where);
    return false;
  }

  void need_comparable(const CatalogueColumn* near, const CatalogueColumn* far,
                       const std::string& subject, const Location& where) {
    if (near == nullptr || far == nullptr || near->category == far->category) return;
    findings_.add("type-mismatch", subject,
                  "it compares " + near->name + " (" + near->type + ") with " + far->name + " (" +
                      far->type + ")",
                  "Write the comparison with a cast, as the link's \"on\".", where);
  }

  void check_pairs(const std::vector<ColumnPair>& pairs, const TableName& near,
                   const TableName& far, const std::string& subject, const Location& where) {
    for (const auto& pair : pairs) {
      const auto* near_column = need_column(near, pair.near, where);
      const auto* far_column = need_column(far, pair.far, where);
      need_comparable(near_column, far_column, subject, where);
    }
  }

  /// Checks the hops and gives the table at their end.
  TableName check_hops(const std::vector<Hop>& hops, TableName from, const std::string& subject) {
    for (const auto& hop : hops) {
      if (need_table(hop.table, hop.where))
        check_pairs(hop.match, from, hop.table, subject, hop.where);
      from = hop.table;
    }
    return from;
  }

  void check_tenants() {
    if (!map_.tenants) return;
    const auto& tenants = *map_.tenants;
    if (!need_table(tenants.table, tenants.where)) return;
    need_column(tenants.table, tenants.key, tenants.where);
    if (!tenants.slug.empty()) need_column(tenants.table, tenants.slug, tenants.where);
    if (tenants.integrations) check_hops(tenants.integrations->via, tenants.table, "tenants");
  }

  void check_table(const Table& table) {
    if (!need_table(table.name, table.where)) return;
    const auto& live = *find_table(catalogue_, table.name);
    for (const auto& column : table.key) need_column(table.name, column, table.where);
    for (const auto& path : table.tenant) {
      if (!path.column.empty()) need_column(table.name, path.column, path.where);
      check_hops(path.via, table.name, table.name.text());
    }
    if (table.not_personal) {
      check_not_personal(table, live);
    } else {
      check_columns(table, live);
    }
    for (const auto& set : table.sets) check_set(table, live, set);
    if (deletes_rows(table)) check_side_effects(table);
  }

  /// A whole table said to hold nothing personal, whose columns suggest that it does.
  void check_not_personal(const Table& table, const CatalogueTable& live) {
    for (const auto& column : live.columns) {
      if (const auto what = personal_looking_name(column.name))
        findings_.add("personal-looking-column", table.name.text() + "." + column.name,
                      "the name suggests " + *what + ", but the table is declared not personal",
                      "Map the table, or waive this with a reason.", table.where,
                      Severity::warning);
    }
  }

  void check_columns(const Table& table, const CatalogueTable& live) {
    for (const auto& rule : table.columns) check_rule(table, live, rule);
    for (const auto& set : table.sets) {
      for (const auto& rule : set.columns) check_rule(table, live, rule);
    }
    for (const auto& column : live.columns) {
      const auto classified = [&](const SetRef& ref) {
        return column_rule(ref, column.name) != nullptr;
      };
      const auto everywhere =
          table.sets.empty()
              ? std::any_of(table.columns.begin(), table.columns.end(),
                            [&](const ColumnRule& rule) { return rule.name == column.name; })
              : std::all_of(table.sets.begin(), table.sets.end(), [&](const RecordSet& set) {
                  return classified({&table, &set});
                });
      if (!everywhere)
        findings_.add("unclassified-column", table.name.text() + "." + column.name,
                      "the map does not say what this column holds",
                      "Give it a category, or declare it a key, a secret or not_personal.",
                      table.where);
    }
  }

  void check_rule(const Table& table, const CatalogueTable& live, const ColumnRule& rule) {
    const auto* column = need_column(table.name, rule.name, rule.where);
    if (column == nullptr) return;
    const auto subject = table.name.text() + "." + rule.name;
    if (rule.use == ColumnUse::not_personal || rule.use == ColumnUse::key) {
      const auto what = personal_looking_name(rule.name);
      if (what && rule.third_parties.empty() && rule.json.empty())
        findings_.add("personal-looking-column", subject,
                      "the name suggests " + *what + ", but it is declared " +
                          (rule.use == ColumnUse::key ? "a key" : "not personal"),
                      "Give it a category, or waive this with a reason.", rule.where,
                      Severity::warning);
    }
    if (rule.mask) check_mask(live, *column, *rule.mask, subject, rule.where);
    if (rule.redact_residue) check_residue(table, *column, subject, rule.where);
  }

  void check_residue(const Table& table, const CatalogueColumn& column, const std::string& subject,
                     const Location& where) {
    const auto why = not_redactable(map_, table, catalogue_, column);
    if (!why.empty())
      findings_.add("residue-not-redactable", subject,
                    "what is found here once a person is erased is to be redacted, but " + why,
                    "Let it be listed.", where);
  }

  void check_mask(const CatalogueTable& live, const CatalogueColumn& column, const Mask& mask,
                  const std::string& subject, const Location& where) {
    const auto misfit = [&](const std::string& message, const std::string& hint) {
      findings_.add("mask-does-not-fit", subject, message, hint, where);
    };
    const auto unique = is_unique(live, column.name);
    if (column.generated)
      misfit("the column is generated and cannot be written", "Mask the columns it is made from.");
    if (mask.kind == MaskKind::null && column.not_null)
      misfit("the mask is null, but the column is NOT NULL", "Use a literal or a unique mask.");
    if (mask.kind == MaskKind::literal && unique)
      misfit("the mask is the same in every row, but the column is unique",
             "Use {\"unique\": \"…{key}…\"} or \"keyed-hash\".");
    const auto text = column.category == 'S';
    if (!text && mask.kind != MaskKind::null && mask.kind != MaskKind::literal)
      misfit("the mask gives a text, but the column is " + column.type, "Use null or a literal.");
    const auto length = mask.kind == MaskKind::keyed_hash ? std::size_t{64} : mask.text.size();
    if (column.max_length && mask.kind != MaskKind::truncate &&
        length > static_cast<std::size_t>(*column.max_length))
      misfit("the mask is longer than the column's " + std::to_string(*column.max_length) +
                 " characters",
             "Use a shorter one.");
  }

  void check_set(const Table& table, const CatalogueTable& live, const RecordSet& set) {
    if (!set.identities.empty() && row_key(table, live).empty())
      findings_.add("no-key", set.name, "its rows are subjects, but nothing identifies a row",
                    "Give the table a \"key\".", set.where);
    for (const auto& source : set.identities) {
      const auto end = check_hops(source.via, table.name, set.name);
      for (const auto& column : source.columns) need_column(end, column, source.where);
      if (!source.json_column.empty()) need_column(end, source.json_column, source.where);
    }
    for (const auto& link : set.links) {
      const auto end = check_hops(link.via, table.name, set.name);
      const auto to = find_set(map_, link.to);
      if (to.table != nullptr) check_pairs(link.match, end, to.table->name, set.name, link.where);
    }
    for (const auto& event : set.events) check_hops(event.via, table.name, set.name);
    for (const auto& reference : set.erase.unless_referenced_by)
      check_reference(reference, table, set);
    for (const auto& repoint : set.erase.repoint_references)
      check_reference(repoint.reference, table, set);
    for (const auto& [column, expression] : set.erase.repoint)
      need_column(table.name, column, expression.where);
    for (const auto& column : set.erase.nullify_first) {
      const auto* live_column = need_column(table.name, column, set.erase.where);
      if (live_column != nullptr && live_column->not_null)
        findings_.add("mask-does-not-fit", table.name.text() + "." + column,
                      "it is to be set to NULL first, but the column is NOT NULL", "",
                      set.erase.where);
    }
    check_choices(table, set);
    check_default_masks(table, live, set);
  }

  void check_reference(const Reference& reference, const Table& table, const RecordSet& set) {
    if (need_table(reference.table, reference.where))
      check_pairs(reference.match, reference.table, table.name, set.name, reference.where);
  }

  /// What a subject decided is written as true or false, or as when.
  void check_choices(const Table& table, const RecordSet& set) {
    static const std::set<std::string> types{"boolean", "date", "timestamp without time zone",
                                             "timestamp with time zone"};
    const auto where = within(set.where, "recorded_in");
    if (!set.purpose_in.empty())
      need_column(table.name, set.purpose_in, within(set.where, "purpose_in"));
    for (const auto& recorded : set.recorded_in) {
      const auto* column = need_column(table.name, recorded.second, where);
      if (column == nullptr) continue;
      const auto misfit = [&](const std::string& why) {
        findings_.add("choice-type", table.name.text() + "." + recorded.second,
                      "the choice " + std::string(to_string(recorded.first)) +
                          " is to be recorded here, but the column is " + why,
                      "Name a boolean, date or timestamp column.", where);
      };
      if (types.count(column->base_type) == 0) {
        misfit("of type " + column->type);
      } else if (column->generated) {
        misfit("generated and cannot be written");
      }
    }
  }

  /// A masked row sets every personal column; without a mask of its own that is NULL.
  void check_default_masks(const Table& table, const CatalogueTable& live, const RecordSet& set) {
    const auto masks = set.erase.action == EraseAction::mask ||
                       (set.erase.action == EraseAction::keep && set.erase.mask_kept);
    if (!masks) return;
    for (const auto& column : live.columns) {
      const auto* rule = column_rule({&table, &set}, column.name);
      if (rule == nullptr || rule->mask || !column.not_null || column.generated) continue;
      // What is kept as it was is what the ground to keep the row is about.
      if (rule->historic && set.erase.action == EraseAction::keep) continue;
      if (rule->use == ColumnUse::personal || rule->use == ColumnUse::secret)
        findings_.add(
            "mask-does-not-fit", table.name.text() + "." + column.name,
            "rows of " + set.name + " are masked with null here, but the column is NOT NULL",
            "Give the column a mask.", rule->where);
    }
  }

  /// For a subject or, of a table that belongs to tenants, when a tenant's data goes.
  static bool deletes_rows(const Table& table) {
    if (table.not_personal) return !table.tenant.empty();
    return std::any_of(table.sets.begin(), table.sets.end(), [](const RecordSet& set) {
      return set.erase.action == EraseAction::remove;
    });
  }

  /// What a DELETE would set off beyond the rows themselves.
  void check_side_effects(const Table& table) {
    for (auto& effect : unknown_side_effects(table, catalogue_))
      findings_.add(effect.rule, table.name.text(), effect.message, effect.hint, table.where);
  }

  /// Views hold nothing of their own, and a partition is its parent's.
  void check_unmapped_tables() {
    for (const auto& [name, live] : catalogue_.tables) {
      if (live.kind == 'v' || live.partition_of || find_table(map_, name) != nullptr) continue;
      if (map_.tenants && map_.tenants->table == name) continue;
      findings_.add("unclassified-table", name.text(), "the map does not say what this table holds",
                    "Map it, or list it under \"not_personal\" with a reason.", place_of(map_));
    }
  }

  const DataMap& map_;
  const Catalogue& catalogue_;
  FindingList findings_;
  std::set<std::string> reported_;
};

}  // namespace

std::vector<Finding> check_map(const DataMap& map, const Catalogue& catalogue) {
  return Checker(map, catalogue).run();
}

}  // namespace dsar

#include "core/pg/residue.hpp"

#include <algorithm>

#include "core/pg/row_stream.hpp"
#include "core/visibility.hpp"

namespace dsar::pg {
namespace {

/// Whether the map, by one of the table's sets at least, has identities in the column redacted.
bool is_redacted(const DataMap& map, const Catalogue& catalogue, const ResidueTable& table,
                 const std::string& column) {
  const auto* mapped = find_table(map, table.table);
  if (mapped == nullptr) return false;
  const auto& live = live_column(catalogue, table.table, column);
  return not_redactable(map, *mapped, catalogue, live).empty() &&
         std::any_of(mapped->sets.begin(), mapped->sets.end(), [&](const RecordSet& set) {
           const auto* rule = column_rule({mapped, &set}, column);
           return rule != nullptr && rule->redact_residue;
         });
}

/// Whether the map classifies the column, in one of the table's sets at least, as personal.
bool is_personal(const DataMap& map, const TableName& name, const std::string& column) {
  const auto* table = find_table(map, name);
  if (table == nullptr) return false;
  return std::any_of(table->sets.begin(), table->sets.end(), [&](const RecordSet& set) {
    const auto* rule = column_rule({table, &set}, column);
    return rule != nullptr && (rule->use == ColumnUse::personal || rule->use == ColumnUse::secret ||
                               !rule->json.empty() || !rule->third_parties.empty());
  });
}

class Finding {
 public:
  Finding(const DataMap& map, const Catalogue& catalogue, const ResidueTable& table,
          const KnownRows& known)
      : key_(table.key.size()), known_(known.find(table.table)), all_known_(known) {
    for (const auto& column : table.columns)
      found_.push_back({table.table,
                        column,
                        is_personal(map, table.table, column),
                        is_redacted(map, catalogue, table, column),
                        0,
                        {},
                        0,
                        0});
  }

  void look_at(const Row& row, const std::vector<ResidueIdentity>& identities) {
    if (is_known(row)) return;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto& value = row[key_ + i];
      if (!value) continue;
      form_.assign(*value);
      const bool stands = std::any_of(
          identities.begin(), identities.end(),
          [&](const ResidueIdentity& identity) { return !identity.places_in(form_).empty(); });
      if (!stands) continue;
      auto& residue = found_[i];
      ++residue.rows;
      if (key_ == 0 || (!residue.redact && residue.keys.size() >= told_keys)) continue;
      residue.keys.push_back(key_of(row));
    }
  }

  void move_to(std::vector<Residue>& all) {
    for (auto& residue : found_) {
      if (residue.rows > 0) all.push_back(std::move(residue));
    }
  }

 private:
  [[nodiscard]] bool is_known(const Row& row) const {
    if (known_ == all_known_.end() || key_ == 0) return false;
    return known_->second.contains(key_of(row));
  }

  [[nodiscard]] std::vector<std::string> key_of(const Row& row) const {
    std::vector<std::string> key;
    for (std::size_t k = 0; k < key_; ++k) key.emplace_back(row[k].value_or(""));
    return key;
  }

  std::size_t key_;
  KnownRows::const_iterator known_;
  const KnownRows& all_known_;
  std::vector<Residue> found_;
  SearchForm form_;
};

/// Leaves out the columns that the role may not read, and says so.
void keep_readable(const Catalogue& catalogue, ResidueTable& table,
                   std::vector<Omission>& cannot_see) {
  const auto unreadable = [&](const std::string& column) {
    return !live_column(catalogue, table.table, column).readable;
  };
  for (const auto& column : table.columns) {
    if (unreadable(column))
      cannot_see.push_back({table.table.text() + "." + column, "no SELECT privilege"});
  }
  std::erase_if(table.columns, unreadable);
  if (std::any_of(table.key.begin(), table.key.end(), unreadable)) table.key.clear();
}

}  // namespace

ResidueScan scan_residue(Connection& connection, const ReachContext& context,
                         const std::vector<Identity>& identities, const KnownRows& known,
                         const std::function<void(const std::string& table)>& progress) {
  ResidueScan scan;
  const auto wanted = searchable(context.map, identities);
  for (const auto& identity : wanted) {
    if (std::find(scan.kinds.begin(), scan.kinds.end(), identity.kind()) == scan.kinds.end())
      scan.kinds.push_back(identity.kind());
  }
  if (wanted.empty()) return scan;
  for (auto& table : residue_tables(context.map, context.catalogue)) {
    if (const auto why = cannot_read(context.catalogue, table.table, {})) {
      scan.cannot_see.push_back({table.table.text(), *why});
      continue;
    }
    keep_readable(context.catalogue, table, scan.cannot_see);
    if (table.columns.empty()) continue;
    if (progress) progress(table.table.text());
    const auto statement = residue_statement(context, table, wanted);
    std::vector<Column> columns(table.key.size() + table.columns.size(), {"", ValueKind::text});
    Finding finding(context.map, context.catalogue, table, known);
    const auto rows = stream_rows(connection, statement.text, statement.params(), columns);
    Row row;
    while (rows->next(row)) finding.look_at(row, wanted);
    finding.move_to(scan.found);
    ++scan.tables;
  }
  return scan;
}

}  // namespace dsar::pg

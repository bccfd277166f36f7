#include "core/pg/residue_redaction.hpp"

#include <algorithm>

#include "core/erasure_rows.hpp"
#include "core/sql_fragment.hpp"

namespace dsar::pg {
namespace {

constexpr std::size_t rows_at_once = 1000;
constexpr const char* row = "t0";
constexpr const char* key = "dsar_k";

/// Some of the rows of one column, and what they are to hold.
class Redaction {
 public:
  Redaction(Connection& connection, const DataMap& map, const Catalogue& catalogue,
            const Held& held, const Residue& residue)
      : connection_(connection),
        map_(map),
        catalogue_(catalogue),
        held_(held),
        mapped_(*find_table(map, residue.table)),
        column_(live_column(catalogue, residue.table, residue.column)) {
    rows_.set = {&mapped_, &mapped_.sets.front()};
    rows_.columns = address_columns(mapped_, live_table(catalogue, residue.table));
    rows_.address = rows_.columns.size();
    rows_.columns.push_back({column_.name, is_json() ? column_.type : "text"});
  }

  void run(const ResidueRedactors& redactors, std::size_t begin, std::size_t end,
           Residue& residue) {
    take(residue, begin, end);
    const auto now = read();
    take({}, 0, 0);
    for (std::size_t r = 0; r < now->rows(); ++r) {
      const auto value = now->at(r, rows_.address);
      const auto without =
          value ? (is_json() ? redactors.json : redactors.text)(*value) : std::nullopt;
      if (!without) continue;
      if (now->text(r, rows_.address + 1) == "t") {
        ++residue.held;
      } else if (fits(*without)) {
        for (std::size_t c = 0; c < rows_.address; ++c)
          rows_.values[c].emplace_back(now->text(r, c));
        rows_.values.back().emplace_back(*without);
        rows_.fate.push_back(RowFate::mask);
      }
    }
    if (rows_.size() > 0) residue.redacted += write();
  }

 private:
  [[nodiscard]] bool is_json() const {
    return column_.base_type == "json" || column_.base_type == "jsonb";
  }

  [[nodiscard]] bool fits(const std::string& text) const {
    if (!column_.max_length) return true;
    // Bytes that do not go on with a character.
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    return characters <= *column_.max_length;
  }

  void take(const Residue& residue, std::size_t begin, std::size_t end) {
    rows_.values.assign(rows_.columns.size(), {});
    rows_.fate.assign(end - begin, RowFate::keep);
    for (auto at = begin; at < end; ++at) {
      for (std::size_t c = 0; c < rows_.address; ++c)
        rows_.values[c].emplace_back(residue.keys[at].at(c));
    }
  }

  [[nodiscard]] std::vector<std::size_t> numbers(std::size_t count) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(i);
    return all;
  }

  /// Keys, value, and whether something keeps the row as it is; locked.
  std::unique_ptr<Result> read() {
    SqlStatement statement;
    std::vector<std::string> select;
    for (std::size_t c = 0; c < rows_.columns.size(); ++c)
      select.push_back(qualify(row, rows_.columns[c].name).text() + "::text");
    std::vector<std::string> kept{"false"};
    for (const auto& set : mapped_.sets) {
      auto condition = held_condition(map_, catalogue_, held_, {&mapped_, &set}, row, statement);
      if (condition.empty()) continue;
      if (set.predicate)
        condition += " AND (" + bind_aliases(set.predicate->text, {{"this", row}}) + ")";
      kept.push_back("(" + condition + ")");
    }
    select.push_back("(" + join(kept, " OR ") + ") IS TRUE");
    statement.text =
        "SELECT " + join(select, ", ") + " " + from() + " JOIN " +
        rows_as(rows_, numbers(rows_.size()), numbers(rows_.address), key, false, statement) +
        " ON " + same_address(rows_.columns, rows_.address, row, key) + " FOR UPDATE OF " +
        quote(row).text();
    return connection_.exec(statement.text, statement.params());
  }

  std::uint64_t write() {
    SqlStatement statement;
    statement.text = "UPDATE " + quote(mapped_.name) + (" AS \"" + std::string(row) + "\" SET ") +
                     quote(column_.name) + " = " +
                     qualify(key, key + std::to_string(rows_.address)).text() + " FROM " +
                     rows_as(rows_, numbers(rows_.size()), numbers(rows_.columns.size()), key,
                             false, statement) +
                     " WHERE " + same_address(rows_.columns, rows_.address, row, key);
    return connection_.exec(statement.text, statement.params())->affected();
  }

  [[nodiscard]] std::string from() const {
    return "FROM " + quote(mapped_.name) + (" AS \"" + std::string(row) + "\"");
  }

  Connection& connection_;
  const DataMap& map_;
  const Catalogue& catalogue_;
  const Held& held_;
  const Table& mapped_;
  const CatalogueColumn& column_;
  ErasureRows rows_;  ///< their keys, then the new value
};

}  // namespace

void redact_residue(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                    const Held& held, const ResidueRedactors& redactors,
                    std::vector<Residue>& found) {
  for (auto& residue : found) {
    if (!residue.redact) continue;
    Redaction redaction(connection, map, catalogue, held, residue);
    for (std::size_t begin = 0; begin < residue.keys.size(); begin += rows_at_once)
      redaction.run(redactors, begin, std::min(begin + rows_at_once, residue.keys.size()), residue);
  }
}

}  // namespace dsar::pg

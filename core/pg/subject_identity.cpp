#include "core/pg/subject_identity.hpp"

#include <algorithm>

#include "core/pg/hold_lock.hpp"
#include "core/pg/recorded_subject.hpp"
#include "core/rectification.hpp"
#include "core/way_sql.hpp"

namespace dsar::pg {
namespace {

constexpr std::string_view lock_timeout_sql = "SET LOCAL lock_timeout = '2s'";

}  // namespace

void lock_subject(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                  const SubjectKeys& keys, const std::string& tenant_key) {
  connection.exec(lock_timeout_sql);
  // First, as whatever deletes does it, so that the two cannot wait for each other.
  if (is_recorded(connection, tenant_key, keys)) change_what_is_held(connection);
  for (const auto& ref : record_sets(map)) {
    if (keys.count(ref.set->name) == 0) continue;
    SqlStatement statement;
    statement.text = "SELECT 1 FROM " + quote(ref.table->name) + " AS \"t0\" WHERE " +
                     has_key_of(catalogue, ref, "t0", keys, statement) + " FOR NO KEY UPDATE";
    connection.exec(statement.text, statement.params());
  }
}

std::vector<Identity> identities_of(Connection& connection, const DataMap& map,
                                    const std::string& category, const std::string& value,
                                    bool weak) {
  std::vector<Identity> asked;
  for (const auto& kind : map.identities) {
    const bool follows =
        kind.strength == Strength::strong ||
        (weak && (kind.strength == Strength::weak || kind.strength == Strength::record));
    if (follows && falls_under(kind.category, category)) asked.push_back({kind.name, value});
  }
  return normalise_identities(connection, map, asked);
}

std::vector<SubjectRow> rows_with(Connection& connection, const DataMap& map,
                                  const Catalogue& catalogue, const std::string& tenant_key,
                                  const std::vector<Identity>& asked) {
  if (asked.empty()) return {};
  std::vector<CannotSee> unseen;
  return subject_lookup(connection, map, catalogue, unseen)(asked, tenant_key);
}

bool has_row(const SubjectKeys& keys, const SubjectRow& row) {
  const auto known = keys.find(row.set);
  return known != keys.end() &&
         std::find(known->second.begin(), known->second.end(), row.key) != known->second.end();
}

}  // namespace dsar::pg

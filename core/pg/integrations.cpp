#include "core/pg/integrations.hpp"

#include "core/integrations.hpp"
#include "core/sql.hpp"

namespace dsar::pg {

std::optional<std::vector<std::string>> enabled_integrations(Connection& connection,
                                                             const DataMap& map,
                                                             const Catalogue& catalogue,
                                                             const std::string& tenant_key) {
  if (!map.tenants || !map.tenants->integrations || cannot_read_integrations(map, catalogue))
    return std::nullopt;
  const auto rows = connection.exec(
      "SELECT DISTINCT e.* FROM (" + integrations_sql(map, catalogue) + " WHERE " +
          qualify("t0", map.tenants->key).text() + "::text = $1) AS e(known, name) ORDER BY 2",
      {tenant_key});
  std::vector<std::string> names;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    if (rows->text(r, 0) != "t") return std::nullopt;
    if (const auto name = rows->at(r, 1)) names.emplace_back(*name);
  }
  return rows->rows() == 0 ? std::nullopt : std::optional(names);
}

}  // namespace dsar::pg

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/reach.hpp"
#include "core/sql.hpp"

/// Ways along the map's links as SQL conditions.
namespace dsar {

/// A row that a statement has in sight: whose it is, and what it is called there.
struct RowInSight {
  const Table* table = nullptr;
  std::string alias;
};

/// The condition that the row `alias` of `root` is one of those that `keys` names.
std::string has_key_of(const Catalogue& catalogue, const SetRef& root, const std::string& alias,
                       const SubjectKeys& keys, SqlStatement& statement);

/// Writes ways as nested EXISTS. Every level has one table in its FROM, so that a bare column in a
/// fragment means the table it was written for.
class WayWriter {
 public:
  /// The condition on the row at the end of a way.
  using End = std::function<std::string(const SetRef& root, const std::string& alias)>;

  /// All rows are of the tenant with this key (empty: whatever tenant); without one each is of the
  /// tenant of the row before it. New aliases are `prefix` and a number, from 1; none may be in
  /// sight already.
  WayWriter(const DataMap& map, const Catalogue& catalogue, std::optional<std::string> tenant_key,
            std::string prefix, SqlStatement& statement, End end);

  /// What makes a row one of the set and of the right tenant. `near` is the nearest row before it
  /// that has a tenant, as everywhere here; a row that nothing comes before is its own.
  std::vector<std::string> rows_of(const SetRef& ref, const RowInSight& row,
                                   const RowInSight& near);

  /// That the row is at the beginning of the way: one EXISTS, or the end's condition.
  std::string way(const ReachPath& path, const RowInSight& row, const RowInSight& near);

  /// That a row of `step.from` hangs by this step on `row`, and meets what `further` says of it
  /// and of the row near it.
  using Further = std::function<std::string(const RowInSight& row, const RowInSight& near)>;
  std::string hangs_on(const ReachStep& step, const RowInSight& row, const RowInSight& near,
                       const Further& further);

  /// That the step leads from `row`, one of `step.from`, to a row of something else than its
  /// table: of what `source` gives for a FROM, under the alias that it is given.
  using Source = std::function<std::string(const std::string& alias)>;
  std::string leads_to(const ReachStep& step, const RowInSight& row, const Source& source);

 private:
  using Aliases = std::map<std::string, std::string>;
  using Inner = std::function<std::vector<std::string>(const std::string& before, Aliases&)>;

  std::string fresh();
  [[nodiscard]] std::string right_tenant(const Table& table, const std::string& alias,
                                         const RowInSight& near);
  std::vector<std::string> rows_along(const ReachStep& step, const SetRef& ref,
                                      const RowInSight& row, const RowInSight& near,
                                      const RowInSight& other);
  [[nodiscard]] const RowInSight& nearer(const RowInSight& row, const RowInSight& near) const;
  std::string way_from(const ReachPath& path, std::size_t step, const RowInSight& row,
                       const RowInSight& near);
  std::vector<std::string> through(const std::vector<Hop>& via, std::size_t index,
                                   const std::string& before, Aliases& aliases, const Inner& inner);
  std::vector<std::string> meets(const Link& link, const std::string& before,
                                 const std::string& that, Aliases& aliases);

  const DataMap& map_;
  const Catalogue& catalogue_;
  std::optional<std::string> tenant_key_;
  std::string prefix_;
  SqlStatement& statement_;
  End end_;
  int aliases_used_ = 0;
};

}  // namespace dsar

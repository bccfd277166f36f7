#pragma once

#include <string>
#include <vector>

#include "core/erasure.hpp"
#include "core/sweep_passes.hpp"

/// Erasing all that a tenant has (Art. 28(3)(g) GDPR, or the end of a contract), with what a sweep
/// does of tenants whose time has come.
namespace dsar {

/// The schedule of one tenant by which everything goes, but for what the law keeps: what its policy
/// keeps, and the record sets that the map keeps on a legal ground. The tool's own record is none
/// of it.
class TenantErasure {
 public:
  /// `schedule` has the tenant's; what is pointed to outlives this.
  TenantErasure(const DataMap& map, const std::vector<SetSchedule>& schedule,
                const SweepTenant& tenant, Instant now);
  TenantErasure(const TenantErasure&) = delete;
  TenantErasure& operator=(const TenantErasure&) = delete;

  /// As statements want it.
  [[nodiscard]] const std::vector<SetSchedule>& schedule() const { return schedule_; }

  /// Deletes rows, set by set, children before what they hang on; the tenants' own table apart.
  [[nodiscard]] std::vector<SweepPass> deletions(const Catalogue& catalogue) const;
  /// Deletes the tenant's own row.
  [[nodiscard]] std::vector<SweepPass> own_row(const Catalogue& catalogue) const;
  /// Masks rows that stay on a legal ground, as far as the map says so.
  [[nodiscard]] std::vector<SweepPass> masks() const;
  /// Deletes rows of tables that belong to no tenant when rows of this one need them and nothing
  /// else does any more.
  [[nodiscard]] const std::vector<SweepPass>& shared() const { return shared_passes_; }
  /// The tool's own record of the tenant's people: it stays.
  [[nodiscard]] std::vector<SetSchedule> own_records() const;

  /// On which ground the law keeps rows of the set.
  [[nodiscard]] Ground law_of(const SetRef& set) const;
  /// The rule that ends it, where one counts a period from the rows' clock; nullptr: none does.
  [[nodiscard]] const EffectiveRule* end_of_law(const SetRef& set) const;

 private:
  [[nodiscard]] std::vector<SweepPass> whole(const Catalogue& catalogue, bool of_tenants) const;
  [[nodiscard]] const SetSchedule* schedule_of(const SetRef& set) const;

  const DataMap& map_;
  const SweepTenant& tenant_;
  RetentionRule rule_;   ///< everything, at once
  EffectiveRule going_;  ///< the same for the tenant
  EffectiveRule kept_;   ///< of record sets that the map keeps
  std::vector<SetSchedule> original_;
  std::vector<SetSchedule> schedule_;
  std::vector<SetSchedule> masked_;  ///< of sets that are kept and masked
  std::vector<SetSchedule> shared_;
  std::vector<SweepPass> shared_passes_;
};

/// Why rows of a set stay or go, in the order in which they are told; of holders there is one for
/// each.
enum class TenantFate { goes, shared, held, by_law, referenced };

template <>
struct EnumNames<TenantFate> {
  using F = TenantFate;
  static constexpr std::array table{
      EnumName<F>{F::goes, "goes"},
      EnumName<F>{F::shared, "shared"},
      EnumName<F>{F::held, "held"},
      EnumName<F>{F::by_law, "law"},
      EnumName<F>{F::referenced, "referenced"},
  };
};

/// Counts the tenant's rows of the pass's set by their fate: its word, of what is held a blank and
/// the number of the first of `holders` that holds it (none: of several together), how many, the
/// latest clock as clock_text, and of each object rule how many rows have an object. `predict`: as
/// it will be once what goes has gone.
SqlStatement tenant_count_statement(const SweepWorld& world, const SweepPass& pass,
                                    const std::vector<Held>& holders, bool predict);

/// Notes, in the tool's own schema, the keys of rows of a shared set that rows of the tenant need:
/// once these are gone nothing tells which they were. Those that are noted already are left out.
SqlStatement note_shared_statement(const SweepWorld& world, const SweepPass& pass,
                                   const std::string& erasure);

/// How many rows of the set belong to the tenant.
SqlStatement tenant_rows_statement(const SweepWorld& world, const SetSchedule& schedule);

}  // namespace dsar

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/dependants.hpp"
#include "core/held.hpp"
#include "core/mask_sql.hpp"
#include "core/schedule.hpp"
#include "core/sql.hpp"
#include "core/way_sql.hpp"

/// What makes a row of a record set due, and what keeps it, as SQL conditions.
namespace dsar {

/// The type of a clock's expression in the database.
enum class ClockType { date, timestamptz, timestamp, number };

template <>
struct EnumNames<ClockType> {
  using C = ClockType;
  static constexpr std::array table{
      EnumName<C>{C::date, "date"},
      EnumName<C>{C::timestamptz, "timestamp with time zone"},
      EnumName<C>{C::timestamp, "timestamp without time zone"},
      EnumName<C>{C::number, "number"},
  };
};

/// What all conditions of a sweep depend on. Everything pointed to outlives what uses this.
struct SweepWorld {
  const DataMap& map;  ///< with tenant_owned_sets()
  const Catalogue& catalogue;
  const Held& held;
  /// Of each set whose clock has an expression, and of each event by its event_key.
  const std::map<std::string, ClockType>& clock_types;
  const std::vector<SetSchedule>& schedule;
  /// The server counts what a transaction deletes (track_counts).
  bool counts_deletes = false;
};

/// How rows of a pass come to be due.
enum class DueBy {
  whole,   ///< they belong to one of the tenants
  clock,   ///< their clock lies before their tenant's cut-off
  orphan,  ///< their parent is gone; the map says that they are due then, their tenant's policy
           ///< that such rows have an end (nobody's rows need none)
  keys,    ///< they hang on given rows of another set
};

/// Rows of one record set that go, or are masked, together.
struct SweepPass {
  SetRef set;
  DueBy by = DueBy::clock;
  SweepAction action = SweepAction::remove;
  MaskScope masks = MaskScope::all;              ///< which columns a mask changes
  std::vector<const SetSchedule*> tenants = {};  ///< each at most once
  /// By the clock: what lies before this is dealt with otherwise (a value and its type).
  std::optional<std::pair<std::string, std::string>> not_before = {};
  /// Of a foreign table: values of its one key column that are held, because the remote server
  /// cannot be asked what is.
  std::optional<std::vector<std::string>> held_keys = {};
  // keys only:
  SetRef source = {};  ///< the set that the rows hang on, or the set itself
  std::shared_ptr<const SubjectKeys> keys = {};  ///< of `source`; there may be very many
  const EffectiveRule* rule = nullptr;
  std::optional<CutOff> floor = {};  ///< and their own clock lies before this
};

/// The rule by which the pass makes rows of the tenant due; nullptr: because the parent is gone.
const EffectiveRule* rule_of(const SweepPass& pass, const SetSchedule* tenant);

/// The rows of the set whose parent is gone, where the map makes them due.
std::optional<SweepPass> orphan_pass(const SetRef& set, const std::vector<SetSchedule>& schedule);

/// Writes the conditions into one statement.
class SweepConditions {
 public:
  /// `predict`: rows that are due themselves no longer keep others, as it will be once they have
  /// gone; otherwise whatever is there does. `by_keys`: what goes by keys, which the schedule alone
  /// does not tell.
  SweepConditions(const SweepWorld& world, SqlStatement& statement, bool predict,
                  const std::vector<SweepPass>* by_keys = nullptr)
      : world_(world), statement_(statement), predict_(predict), by_keys_(by_keys) {}

  /// The row's clock lies before the cut-off; false or NULL where it has none.
  std::string clock_before(const SetRef& set, const std::string& alias, const CutOff& cut_off,
                           const Zone& zone);
  /// The contrary of it, of a set whose clock has an expression: at or after, and not NULL.
  std::string clock_from(const SetRef& set, const std::string& alias, const CutOff& cut_off,
                         const Zone& zone);
  /// The clock's own expression; the set has one.
  [[nodiscard]] static std::string clock_sql(const SetRef& set, const std::string& alias);

  /// An event of the set has happened to the row before the cut-off.
  std::string event_before(const SetRef& set, const SetEvent& event, const std::string& alias,
                           const CutOff& cut_off, const Zone& zone);

  /// The row belongs to one of the tenants; `true` where the map has none.
  std::string in_tenants(const SetRef& set, const std::string& alias,
                         const std::vector<const SetSchedule*>& tenants);

  /// The row, one of `root`, dates a row of `child` by its own clock: that one hangs on it, or on
  /// rows without a clock of their own that do. `false` where none can.
  std::string dates(const SetRef& root, const std::string& alias, const SetRef& child);

  /// The row is one of the set's, and due by the pass, whatever protects it.
  std::string due(const SweepPass& pass, const std::string& alias);
  /// The part of it that an index on the clock serves; `pass` is by the clock.
  std::string due_by_clock(const SweepPass& pass, const std::string& alias);

  /// A hold or an open request keeps the row, or a row that hangs on it. `false` where none can.
  std::string held(const SetRef& set, const std::string& alias);
  /// ` AND` that the row's key is none of the pass's held_keys; empty where there are none.
  std::string not_held_key(const SweepPass& pass, const std::string& alias);
  /// A recorded ground or a floor by law does. `false` where none can.
  std::string kept_by_law(const SetRef& set, const std::string& alias,
                          const std::vector<const SetSchedule*>& tenants);
  /// The schedules of `set` for the tenants of another set's schedules.
  std::vector<const SetSchedule*> same_tenants(const SetRef& set,
                                               const std::vector<const SetSchedule*>& of_parent);
  /// A row that stays refers to it, and the map does not say that it may lose the reference.
  /// `false` where none can.
  std::string blocked(const SweepPass& pass, const std::string& alias);
  /// A row that is kept by a hold or by law hangs on it. `false` where none can.
  std::string keeps_protected(const SweepPass& pass, const std::string& alias);

 private:
  enum class Side { before, from };
  std::string compared(const std::string& clock, const Clock& rule, ClockType type, Side side,
                       const CutOff& cut_off, const Zone& zone);
  std::string is_of(const SetRef& set, const std::string& alias);
  std::string orphaned(const SweepPass& pass, const std::string& alias);
  std::string unreferenced(const SetRef& set, const std::string& alias);
  std::string reached(const SweepPass& pass, const std::string& alias);
  std::string no_children(const SetRef& set, const std::string& alias);
  std::string parents_before(const SetRef& set, const std::string& alias, const CutOff& cut_off,
                             const Zone& zone, bool childless);
  std::string hanging(const ReachStep& step, const SetRef& parent, const std::string& alias,
                      const std::function<std::string(const std::string&)>& further);
  std::string protection(const SetRef& set, const std::string& alias,
                         const std::vector<const SetSchedule*>& of_parent);
  std::string remains(const Table& table, const std::string& alias);
  std::string will_go(const SetRef& set, const std::string& alias);
  std::vector<const SweepPass*> by_keys_of(const SetRef& set) const;
  bool may_go_sooner(const SetRef& parent, const SetRef& child) const;
  std::string fresh();

  const SweepWorld& world_;
  SqlStatement& statement_;
  bool predict_;
  const std::vector<SweepPass>* by_keys_;
  int aliases_used_ = 0;
  std::vector<const SetSchedule*> tenants_;  ///< of the pass that is being written
  std::vector<std::string> open_;            ///< sets whose remaining rows are being written
};

/// How an event of a set is known in SweepWorld::clock_types.
std::string event_key(const SetRef& set, const SetEvent& event);

/// The dates of an event of the row `alias`: `SELECT` of an expression, one row a date.
std::string event_dates(const SetEvent& event, const std::string& alias);

}  // namespace dsar

#include "core/pg/sweep_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/pg/privilege.hpp"
#include "core/rfc3339.hpp"
#include "core/sweep_counts.hpp"

namespace dsar::pg {
namespace {

std::uint64_t number(const Result& result, std::size_t row, std::size_t column) {
  return std::stoull(result.text(row, column));
}

std::unique_ptr<Result> run(Connection& connection, const SqlStatement& statement) {
  return connection.exec(statement.text, statement.params());
}

class Planner {
 public:
  Planner(Connection& connection, const SweepWorld& world, Instant now, const SweepFilter& filter,
          const UnseenSets& unseen, const SweepProgress& progress)
      : connection_(connection),
        world_(world),
        now_(now),
        filter_(filter),
        unseen_(unseen),
        progress_(progress) {
    for (const auto& one : world.schedule) slugs_[one.tenant->key] = one.tenant->slug;
    for (const auto& [set, why] : unseen) tell_unseen(set, why);
    plan_.result.as_of = now;
  }

  SweepPlan run_all() {
    tell_lines();
    all_ = plan_passes(world_.map, world_.catalogue, world_.schedule);
    for (auto& event : plan_event_passes(world_.map, world_.catalogue, world_.schedule))
      look(event.source, [&] { add_event(event); });
    for (const auto& one : world_.schedule) {
      if (one.renewed && wanted(one, one.renewed->cut.rule))
        look(one.set, [&] { add_renewed(one); });
    }
    for (const auto& pass : all_) look(pass.set, [&] { add_pass(pass); });
    std::stable_sort(plan_.result.lines.begin(), plan_.result.lines.end(),
                     [](const SweepLine& a, const SweepLine& b) { return a.tenant < b.tenant; });
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool wanted(const SetSchedule& one, const EffectiveRule* rule) const {
    if (!filter_.tenant.empty() && one.tenant->slug != filter_.tenant) return false;
    if (!filter_.set.empty() && one.set.set->name != filter_.set) return false;
    return filter_.rule.empty() || (rule != nullptr && rule->rule->id == filter_.rule);
  }

  /// Rules without a period or a clock, each once for a tenant.
  void tell_lines() {
    std::set<std::vector<std::string>> told;
    for (const auto& one : world_.schedule) {
      for (const auto& line : one.lines) {
        const bool open_end =
            line.state == LineState::keeps && line.rule->period.kind() == PeriodKind::not_stated;
        const bool unset = line.state == LineState::not_set || open_end;
        if (!unset && line.state != LineState::no_clock) continue;
        if (!wanted(one, line.rule)) continue;
        // A rule of many sets that only whole tenants or some sets have a date for.
        if (!unset && line.rule->rule->categories.is_all()) continue;
        const SweepOmission omission{unset ? "" : one.set.set->name, one.tenant->slug,
                                     line.rule->rule->id, reason(line, *one.tenant)};
        if (!told.insert({omission.set, omission.tenant, omission.rule, omission.reason}).second)
          continue;
        (unset ? plan_.result.not_set : plan_.result.not_dated).push_back(omission);
      }
    }
  }

  /// False where the role cannot see the set's rows.
  bool can_see(const SetRef& set) {
    if (looked_at_.insert(set.set->name).second) progress_(set.set->name);
    return !unseen_.contains(set.set->name);
  }

  void tell_unseen(const std::string& set, const std::string& why) {
    if (!filter_.set.empty() && set != filter_.set) return;
    auto& known = plan_.result.cannot_see;
    const auto told = [&](const SweepOmission& one) { return one.set == set; };
    if (std::none_of(known.begin(), known.end(), told)) known.push_back({set, "", "", why});
  }

  /// Looks at a set; what it turns out to need beyond its own table may be closed too: then that is
  /// noted, nothing of it is planned, and the rest goes on.
  void look(const SetRef& set, const std::function<void()>& count) {
    const auto lines = plan_.result.lines;
    try {
      const auto why = unless_forbidden(connection_, count);
      if (!why) return;
      plan_.result.lines = lines;
      tell_unseen(set.set->name, *why);
    } catch (const ServerError& error) {
      throw as_fault_of("record set " + set.set->name, error);
    }
  }

  SweepLine& line_of(const SetRef& set, const std::string& tenant_key, const EffectiveRule* rule,
                     SweepAction action) {
    const auto slug = slugs_.contains(tenant_key) ? slugs_[tenant_key] : tenant_key;
    const auto id = rule == nullptr ? std::string() : rule->rule->id;
    for (auto& line : plan_.result.lines) {
      if (line.tenant == slug && line.set == set.set->name && line.rule == id &&
          line.action == to_string(action))
        return line;
    }
    SweepLine line;
    line.tenant = slug;
    line.set = set.set->name;
    line.table = set.table->name.text();
    line.rule = id;
    if (rule != nullptr) line.clause = to_text(rule->rule->citation);
    line.action = to_string(action);
    if (rule == nullptr) line.reason = "what it hung on is gone";
    plan_.result.lines.push_back(std::move(line));
    return plan_.result.lines.back();
  }

  static void describe(SweepLine& line, const SetSchedule& one, const EffectiveRule* rule,
                       bool with_cut_off) {
    for (const auto& scheduled : one.lines) {
      if (scheduled.rule != rule) continue;
      if (scheduled.state != LineState::by_clock && scheduled.state != LineState::all_due &&
          scheduled.state != LineState::by_event)
        continue;
      line.reason = reason(scheduled, *one.tenant);
      if (with_cut_off && scheduled.cut_off) line.cut_off = rfc3339(scheduled.cut_off->instant);
    }
  }

  const SetSchedule* schedule_of_key(const SweepPass& pass, const std::string& key) const {
    for (const auto* one : pass.tenants) {
      if (one->tenant->key == key) return one;
      if (pass.tenants.size() == 1 && pass.by != DueBy::orphan) return one;
    }
    return nullptr;
  }

  /// Counts a pass into the result, of which the first `keys` of by_keys_ go before; gives how many
  /// rows are due, dependants included.
  std::uint64_t count_pass(const SweepPass& pass, std::size_t keys) {
    std::uint64_t due = 0;
    const auto besides = others(pass, keys);
    const auto refused = why_refused(world_.map, world_.catalogue, pass);
    const auto counted = run(connection_, count_statement(world_, pass, besides));
    for (std::size_t r = 0; r < counted->rows(); ++r) {
      const auto key = counted->text(r, 0);
      const auto* one = schedule_of_key(pass, key);
      const auto* rule = rule_of(pass, one);
      auto& line = line_of(pass.set, one == nullptr ? key : one->tenant->key, rule, pass.action);
      if (one != nullptr) describe(line, *one, rule, pass.by != DueBy::whole);
      line.due += number(*counted, r, 1);
      line.held += number(*counted, r, 2);
      line.kept_by_law += number(*counted, r, 3);
      line.left_over += number(*counted, r, 4);
      if (number(*counted, r, 4) > 0 && line.note.empty())
        line.note = "a row that stays refers to them";
      if (refused && line.due > 0) line.note = *refused;
      const auto oldest = counted->text(r, 5);
      if (!oldest.empty() && (line.oldest.empty() || oldest < line.oldest)) line.oldest = oldest;
      due += number(*counted, r, 1);
    }
    if (pass.action == SweepAction::remove && counted->rows() > 0)
      due += count_children(pass, besides);
    return due;
  }

  /// The filter does not leave it out.
  [[nodiscard]] bool is_planned(const SweepPass& pass) const {
    return filter_.rule.empty() && (filter_.set.empty() || filter_.set == pass.set.set->name);
  }

  /// What goes before the pass: the first so many of what goes by keys, and of rows whose parent is
  /// gone those of whole tenants.
  [[nodiscard]] OtherPasses others(const SweepPass& pass, std::size_t keys) const {
    OtherPasses found{&by_keys_, {}};
    for (std::size_t i = 0; i < keys; ++i) found.earlier.push_back(&by_keys_[i]);
    for (const auto& other : all_) {
      if (pass.by == DueBy::orphan && other.by == DueBy::whole && is_planned(other) &&
          other.set.set->name == pass.set.set->name)
        found.earlier.push_back(&other);
    }
    return found;
  }

  /// Children lie in an index in the order of their parents: merged with these, which as a rule
  /// grow with the clock, they are counted with a third of the work that hashing either takes.
  /// Parallel workers would each sort all parents.
  std::unique_ptr<Result> merged(const SqlStatement& statement) {
    connection_.exec(
        "SET LOCAL enable_hashjoin = off; SET LOCAL max_parallel_workers_per_gather = 0; "
        "SET LOCAL work_mem = '64MB'");
    auto result = run(connection_, statement);
    connection_.exec(
        "SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO "
        "DEFAULT; SET LOCAL work_mem TO DEFAULT");
    return result;
  }

  std::uint64_t count_children(const SweepPass& pass, const OtherPasses& besides) {
    std::uint64_t due = 0;
    for (const auto& [name, chains] : dependant_chains(world_.map, pass.set)) {
      const auto& child = chains.front().front().from;
      if (!can_see(child)) continue;
      std::vector<const SweepPass*> own;
      for (const auto& other : all_) {
        // What goes by keys goes before all of these.
        if (other.set.set->name == name && other.by != DueBy::orphan && pass.by != DueBy::keys &&
            is_planned(other))
          own.push_back(&other);
      }
      if (go_by_their_own(pass, chains, own, besides)) continue;
      const auto counted = merged(count_dependants(world_, pass, chains, own, besides));
      for (std::size_t r = 0; r < counted->rows(); ++r) {
        const auto* one = schedule_of_key(pass, counted->text(r, 0));
        const auto* rule = rule_of(pass, one);
        auto& line = line_of(child, one == nullptr ? counted->text(r, 0) : one->tenant->key, rule,
                             SweepAction::remove);
        if (line.reason.empty())
          line.reason = "goes with its row of " + chains.front().front().to.set->name;
        line.due += number(*counted, r, 1);
        due += number(*counted, r, 1);
      }
    }
    return due;
  }

  PlannedPass planned(SweepPass pass, std::uint64_t due, std::vector<ExpiredLeaf> leaves) const {
    auto refused = why_refused(world_.map, world_.catalogue, pass).value_or(std::string());
    return {std::move(pass), due, std::move(leaves), std::move(refused)};
  }

  void add_event(EventPasses& event) {
    if (!can_see(event.source)) return;
    if (!filter_.tenant.empty() && event.tenant->slug != filter_.tenant) return;
    if (!filter_.rule.empty() && event.rule->rule->id != filter_.rule) return;
    const auto found = run(connection_, event_keys_statement(world_, event));
    if (found->rows() == 0) return;
    SubjectKeys by_set;
    auto& keys = by_set[event.source.set->name];
    const auto columns =
        row_key(*event.source.table, live_table(world_.catalogue, event.source.table->name)).size();
    for (std::size_t r = 0; r < found->rows(); ++r) {
      std::vector<std::string> key;
      for (std::size_t c = 0; c < columns; ++c) key.push_back(found->text(r, c));
      keys.push_back(std::move(key));
    }
    // Counted with all of them at once: a row may hang on several, and would be counted with each
    // piece that has one of them.
    const auto shared = std::make_shared<const SubjectKeys>(std::move(by_set));
    auto before = by_keys_.size();
    for (auto& pass : event.passes) {
      pass.keys = shared;
      if (filter_.set.empty() || pass.set.set->name == filter_.set) by_keys_.push_back(pass);
    }
    for (auto& pass : event.passes) {
      if (!filter_.set.empty() && pass.set.set->name != filter_.set) continue;
      const auto earlier = before++;
      if (!can_see(pass.set)) continue;
      look(pass.set, [&] {
        const auto due = count_pass(pass, earlier);
        plan_.events.push_back(planned(pass, due, {}));
      });
    }
  }

  void add_pass(SweepPass pass) {
    std::erase_if(pass.tenants,
                  [&](const SetSchedule* one) { return !wanted(*one, rule_of(pass, one)); });
    if (pass.by != DueBy::orphan && pass.tenants.empty()) return;
    if (pass.by == DueBy::orphan && (!filter_.tenant.empty() || !filter_.rule.empty())) return;
    if (!filter_.set.empty() && pass.set.set->name != filter_.set) return;
    if (!can_see(pass.set)) return;
    auto leaves = expired_leaves(connection_, world_, pass);
    std::uint64_t whole = 0;
    const bool by_keys = std::any_of(by_keys_.begin(), by_keys_.end(), [&](const SweepPass& other) {
      return other.set.set->name == pass.set.set->name;
    });
    if (!leaves.empty() && !world_.map.tenants && !by_keys) {
      // What goes with its partition is not counted row by row.
      pass.not_before = {leaves.back().to, leaves.back().type};
      auto& line = line_of(pass.set, pass.tenants.front()->tenant->key,
                           rule_of(pass, pass.tenants.front()), pass.action);
      describe(line, *pass.tenants.front(), rule_of(pass, pass.tenants.front()), true);
      for (const auto& leaf : leaves) whole += leaf.rows;
      line.due += whole;
    }
    const auto due = count_pass(pass, by_keys_.size()) + whole;
    if (pass.by == DueBy::clock) count_dateless(pass);
    if (pass.by != DueBy::orphan) count_floored(pass);
    plan_.passes.push_back(planned(std::move(pass), due, std::move(leaves)));
  }

  void count_dateless(const SweepPass& pass) {
    if (!pass.set.set->clock || !pass.set.set->clock->expression) return;
    const auto counted = run(connection_, dateless_statement(world_, pass.tenants, now_));
    for (std::size_t r = 0; r < counted->rows(); ++r) {
      const auto* one = schedule_of_key(pass, counted->text(r, 0));
      if (one == nullptr) continue;
      auto& line = line_of(pass.set, one->tenant->key, rule_of(pass, one), pass.action);
      describe(line, *one, rule_of(pass, one), true);
      line.undated += number(*counted, r, 1);
      line.future += number(*counted, r, 2);
    }
  }

  void count_floored(const SweepPass& pass) {
    std::vector<const SetSchedule*> delayed;
    for (const auto* one : pass.tenants) {
      if (one->delayed && pass.set.set->clock) delayed.push_back(one);
    }
    if (!delayed.empty()) {
      const auto counted = run(connection_, floored_statement(world_, delayed));
      for (std::size_t r = 0; r < counted->rows(); ++r) {
        const auto* one = schedule_of_key(pass, counted->text(r, 0));
        if (one == nullptr) continue;
        line_of(pass.set, one->tenant->key, one->floor->rule, pass.action).floored +=
            number(*counted, r, 1);
      }
    }
    const bool crosses = std::any_of(pass.tenants.begin(), pass.tenants.end(),
                                     [](const SetSchedule* one) { return one->crossing; });
    if (!crosses) return;
    const auto counted = run(connection_, crossing_statement(world_, pass));
    for (std::size_t r = 0; r < counted->rows(); ++r) {
      const auto* one = schedule_of_key(pass, counted->text(r, 0));
      if (one == nullptr) continue;
      line_of(pass.set, one->tenant->key, rule_of(pass, one), pass.action).crossing +=
          number(*counted, r, 1);
    }
  }

  void add_renewed(const SetSchedule& one) {
    if (!can_see(one.set)) return;
    auto rows = read_renewable(connection_, world_, one, now_);
    const auto* rule = one.renewed->cut.rule;
    auto& line = line_of(one.set, one.tenant->key, rule, one.renewed->cut.action);
    describe(line, one, rule, true);
    line.oldest = rows.oldest;
    line.undated += rows.undated;
    plan_.renewed.push_back(&one);
    if (rows.due.empty()) return;
    // Counted by key, so that holds and grounds are told as everywhere.
    SweepPass pass{.set = one.set, .by = DueBy::keys, .action = one.renewed->cut.action};
    pass.tenants = {&one};
    pass.source = one.set;
    pass.rule = rule;
    pass.keys =
        std::make_shared<const SubjectKeys>(SubjectKeys{{one.set.set->name, std::move(rows.due)}});
    by_keys_.push_back(pass);
    const auto due = count_pass(pass, by_keys_.size() - 1);
    line_of(one.set, one.tenant->key, rule, one.renewed->cut.action).oldest = rows.oldest;
    describe(line_of(one.set, one.tenant->key, rule, one.renewed->cut.action), one, rule, true);
    plan_.events.push_back(planned(std::move(pass), due, {}));
  }

  Connection& connection_;
  const SweepWorld& world_;
  Instant now_;
  const SweepFilter& filter_;
  const UnseenSets& unseen_;
  const SweepProgress& progress_;
  std::map<std::string, std::string> slugs_;
  std::set<std::string> looked_at_;
  std::vector<SweepPass> all_;
  std::vector<SweepPass> by_keys_;  ///< what goes before them, for what waits for that
  SweepPlan plan_;
};

}  // namespace

SweepPlan plan_sweep(Connection& connection, const SweepWorld& world, Instant now,
                     const SweepFilter& filter, const UnseenSets& unseen,
                     const SweepProgress& progress) {
  return Planner(connection, world, now, filter, unseen, progress).run_all();
}

}  // namespace dsar::pg

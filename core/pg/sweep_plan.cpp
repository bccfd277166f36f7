#include "core/pg/sweep_plan.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "core/pg/privilege.hpp"
#include "core/pg/statements_ahead.hpp"
#include "core/sweep_children.hpp"
#include "core/sweep_counts.hpp"
#include "core/sweep_lines.hpp"

namespace dsar::pg {
namespace {

std::uint64_t number(const Result& result, std::size_t row, std::size_t column) {
  return std::stoull(result.text(row, column));
}

std::unique_ptr<Result> run(Connection& connection, const SqlStatement& statement) {
  return connection.exec(statement.text, statement.params());
}

/// Children lie in an index in the order of their parents: merged with these, which as a rule grow
/// with the clock, they are counted with a third of the work that hashing either takes. Parallel
/// workers would each sort all parents.
std::unique_ptr<Result> run_merged(Connection& connection, const SqlStatement& statement) {
  connection.exec(
      "SET LOCAL enable_hashjoin = off; SET LOCAL max_parallel_workers_per_gather = 0; "
      "SET LOCAL work_mem = '64MB'");
  auto result = run(connection, statement);
  connection.exec(
      "SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO DEFAULT; "
      "SET LOCAL work_mem TO DEFAULT");
  return result;
}

class Planner {
 public:
  Planner(Connection& connection, const SweepQuestion& question)
      : connection_(connection),
        world_(question.world),
        now_(question.now),
        filter_(question.filter),
        unseen_(question.unseen),
        progress_(question.progress),
        question_(question),
        lines_(question.world.schedule, plan_.result.lines) {
    for (const auto& [set, why] : unseen_) tell_unseen(set, why);
    plan_.result.as_of = now_;
  }

  SweepPlan run_all() {
    tell_lines();
    const auto all = plan_passes(world_.map, world_.catalogue, world_.schedule);
    for (const auto& pass : all) {
      const bool left_out =
          !filter_.rule.empty() || (!filter_.set.empty() && filter_.set != pass.set.set->name);
      if (!left_out) planned_.push_back(pass);
    }
    for (auto& event : plan_event_passes(world_.map, world_.catalogue, world_.schedule))
      look(event.source, [&] { add_event(event); });
    for (const auto& one : world_.schedule) {
      if (one.renewed && wanted(one, one.renewed->cut.rule))
        look(one.set, [&] { add_renewed(one); });
    }
    std::vector<SweepPass> narrowed;
    for (const auto& pass : all) {
      if (auto own = narrow(pass)) narrowed.push_back(std::move(*own));
    }
    if (question_.beside.connections > 0) count_ahead(narrowed);
    for (const auto& pass : narrowed) look(pass.set, [&] { add_pass(pass); });
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
    tell_progress(set);
    return !unseen_.contains(set.set->name);
  }

  void tell_progress(const SetRef& set) {
    if (looked_at_.insert(set.set->name).second) progress_(set.set->name);
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
    const auto counted = ask({count_statement(world_, pass, besides), run});
    for (std::size_t r = 0; r < counted->rows(); ++r) {
      const auto key = counted->text(r, 0);
      const auto* one = schedule_of_key(pass, key);
      const auto* rule = rule_of(pass, one);
      auto& line = lines_.of(pass.set, one == nullptr ? key : one->tenant->key, rule, pass.action);
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
    if (counted->rows() > 0) due += count_children(pass, besides);
    return due;
  }

  std::unique_ptr<Result> ask(const AheadStatement& asked) {
    return ahead_ ? ahead_->answer(asked) : asked.put(connection_, asked.statement);
  }

  /// What goes before the pass: the first so many of what goes by keys, and of rows whose parent is
  /// gone those of whole tenants.
  [[nodiscard]] OtherPasses others(const SweepPass& pass, std::size_t keys) const {
    OtherPasses found{&by_keys_, {}};
    for (std::size_t i = 0; i < keys; ++i) found.earlier.push_back(&by_keys_[i]);
    for (const auto& other : planned_) {
      if (pass.by == DueBy::orphan && other.by == DueBy::whole &&
          other.set.set->name == pass.set.set->name)
        found.earlier.push_back(&other);
    }
    return found;
  }

  [[nodiscard]] std::vector<UncountedChildren> children_of(const SweepPass& pass,
                                                           const OtherPasses& besides) const {
    auto children = uncounted_children(world_, pass, planned_, besides);
    std::erase_if(children, [&](const UncountedChildren& one) {
      return unseen_.contains(one.set.set->name);
    });
    return children;
  }

  std::uint64_t count_children(const SweepPass& pass, const OtherPasses& besides) {
    std::uint64_t due = 0;
    for (const auto& child : children_of(pass, besides)) {
      tell_progress(child.set);
      const auto counted = ask({child.count, run_merged});
      for (std::size_t r = 0; r < counted->rows(); ++r) {
        const auto* one = schedule_of_key(pass, counted->text(r, 0));
        const auto* rule = rule_of(pass, one);
        auto& line = lines_.of(child.set, one == nullptr ? counted->text(r, 0) : one->tenant->key,
                               rule, SweepAction::remove);
        if (line.reason.empty()) line.reason = "goes with its row of " + child.parent.set->name;
        line.due += number(*counted, r, 1);
        due += number(*counted, r, 1);
      }
    }
    return due;
  }

  /// All that the passes will be counted with, but for partitions, of which some are not counted.
  void count_ahead(const std::vector<SweepPass>& passes) {
    std::vector<AheadStatement> statements;
    for (const auto& pass : passes) {
      if (live_table(world_.catalogue, pass.set.table->name).kind == 'p') continue;
      const auto besides = others(pass, by_keys_.size());
      statements.push_back({count_statement(world_, pass, besides), run});
      if (question_.beside.little_due) continue;
      for (auto& child : children_of(pass, besides))
        statements.push_back({std::move(child.count), run_merged});
    }
    ahead_.emplace(connection_, *question_.beside.pool, question_.beside.connections,
                   std::move(statements));
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

  /// What the filter, and what the role may see, leave of a pass.
  [[nodiscard]] std::optional<SweepPass> narrow(SweepPass pass) const {
    std::erase_if(pass.tenants,
                  [&](const SetSchedule* one) { return !wanted(*one, rule_of(pass, one)); });
    if (pass.by != DueBy::orphan && pass.tenants.empty()) return std::nullopt;
    if (pass.by == DueBy::orphan && (!filter_.tenant.empty() || !filter_.rule.empty()))
      return std::nullopt;
    if (!filter_.set.empty() && pass.set.set->name != filter_.set) return std::nullopt;
    if (unseen_.contains(pass.set.set->name)) return std::nullopt;
    return pass;
  }

  void add_pass(SweepPass pass) {
    tell_progress(pass.set);
    auto leaves = expired_leaves(connection_, world_, pass);
    std::uint64_t whole = 0;
    const bool by_keys = std::any_of(by_keys_.begin(), by_keys_.end(), [&](const SweepPass& other) {
      return other.set.set->name == pass.set.set->name;
    });
    if (!leaves.empty() && !world_.map.tenants && !by_keys) {
      // What goes with its partition is not counted row by row.
      pass.not_before = {leaves.back().to, leaves.back().type};
      auto& line = lines_.of(pass.set, pass.tenants.front()->tenant->key,
                             rule_of(pass, pass.tenants.front()), pass.action);
      describe(line, *pass.tenants.front(), rule_of(pass, pass.tenants.front()), true);
      for (const auto& leaf : leaves) {
        whole += leaf.rows;
        if (leaf.estimated) line.estimated += leaf.rows;
      }
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
      auto& line = lines_.of(pass.set, one->tenant->key, rule_of(pass, one), pass.action);
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
        lines_.of(pass.set, one->tenant->key, one->floor->rule, pass.action).floored +=
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
      lines_.of(pass.set, one->tenant->key, rule_of(pass, one), pass.action).crossing +=
          number(*counted, r, 1);
    }
  }

  void add_renewed(const SetSchedule& one) {
    if (!can_see(one.set)) return;
    auto rows = read_renewable(connection_, world_, one, now_);
    const auto* rule = one.renewed->cut.rule;
    auto& line = lines_.of(one.set, one.tenant->key, rule, one.renewed->cut.action);
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
    lines_.of(one.set, one.tenant->key, rule, one.renewed->cut.action).oldest = rows.oldest;
    describe(lines_.of(one.set, one.tenant->key, rule, one.renewed->cut.action), one, rule, true);
    plan_.events.push_back(planned(std::move(pass), due, {}));
  }

  Connection& connection_;
  const SweepWorld& world_;
  Instant now_;
  const SweepFilter& filter_;
  const UnseenSets& unseen_;
  const SweepProgress& progress_;
  const SweepQuestion& question_;
  std::set<std::string> looked_at_;
  std::vector<SweepPass> planned_;  ///< of all tenants, by all rules
  std::vector<SweepPass> by_keys_;  ///< what goes before them, for what waits for that
  SweepPlan plan_;
  PlanLines lines_;
  std::optional<StatementsAhead> ahead_;
};

}  // namespace

SweepPlan plan_sweep(Connection& connection, const SweepQuestion& question) {
  return Planner(connection, question).run_all();
}

}  // namespace dsar::pg

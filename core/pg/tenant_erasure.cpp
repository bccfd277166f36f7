#include "core/pg/tenant_erasure.hpp"

#include <algorithm>
#include <set>

#include "core/map/own_schema.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/clock_value.hpp"
#include "core/sweep_counts.hpp"
#include "core/sweep_rows.hpp"
#include "core/sweep_steps.hpp"

namespace dsar::pg {
namespace {

constexpr std::size_t object_columns_from = 3;

struct Holder {
  std::string by;
  Held held;
};

/// All that holds rows of the tenant, one by one.
std::vector<Holder> holders_of(const Held& held, const std::string& tenant_key) {
  std::vector<Holder> all;
  const auto add = [&](auto member, const auto& value) {
    if (!value.tenant_key.empty() && value.tenant_key != tenant_key) return;
    Holder one{value.by, {}};
    one.held.epoch = held.epoch;
    (one.held.*member).push_back(value);
    all.push_back(std::move(one));
  };
  for (const auto& tenant : held.tenants) add(&Held::tenants, tenant);
  for (const auto& set : held.sets) add(&Held::sets, set);
  for (const auto& subject : held.subjects) add(&Held::subjects, subject);
  return all;
}

class Counter {
 public:
  Counter(Connection& connection, const TenantQuestion& question, bool predict)
      : connection_(connection), question_(question), predict_(predict) {}

  void count(const SweepPass& pass) {
    const auto& set = pass.set;
    if (question_.progress) question_.progress(set.set->name);
    auto rows = run(pass, {});
    std::vector<Holder> holders;
    for (std::size_t r = 0; r < rows->rows(); ++r) {
      if (rows->text(r, 0) != to_string(TenantFate::held)) continue;
      holders = holders_of(question_.world.held, pass.tenants.front()->tenant->key);
      std::vector<Held> held;
      for (const auto& one : holders) held.push_back(one.held);
      rows = run(pass, held);
      break;
    }
    for (std::size_t r = 0; r < rows->rows(); ++r) add(pass, *rows, r, holders);
  }

  /// Rows that stay on a legal ground, and are still to be masked.
  void count_masks(const SweepPass& pass) {
    const auto statement = count_statement(question_.world, pass, {});
    const auto rows = connection_.exec(statement.text, statement.params());
    for (std::size_t r = 0; r < rows->rows(); ++r) {
      const auto due = std::stoull(rows->text(r, 1));
      if (due > 0) counts_.masks[pass.set.set->name] += due;
    }
  }

  void count_own(const SetSchedule& own) {
    const auto statement = tenant_rows_statement(question_.world, own);
    const auto rows = connection_.exec(statement.text, statement.params());
    const auto& erase = own.set.set->erase;
    stay(own.set, std::stoull(rows->text(0, 0)),
         {Cause::own_record, erase.ground, erase.citation, {}});
  }

  TenantCounts counts() { return std::move(counts_); }

 private:
  std::unique_ptr<Result> run(const SweepPass& pass, const std::vector<Held>& holders) {
    const auto statement = tenant_count_statement(question_.world, pass, holders, predict_);
    return connection_.exec(statement.text, statement.params());
  }

  void add(const SweepPass& pass, const Result& rows, std::size_t r,
           const std::vector<Holder>& holders) {
    const auto text = rows.text(r, 0);
    const auto blank = text.find(' ');
    const auto count = std::stoull(rows.text(r, 1));
    switch (*from_string<TenantFate>(text.substr(0, blank))) {
      case TenantFate::goes:
        counts_.going.push_back({pass.set.set->name,
                                 pass.set.table->name.text(),
                                 RowFate::remove,
                                 count,
                                 {Cause::tenant, "", "", {}}});
        add_objects(pass.set, rows, r);
        return;
      case TenantFate::shared:
        stay(pass.set, count, {Cause::shared, sharers(pass.set), "", {}});
        return;
      case TenantFate::held:
        stay(pass.set, count,
             blank == std::string::npos
                 ? Ground{Cause::hold, "a hold", "", {}}
                 : holder(holders.at(std::stoull(text.substr(blank + 1))).by));
        return;
      case TenantFate::by_law: {
        auto ground = question_.erasure.law_of(pass.set);
        const auto* end = question_.erasure.end_of_law(pass.set);
        const auto clock = rows.at(r, 2);
        const auto& zone = pass.tenants.front()->tenant->zone;
        if (end != nullptr && clock) {
          const auto due = due_from(read_clock_value(std::string(*clock), pass.set.set->name),
                                    end->period, zone);
          if (due) ground.until = zone.date_of(*due);
        }
        stay(pass.set, count, ground);
        return;
      }
      case TenantFate::referenced:
        stay(pass.set, count, {Cause::referenced, "other record sets", "", {}});
        return;
    }
  }

  static std::string sharers(const SetRef& set) {
    std::vector<std::string> tables;
    for (const auto& reference : set.set->erase.unless_referenced_by)
      tables.push_back(reference.table.text());
    return join(tables, ", ");
  }

  [[nodiscard]] Ground holder(const std::string& by) const {
    for (const auto& hold : question_.holds) {
      if (by == "hold " + std::to_string(hold.id))
        return {Cause::hold, by, "", hold.placed.review_on};
    }
    return {by.starts_with("request") ? Cause::request : Cause::hold, by, "", {}};
  }

  void stay(const SetRef& set, std::uint64_t rows, const Ground& ground) {
    if (rows > 0)
      counts_.staying.push_back(
          {set.set->name, set.table->name.text(), RowFate::keep, rows, ground});
  }

  void add_objects(const SetRef& set, const Result& rows, std::size_t r) {
    for (std::size_t i = 0; i < set.set->objects.size(); ++i) {
      const auto count = std::stoull(rows.text(r, object_columns_from + i));
      if (count > 0) dsar::add_objects(counts_.objects, {{set.set->objects[i].store, count}});
    }
  }

  Connection& connection_;
  const TenantQuestion& question_;
  bool predict_;
  TenantCounts counts_;
};

}  // namespace

std::uint64_t TenantCounts::going_rows() const {
  std::uint64_t rows = 0;
  for (const auto& line : going) rows += line.rows;
  return rows;
}

bool TenantCounts::withholds_any() const {
  return std::any_of(staying.begin(), staying.end(), [](const ErasureLine& line) {
    return line.ground.cause != Cause::own_record;
  });
}

std::uint64_t TenantCounts::going_of(const std::string& set) const {
  for (const auto& line : going) {
    if (line.set == set) return line.rows;
  }
  return 0;
}

TenantCounts count_tenant(Connection& connection, const TenantQuestion& question, bool predict) {
  Counter counter(connection, question, predict);
  for (const auto& pass : question.erasure.deletions(question.world.catalogue)) counter.count(pass);
  for (const auto& pass : question.erasure.shared()) {
    if (predict) counter.count(pass);
  }
  for (const auto& pass : question.erasure.masks()) counter.count_masks(pass);
  for (const auto& own : question.erasure.own_records()) counter.count_own(own);
  return counter.counts();
}

void note_shared(Connection& connection, const TenantQuestion& question,
                 const std::string& erasure) {
  for (const auto& pass : question.erasure.shared()) {
    const auto statement = note_shared_statement(question.world, pass, erasure);
    connection.exec(statement.text, statement.params());
  }
}

SharedRows noted_shared(Connection& connection, const TenantQuestion& question,
                        const std::string& erasure) {
  constexpr std::size_t at_once = 5000;
  SharedRows shared;
  const auto noted = noted_rows(connection, erasure);
  for (const auto& whole : question.erasure.shared()) {
    const auto& name = whole.set.set->name;
    const auto keys = noted.find(name);
    if (keys == noted.end()) continue;
    const auto& all = keys->second;
    for (std::size_t from = 0; from < all.size(); from += at_once) {
      auto pass = whole;
      pass.by = DueBy::keys;
      pass.source = pass.set;
      const auto to = std::min(all.size(), from + at_once);
      pass.keys = std::make_shared<const SubjectKeys>(
          SubjectKeys{{name,
                       {all.begin() + static_cast<std::ptrdiff_t>(from),
                        all.begin() + static_cast<std::ptrdiff_t>(to)}}});
      Counter counter(connection, question, false);
      counter.count(pass);
      const auto counts = counter.counts();
      if (counts.going_rows() > 0) shared.due.emplace_back(std::move(pass), counts.going_rows());
      add_lines(shared.staying, counts.staying);
    }
  }
  return shared;
}

TenantCounts count_tenant_row(Connection& connection, const TenantQuestion& question,
                              bool others_stay) {
  Counter counter(connection, question, true);
  for (const auto& pass : question.erasure.own_row(question.world.catalogue)) counter.count(pass);
  auto counts = counter.counts();
  if (!others_stay) return counts;
  for (auto& line : counts.going) {
    line.fate = RowFate::keep;
    line.ground = {Cause::referenced, "other record sets", "", {}};
    counts.staying.push_back(std::move(line));
  }
  counts.going.clear();
  counts.objects.clear();
  return counts;
}

std::map<std::string, std::uint64_t> delete_tenant_row(Connection& connection,
                                                       const TenantQuestion& question,
                                                       const std::string& erasure) {
  std::map<std::string, std::uint64_t> gone;
  const Scope everything = [](const std::string&, SqlStatement&) { return std::string(); };
  const ObjectNotes notes{"dsar.erased_object", "erasure", "text", erasure};
  for (const auto& pass : question.erasure.own_row(question.world.catalogue)) {
    for (const auto& step : batch_steps(question.world, pass, everything, notes)) {
      const auto result = connection.exec(step.statement.text, step.statement.params());
      if (step.kind != SweepStep::Kind::rows && step.kind != SweepStep::Kind::dependants) continue;
      if (!step.by_tenant) gone[step.set] += result->affected();
      for (std::size_t r = 0; step.by_tenant && r < result->rows(); ++r)
        gone[step.set] += std::stoull(result->text(r, 1));
    }
  }
  return gone;
}

TenantCount count_traces(Connection& connection, const TenantQuestion& question,
                         const std::string& tenant_key) {
  const auto& map = question.world.map;
  const auto& catalogue = question.world.catalogue;
  std::set<std::string> sets;
  for (const auto& pass : question.erasure.deletions(catalogue)) sets.insert(pass.set.set->name);
  for (const auto& pass : question.erasure.own_row(catalogue)) sets.insert(pass.set.set->name);
  for (const auto& own : question.erasure.own_records()) sets.insert(own.set.set->name);
  TenantCount count;
  count.record_sets = sets.size();
  const auto traces = tenant_traces(map, catalogue, count.cannot_see);
  count.columns = traces.size();
  for (auto trace : traces) {
    if (question.progress) question.progress(trace.table.text());
    const auto statement = trace_statement(map, catalogue, trace, tenant_key);
    const auto rows = connection.exec(statement.text, statement.params());
    trace.rows = std::stoull(rows->text(0, 0));
    if (trace.rows > 0) count.found.push_back(std::move(trace));
  }
  return count;
}

}  // namespace dsar::pg

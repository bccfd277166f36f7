#include "core/pg/sweep_walk.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/pg/row_stream.hpp"
#include "core/sweep_steps.hpp"

namespace dsar::pg {
namespace {

constexpr const char* row = "t0";
/// Of a smaller table every page is in memory anyway.
constexpr double small_table = 10000;

const CatalogueTable& table_of(const SweepWorld& world, const SweepPass& pass) {
  return live_table(world.catalogue, pass.set.table->name);
}

bool is_foreign(const SweepWorld& world, const SweepPass& pass) {
  return table_of(world, pass).kind == 'f';
}

/// What the ranges of a walk are over.
enum class Over { clock_and_key, key };

/// Ranges: after the last one, up to the row that is `rows` rows further.
class RangeWalk : public Walk {
 public:
  RangeWalk(Connection& connection, const SweepWorld& world, const SweepPass& pass,
            Over over = Over::clock_and_key)
      : world_(world),
        pass_(pass),
        by_clock_(over == Over::clock_and_key),
        foreign_(is_foreign(world, pass)) {
    if (by_clock_) {
      const auto clock =
          connection.exec("SELECT pg_typeof((SELECT " + SweepConditions::clock_sql(pass.set, row) +
                          " " + from_table(pass.set) + " LIMIT 0))::text");
      types_.push_back(clock->text(0, 0));
    }
    // A remote server is not given row comparisons, and ties of the clock stay together there.
    if (foreign_) return;
    for (const auto& column : row_key(*pass.set.table, table_of(world, pass))) {
      key_.push_back(column);
      types_.push_back(live_column(world.catalogue, pass.set.table->name, column).type);
    }
  }

  [[nodiscard]] SqlStatement probe(std::size_t rows) const {
    SqlStatement statement;
    SweepConditions conditions(world_, statement, false);
    std::vector<std::string> select;
    std::vector<std::string> texts;
    // Named, or ORDER BY would take an output column's text for the column; and made text of once,
    // not for every row that is passed over.
    for (const auto& part : parts(row)) {
      texts.push_back("c" + std::to_string(select.size()) + "::text");
      select.push_back(part + " AS c" + std::to_string(select.size()));
    }
    std::vector<std::string> where;
    // The clock alone: what keeps a row is looked at with the batch.
    if (by_clock_) where.push_back(conditions.due_by_clock(pass_, row));
    if (auto bound = lower(row, statement); !bound.empty()) where.push_back(std::move(bound));
    statement.text = "SELECT " + join(texts, ", ") + " FROM (SELECT " + join(select, ", ") + " " +
                     from_table(pass_.set) +
                     (where.empty() ? "" : " WHERE " + join(where, " AND ")) + " ORDER BY " +
                     join(parts(row), ", ") + " OFFSET " + std::to_string(rows - 1) +
                     " LIMIT 1) AS last";
    return statement;
  }

  RangeWalk(const RangeWalk&) = delete;
  RangeWalk& operator=(const RangeWalk&) = delete;
  ~RangeWalk() override {
    try {
      if (asked_) answer();  // not cancelled, which might hit what the connection is asked next
    } catch (const std::exception&) {
      return;
    }
  }

  std::optional<Scope> next(Connection& connection, std::size_t rows) override {
    if (done_) return std::nullopt;
    if (!asked_) ask(connection, rows);
    const auto from = last_;
    last_ = answer();
    done_ = last_.empty();
    return [this, from, to = last_](const std::string& alias, SqlStatement& into) {
      std::vector<std::string> both;
      if (!from.empty()) both.push_back(compare(alias, from, ">", into));
      if (!to.empty()) both.push_back(compare(alias, to, "<=", into));
      return join(both, " AND ");
    };
  }

  void look_ahead(Connection& idle, std::size_t rows) override {
    // A remote server would have to answer two connections.
    if (!done_ && !foreign_) ask(idle, rows);
  }

 private:
  [[nodiscard]] std::vector<std::string> parts(const std::string& alias) const {
    std::vector<std::string> columns;
    if (by_clock_) columns.push_back(SweepConditions::clock_sql(pass_.set, alias));
    for (const auto& column : key_) columns.push_back(qualify(alias, column).text());
    return columns;
  }

  [[nodiscard]] std::string lower(const std::string& alias, SqlStatement& statement) const {
    return last_.empty() ? std::string() : compare(alias, last_, ">", statement);
  }

  [[nodiscard]] std::string compare(const std::string& alias, const std::vector<std::string>& with,
                                    const std::string& how, SqlStatement& statement) const {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < with.size(); ++i)
      values.push_back(statement.bind(with[i], types_[i]));
    const auto columns = parts(alias);
    if (values.size() == 1) return columns.front() + " " + how + " " + values.front();
    // The planner knows how many rows lie between two clocks, but not between two pairs.
    const std::string roughly = how == ">" ? " >= " : " <= ";
    return columns.front() + roughly + values.front() + " AND (" + join(columns, ", ") + ") " +
           how + " (" + join(values, ", ") + ")";
  }

  void ask(Connection& connection, std::size_t rows) {
    const auto statement = probe(rows);
    asked_ = stream_rows(connection, statement.text, statement.params(),
                         std::vector<Column>(types_.size()));
  }

  /// Of the row where the piece ends; empty: there are not so many rows.
  std::vector<std::string> answer() {
    const auto asked = std::move(asked_);
    std::vector<std::string> end;
    Row found;
    while (asked->next(found)) {
      for (const auto& value : found) end.emplace_back(value.value_or(""));
    }
    return end;
  }

  const SweepWorld& world_;
  const SweepPass& pass_;
  bool by_clock_;
  bool foreign_;
  std::vector<std::string> key_;
  std::vector<std::string> types_;    ///< of the clock, if it is in it, and the key
  std::vector<std::string> last_;     ///< where the last range ended; empty: at the beginning
  std::unique_ptr<RowSource> asked_;  ///< where the next one ends
  bool done_ = false;
};

/// Blocks of the table, of all its partitions side by side.
class BlockWalk : public Walk {
 public:
  BlockWalk(Connection& connection, const SweepWorld& world, const SweepPass& pass) {
    const auto size = connection.exec(
        "SELECT coalesce(max(pg_relation_size(relid)), 0) / current_setting('block_size')::bigint, "
        "count(*), coalesce(sum(pg_relation_size(relid)), 0) / "
        "current_setting('block_size')::bigint FROM (SELECT $1::regclass::oid AS relid UNION "
        "SELECT "
        "relid FROM pg_partition_tree($1::regclass) WHERE isleaf) AS leaf",
        {quote(pass.set.table->name).text()});
    blocks_ = std::stoull(size->text(0, 0)) + 1;
    const auto all = std::max<double>(1, std::stod(size->text(0, 2)));
    const auto rows = table_of(world, pass).estimated_rows;
    constexpr double unknown = 50;
    rows_per_step_ = std::max(1.0, rows > 0 ? rows / all : unknown) * std::stod(size->text(0, 1));
  }

  std::optional<Scope> next(Connection& /*connection*/, std::size_t rows) override {
    if (at_ > blocks_) return std::nullopt;
    const auto from = at_;
    at_ += std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(rows) / rows_per_step_));
    // The last piece has no end: what is added meanwhile is in it.
    const bool last = at_ > blocks_;
    const auto to = at_;
    return [from, to, last](const std::string& alias, SqlStatement& statement) {
      const auto ctid = qualify(alias, "ctid").text();
      auto scope = ctid + " >= " + statement.bind("(" + std::to_string(from) + ",0)", "tid");
      if (!last)
        scope += " AND " + ctid + " < " + statement.bind("(" + std::to_string(to) + ",0)", "tid");
      return scope;
    };
  }

 private:
  std::uint64_t at_ = 0;
  std::uint64_t blocks_ = 0;
  double rows_per_step_ = 1;  ///< of a block in each of the partitions
};

/// The first few rows that go, until none is left. They are chosen once for all steps of a batch.
class FewWalk : public Walk {
 public:
  FewWalk(const SweepWorld& world, const SweepPass& pass) : world_(world), pass_(pass) {
    for (const auto& column : row_key(*pass.set.table, table_of(world, pass)))
      key_.push_back(live_column(world.catalogue, pass.set.table->name, column));
  }

  std::optional<Scope> next(Connection& connection, std::size_t rows) override {
    Transaction transaction(connection, TransactionMode::read_only);
    SqlStatement statement;
    // By the key where there is one: a place needs the right to read the whole row.
    std::vector<std::string> columns;
    for (const auto& column : key_) columns.push_back(column.name);
    if (columns.empty()) columns.emplace_back("ctid");
    const auto sql = going_rows(world_, pass_, "few", columns, rows, statement);
    const auto found = connection.exec(sql, statement.params());
    std::vector<std::vector<std::string>> values(columns.size());
    for (std::size_t r = 0; r < found->rows(); ++r) {
      for (std::size_t c = 0; c < columns.size(); ++c) values[c].push_back(found->text(r, c));
    }
    // A trigger may keep what the statement takes: no use in asking again.
    if (found->rows() == 0 || values == last_) return std::nullopt;
    last_ = std::move(values);
    return [this, lists = last_](const std::string& alias, SqlStatement& into) {
      std::vector<std::string> names;
      std::vector<std::string> arrays;
      for (std::size_t c = 0; c < lists.size(); ++c) {
        const bool place = key_.empty();
        names.push_back(qualify(alias, place ? "ctid" : key_[c].name).text());
        arrays.push_back(into.bind(array_value(lists[c]), (place ? "tid" : key_[c].type) + "[]"));
      }
      if (names.size() == 1) return names.front() + " = ANY (" + arrays.front() + ")";
      return "(" + join(names, ", ") + ") IN (SELECT * FROM unnest(" + join(arrays, ", ") + "))";
    };
  }
  [[nodiscard]] bool shared() const override { return false; }

 private:
  const SweepWorld& world_;
  const SweepPass& pass_;
  std::vector<CatalogueColumn> key_;
  std::vector<std::vector<std::string>> last_;  ///< a list of values a column
};

/// Everything in one batch.
class OneStep : public Walk {
 public:
  std::optional<Scope> next(Connection& /*connection*/, std::size_t /*rows*/) override {
    if (std::exchange(done_, true)) return std::nullopt;
    return Scope([](const std::string&, SqlStatement&) { return std::string(); });
  }
  [[nodiscard]] bool shared() const override { return false; }

 private:
  bool done_ = false;
};

/// The plan of the probe has no sort but an incremental one, and reads an index.
bool uses_index(Connection& connection, const SqlStatement& statement) {
  const auto plan = connection.exec("EXPLAIN (COSTS OFF) " + statement.text, statement.params());
  bool index = false;
  for (std::size_t r = 0; r < plan->rows(); ++r) {
    const auto line = plan->text(r, 0);
    const bool sort = line.find("Sort") != std::string::npos &&
                      line.find("Sort Key") == std::string::npos &&
                      line.find("Incremental Sort") == std::string::npos &&
                      line.find("Presorted") == std::string::npos;
    if (sort || line.find("Seq Scan") != std::string::npos ||
        line.find("Bitmap") != std::string::npos)
      return false;
    index = index || line.find("Index") != std::string::npos;
  }
  return index;
}

bool has_own_clock(const SweepPass& pass) {
  return pass.by == DueBy::clock && pass.set.set->clock && pass.set.set->clock->expression;
}

bool range_is_indexed(Connection& connection, const SweepWorld& world, const SweepPass& pass) {
  Transaction transaction(connection, TransactionMode::read_only);
  connection.exec("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off");
  const RangeWalk walk(connection, world, pass);
  return uses_index(connection, walk.probe(2));
}

}  // namespace

std::optional<bool> clock_index_is_used(Connection& connection, const SweepWorld& world,
                                        const SweepPass& pass) {
  const auto& table = table_of(world, pass);
  if (!has_own_clock(pass) || table.kind == 'f' || table.estimated_rows < small_table)
    return std::nullopt;
  return range_is_indexed(connection, world, pass);
}

std::unique_ptr<Walk> plan_walk(Connection& connection, const SweepWorld& world,
                                const SweepPass& pass, std::uint64_t due, std::size_t rows) {
  const auto& table = table_of(world, pass);
  if (table.kind == 'f') {
    if (has_own_clock(pass)) return std::make_unique<RangeWalk>(connection, world, pass);
    return std::make_unique<OneStep>();
  }
  if (has_own_clock(pass) && range_is_indexed(connection, world, pass))
    return std::make_unique<RangeWalk>(connection, world, pass);
  // Of a partitioned table a row's place says nothing without its partition.
  const bool one_heap = table.kind == 'r';
  constexpr std::uint64_t few_batches = 4;
  if (one_heap &&
      (pass.by == DueBy::keys || due <= few_batches * rows || table.estimated_rows < small_table))
    return std::make_unique<FewWalk>(world, pass);
  if (pass.by == DueBy::keys) return std::make_unique<OneStep>();
  const auto whole_rows = connection.exec("SELECT has_table_privilege($1::regclass, 'SELECT')",
                                          {quote(pass.set.table->name).text()});
  if (whole_rows->text(0, 0) != "t" && !row_key(*pass.set.table, table).empty())
    return std::make_unique<RangeWalk>(connection, world, pass, Over::key);
  return std::make_unique<BlockWalk>(connection, world, pass);
}

}  // namespace dsar::pg

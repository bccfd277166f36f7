#include "core/sweep_breaker.hpp"

#include <doctest/doctest.h>

namespace {

using namespace dsar;

SweepResult due(std::uint64_t rows) {
  SweepResult plan;
  SweepLine line;
  line.set = "messages";
  line.table = "helpdesk.messages";
  line.due = rows;
  plan.lines.push_back(line);
  return plan;
}

Catalogue holding(double rows) {
  Catalogue catalogue;
  CatalogueTable table;
  table.name = {"helpdesk", "messages"};
  table.estimated_rows = rows;
  catalogue.tables[table.name] = table;
  return catalogue;
}

bool trips(std::uint64_t rows, double of, std::uint64_t last, const BreakerLimits& limits = {}) {
  return breaker_trips(due(rows), holding(of), last, limits).has_value();
}

}  // namespace

TEST_CASE("the first sweep of a database needs a review, unless nothing is due") {
  CHECK(breaker_trips(due(1), holding(1000000), std::nullopt, {}));
  CHECK_FALSE(breaker_trips(due(0), holding(1000000), std::nullopt, {}));
}

TEST_CASE("more rows than the limit need a review") {
  const BreakerLimits limits{.rows = 500, .share = 1, .growth = 1000};
  CHECK_FALSE(trips(500, 1e6, 500, limits));
  CHECK(trips(501, 1e6, 500, limits));
}

TEST_CASE("a larger share of a table than the limit needs a review, a small table's does not") {
  CHECK_FALSE(trips(1000, 2000, 1000));
  CHECK(trips(1001, 2000, 1001));
  CHECK_FALSE(trips(999, 999, 999));
}

TEST_CASE("many times the rows of the last run need a review, a few rows never do") {
  CHECK_FALSE(trips(20000, 1e6, 2000));
  CHECK(trips(20001, 1e6, 2000));
  CHECK_FALSE(trips(10000, 1e6, 0));
  CHECK(trips(10001, 1e6, 0));
}

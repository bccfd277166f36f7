#include "core/tenant_removal.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "core/policies/builtin.hpp"

using namespace dsar;

TEST_CASE("the rules that remove a whole tenant are those that end account and conversations") {
  std::set<std::string> found;
  for (const auto& policy : builtin_policies()) {
    for (const auto& rule : policy.rules) {
      if (removes_tenant(rule)) found.insert(policy.id + " " + rule.id);
    }
  }
  CHECK(found.contains("web1on1 archived"));
  CHECK(found.contains("web1on1 trial"));
  CHECK(found.contains("visitorchat contract"));
  CHECK(found.contains("operatorone account-active"));
  for (const auto* other : {"web1on1 conversation", "web1on1 accounting", "omniops chat",
                            "omniops account", "omniops website-content", "dataops marketing"})
    CHECK_FALSE(found.contains(other));
}

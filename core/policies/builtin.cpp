#include "core/policies/builtin.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace dsar {

const std::vector<Policy>& builtin_policies() {
  static const std::vector<Policy> all = [] {
    std::vector<Policy> published{policies::operatorone(), policies::omniops(), policies::web1on1(),
                                  policies::visitorchat(), policies::dataops()};
    for (Policy& policy : published) {
      for (RetentionRule& rule : request_record_rules(policy.documents.front(), policy.regimes))
        policy.rules.push_back(std::move(rule));
    }
    return published;
  }();
  return all;
}

const Policy* find_policy(std::string_view id) {
  const std::vector<Policy>& all = builtin_policies();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Policy& policy) { return policy.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const Policy& policy_named(std::string_view id) {
  if (const Policy* const policy = find_policy(id)) return *policy;
  std::string known;
  for (const Policy& policy : builtin_policies()) {
    known += (known.empty() ? "" : ", ") + policy.id;
  }
  throw Error(ExitCode::usage, "there is no policy of that name",
              "The built-in policies are " + known + ".");
}

}  // namespace dsar

#include "core/erasure_scope.hpp"

#include <algorithm>
#include <set>

#include "core/crypto/hmac.hpp"

namespace dsar {
namespace {

/// Each part with its length, so that no two lists read alike.
void add(std::string& text, const std::string& part) {
  text += std::to_string(part.size()) + ':' + part;
}

}  // namespace

std::string scope_digest(const ErasureScope& scope, const std::vector<ErasureRows>& sets,
                         const std::string& key) {
  std::string text;
  for (const auto& part : {scope.database, scope.map, scope.policy, scope.tenant_key})
    add(text, part);
  for (const auto& [set, keys] : scope.subject) {
    auto sorted = keys;
    std::sort(sorted.begin(), sorted.end());
    for (const auto& row : sorted) {
      add(text, set);
      for (const auto& value : row) add(text, value);
    }
  }
  for (const auto& rows : sets) {
    add(text, rows.set.set->name);
    add(text, std::to_string(static_cast<int>(rows.set.set->erase.action)));
    std::set<std::string> withheld;
    for (const auto ground : rows.ground) {
      const auto& why = rows.grounds[ground];
      if (withholds(why.cause))
        withheld.insert(std::string(to_string(why.cause)) + ' ' + why.by + ' ' + why.clause);
    }
    for (const auto& why : withheld) add(text, why);
  }
  return hmac_sha256_hex(key, text);
}

}  // namespace dsar

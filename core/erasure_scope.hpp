#pragma once

#include <string>
#include <vector>

#include "core/erasure.hpp"
#include "core/erasure_rows.hpp"

namespace dsar {

/// What an erasure was decided on, beside the rows themselves.
struct ErasureScope {
  std::string database;
  std::string map;     ///< digest of its files
  std::string policy;  ///< its id, and the digest of the policies' files
  std::string tenant_key;
  SubjectKeys subject;
};

/// The digest under `key` of the scope, the reached record sets, their actions, and what is
/// withheld from each and why: a plan holds as long as it is the same. How many rows there are
/// does not count.
std::string scope_digest(const ErasureScope& scope, const std::vector<ErasureRows>& sets,
                         const std::string& key);

}  // namespace dsar

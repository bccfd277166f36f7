#pragma once

#include <string_view>

#include "core/period.hpp"
#include "core/policy_terms.hpp"

namespace dsar {

/// How soon the law wants a request answered: used where a policy states no time, and as the outer
/// limit of one that does.
struct StatutoryLimit {
  Regime regime;
  Period answer;            ///< from receipt
  Period extension;         ///< may be added once, with notice to the subject
  std::string_view ground;  ///< what an extension needs
  std::string_view source;  ///< articles
};

/// The limit of that regime.
const StatutoryLimit& statutory_limit(Regime regime);

}  // namespace dsar

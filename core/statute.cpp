#include "core/statute.hpp"

#include <array>
#include <stdexcept>

namespace dsar {

const StatutoryLimit& statutory_limit(Regime regime) {
  static const std::array limits{
      StatutoryLimit{Regime::uk_gdpr, Period::months(1), Period::months(2),
                     "complex or numerous requests; told within the first month",
                     "Art. 12(3), 12A UK GDPR"},
      StatutoryLimit{Regime::eu_gdpr, Period::months(1), Period::months(2),
                     "complex or numerous requests; told within the first month",
                     "Art. 12(3) GDPR; Regulation (EEC) 1182/71"},
      StatutoryLimit{Regime::ccpa, Period::days(45), Period::days(45),
                     "reasonable need; told within the first 45 days",
                     "Cal. Civ. Code 1798.130; 11 CCR 7021"},
  };
  for (const StatutoryLimit& limit : limits) {
    if (limit.regime == regime) return limit;
  }
  throw std::logic_error("a regime has no statutory limit");
}

}  // namespace dsar

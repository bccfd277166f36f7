#include "core/category_set.hpp"

namespace dsar {

std::string to_text(const CategorySet& categories) {
  if (categories.is_all()) return "all";
  std::string text;
  for (const DataCategory category : categories.values()) {
    if (!text.empty()) text += ", ";
    text += to_string(category);
  }
  return text;
}

}  // namespace dsar

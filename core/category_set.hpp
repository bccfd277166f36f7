#pragma once

#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/policy_terms.hpp"

namespace dsar {

/// A set of data categories.
class CategorySet {
 public:
  CategorySet() = default;
  CategorySet(std::initializer_list<DataCategory> categories) {
    for (const DataCategory category : categories) bits_.set(index(category));
  }
  /// What a policy means by all data. The records of requests and holds, which show that it was
  /// kept to (Art. 5(2) GDPR), are not among it: a rule about them names them.
  static CategorySet all() {
    CategorySet result;
    result.bits_.set();
    result.bits_.reset(index(DataCategory::request_record));
    return result;
  }

  [[nodiscard]] bool contains(DataCategory category) const { return bits_.test(index(category)); }
  [[nodiscard]] bool empty() const { return bits_.none(); }
  [[nodiscard]] bool is_all() const { return *this == all(); }
  [[nodiscard]] bool meets(const CategorySet& other) const { return (bits_ & other.bits_).any(); }
  /// The members, in the enum's order.
  [[nodiscard]] std::vector<DataCategory> values() const {
    std::vector<DataCategory> result;
    for (const DataCategory category : all_values<DataCategory>()) {
      if (contains(category)) result.push_back(category);
    }
    return result;
  }

  /// Union.
  friend CategorySet operator|(CategorySet a, const CategorySet& b) {
    a.bits_ |= b.bits_;
    return a;
  }
  /// Those of `a` that are not in `b`.
  friend CategorySet operator-(CategorySet a, const CategorySet& b) {
    a.bits_ &= ~b.bits_;
    return a;
  }
  friend bool operator==(const CategorySet&, const CategorySet&) = default;

 private:
  static std::size_t index(DataCategory category) { return static_cast<std::size_t>(category); }

  std::bitset<enum_size<DataCategory>> bits_;
};

/// `all`, or the names in the enum's order, separated by a comma and a blank.
std::string to_text(const CategorySet& categories);

}  // namespace dsar

#pragma once

#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace dsar {

/// An enum value and its name in files and in output (kebab-case).
template <typename E>
struct EnumName {
  E value;
  std::string_view name;
};

/// The one table of an enum's names: specialised beside the enum with
/// `static constexpr std::array table{EnumName<E>{...}, ...}` in the order of its values.
template <typename E>
struct EnumNames;

template <typename E>
concept NamedEnum = requires {
  EnumNames<E>::table;
};

/// The value's name. Throws std::logic_error for a value that the table lacks (a fault of ours).
template <NamedEnum E>
constexpr std::string_view to_string(E value) {
  for (const auto& entry : EnumNames<E>::table) {
    if (entry.value == value) return entry.name;
  }
  throw std::logic_error("an enum value has no name");
}

/// The value of that exact name, or nothing.
template <NamedEnum E>
constexpr std::optional<E> from_string(std::string_view name) {
  for (const auto& entry : EnumNames<E>::table) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

/// How many values the enum has.
template <NamedEnum E>
constexpr std::size_t enum_size = EnumNames<E>::table.size();

/// Every value, in the enum's order.
template <NamedEnum E>
constexpr std::array<E, enum_size<E>> all_values() {
  std::array<E, enum_size<E>> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = EnumNames<E>::table[i].value;
  return values;
}

/// Every name, in the enum's order: to expect or to suggest.
template <NamedEnum E>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for (const auto& entry : EnumNames<E>::table) names.push_back(entry.name);
  return names;
}

}  // namespace dsar

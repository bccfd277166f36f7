#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json_fields.hpp"
#include "formats/policy_fields.hpp"

/// The values that formats/policy_reader puts a policy together from.
namespace dsar::formats {

/// What is known of the file beyond the value at hand.
struct PolicyContext {
  std::vector<Document> documents = {};        ///< what citations may name
  bool documents_readable = true;              ///< false: citations are not judged by them
  std::map<std::string, Location> rules = {};  ///< of this file, where each one is
};

/// A lower-case letter, then lower-case letters, digits, `_` and `-`; at most 63.
std::optional<std::string> read_id(const JsonInput& input);
/// A number of days, months or years.
std::optional<Period> read_counted_period(const JsonInput& input);

/// The form of policy_fields that reads.
class Reader {
 public:
  Reader(JsonFields& fields, PolicyContext& context) : fields_(fields), context_(context) {}

  template <typename T>
  void need(std::string_view key, T& into) {
    if (const auto value = fields_.require(key)) read(*value, into);
  }
  template <typename T>
  void may(std::string_view key, T& into) {
    if (const auto value = fields_.find(key)) read(*value, into);
  }

 private:
  // Each reports what does not fit, and then leaves `into` alone.
  static void read(const JsonInput& input, std::string& into);
  static void read(const JsonInput& input, bool& into);
  static void read(const JsonInput& input, int& into);
  static void read(const JsonInput& input, Date& into);
  static void read(const JsonInput& input, Period& into);
  static void read(const JsonInput& input, CategorySet& into);
  void read(const JsonInput& input, Citation& into);
  void read(const JsonInput& input, std::vector<RetentionRule>& into);

  template <NamedEnum E>
  static void read(const JsonInput& input, E& into) {
    into = input.word<E>().value_or(into);
  }

  template <typename T>
  void read(const JsonInput& input, std::optional<T>& into) {
    read(input, into.emplace());
  }

  template <typename T>
  void read(const JsonInput& input, std::vector<T>& into) {
    constexpr bool plain = NamedEnum<T> || std::same_as<T, std::string>;
    for (const JsonInput& item : plain ? one_or_more(input) : input.items()) {
      read(item, into.emplace_back());
    }
  }

  template <typename Part>
  void read(const JsonInput& input, Part& into) {
    input.fields([&](JsonFields& fields) {
      Reader form(fields, context_);
      describe(form, into);
      if constexpr (requires { into.id; }) form.check_id(into.id);
    });
  }

  /// Empties the id where it is none.
  void check_id(std::string& id);

  JsonFields& fields_;
  PolicyContext& context_;
};

}  // namespace dsar::formats

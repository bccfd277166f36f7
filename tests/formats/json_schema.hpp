#pragma once

#include <regex.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace dsar::test {

/// A small JSON Schema (2020-12) validator for our own schemas: knows the keywords that they use
/// and throws at any other, so that nothing passes because it was not understood.
class JsonSchema {
 public:
  explicit JsonSchema(const std::string& path) {
    std::ifstream file(path);
    root_ = nlohmann::json::parse(file);
  }

  /// Where `value` breaks the schema, as JSON pointers with a reason; empty if it is valid.
  [[nodiscard]] std::vector<std::string> faults(const nlohmann::json& value) const {
    std::vector<std::string> faults;
    check(root_, value, "", faults);
    return faults;
  }

 private:
  using Json = nlohmann::json;
  using Faults = std::vector<std::string>;

  void check(const Json& schema, const Json& value, const std::string& at, Faults& faults) const {
    for (const auto& [keyword, rule] : schema.items()) {
      check_keyword(schema, keyword, rule, value, at, faults);
    }
  }

  void check_keyword(const Json& schema, const std::string& keyword, const Json& rule,
                     const Json& value, const std::string& at, Faults& faults) const {
    static const std::set<std::string> annotations = {"$schema", "$id",         "$defs",
                                                      "title",   "description", "format"};
    const auto require = [&](bool good) {
      if (!good) faults.push_back(at + ": " + keyword);
    };
    if (annotations.contains(keyword)) return;
    if (keyword == "$ref") {
      check(root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, at, faults);
    } else if (keyword == "type") {
      require(has_type(value, rule));
    } else if (keyword == "const") {
      require(value == rule);
    } else if (keyword == "enum") {
      require(std::find(rule.begin(), rule.end(), value) != rule.end());
    } else if (keyword == "anyOf") {
      require(std::any_of(rule.begin(), rule.end(), [&](const Json& one) {
        Faults inner;
        check(one, value, at, inner);
        return inner.empty();
      }));
    } else if (keyword == "minItems") {
      require(!value.is_array() || value.size() >= rule.get<std::size_t>());
    } else if (keyword == "minimum") {
      require(!value.is_number() || value >= rule);
    } else if (keyword == "minLength") {
      require(!value.is_string() || value.get<std::string>().size() >= rule.get<std::size_t>());
    } else if (keyword == "pattern") {
      require(!value.is_string() || matches(value.get<std::string>(), rule.get<std::string>()));
    } else if (keyword == "required") {
      for (const auto& name : rule) require(!value.is_object() || value.contains(name));
    } else if (keyword == "items") {
      if (!value.is_array()) return;
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(rule, value[i], at + "/" + std::to_string(i), faults);
      }
    } else if (keyword == "properties") {
      if (!value.is_object()) return;
      for (const auto& [name, sub] : rule.items()) {
        if (value.contains(name)) check(sub, value[name], at + "/" + name, faults);
      }
    } else if (keyword == "additionalProperties") {
      if (!value.is_object()) return;
      for (const auto& [name, member] : value.items()) {
        if (schema.contains("properties") && schema["properties"].contains(name)) continue;
        if (rule.is_boolean()) {
          require(rule.get<bool>());
        } else {
          check(rule, member, at + "/" + name, faults);
        }
      }
    } else {
      throw std::logic_error("a schema keyword that the tests do not know: " + keyword);
    }
  }

  /// POSIX's, which agrees on the simple patterns of our schemas; GCC 12 warns inside std::regex.
  static bool matches(const std::string& text, const std::string& pattern) {
    regex_t regex{};
    if (regcomp(&regex, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
      throw std::logic_error("a pattern that the tests do not know: " + pattern);
    }
    const bool found = regexec(&regex, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&regex);
    return found;
  }

  static bool has_type(const Json& value, const Json& types) {
    if (types.is_array())
      return std::any_of(types.begin(), types.end(),
                         [&](const Json& type) { return has_type(value, type); });
    const auto type = types.get<std::string>();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == value.type_name();
  }

  Json root_;
};

}  // namespace dsar::test

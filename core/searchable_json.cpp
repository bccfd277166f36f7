#include "core/searchable_json.hpp"

#include <string_view>

#include "core/sql.hpp"

namespace dsar {
namespace {

/// Most values have nothing of the kind and are spared the rest.
constexpr std::string_view suspicious =
    R"(\\u(?:0000|[dD][89a-fA-F])|[eE][-+]?[0-9]{4}|[0-9]{200})";

/// Escapes from left to right: what the group holds stays, so that a pair is never taken apart and
/// a backslash before `u0000` is known for an escaped one.
constexpr std::string_view escapes =
    R"((\\[^u]|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u(?:0000|[dD][89a-fA-F]..))";

/// Whole strings stay; outside of them digits are a number's.
constexpr std::string_view numbers =
    R"(("(?:[^"\\]|\\.)*")|[eE][-+]?[0-9]{4,}|(?<=[0-9])[0-9]{199,})";

}  // namespace

std::string searchable_json_sql(const std::string& json) {
  const auto text = "(" + json + ")::text";
  const auto without_escapes =
      "regexp_replace(" + text + ", " + string_literal(escapes) + R"(, '\1', 'g'))";
  return "(CASE WHEN " + text + " ~ " + string_literal(suspicious) + " THEN regexp_replace(" +
         without_escapes + ", " + string_literal(numbers) + R"(, '\1', 'g') ELSE )" + text +
         " END)::jsonb";
}

}  // namespace dsar

#include "core/identity.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>

#include "core/error.hpp"
#include "core/phone_number.hpp"
#include "core/searchable_json.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string folded(std::string_view value) {
  // btrim() takes blanks alone, and lower() folds the rest of Unicode too: the server decides.
  const auto first = value.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  value = value.substr(first, value.find_last_not_of(' ') - first + 1);
  std::string text(value);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string only_digits(std::string_view value) {
  std::string text;
  std::copy_if(value.begin(), value.end(), std::back_inserter(text), is_digit);
  return text;
}

PhoneRegion region_of(const IdentityKind& kind) {
  const auto region = phone_region(kind.region);
  if (!region)
    throw Error(ExitCode::usage,
                "identity kind " + kind.name + " has the unknown region '" + kind.region + "'",
                "Give the two-letter code of ISO 3166-1, for example GB.");
  return *region;
}

bool is_integer(const std::string& type) {
  return type == "smallint" || type == "integer" || type == "bigint";
}

bool is_text(const std::string& type) {
  return type == "text" || type == "character varying";
}

bool is_integer_value(const std::string& type, const std::string& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return false;
  if (std::to_string(number) != value) return false;  // 042 is not 42
  if (type == "smallint") return number >= INT16_MIN && number <= INT16_MAX;
  if (type == "integer") return number >= INT32_MIN && number <= INT32_MAX;
  return true;
}

/// As the server writes one: exact means as stored.
bool is_uuid_value(const std::string& value) {
  constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(value.begin(), value.end(), pattern.begin(), pattern.end(),
                    [](char c, char place) {
                      return place == '-' ? c == '-' : is_digit(c) || (c >= 'a' && c <= 'f');
                    });
}

/// The values that are of the type: a cast of any other would end the transaction.
std::string array_of(const std::string& type, const std::vector<std::string>& values,
                     SqlStatement& statement) {
  std::vector<std::string> valid;
  std::copy_if(values.begin(), values.end(), std::back_inserter(valid),
               [&](const std::string& value) {
                 if (is_integer(type)) return is_integer_value(type, value);
                 return type != "uuid" || is_uuid_value(value);
               });
  return statement.bind(array_value(valid), type + "[]");
}

/// The one column that holds the values; nullptr where they are put together, or not known.
const CatalogueColumn* column_of(const Catalogue& catalogue, const SetRef& ref,
                                 const IdentitySource& source) {
  const auto& name = source.json_column;
  if (name.empty() && source.columns.size() != 1) return nullptr;
  const auto* table =
      find_table(catalogue, source.via.empty() ? ref.table->name : source.via.back().table);
  return table == nullptr ? nullptr
                          : find_column(*table, name.empty() ? source.columns.front() : name);
}

/// `text` for an array of texts.
std::string element_type(std::string type) {
  if (type.ends_with("[]")) type.resize(type.size() - 2);
  return type;
}

}  // namespace

std::string normalise(const IdentityKind& kind, std::string_view value) {
  switch (kind.normalisation) {
    case Normalisation::exact:
      return std::string(value);
    case Normalisation::folded:
      return folded(value);
    case Normalisation::phone:
      return e164(region_of(kind), value);
    case Normalisation::digits:
      return only_digits(value);
  }
  return {};
}

std::string normalised_sql(const IdentityKind& kind, const std::string& expression) {
  const auto text = "(" + expression + ")::text";
  switch (kind.normalisation) {
    case Normalisation::exact:
      return text;
    case Normalisation::folded:
      return "lower(btrim(" + text + "))";
    case Normalisation::phone:
      return e164_sql(region_of(kind), text);
    case Normalisation::digits:
      return "regexp_replace(" + text + ", '[^0-9]', '', 'g')";
  }
  return text;
}

SourceSql source_sql(const Catalogue& catalogue, const SetRef& ref, const IdentitySource& source,
                     const std::string& alias) {
  std::map<std::string, std::string> aliases{{"this", alias}};
  std::string at = alias;
  std::string from;
  for (const auto& hop : source.via) {
    const auto next = at + "i";
    aliases[hop.alias] = next;
    std::vector<std::string> parts;
    for (const auto& pair : hop.match)
      parts.push_back(qualify(next, pair.far) + " = " + qualify(at, pair.near).text());
    if (hop.on) parts.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
    const auto table = quote(hop.table) + (" AS " + quote(next).text());
    from = from.empty() ? " FROM " + table + " WHERE " + join(parts, " AND ")
                        : " FROM " + table + "," + from.substr(5) + " AND " + join(parts, " AND ");
    at = next;
  }

  SourceSql result;
  std::string of_row;  // a set-returning item for the FROM of a query, where there are several
  if (source.expression) {
    result.text = bind_aliases(source.expression->text, aliases);
  } else if (!source.json_path.empty()) {
    // Silent: a row whose JSON has another shape holds no identity, and must not end the search.
    const auto* column = column_of(catalogue, ref, source);
    const auto json = qualify(at, source.json_column).text();
    of_row = "jsonb_path_query(" +
             (column != nullptr && column->base_type == "json" ? searchable_json_sql(json)
                                                               : json + "::jsonb") +
             ", " + string_literal(source.json_path) + "::jsonpath, '{}', true) #>> '{}'";
  } else if (source.array) {
    of_row = "unnest(" + qualify(at, source.columns.at(0)).text() + ")";
  } else if (source.columns.size() == 1) {
    result.text = qualify(at, source.columns.front()).text();
  } else {
    std::vector<std::string> parts;
    for (const auto& column : source.columns)
      parts.push_back(qualify(at, column).text() + "::text");
    result.text = "(" + join(parts, " || ") + ")";
  }
  if (of_row.empty() && from.empty()) return result;
  result.several = true;
  result.text = "SELECT " + (of_row.empty() ? result.text : of_row) + from;
  return result;
}

bool compares_as_itself(const std::string& base_type) {
  return is_integer(base_type) || is_text(base_type) || base_type == "uuid";
}

std::string holds_sql(const DataMap& map, const Catalogue& catalogue, const SetRef& ref,
                      const IdentitySource& source, const std::string& alias,
                      const std::vector<std::string>& values, SqlStatement& statement) {
  const auto* kind = find_identity(map, source.kind);
  if (kind == nullptr) throw Error(ExitCode::usage, "unknown identity kind '" + source.kind + "'");
  const auto* column = source.json_column.empty() ? column_of(catalogue, ref, source) : nullptr;
  const auto type = column == nullptr ? std::string{} : element_type(column->base_type);
  const bool as_itself = kind->normalisation == Normalisation::exact && compares_as_itself(type);
  const auto equal = [&](const std::string& value) {
    return (as_itself ? value : normalised_sql(*kind, value)) + " = ANY (" +
           array_of(as_itself ? type : "text", values, statement) + ")";
  };
  const auto sql = source_sql(catalogue, ref, source, alias);
  if (!sql.several) return equal(sql.text);
  if (source.array && source.via.empty() && as_itself)
    return qualify(alias, source.columns.front()) + " && " + array_of(type, values, statement);
  return "EXISTS (SELECT 1 FROM (" + sql.text + ") AS v(value) WHERE " + equal("v.value") + ")";
}

}  // namespace dsar

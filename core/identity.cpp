#include "core/identity.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/error.hpp"
#include "core/phone_region.hpp"
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

std::string only_digits(std::string_view value, bool with_plus) {
  std::string text;
  for (const char c : value) {
    if (is_digit(c) || (with_plus && c == '+')) text += c;
  }
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

std::string e164(const PhoneRegion& region, std::string_view value) {
  std::string text(value);
  if (const auto zero = text.find("(0)"); zero != std::string::npos) text.erase(zero, 3);
  const auto dialled = only_digits(text, true);
  const auto digits = only_digits(text, false);
  if (digits.empty()) return {};
  const std::string_view rest = digits;
  if (dialled.starts_with('+')) return "+" + digits;
  if (rest.starts_with("00")) return "+" + digits.substr(2);
  if (!region.trunk_prefix.empty() && rest.starts_with(region.trunk_prefix))
    return "+" + std::string(region.country_code) + digits.substr(region.trunk_prefix.size());
  // Without a trunk prefix national numbers may begin like the country code: too short to have one.
  if (rest.starts_with(region.country_code) && digits.size() >= 11) return "+" + digits;
  return "+" + std::string(region.country_code) + digits;
}

std::string e164_sql(const PhoneRegion& region, const std::string& text) {
  const auto code = string_literal(region.country_code);
  const auto trunk = std::string(region.trunk_prefix);
  std::string sql =
      "(SELECT CASE WHEN n.digits = '' THEN '' WHEN n.dialled LIKE '+%' THEN '+' || n.digits "
      "WHEN n.digits LIKE '00%' THEN '+' || substr(n.digits, 3)";
  if (!trunk.empty())
    sql += " WHEN n.digits LIKE '" + trunk + "%' THEN '+' || " + code + " || substr(n.digits, " +
           std::to_string(trunk.size() + 1) + ")";
  sql += " WHEN n.digits LIKE " + code + " || '%' AND length(n.digits) >= 11 THEN '+' || n.digits";
  sql += " ELSE '+' || " + code + " || n.digits END FROM (SELECT ";
  const auto stripped = "regexp_replace(" + text + ", '\\(0\\)', '')";
  sql += "regexp_replace(" + stripped + ", '[^0-9]', '', 'g') AS digits, ";
  sql += "regexp_replace(" + stripped + ", '[^0-9+]', '', 'g') AS dialled) AS n)";
  return sql;
}

/// Types whose values compare as themselves, so that an ordinary index on the column serves; the
/// values must be valid, because a failed cast would end the transaction.
bool is_integer(const std::string& type) {
  static constexpr std::array types{"smallint", "integer", "bigint"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool fits(const std::string& type, const std::string& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return false;
  if (std::to_string(number) != value) return false;  // 042 is not 42
  if (type == "smallint") return number >= INT16_MIN && number <= INT16_MAX;
  if (type == "integer") return number >= INT32_MIN && number <= INT32_MAX;
  return true;
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
      return only_digits(value, false);
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

SourceSql source_sql(const IdentitySource& source, const std::string& alias) {
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
    of_row = "jsonb_path_query(" + qualify(at, source.json_column).text() + "::jsonb, " +
             string_literal(source.json_path) + "::jsonpath, '{}', true) #>> '{}'";
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

std::string holds_sql(const DataMap& map, const Catalogue& catalogue, const SetRef& ref,
                      const IdentitySource& source, const std::string& alias,
                      const std::vector<std::string>& values, SqlStatement& statement) {
  const auto* kind = find_identity(map, source.kind);
  if (kind == nullptr) throw Error(ExitCode::usage, "unknown identity kind '" + source.kind + "'");
  const auto sql = source_sql(source, alias);
  if (sql.several) {
    return "EXISTS (SELECT 1 FROM (" + sql.text + ") AS v(value) WHERE " +
           normalised_sql(*kind, "v.value") + " = ANY (" +
           statement.bind(array_value(values), "text[]") + "))";
  }
  if (kind->normalisation == Normalisation::exact && source.columns.size() == 1) {
    const auto* table = find_table(catalogue, ref.table->name);
    const auto* column = table == nullptr ? nullptr : find_column(*table, source.columns.front());
    if (column != nullptr && is_integer(column->base_type)) {
      std::vector<std::string> valid;
      std::copy_if(values.begin(), values.end(), std::back_inserter(valid),
                   [&](const std::string& value) { return fits(column->base_type, value); });
      return sql.text + " = ANY (" + statement.bind(array_value(valid), column->base_type + "[]") +
             ")";
    }
  }
  return normalised_sql(*kind, sql.text) + " = ANY (" +
         statement.bind(array_value(values), "text[]") + ")";
}

}  // namespace dsar

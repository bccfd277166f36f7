#include "core/residue.hpp"

#include <algorithm>

#include "core/catalogue.hpp"
#include "core/map/own_schema.hpp"
#include "core/side_effects.hpp"
#include "core/tenant_sql.hpp"
#include "core/way_sql.hpp"

namespace dsar {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_plain(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z');
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return small;
}

/// Longest stretches of letters and digits, before and after the last @ if there is one: nothing
/// escapes these.
std::vector<std::string> plain_parts(const std::string& text) {
  std::vector<std::string> longest;
  const auto at = text.rfind('@');
  std::vector<std::string> sides{text.substr(0, at)};
  if (at != std::string::npos) sides.push_back(text.substr(at + 1));
  for (const auto& side : sides) {
    std::string best;
    for (std::size_t i = 0; i < side.size();) {
      auto end = i;
      while (end < side.size() && is_plain(side[end])) ++end;
      if (end - i > best.size()) best = side.substr(i, end - i);
      i = std::max(end, i + 1);
    }
    if (!best.empty()) longest.push_back(best);
  }
  return longest;
}

/// What may go on an address or a name to the left or the right of it.
bool goes_on_left(char c) {
  return is_plain(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("._%+-").find(c) != std::string_view::npos;
}

bool goes_on_right(std::string_view rest) {
  if (rest.empty()) return false;
  const char c = rest.front();
  if (is_plain(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80) return true;
  // A dot or a dash ends a sentence, or goes on.
  return (c == '.' || c == '-' || c == '@') && rest.size() > 1 && is_plain(rest[1]);
}

std::vector<Stretch> standing_alone(const std::string& text, const std::string& wanted) {
  std::vector<Stretch> found;
  for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
    const auto end = at + wanted.size();
    const bool left = at > 0 && goes_on_left(text[at - 1]);
    if (!left && !goes_on_right(std::string_view(text).substr(end))) found.push_back({at, end});
  }
  return found;
}

/// Digits with what people write between them: at most three such characters in a row.
std::vector<Stretch> numbers_in(const std::string& text, const std::string& digits) {
  constexpr std::string_view between = " .-/()";
  constexpr std::size_t most_between = 3;
  std::vector<Stretch> found;
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (text[begin] != digits.front() || (begin > 0 && is_digit(text[begin - 1]))) continue;
    std::size_t matched = 0;
    std::size_t gap = 0;
    std::size_t at = begin;
    for (; at < text.size() && matched < digits.size(); ++at) {
      if (text[at] == digits[matched]) {
        ++matched;
        gap = 0;
      } else if (between.find(text[at]) == std::string_view::npos || ++gap > most_between) {
        break;
      }
    }
    if (matched == digits.size() && (at == text.size() || !is_digit(text[at])))
      found.push_back({begin > 0 && text[begin - 1] == '+' ? begin - 1 : begin, at});
  }
  return found;
}

bool holds_text(const CatalogueColumn& column) {
  if (column.kind == ValueKind::json) return true;
  if (column.kind != ValueKind::text) return false;
  // An enum's, a network address's or a date's values are nobody's identity.
  constexpr std::string_view others[] = {"uuid", "date", "interval", "inet", "cidr", "macaddr"};
  return column.category != 'E' && column.category != 'D' && column.category != 'T' &&
         column.category != 'I' &&
         std::find(std::begin(others), std::end(others), column.base_type) == std::end(others);
}

/// Hashes and tokens, which no role but the application's reads.
bool is_secret(const Table* mapped, const std::string& column) {
  if (mapped == nullptr) return false;
  return std::any_of(mapped->sets.begin(), mapped->sets.end(),
                     [&](const RecordSet& set) {
                       const auto* rule = column_rule({mapped, &set}, column);
                       return rule != nullptr && rule->use == ColumnUse::secret;
                     }) ||
         std::any_of(mapped->columns.begin(), mapped->columns.end(), [&](const ColumnRule& rule) {
           return rule.name == column && rule.use == ColumnUse::secret;
         });
}

/// The conditions under which a row of the table is the subject's.
std::vector<std::string> own_rows(const ReachContext& context, const Table& table,
                                  SqlStatement& statement) {
  std::vector<std::string> conditions;
  const RowInSight row{&table, "t0"};
  WayWriter writer(context.map, context.catalogue, context.tenant_key, "t", statement,
                   [&](const SetRef& root, const std::string& alias) {
                     return has_key_of(context.catalogue, root, alias, context.keys, statement);
                   });
  for (const auto& reach : plan_reach(context.map)) {
    if (reach.set.table != &table) continue;
    for (const auto& path : live_paths(reach, context.keys)) {
      auto parts = writer.rows_of(reach.set, row, row);
      parts.push_back(writer.way(path, row, row));
      conditions.push_back("(" + join(parts, " AND ") + ")");
    }
  }
  return conditions;
}

}  // namespace

ResidueIdentity::ResidueIdentity(const IdentityKind& kind, Identity identity)
    : identity_(std::move(identity)),
      normalisation_(kind.normalisation),
      folded_(lower(identity_.value)) {
  if (normalisation_ != Normalisation::phone && normalisation_ != Normalisation::digits) return;
  std::string digits;
  std::copy_if(folded_.begin(), folded_.end(), std::back_inserter(digits), is_digit);
  numbers_.push_back(digits);
  const auto region = phone_region(kind.region);
  if (normalisation_ != Normalisation::phone || !region ||
      !digits.starts_with(region->country_code))
    return;
  numbers_.push_back("00" + digits);
  // At home it is written without the country's code, after the trunk prefix or not.
  auto national = digits.substr(region->country_code.size());
  if (!region->trunk_prefix.empty())
    numbers_.push_back(std::string(region->trunk_prefix) + national);
  if (national.size() >= shortest_residue) numbers_.push_back(std::move(national));
}

std::string ResidueIdentity::may_stand_in(const std::string& text, SqlStatement& statement) const {
  std::vector<std::string> parts;
  if (!numbers_.empty()) {
    // The last digits are the same however it is written.
    constexpr std::size_t last = 6;
    const auto& digits = numbers_.front();
    std::string pattern;
    for (const char digit : digits.substr(digits.size() - std::min(last, digits.size()))) {
      if (!pattern.empty()) pattern += "(?:%20|[^0-9]){0,30}";
      pattern += digit;
    }
    return "(" + text + " ~ " + statement.bind(pattern, "text") + ")";
  }
  for (const auto& part : plain_parts(folded_))
    parts.push_back("strpos(lower(" + text + "), " + statement.bind(part, "text") + ") > 0");
  if (parts.empty())
    parts.push_back("strpos(lower(" + text + "), " + statement.bind(folded_, "text") + ") > 0");
  return "(" + join(parts, " AND ") + ")";
}

std::vector<Stretch> ResidueIdentity::places_in(const SearchForm& form) const {
  const auto text = lower(form.text());
  if (numbers_.empty()) return standing_alone(text, folded_);
  std::vector<Stretch> found;
  for (const auto& digits : numbers_) {
    for (const auto& place : numbers_in(text, digits)) found.push_back(place);
  }
  return found;
}

std::optional<std::string> redacted(std::string_view text,
                                    const std::vector<ResidueIdentity>& identities) {
  SearchForm form;
  form.assign(text);
  std::vector<Stretch> places;
  for (const auto& identity : identities) {
    for (const auto& place : identity.places_in(form))
      places.push_back({form.begin_of(place.begin), form.end_of(place.end - 1)});
  }
  if (places.empty()) return std::nullopt;
  std::sort(places.begin(), places.end(),
            [](const Stretch& one, const Stretch& other) { return one.begin < other.begin; });
  std::string without;
  std::size_t done = 0;
  for (const auto& place : places) {
    if (place.begin >= done) {
      without += text.substr(done, place.begin - done);
      without += erased_marker;
    }
    done = std::max(done, place.end);
  }
  return without + std::string(text.substr(done));
}

std::string not_redactable(const DataMap& map, const Table& mapped, const Catalogue& catalogue,
                           const CatalogueColumn& column) {
  const auto& live = live_table(catalogue, mapped.name);
  if (row_key(mapped, live).empty()) return "nothing identifies a row";
  if (live.kind == 'f') return "the table is a foreign one";
  if (map.tenants && !has_tenant(map, mapped)) return "its rows are not told apart by tenant";
  if (column.generated) return "the column is generated and cannot be written";
  const bool json = column.base_type == "json" || column.base_type == "jsonb";
  if (!json && column.category != 'S') return "the column is " + column.type;
  if (is_unique(live, column.name)) return "the column is unique";
  if (!unknown_update_triggers(mapped, catalogue).empty())
    return "a trigger runs on UPDATE that is not in \"known_triggers\"";
  return {};
}

std::vector<Identity> strong_ones(const DataMap& map, const std::vector<Identity>& of) {
  std::vector<Identity> strong;
  std::copy_if(of.begin(), of.end(), std::back_inserter(strong), [&](const Identity& identity) {
    const auto* kind = find_identity(map, identity.kind);
    return kind != nullptr && kind->strength == Strength::strong;
  });
  return strong;
}

std::vector<ResidueIdentity> searchable(const DataMap& map, const std::vector<Identity>& of) {
  std::vector<ResidueIdentity> found;
  for (const auto& identity : of) {
    const auto* kind = find_identity(map, identity.kind);
    if (kind != nullptr && kind->scan && identity.value.size() >= shortest_residue)
      found.emplace_back(*kind, identity);
  }
  return found;
}

std::vector<ResidueTable> residue_tables(const DataMap& map, const Catalogue& catalogue) {
  std::vector<ResidueTable> tables;
  for (const auto& [name, live] : catalogue.tables) {
    // A view shows what stands elsewhere; a materialized one is a copy.
    if (live.kind == 'v' || live.partition_of || is_own(name)) continue;
    ResidueTable table;
    table.table = name;
    const auto* mapped = find_table(map, name);
    for (const auto& column : live.columns) {
      if (holds_text(column) && !is_secret(mapped, column.name))
        table.columns.push_back(column.name);
    }
    if (table.columns.empty()) continue;
    table.key = mapped != nullptr ? row_key(*mapped, live) : live.primary_key;
    tables.push_back(std::move(table));
  }
  return tables;
}

SqlStatement residue_statement(const ReachContext& context, const ResidueTable& table,
                               const std::vector<ResidueIdentity>& identities) {
  SqlStatement statement;
  std::vector<std::string> values;
  for (const auto& column : table.key)
    values.push_back("(" + qualify("t0", column).text() + ")::text");
  std::vector<std::string> any;
  for (const auto& column : table.columns) {
    const auto text = "(" + qualify("t0", column).text() + ")::text";
    std::vector<std::string> ways;
    for (const auto& identity : identities) ways.push_back(identity.may_stand_in(text, statement));
    const auto condition = "(" + join(ways, " OR ") + ")";
    values.push_back("CASE WHEN " + condition + " THEN " + text + " END");
    any.push_back(condition);
  }
  std::vector<std::string> where{"(" + join(any, " OR ") + ")"};
  if (const auto* mapped = find_table(context.map, table.table); mapped != nullptr) {
    const auto tenant = tenant_condition(context.map, context.catalogue, *mapped, "t0",
                                         context.tenant_key, statement);
    if (!tenant.empty()) where.push_back(tenant);
    for (const auto& own : own_rows(context, *mapped, statement))
      where.push_back(own + " IS NOT TRUE");
  }
  statement.text = "SELECT " + join(values, ", ") + " FROM " + quote(table.table) +
                   " AS \"t0\" WHERE " + join(where, " AND ");
  return statement;
}

}  // namespace dsar

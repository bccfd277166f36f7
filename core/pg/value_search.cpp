#include "core/pg/value_search.hpp"

#include <algorithm>

namespace dsar::pg {
namespace {

std::size_t address_size(const Catalogue& catalogue, const Place& place) {
  const auto key = row_key(*place.set.table, live_table(catalogue, place.set.table->name));
  return key.empty() ? 2 : key.size();
}

bool is_place(const std::vector<Place>& places, const SetSelection& selection,
              const std::string& column, bool json_too) {
  return std::any_of(places.begin(), places.end(), [&](const Place& place) {
    return place.set.set == selection.set.set && (!place.json || json_too) &&
           std::find(place.columns.begin(), place.columns.end(), column) != place.columns.end();
  });
}

}  // namespace

std::unique_ptr<Result> ValueSearch::ask(const SqlStatement& statement) {
  return connection_.exec(statement.text, statement.params());
}

std::vector<std::string> ValueSearch::first_column(const SqlStatement& statement) {
  const auto rows = ask(statement);
  std::vector<std::string> values;
  for (std::size_t r = 0; r < rows->rows(); ++r) values.push_back(rows->text(r, 0));
  return values;
}

std::vector<StoredValue> ValueSearch::stored(const Place& place, const SqlStatement& statement) {
  const auto rows = ask(statement);
  const auto at = [&](std::size_t r, std::size_t c) {
    const auto value = rows->at(r, c);
    return value ? std::optional(std::string(*value)) : std::nullopt;
  };
  const auto parts = address_size(context_.catalogue, place);
  std::vector<StoredValue> found(rows->rows());
  for (std::size_t r = 0; r < found.size(); ++r) {
    for (std::size_t i = 0; i < parts; ++i) found[r].address.push_back(rows->text(r, i));
    for (std::size_t i = 0; i < place.columns.size(); ++i)
      found[r].columns.push_back(at(r, parts + i));
    if (place.array() || place.part()) found[r].further = at(r, parts + place.columns.size());
  }
  return found;
}

OldValues ValueSearch::compared(const Place& place, const std::string& old) {
  if (place.kind == nullptr) return {old};
  const auto answer = connection_.exec("SELECT " + normalised_sql(*place.kind, "$1::text"), {old});
  if (answer->text(0, 0).empty())
    throw Error(ExitCode::usage, "nothing is left of the old value as " + place.kind->name);
  return {answer->text(0, 0)};
}

std::string ValueSearch::lower(const std::string& text) {
  return connection_.exec("SELECT lower($1::text)", {text})->text(0, 0);
}

std::vector<std::string> ValueSearch::distinct(const Place& place) {
  return first_column(distinct_statement(context_, place));
}

std::vector<std::string> ValueSearch::spellings(const Place& place, const std::string& old) {
  return first_column(spellings_statement(context_, place, compared(place, old)));
}

std::vector<StoredValue> ValueSearch::holding(const Place& place, const std::string& old,
                                              const std::vector<std::string>& spellings,
                                              const std::string& value) {
  const auto statement = found_statement(context_, place, compared(place, old), spellings, value);
  try {
    return stored(place, statement);
  } catch (const ServerError& error) {
    if (!error.sqlstate().starts_with("22") && !error.sqlstate().starts_with("23")) throw;
    throw Error(ExitCode::usage, place.name() + ": the value is not of the column's type",
                "Nothing was changed. Give another value.");
  }
}

std::vector<StoredValue> ValueSearch::empty(const Place& place) {
  return stored(place, empty_statement(context_, place));
}

std::vector<Mention> ValueSearch::mentions(const std::vector<SetSelection>& selections,
                                           const std::vector<Place>& places,
                                           const std::set<std::string>& spellings,
                                           const std::string& value) {
  std::vector<std::string> sought;
  for (const auto& text : spellings) sought.push_back(lower(text));
  const auto written = lower(value);
  const bool in_value = std::any_of(sought.begin(), sought.end(), [&](const std::string& text) {
    return written.find(text) != std::string::npos;
  });
  std::vector<Mention> mentions;
  for (const auto& selection : selections) {
    std::vector<std::string> columns;
    for (const auto& selected : selection.columns) {
      const auto kind = selected.column.kind;
      const bool text = (kind == ValueKind::text || kind == ValueKind::json) && !selected.bytes;
      if (text && selected.rule->use == ColumnUse::personal &&
          !is_place(places, selection, selected.column.name, in_value))
        columns.push_back(selected.column.name);
    }
    if (columns.empty()) continue;
    std::vector<std::uint64_t> counts(columns.size());
    for (const auto& statement : mention_statements(context_, selection, columns, sought)) {
      const auto row = ask(statement);
      for (std::size_t c = 0; c < columns.size(); ++c) counts[c] += std::stoull(row->text(0, c));
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (counts[c] > 0) mentions.push_back({selection.set.set->name, columns[c], counts[c]});
    }
  }
  return mentions;
}

}  // namespace dsar::pg

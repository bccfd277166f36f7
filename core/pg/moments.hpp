#pragma once

#include <optional>
#include <string>

#include "core/pg/connection.hpp"
#include "core/zone.hpp"

/// Dates and instants out of results, without the server's spellings of them; internal to core/pg.
namespace dsar::pg {

/// A date as the days since 1970.
inline std::string days_sql(const std::string& date) {
  return "(" + date + " - date '1970-01-01')";
}

/// A timestamptz as the microseconds since 1970.
inline std::string microseconds_sql(const std::string& timestamp) {
  return "(extract(epoch FROM " + timestamp + ") * 1000000)::bigint";
}

/// What days_sql() gave, which must not be NULL.
inline Date date_at(const Result& result, std::size_t row, std::size_t column) {
  return Date(std::chrono::days(std::stoi(result.text(row, column))));
}

/// What microseconds_sql() gave; nothing for NULL.
inline std::optional<Instant> instant_at(const Result& result, std::size_t row,
                                         std::size_t column) {
  const auto text = result.at(row, column);
  if (!text) return std::nullopt;
  return Instant(std::chrono::microseconds(std::stoll(std::string(*text))));
}

}  // namespace dsar::pg

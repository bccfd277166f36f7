#pragma once

#include <cstdint>

namespace dsar {

/// How a column's text, as PostgreSQL sends it, is to be read. Everything that has no kind of its
/// own (uuid, inet, date, interval, enum, ...) is `text`; arrays, composites and hstore are
/// selected as `to_json(column)` and are `json`.
enum class ValueKind : std::uint8_t {
  text,
  number,       ///< integers, numeric, float: digits as the server has them, or NaN and infinities
  boolean,      ///< `t` or `f`
  json,         ///< valid JSON already: json, jsonb, to_json(...)
  timestamp,    ///< ISO date style, no offset
  timestamptz,  ///< ISO date style with an offset
  bytea,        ///< hexadecimal output, `\x...`; for small values (large ones are read in chunks)
};

}  // namespace dsar

#pragma once

#include <string>

namespace dsar {

/// SQL that reads a `json` expression as jsonb whatever it holds. json keeps what jsonb has no
/// place for, and a cast that fails would end the search for everybody: escapes of no character
/// (U+0000, half a surrogate pair) are left out, and numbers beyond numeric's range are cut short.
std::string searchable_json_sql(const std::string& json);

}  // namespace dsar

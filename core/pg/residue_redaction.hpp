#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/held.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/residue.hpp"

namespace dsar::pg {

/// A text with the person's identities redacted; nothing where none stands in it.
using TextRedactor = std::function<std::optional<std::string>(std::string_view text)>;

/// How columns are redacted, by what they hold.
struct ResidueRedactors {
  TextRedactor text;
  TextRedactor json;
};

/// Redacts identities in the rows of the columns that the map says it of, in the transaction that
/// is open and shares the hold lock; counts what was redacted and what `held` keeps. Rows that have
/// changed and hold none any more, and such in which the redacted text has no room, are neither.
void redact_residue(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                    const Held& held, const ResidueRedactors& redactors,
                    std::vector<Residue>& found);

}  // namespace dsar::pg

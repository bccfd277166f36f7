#pragma once

#include <string>
#include <vector>

#include "core/redaction.hpp"
#include "core/selection.hpp"

namespace dsar::formats {

/// `redactions.json` of a package, as formats/schemas/redactions.schema.json describes it: what of
/// the subject's data is not in it or not as the database has it, and why. To be called once all
/// rows have been written: `redactor` knows by then what it has done. Holds no value.
[[nodiscard]] std::string redactions_json(const std::vector<SetSelection>& selections,
                                          const Redactor& redactor);

}  // namespace dsar::formats

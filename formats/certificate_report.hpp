#pragma once

#include <optional>
#include <string>

#include "formats/certificate_reader.hpp"
#include "formats/residue_statement.hpp"

namespace dsar::formats {

/// For a person at a terminal. `residue`: the statement that closes it; nothing: it is pending.
std::string certificate_report(const Certificate& certificate,
                               const std::optional<ResidueStatement>& residue);

/// One page that needs nothing else, without a script, to be read or printed.
std::string certificate_html(const Certificate& certificate,
                             const std::optional<ResidueStatement>& residue);

}  // namespace dsar::formats

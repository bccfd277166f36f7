#pragma once

#include <string>

#include "formats/certificate_reader.hpp"

namespace dsar::formats {

/// For a person at a terminal.
std::string certificate_report(const Certificate& certificate);

/// One page that needs nothing else, without a script, to be read or printed.
std::string certificate_html(const Certificate& certificate);

}  // namespace dsar::formats

#pragma once

#include <string>

namespace dsar::cmd {

/// Writes the exact bytes of a certificate, a statement, a plan or an approval to `path`, and their
/// signature to `path`.sig. Neither may be there yet.
void write_signed(const std::string& path, const std::string& text, const std::string& signature);

}  // namespace dsar::cmd

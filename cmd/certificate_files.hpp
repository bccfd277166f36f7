#pragma once

#include <string>

namespace dsar::cmd {

/// Writes a certificate's exact bytes to `path`, and their signature to `path`.sig. Neither may
/// be there yet.
void write_certificate(const std::string& path, const std::string& certificate,
                       const std::string& signature);

}  // namespace dsar::cmd

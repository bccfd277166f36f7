#pragma once

#include <string>
#include <string_view>

#include "core/erasure.hpp"
#include "formats/certificate_json.hpp"

namespace dsar::formats {

/// A certificate as it was read.
struct Certificate {
  ErasureResult result;
  CertificateFacts facts;
};

/// `text` is the exact bytes. Throws Error (usage) that begins with `name` where it is none.
Certificate read_certificate(std::string_view text, const std::string& name);

}  // namespace dsar::formats

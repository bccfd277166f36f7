#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/approval.hpp"
#include "core/erasure.hpp"
#include "core/tenant_traces.hpp"

namespace dsar::formats {

/// What a certificate says beside what was erased.
struct CertificateFacts {
  std::string tool_version;
  std::string database;
  std::int64_t request = 0;  ///< in the register; 0: none
  Instant applied_at;        ///< by the server's clock
  std::string hash_key_id;   ///< of the key of the subject's hashes; empty: a salt that is not kept
  std::vector<std::string> subject;       ///< keyed hashes of the identities that were asked for
  std::optional<Approval> approval = {};  ///< none: it was not demanded
  /// The count that ended the erasure of a whole tenant; none: it is about a person, or was made
  /// before there was such a count.
  std::optional<TenantCount> counted = {};
  std::string signing_key_id = {};
};

/// The certificate's exact bytes, as formats/schemas/certificate.schema.json describes them. Holds
/// no personal value.
std::string certificate_text(const ErasureResult& result, const CertificateFacts& facts);

}  // namespace dsar::formats

#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/zone.hpp"

/// Signed statements about an erasure that is done, each bound to its certificate.
namespace dsar::formats {

/// What every such statement says, whatever it states.
struct StatementHead {
  std::string erasure;             ///< its number
  std::string certificate_sha256;  ///< of the certificate's exact bytes
  std::string signing_key_id;
};

/// A kind of statement: the member that tells it and its version, and what such a file is called.
struct StatementKind {
  const char* member;
  const char* not_one;  ///< `does not say what ...`, for the error
};

inline constexpr StatementKind residue_kind{"dsarctl_residue",
                                            "does not say what was found after an erasure"};
inline constexpr StatementKind objects_kind{
    "dsarctl_objects", "does not say what became of objects outside the database"};

/// The exact bytes: kind and head, then what `members` has, then the key that signs.
std::string statement_text(const StatementKind& kind, const StatementHead& head,
                           const nlohmann::ordered_json& members);

/// Reads the head; then `read` reads its members. `text` is the exact bytes. Throws Error (usage)
/// that begins with `name` where it is no statement of the kind.
void read_statement(const StatementKind& kind, std::string_view text, const std::string& name,
                    StatementHead& head,
                    const std::function<void(const nlohmann::ordered_json&)>& read);

/// A time of a statement. Throws std::invalid_argument where it is none.
Instant instant_of(const nlohmann::ordered_json& content, const char* member);

/// The key that the bytes say has signed them: a certificate or any statement about one. Throws
/// Error (usage) that begins with `name` where they are neither.
std::string signer_of(std::string_view text, const std::string& name);

}  // namespace dsar::formats

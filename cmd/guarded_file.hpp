#pragma once

#include <string>

#include "core/crypto/ed25519.hpp"

namespace dsar::cmd {

/// Throws Error (refused) where others than their owner may write the file, or any file in the
/// folder: whoever writes the map decides what is deleted.
void refuse_files_of_others(const std::string& path);

/// The content of a file that only its owner may read, without line ends at its end. Throws Error
/// (usage) where others may, or it cannot be read, or it is too short to be a key.
std::string read_secret_file(const std::string& path);

/// The Ed25519 key in a file that only its owner may read. Throws Error (usage) where it is not.
SigningKey read_signing_key(const std::string& path);

/// The public half of such a key. Throws Error (usage) where the file is none.
VerifyingKey read_verifying_key(const std::string& path);

}  // namespace dsar::cmd

#pragma once

#include <string>

#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

struct EraseScanOptions {
  std::string id;           ///< of the erasure, or how it begins
  SubjectOptions subject;   ///< of these the identities: who it was is known to nobody else now
  std::string signing_key;  ///< PEM file that signs the statement
  std::string certificate;  ///< the statement is written to `certificate`.residue; empty: nowhere
};

/// `erase scan`: searches for copies elsewhere once an erasure is done, which closes its
/// certificate.
void register_erase_scan(App erase, Context& context);
ExitCode run_erase_scan(const EraseScanOptions& options, Context& context);

}  // namespace dsar::cmd

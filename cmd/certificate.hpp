#pragma once

#include <string>

#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

/// `certificate`, the group, with its commands.
void register_certificate(App app, Context& context);

struct CertificateShowOptions {
  std::string which;  ///< a file, or the number of an erasure or how it begins
  std::string
      output;        ///< where its exact bytes are written, their signature beside; empty: nowhere
  std::string html;  ///< where a page to print is written; empty: nowhere
};

ExitCode run_certificate_show(const CertificateShowOptions& options, Context& context);

struct CertificateVerifyOptions {
  std::string file;
  std::string key;        ///< PEM file of the public key
  std::string signature;  ///< empty: `file`.sig
};

/// Exit 4 if the file is not what the key has signed. Needs no database.
ExitCode run_certificate_verify(const CertificateVerifyOptions& options, Context& context);

}  // namespace dsar::cmd

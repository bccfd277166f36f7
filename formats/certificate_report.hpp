#pragma once

#include <optional>
#include <string>

#include "formats/certificate_reader.hpp"
#include "formats/objects_statement.hpp"
#include "formats/residue_statement.hpp"

namespace dsar::formats {

/// What was stated about a certificate's erasure since.
struct CertificateStatements {
  std::optional<ResidueStatement> residue = {};  ///< nothing: it is pending
  std::optional<ObjectsStatement> objects = {};  ///< the last one; nothing: none was made
};

/// For a person at a terminal.
std::string certificate_report(const Certificate& certificate,
                               const CertificateStatements& statements);

/// One page that needs nothing else, without a script, to be read or printed.
std::string certificate_html(const Certificate& certificate,
                             const CertificateStatements& statements);

}  // namespace dsar::formats

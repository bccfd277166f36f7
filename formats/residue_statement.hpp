#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/statement.hpp"

namespace dsar::formats {

/// Rows of one column in which an identity stood.
struct StatedResidue {
  std::string table;
  std::string column;
  std::uint64_t rows = 0;
  std::uint64_t redacted = 0;  ///< of these
};

/// What could not be searched, and why.
struct StatedOmission {
  std::string what;
  std::string reason;
};

/// What the search that follows an erasure says it found. No keys of rows: they are other people's.
struct ResidueStatement : StatementHead {
  Instant searched_at;  ///< by the server's clock
  std::vector<std::string> identity_kinds;
  std::uint64_t tables = 0;  ///< that were looked through
  std::vector<StatedResidue> found;
  std::vector<StatedOmission> cannot_see;
};

/// The statement's exact bytes, as formats/schemas/residue.schema.json describes them.
std::string residue_statement_text(const ResidueStatement& statement);

/// `text` is the exact bytes. Throws Error (usage) that begins with `name` where it is none.
ResidueStatement read_residue_statement(std::string_view text, const std::string& name);

/// For a person at a terminal: what was found, and what could not be seen.
std::string residue_statement_report(const ResidueStatement& statement);

}  // namespace dsar::formats

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/erased_object.hpp"
#include "formats/statement.hpp"

namespace dsar::formats {

/// What has become of an erasure's objects outside the database, as far as it was reported. No keys
/// of objects: they may say whose they were.
struct ObjectsStatement : StatementHead {
  std::int64_t number = 0;  ///< from 1; a later one takes the place of those before
  Instant stated_at;        ///< by the server's clock
  std::vector<StoreState> stores;
  std::string hash_key_id;  ///< of the key of the digests; empty: there are none

  /// Objects that are still to be removed; none: it closes what the certificate says lies outside.
  [[nodiscard]] std::uint64_t open() const;
};

/// The statement's exact bytes, as formats/schemas/objects.schema.json describes them.
std::string objects_statement_text(const ObjectsStatement& statement);

/// `text` is the exact bytes. Throws Error (usage) that begins with `name` where it is none.
ObjectsStatement read_objects_statement(std::string_view text, const std::string& name);

/// For a person at a terminal.
std::string objects_statement_report(const ObjectsStatement& statement);

}  // namespace dsar::formats

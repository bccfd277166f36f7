#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/row_source.hpp"
#include "core/selection.hpp"

/// Reading what a selection selects. All functions expect an open read-only Transaction; only one
/// source may be open on a connection at a time.
namespace dsar::pg {

std::uint64_t count_rows(Connection& connection, const ReachContext& context,
                         const SetSelection& selection);

/// The rows as stream_columns() names them.
std::unique_ptr<RowSource> open_rows(Connection& connection, const ReachContext& context,
                                     const SetSelection& selection);

/// A bytea value that is not NULL.
struct StoredBytes {
  std::uint64_t length = 0;
  std::vector<std::string> address;
};

/// The values of a bytea column in the order of the rows.
std::vector<StoredBytes> list_bytes(Connection& connection, const ReachContext& context,
                                    const SetSelection& selection, const std::string& column);

std::unique_ptr<ByteSource> open_bytes(Connection& connection, const ReachContext& context,
                                       const SetSelection& selection, const std::string& column,
                                       const StoredBytes& value);

/// Objects outside the database that belong to the selected rows of all sets: set, store, key.
std::unique_ptr<RowSource> open_objects(Connection& connection, const ReachContext& context,
                                        const std::vector<SetSelection>& selections);

}  // namespace dsar::pg

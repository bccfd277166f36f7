#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/row_source.hpp"

namespace dsar::pg {

/// Streams a query's rows in single-row mode: bound values, text format, flat memory. `columns`
/// names the result's columns and their kinds in order. The connection is busy until the last row
/// has been read or the source destroyed (which cancels the query).
std::unique_ptr<RowSource> stream_rows(Connection& connection, const std::string& sql,
                                       const Params& params, std::vector<Column> columns);

/// Streams one bytea value in chunks. `chunk_sql` selects one bytea, and takes after `params` two
/// more: the offset from 1 and the length.
std::unique_ptr<ByteSource> stream_bytes(Connection& connection, std::string chunk_sql,
                                         Params params);

}  // namespace dsar::pg

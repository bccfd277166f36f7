#pragma once

#include <functional>
#include <string>

#include "core/catalogue.hpp"
#include "core/finding.hpp"
#include "core/pg/connection.hpp"

/// What the parts of check_map_live() share.
namespace dsar::pg {

/// Runs `work` so that a failure leaves the transaction as it was; gives the server's words.
std::string attempt(Connection& connection, const std::function<void()>& work);

/// The fragment in brackets, over a table known as "t0".
std::string bound(const SqlFragment& fragment);

/// What only rows tell: rows that no record set or several cover, and sampled content that looks
/// personal in columns declared otherwise.
void check_rows(Connection& connection, const Catalogue& catalogue, const Table& table,
                FindingList& findings);

}  // namespace dsar::pg

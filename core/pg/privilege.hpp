#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/pg/connection.hpp"

namespace dsar::pg {

/// Does `work` within the open Transaction; when the role turns out to lack a privilege for it, its
/// statements are undone, the transaction goes on, and what the server said is given back. Other
/// errors are thrown.
std::optional<std::string> unless_forbidden(Connection& connection,
                                            const std::function<void()>& work);

}  // namespace dsar::pg

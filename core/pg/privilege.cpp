#include "core/pg/privilege.hpp"

namespace dsar::pg {

std::optional<std::string> unless_forbidden(Connection& connection,
                                            const std::function<void()>& work) {
  constexpr const char* insufficient_privilege = "42501";
  try {
    Savepoint savepoint(connection);
    work();
    savepoint.keep();
    return std::nullopt;
  } catch (const ServerError& error) {
    if (error.sqlstate() != insufficient_privilege) throw;
    return error.what();
  }
}

}  // namespace dsar::pg

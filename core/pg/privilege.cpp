#include "core/pg/privilege.hpp"

namespace dsar::pg {

std::optional<std::string> unless_forbidden(Connection& connection,
                                            const std::function<void()>& work) {
  constexpr const char* insufficient_privilege = "42501";
  connection.exec("SAVEPOINT dsar_try");
  try {
    work();
  } catch (const ServerError& error) {
    if (error.sqlstate() != insufficient_privilege) throw;
    connection.exec("ROLLBACK TO SAVEPOINT dsar_try");
    connection.exec("RELEASE SAVEPOINT dsar_try");
    return error.what();
  }
  connection.exec("RELEASE SAVEPOINT dsar_try");
  return std::nullopt;
}

}  // namespace dsar::pg

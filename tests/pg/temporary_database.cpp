#include "tests/pg/temporary_database.hpp"

#include <unistd.h>

#include <atomic>

namespace dsar::pg {

TemporaryDatabase::TemporaryDatabase(const std::string& pattern) {
  static std::atomic<int> count{0};
  name_ = "dsar_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  Connection("").exec("CREATE DATABASE " + name_ + " TEMPLATE " + pattern);
}

TemporaryDatabase::~TemporaryDatabase() {
  try {
    Connection("").exec("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const Error&) {  // the test that broke the server has failed already
    return;
  }
}

Connection TemporaryDatabase::connect(const std::string& options) const {
  return Connection("dbname=" + name_ + " " + options);
}

}  // namespace dsar::pg

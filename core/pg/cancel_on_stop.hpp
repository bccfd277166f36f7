#pragma once

#include <memory>
#include <stop_token>

#include "core/pg/connection.hpp"

namespace dsar::pg {

/// While it lives, a stop request cancels the statement that the server is busy with, which then
/// throws ServerError (57014). A statement that starts later is not: poll the token as well.
class CancelOnStop {
 public:
  CancelOnStop(const Connection& connection, const std::stop_token& stop);
  ~CancelOnStop();
  CancelOnStop(const CancelOnStop&) = delete;
  CancelOnStop& operator=(const CancelOnStop&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dsar::pg

#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "core/pg/connection.hpp"

namespace dsar::pg {

/// The Error that `action` throws; a failure of the test when it throws none.
inline Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e;
  }
  FAIL("no error");
  return Error(ExitCode::done, "");
}

/// The SQLSTATE of the ServerError that `action` throws, or `none`.
inline std::string state_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const ServerError& e) {
    return e.sqlstate();
  }
  return "none";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace dsar::pg

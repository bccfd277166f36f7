#pragma once

#include <string>

#include "core/pg/connection.hpp"

namespace dsar::pg {

/// A database of its own for one test, made on the server that PG* names and dropped at the end.
class TemporaryDatabase {
 public:
  /// From `pattern` (CREATE DATABASE … TEMPLATE), e.g. `dsar_reference`.
  explicit TemporaryDatabase(const std::string& pattern = "template0");
  TemporaryDatabase(const TemporaryDatabase&) = delete;
  TemporaryDatabase& operator=(const TemporaryDatabase&) = delete;
  ~TemporaryDatabase();

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// A connection to it; `options` are further `key=value` pairs.
  [[nodiscard]] Connection connect(const std::string& options = {}) const;

 private:
  std::string name_;
};

}  // namespace dsar::pg

#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/location.hpp"

namespace dsar {

/// One thing wrong in a file that somebody wrote: a data map, a policy.
struct Fault {
  Location where;
  std::string message;  ///< what was wrong and what was expected; one line, no full stop

  /// `file:line: /json/pointer: message`; `file:line:column: message` where the text is no JSON.
  [[nodiscard]] std::string text() const;
};

/// A file that cannot be used, with everything that is wrong in it (never empty).
class Invalid : public Error {
 public:
  /// `what`: the kind of file, e.g. `data map`.
  Invalid(const std::string& what, std::vector<Fault> faults);

  [[nodiscard]] const std::vector<Fault>& faults() const noexcept { return faults_; }

 private:
  std::vector<Fault> faults_;
};

/// The data map does not say anything consistent.
class InvalidMap : public Invalid {
 public:
  explicit InvalidMap(std::vector<Fault> faults) : Invalid("data map", std::move(faults)) {}
};

/// Orders faults by line within each file, the files as they first occur.
void sort_by_place(std::vector<Fault>& faults);

}  // namespace dsar

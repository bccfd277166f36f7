#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace dsar {

/// What was taken out of a column's values, and why. Holds no value: only numbers.
struct RedactedColumn {
  std::string set;
  std::string column;
  std::string path;                ///< inside its JSON; empty: the column itself
  std::uint64_t third_party = 0;   ///< values in which other people are under labels
  std::uint64_t secrets = 0;       ///< members left out of JSON
  std::uint64_t withheld = 0;      ///< values replaced whole, being unreadable
  std::size_t labels = 0;          ///< different people in them
  std::vector<bool> label_is_met;  ///< by label id

  /// Another person's label in one of the values.
  void meet(std::size_t label_id);
};

/// The columns of a package, in the order in which they were first asked for.
class RedactionLog {
 public:
  /// Stays where it is as long as the log.
  RedactedColumn& column(std::string_view set, std::string_view column, std::string_view path = {});

  [[nodiscard]] const std::deque<RedactedColumn>& columns() const { return columns_; }

 private:
  std::deque<RedactedColumn> columns_;
};

}  // namespace dsar

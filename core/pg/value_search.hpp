#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/rectification.hpp"
#include "core/rectification_sql.hpp"
#include "core/rectified_text.hpp"

/// Finding a subject's values before and after they are put right; internal to core/pg.
namespace dsar::pg {

class ValueSearch {
 public:
  /// All must outlive this; `keys` may change meanwhile.
  ValueSearch(Connection& connection, const DataMap& map, const Catalogue& catalogue,
              const SubjectKeys& keys, const std::string& tenant_key)
      : connection_(connection), context_{map, catalogue, keys, tenant_key} {}

  /// The different values that the place holds, as it compares them.
  std::vector<std::string> distinct(const Place& place);
  /// The spellings in which the place holds `old`.
  std::vector<std::string> spellings(const Place& place, const std::string& old);
  /// The rows in which it does. `value`: what is to take its place. Throws Error (usage) where an
  /// array cannot hold that.
  std::vector<StoredValue> holding(const Place& place, const std::string& old,
                                   const std::vector<std::string>& spellings,
                                   const std::string& value);
  /// The rows in which the place's one column is empty.
  std::vector<StoredValue> empty(const Place& place);
  /// The columns in which one of the spellings stands in the midst of something else; columns of
  /// `places` hold it whole, or in JSON, where `value` has it in itself, what was just written.
  std::vector<Mention> mentions(const std::vector<SetSelection>& selections,
                                const std::vector<Place>& places,
                                const std::set<std::string>& spellings, const std::string& value);

 private:
  std::unique_ptr<Result> ask(const SqlStatement& statement);
  std::vector<std::string> first_column(const SqlStatement& statement);
  std::vector<StoredValue> stored(const Place& place, const SqlStatement& statement);
  OldValues compared(const Place& place, const std::string& old);
  std::string lower(const std::string& text);

  Connection& connection_;
  ReachContext context_;
};

}  // namespace dsar::pg

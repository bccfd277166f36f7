#include "core/redaction_log.hpp"

#include <algorithm>

namespace dsar {

void RedactedColumn::meet(std::size_t label_id) {
  if (label_id >= label_is_met.size()) label_is_met.resize(label_id + 1);
  if (label_is_met[label_id]) return;
  label_is_met[label_id] = true;
  ++labels;
}

RedactedColumn& RedactionLog::column(std::string_view set, std::string_view column,
                                     std::string_view path) {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const auto& known) {
    return known.set == set && known.column == column && known.path == path;
  });
  if (found != columns_.end()) return *found;
  auto& made = columns_.emplace_back();
  made.set = set;
  made.column = column;
  made.path = path;
  return made;
}

}  // namespace dsar

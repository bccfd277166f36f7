#include "core/rectified_text.hpp"

#include "core/error.hpp"

namespace dsar {
namespace {

NewText last_of_several(const Place& place, const StoredValue& stored, const std::string& value) {
  std::vector<std::string> first;
  for (std::size_t i = 0; i + 1 < stored.columns.size(); ++i)
    first.push_back(stored.columns[i].value_or(""));
  const auto rest = last_part(place.kind, first, value);
  if (!rest)
    throw Error(ExitCode::usage,
                place.name() + " hold one value together, and the new one begins otherwise",
                "Give it with the same beginning, such as the same country code.");
  return {place.columns.back(), stored.columns.back(), *rest};
}

}  // namespace

std::optional<NewText> new_text(const Place& place, const StoredValue& stored,
                                const std::set<std::string>& spellings, const std::string& value,
                                const JsonReplacer& replace_json) {
  NewText text{place.columns.front(), stored.columns.front(), value};
  if (place.columns.size() > 1) {
    text = last_of_several(place, stored, value);
  } else if (place.json) {
    text.after = replace_json(text.before.value_or("null"), place.inside, spellings, value);
    if (!text.after) return std::nullopt;
  } else if (place.array()) {
    text.after = stored.further;
  } else if (place.part()) {
    auto whole = text.before.value_or("");
    const auto part = stored.further.value_or("");
    const auto at = whole.find(part);
    if (part.empty() || at == std::string::npos) return std::nullopt;
    text.after = whole.replace(at, part.size(), value);
  }
  if (text.after == text.before) return std::nullopt;
  return text;
}

}  // namespace dsar

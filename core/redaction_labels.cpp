#include "core/redaction_labels.hpp"

namespace dsar {
namespace {

std::string_view or_person(std::string_view word) {
  return word.empty() ? "person" : word;
}

}  // namespace

const std::string& Labels::key_of(std::string_view word, std::string_view person) {
  key_.assign(word).append(1, '\0').append(person);
  return key_;
}

Labels::Label Labels::label(std::string_view word, std::string_view person) {
  word = or_person(word);
  const auto& key = key_of(word, person);
  auto found = given_.find(key);
  if (found == given_.end()) {
    auto people = people_.find(word);
    if (people == people_.end()) people = people_.emplace(word, 0).first;
    auto text = people->first + "-" + std::to_string(++people->second);
    found = given_.emplace(key, Given{given_.size(), std::move(text)}).first;
  }
  return {found->second.id, found->second.text};
}

bool Labels::knows(std::string_view word, std::string_view person) {
  return given_.contains(key_of(or_person(word), person));
}

}  // namespace dsar

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dsar {

/// Stable names for other people within one package: `agent-1`, `agent-2`, … in the order in which
/// they first appear. Whoever is the same person by what they were found under has the same label
/// in every record set.
class Labels {
 public:
  struct Label {
    std::size_t id = 0;     ///< from 0, in order of appearance, over all words
    std::string_view text;  ///< lives as long as the Labels
  };

  /// The label of `person` (any text that identifies them) under `word`; `person` if it is empty.
  Label label(std::string_view word, std::string_view person);
  /// Whether that person has one already.
  [[nodiscard]] bool knows(std::string_view word, std::string_view person);

  /// Word → how many people have such a label.
  [[nodiscard]] const std::map<std::string, std::size_t, std::less<>>& people() const {
    return people_;
  }

 private:
  struct Given {
    std::size_t id;
    std::string text;
  };
  const std::string& key_of(std::string_view word, std::string_view person);

  std::unordered_map<std::string, Given> given_;
  std::map<std::string, std::size_t, std::less<>> people_;
  std::string key_;  ///< kept for its memory
};

}  // namespace dsar

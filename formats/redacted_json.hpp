#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/redaction.hpp"
#include "core/selection.hpp"
#include "formats/json_rewrite.hpp"

namespace dsar::formats {

/// Redacts the values of a column that holds JSON: by the map's rules inside it, and by the
/// column's own third party, which then applies to every scalar in it.
class RedactedJson final : private JsonEditor {
 public:
  /// Whether the map says anything of this column that takes reading its values as JSON.
  static bool is_needed(const SelectedColumn& column);

  /// `redactor` must outlive this, as must the map. Throws Error (usage) for a path of another form
  /// than parse_json_path reads.
  RedactedJson(const std::string& set, const SelectedColumn& column, Redactor& redactor);
  RedactedJson(const RedactedJson&) = delete;
  RedactedJson& operator=(const RedactedJson&) = delete;
  ~RedactedJson() override = default;

  /// True if `out` has been replaced by what is to be shown for the value `json`. `party`: which of
  /// the column's own rules applies, if one does.
  bool redact(std::string_view json, std::optional<std::size_t> party, std::string& out);

 private:
  /// What one rule of the rewriter is about.
  struct Place {
    JsonRule rule;
    PartyRule party;
    RedactedColumn* log = nullptr;
    std::optional<std::size_t> of_column;  ///< which of the column's own rules
  };

  static std::vector<Place> places(const std::string& set, const SelectedColumn& column,
                                   Redactor& redactor);
  Answer edit(std::size_t rule, const Leaf& leaf, std::string& out) override;
  void dropped(std::size_t rule) override { dropped_.push_back(rule); }
  Answer replace(std::size_t rule, const Leaf& leaf, std::string& out, bool is_list);
  JsonOutcome rewrite(std::string_view json, std::string& out);
  JsonOutcome rewrite_string(std::string_view json, std::string& out);
  void write_log();

  Redactor& redactor_;
  bool is_json_;               ///< the column's kind, so that whatever stands there has to be JSON
  bool in_string_;             ///< its values may be strings which are JSON themselves
  std::vector<Place> places_;  ///< by rule
  bool only_texts_;            ///< nothing but addresses is looked for
  JsonRewriter rewriter_;
  RedactedColumn& log_;
  std::optional<std::size_t> party_;

  // Of one value; kept for their memory.
  std::vector<std::pair<std::size_t, std::size_t>> met_;  ///< rule, label
  std::vector<std::size_t> dropped_;
  std::string decoded_;
  std::string inner_;
};

}  // namespace dsar::formats

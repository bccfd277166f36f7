#include "formats/redacted_rows.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "formats/bytes_entry.hpp"
#include "formats/json_row.hpp"
#include "formats/redacted_json.hpp"

namespace dsar::formats {
namespace {

/// What becomes of one column's values. The value, if it changes, lives until the next one.
class ColumnRedaction {
 public:
  ColumnRedaction() = default;
  ColumnRedaction(const ColumnRedaction&) = delete;
  ColumnRedaction& operator=(const ColumnRedaction&) = delete;
  virtual ~ColumnRedaction() = default;

  /// What to show for a value; `party`: which of the column's third party rules applies in this
  /// row.
  virtual std::string_view redact(std::string_view value, std::optional<std::size_t> party) = 0;
};

/// The bytes are an entry of their own: here is said which.
class BytesReference final : public ColumnRedaction {
 public:
  BytesReference(const std::string& set, const std::string& column) : names_(set, column) {}

  std::string_view redact(std::string_view value, std::optional<std::size_t>) override {
    text_ = "{\"file\":";
    append_json_string(text_, names_.name(++count_));
    text_.append(",\"bytes\":").append(value).append(1, '}');
    return text_;
  }

 private:
  BytesEntryNames names_;
  std::uint64_t count_ = 0;
  std::string text_;
};

/// Who somebody else is, in a column that is no JSON.
class PlainRedaction final : public ColumnRedaction {
 public:
  PlainRedaction(const std::string& set, const SelectedColumn& column, Redactor& redactor)
      : redactor_(redactor), log_(redactor.log().column(set, column.column.name)) {
    for (const auto& party : column.rule->third_parties) rules_.push_back(redactor.prepare(party));
  }

  std::string_view redact(std::string_view value, std::optional<std::size_t> party) override {
    if (!party) return value;
    const auto& rule = rules_[*party];
    if (!rule.whole()) return with(redactor_.inside(rule, value), value);
    const auto verdict = redactor_.whole(rule, value);
    switch (verdict.kind) {
      case WholeVerdict::Kind::kept:
        return value;
      case WholeVerdict::Kind::text:
        return with(redactor_.inside(rule, value), value);
      case WholeVerdict::Kind::list:
        return with(redactor_.in_list(rule, value), value);
      case WholeVerdict::Kind::labelled:
        break;
    }
    ++log_.third_party;
    log_.meet(verdict.label.id);
    return verdict.label.text;
  }

 private:
  std::string_view with(const std::vector<Redaction>& redactions, std::string_view value) {
    if (redactions.empty()) return value;
    std::size_t copied = 0;
    text_.clear();
    for (const auto& redaction : redactions) {
      text_.append(value.substr(copied, redaction.begin - copied)).append(1, '[');
      text_.append(redaction.label.text).append(1, ']');
      copied = redaction.end;
      log_.meet(redaction.label.id);
    }
    text_.append(value.substr(copied));
    ++log_.third_party;
    return text_;
  }

  Redactor& redactor_;
  std::vector<PartyRule> rules_;
  RedactedColumn& log_;
  std::string text_;
};

/// What the map says of places inside JSON.
class JsonRedaction final : public ColumnRedaction {
 public:
  JsonRedaction(const std::string& set, const SelectedColumn& column, Redactor& redactor)
      : json_(set, column, redactor) {}

  std::string_view redact(std::string_view value, std::optional<std::size_t> party) override {
    return json_.redact(value, party, text_) ? std::string_view(text_) : value;
  }

 private:
  RedactedJson json_;
  std::string text_;
};

/// Bytes cannot be redacted.
class WithheldBytes final : public ColumnRedaction {
 public:
  explicit WithheldBytes(RedactedColumn& log) : log_(log) {}

  std::string_view redact(std::string_view, std::optional<std::size_t>) override {
    ++log_.withheld;
    return json_;
  }

 private:
  RedactedColumn& log_;
  std::string json_ = "\"" + std::string(withheld_value) + "\"";
};

std::unique_ptr<ColumnRedaction> redaction_of(const std::string& set, const SelectedColumn& column,
                                              Redactor& redactor) {
  if (bytes_are_withheld(column))
    return std::make_unique<WithheldBytes>(redactor.log().column(set, column.column.name));
  if (column.bytes) return std::make_unique<BytesReference>(set, column.column.name);
  if (RedactedJson::is_needed(column))
    return std::make_unique<JsonRedaction>(set, column, redactor);
  if (!column.rule->third_parties.empty())
    return std::make_unique<PlainRedaction>(set, column, redactor);
  return nullptr;
}

class RedactedRows final : public RowSource {
 public:
  RedactedRows(std::unique_ptr<RowSource> inner, const SetSelection& selection, Redactor& redactor)
      : inner_(std::move(inner)) {
    const auto& set = selection.set.set->name;
    for (std::size_t i = 0; i < selection.columns.size(); ++i) {
      const auto& selected = selection.columns[i];
      columns_.push_back(selected.column);
      if (selected.bytes) columns_.back().kind = ValueKind::json;
      auto redaction = redaction_of(set, selected, redactor);
      if (redaction == nullptr) continue;
      Changed changed{i, {}, std::move(redaction)};
      changed.when.resize(selected.rule->third_parties.size());
      for (std::size_t party = 0; party < selected.when.size(); ++party) {
        if (const auto& when = selected.when[party])
          changed.when.at(party) = selection.columns.size() + *when;
      }
      changed_.push_back(std::move(changed));
    }
    if (inner_->columns().size() < columns_.size() + selection.hidden)
      throw std::logic_error("rows are to be redacted that lack columns of their selection");
  }

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }

  bool next(Row& row) override {
    if (!inner_->next(row)) return false;
    for (auto& changed : changed_) {
      auto& value = row[changed.column];
      if (!value) continue;
      value = changed.redaction->redact(*value, changed.party(row));
    }
    row.resize(columns_.size());
    return true;
  }

 private:
  struct Changed {
    std::size_t column;
    /// For each third party rule the column of the inner row that says whether it holds.
    std::vector<std::optional<std::size_t>> when;
    std::unique_ptr<ColumnRedaction> redaction;

    /// The first that holds. Where the server does not say that one does not, it does.
    [[nodiscard]] std::optional<std::size_t> party(const Row& row) const {
      for (std::size_t i = 0; i < when.size(); ++i) {
        if (!when[i] || row[*when[i]] != "f") return i;
      }
      return std::nullopt;
    }
  };

  std::unique_ptr<RowSource> inner_;
  std::vector<Column> columns_;
  std::vector<Changed> changed_;
};

}  // namespace

bool bytes_are_withheld(const SelectedColumn& column) {
  return column.bytes && (!column.rule->third_parties.empty() || !column.rule->json.empty());
}

std::unique_ptr<RowSource> redacted(std::unique_ptr<RowSource> inner, const SetSelection& selection,
                                    Redactor& redactor) {
  return std::make_unique<RedactedRows>(std::move(inner), selection, redactor);
}

}  // namespace dsar::formats

#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/closure.hpp"
#include "core/map/data_map.hpp"
#include "core/reach.hpp"
#include "core/redaction_addresses.hpp"
#include "core/redaction_labels.hpp"
#include "core/redaction_log.hpp"
#include "core/redaction_search.hpp"

/// Redaction: a subject's package names nobody else (Art. 15(4) GDPR). What the map says about
/// third parties is applied to values one by one; the subject's own keys and identities stay, other
/// people get labels.
namespace dsar {

/// A ThirdParty of the map, made ready for one subject. `when` is not looked at: whoever has the
/// row knows whether it applies.
struct PartyRule {
  std::string word;                                      ///< of the labels
  std::string table;                                     ///< of the set whose keys it holds
  const std::set<std::string, std::less<>>* own_keys{};  ///< of that table; nullptr: it holds none
  const IdentityKind* kind{};                            ///< nullptr: it holds no identity
  bool text = false;

  /// The value as a whole says who somebody is.
  [[nodiscard]] bool whole() const { return own_keys != nullptr || kind != nullptr; }
};

/// What becomes of a value that may say as a whole who somebody is.
struct WholeVerdict {
  enum class Kind {
    kept,      ///< nobody, or the subject
    labelled,  ///< somebody else: `label` takes its place
    text,      ///< it is text: look inside()
    list,      ///< it holds several: look in_list()
  };
  Kind kind = Kind::kept;
  Labels::Label label;
};

/// A part of a text that names somebody else: the label takes its place, in square brackets. Never
/// divides an escape.
struct Redaction {
  std::size_t begin = 0;
  std::size_t end = 0;
  Labels::Label label;
};

/// Decides who is the subject and who is somebody else. Used by one thread at a time, record set
/// after record set; labels are the same in all of them.
class Redactor {
 public:
  /// `own`: all identities of the subject's rows. `map` must outlive this.
  Redactor(const DataMap& map, const SubjectKeys& keys, const std::vector<HeldIdentity>& own);
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;
  ~Redactor() = default;

  [[nodiscard]] PartyRule prepare(const ThirdParty& party) const;

  /// For a rule that is `whole()`. A key is the subject's when it is one of hers in the set's table
  /// (other record sets of that table hold the same rows); of a table whose key has several columns
  /// none is. Identities are compared as their kind says; `Ada <ada@example.com>` is the address in
  /// it, and addresses may come in lists. With `text` too, what has both letters and blanks is
  /// taken for text.
  WholeVerdict whole(const PartyRule& rule, std::string_view value);

  /// Other people's e-mail addresses and international phone numbers in a text (or in the raw
  /// content of a JSON string), in order; valid until the next call.
  const std::vector<Redaction>& inside(const PartyRule& rule, std::string_view text);

  /// The same for a list of addresses as mail has it, `Ada <ada@example.com>, brook@example.com`:
  /// what is between the commas is the subject's or somebody else's as a whole.
  const std::vector<Redaction>& in_list(const PartyRule& rule, std::string_view text);

  [[nodiscard]] const Labels& labels() const { return labels_; }
  [[nodiscard]] RedactionLog& log() { return log_; }
  [[nodiscard]] const RedactionLog& log() const { return log_; }

 private:
  [[nodiscard]] bool is_own() const { return own_.contains(person_); }
  void name_by_identity(const IdentityKind& kind, std::string_view value);
  void name_by_address(AddressKind kind, std::string_view address);
  bool is_own(const FoundAddress& address);
  Redaction labelled(const PartyRule& rule, const FoundAddress& address);

  const DataMap& map_;
  std::map<TableName, std::set<std::string, std::less<>>> own_keys_;
  std::unordered_set<std::string> own_;  ///< people, as person_ names them
  Labels labels_;
  RedactionLog log_;

  // Kept for their memory.
  SearchForm form_;
  std::vector<FoundAddress> found_;
  std::vector<Redaction> redactions_;
  std::string person_;  ///< who is being looked at: what they were found under, and the value
};

}  // namespace dsar

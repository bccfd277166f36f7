#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dsar {

/// A text in the form that addresses are looked for in, and where each byte of it came from.
///
/// Escapes are undone, also nested ones, whatever the text is (`%40` of an URL, `&#64;` of HTML,
/// `\u0040` of JSON in JSON): one too many costs nothing, because the form only says where an
/// address stands. Full-width letters become plain ones, blanks and dashes of all kinds the plain
/// blank and dash, other punctuation beyond ASCII `|`; what cannot be seen is left out. So every
/// byte beyond ASCII that remains is part of a letter, a mark or a symbol.
struct SearchForm {
  /// The character or escape of the original that a byte comes from. An escape is never divided.
  struct Origin {
    std::size_t begin;
    std::size_t end;
  };
  std::string text;
  std::vector<Origin> origins;  ///< per byte of `text`
};

/// False where no e-mail address and no phone number can be in the text, however it is escaped.
bool may_hold_address(std::string_view text);

/// Replaces `form` by that of `text`.
void search_form(std::string_view text, SearchForm& form);

}  // namespace dsar

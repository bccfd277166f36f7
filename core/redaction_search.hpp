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
class SearchForm {
 public:
  /// Replaces this by the form of `original`.
  void assign(std::string_view original);

  [[nodiscard]] const std::string& text() const { return text_; }

  /// Where in the original the character or escape begins, or ends, that the byte at `offset` comes
  /// from. An escape is never divided.
  [[nodiscard]] std::size_t begin_of(std::size_t offset) const;
  [[nodiscard]] std::size_t end_of(std::size_t offset) const;

 private:
  /// A stretch of the text that is as in the original, or what one character or escape became.
  struct Piece {
    std::size_t offset;    ///< in the text
    std::size_t original;  ///< offset there
    std::size_t length;    ///< there; 0: as in the original
  };
  [[nodiscard]] const Piece& piece_at(std::size_t offset) const;
  void copy(std::string_view original, std::size_t begin, std::size_t end);

  std::string text_;
  std::vector<Piece> pieces_;
};

/// False where no e-mail address and no phone number can be in the text, however it is escaped.
bool may_hold_address(std::string_view text);

}  // namespace dsar

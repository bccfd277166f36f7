#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

/// Where e-mail addresses and phone numbers stand in a free text (in its SearchForm).
namespace dsar {

enum class AddressKind { email, phone };

struct FoundAddress {
  AddressKind kind = AddressKind::email;
  std::size_t begin = 0;
  std::size_t end = 0;
  /// What it may be instead, best first: of an e-mail address later beginnings (`to=ada@…` may be
  /// an address, or a parameter and an address), of a phone number earlier ends (`+44 7700 900123
  /// 5 times`).
  std::vector<std::size_t> alternatives;
};

/// All of them, in order, none overlapping another. An e-mail address is anything that looks like
/// one: quoted and non-ASCII local parts, internationalised and literal (`[192.0.2.1]`) domains,
/// without a dot in the domain only after `mailto:` or in angle brackets. A phone number is a plus
/// sign and 7 to 15 digits (E.164), the first not 0, with blanks, dashes, dots, slashes and
/// brackets between. Punctuation around them is not part of them.
void find_addresses(std::string_view text, std::vector<FoundAddress>& found);

}  // namespace dsar

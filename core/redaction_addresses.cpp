#include "core/redaction_addresses.hpp"

#include <algorithm>
#include <optional>

#include "core/redaction_email.hpp"
#include "core/redaction_phone.hpp"

namespace dsar {

void find_addresses(std::string_view text, std::vector<FoundAddress>& found) {
  found.clear();
  // E-mail addresses first: there may be a phone number in one, but not the other way round.
  std::size_t from = 0;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at < from) continue;
    if (auto email = email_around(text, at, from)) {
      from = email->end;
      found.push_back(std::move(*email));
    }
  }
  const auto emails = found.size();
  std::size_t next = 0;
  from = 0;
  for (auto at = text.find('+'); at != std::string_view::npos; at = text.find('+', at + 1)) {
    while (next < emails && found[next].end <= at) ++next;
    const auto limit = next < emails ? found[next].begin : text.size();
    if (at < from || at >= limit) continue;
    if (auto phone = phone_from(text.substr(0, limit), at)) {
      from = phone->end;
      found.push_back(std::move(*phone));
    }
  }
  std::inplace_merge(
      found.begin(), found.begin() + static_cast<std::ptrdiff_t>(emails), found.end(),
      [](const FoundAddress& a, const FoundAddress& b) { return a.begin < b.begin; });
}

}  // namespace dsar

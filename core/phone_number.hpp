#pragma once

#include <string>
#include <string_view>

#include "core/phone_region.hpp"

/// Telephone numbers in one spelling: E.164, `+` and digits. Both functions say the same for ASCII
/// input (tested against the server). What has no country code is taken for a number of the region.
namespace dsar {

/// `value` as E.164; empty when it has no digits.
std::string e164(const PhoneRegion& region, std::string_view value);

/// The same as SQL over a text expression: immutable functions alone, so that an index can be made
/// of it, and the expression stands in it once.
std::string e164_sql(const PhoneRegion& region, const std::string& text);

}  // namespace dsar

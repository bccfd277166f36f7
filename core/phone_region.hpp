#pragma once

#include <optional>
#include <string_view>

namespace dsar {

/// How a region writes telephone numbers (ITU-T E.164 assigned country codes; national trunk
/// prefixes after ITU-T E.123 practice).
struct PhoneRegion {
  std::string_view country_code;  ///< digits, without `+`
  std::string_view trunk_prefix;  ///< dialled before a national number, dropped after `+`; or empty
};

/// The region of an ISO 3166-1 alpha-2 code in capitals, or nothing where it is unknown.
std::optional<PhoneRegion> phone_region(std::string_view iso_code);

}  // namespace dsar

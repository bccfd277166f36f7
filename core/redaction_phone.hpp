#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/redaction_addresses.hpp"

namespace dsar {

/// The phone number in international form that begins with the plus sign at `plus`.
std::optional<FoundAddress> phone_from(std::string_view text, std::size_t plus);

}  // namespace dsar

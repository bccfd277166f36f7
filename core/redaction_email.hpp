#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/redaction_addresses.hpp"

namespace dsar {

/// The e-mail address around the sign at `at`, with nothing before `from` in it.
std::optional<FoundAddress> email_around(std::string_view text, std::size_t at, std::size_t from);

}  // namespace dsar

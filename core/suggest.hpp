#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dsar {

/// Slips between two words: letters inserted, left out, changed, or two neighbours swapped.
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate that `word` is most likely a slip of; empty where none is close enough (a third
/// of its letters, at most three). Letter case and `-`/`_` count as no slip.
std::string closest_match(std::string_view word, const std::vector<std::string_view>& candidates);

/// `; did you mean 'x'?` to end a message with, or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace dsar

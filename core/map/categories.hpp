#pragma once

#include <string_view>
#include <vector>

/// Categories of personal data: fideslang's dotted names (version 2), so that what a map says can
/// be told to other tools.
namespace dsar {

/// Words of lower-case letters, digits and `_`, joined by dots: `user.contact.email`.
bool is_category_name(std::string_view name);

/// The name is fideslang's, or refines one of its names of at least two words, as fideslang
/// allows: `user.content.private.note`. A refinement that is one slip away from a name of
/// fideslang's (`user.contact.emial`) is none.
bool is_known_category(std::string_view name);

/// Every name of the taxonomy, sorted.
const std::vector<std::string_view>& known_categories();

}  // namespace dsar

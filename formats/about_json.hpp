#pragma once

#include <string>

#include "core/policy_about.hpp"

namespace dsar::formats {

/// The export's about.json: what Art. 15(1) wants a data subject told, as indented UTF-8 JSON with
/// a line end. `schema` is `dsarctl-about`, `schema_version` 1.
///
/// `null` has one meaning: the policy does not state it. `not_stated` at the end lists the JSON
/// pointers of every null, so that what is missing can be seen at a glance. Keys that do not apply
/// (a note that is not there, California's part when it was not asked for) are left out instead.
std::string about_json(const About& about);

}  // namespace dsar::formats

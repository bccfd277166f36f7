#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/pg/residue.hpp"

namespace dsar::cmd {

/// What a search for copies of a person's identities found: place, rows and keys, never a value.
std::string residue_text(const pg::ResidueScan& scan);
nlohmann::ordered_json residue_json(const pg::ResidueScan& scan);

}  // namespace dsar::cmd

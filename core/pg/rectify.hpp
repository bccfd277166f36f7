#pragma once

#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/rectification.hpp"
#include "core/rectified_text.hpp"

namespace dsar::pg {

struct RectifyQuestion {
  const DataMap& map;
  const Catalogue& catalogue;
  SubjectKeys keys;                     ///< the subject's own rows
  std::string tenant_key;               ///< empty: the map has no tenants
  std::vector<Correction> corrections;  ///< checked
  std::vector<Within> within;           ///< empty: no bounds
  JsonReplacer replace_json;
};

/// Carries the corrections out in the open read-write Transaction and tells what came of it:
/// whoever only wants to know rolls it back. Throws Error: usage where a value does not fit, what
/// is to be replaced is nowhere, or it is not clear which of several; refused where the new value
/// is somebody else's identity, a row was changed meanwhile, or a trigger that the map does not
/// know may keep the old value.
Rectification rectify(Connection& connection, const RectifyQuestion& question);

}  // namespace dsar::pg

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/map/data_map.hpp"

namespace dsar::formats {

/// Reads the data map, dsarctl-map(5), from a file or from a folder's `*.json` files in the order
/// of their names, and validates it. Throws InvalidMap with every fault found, and Error (usage)
/// where a file cannot be read or the folder has none.
DataMap read_map(const std::filesystem::path& path);

/// One file of a map.
struct MapText {
  std::string file;  ///< how faults name it
  std::string text;
};

/// The same from memory, in the order given.
DataMap read_map_texts(const std::vector<MapText>& texts);

}  // namespace dsar::formats

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/map/validate.hpp"
#include "formats/map_reader.hpp"

/// Any bytes are either a consistent map or are refused with at least one fault; a byte 0xFF, which
/// no JSON holds, begins the next file of a folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  std::vector<dsar::formats::MapText> texts;
  std::size_t begin = 0;
  while (begin <= input.size()) {
    const std::size_t end = std::min(input.find('\xFF', begin), input.size());
    texts.push_back({std::to_string(texts.size()) + ".json", input.substr(begin, end - begin)});
    begin = end + 1;
  }
  try {
    const dsar::DataMap map = dsar::formats::read_map_texts(texts);
    if (!dsar::validate(map).empty()) std::abort();
    for (const dsar::SetRef& ref : dsar::record_sets(map)) {
      if (dsar::find_set(map, ref.set->name).set != ref.set) std::abort();
    }
  } catch (const dsar::Invalid& error) {
    if (error.faults().empty()) std::abort();
    for (const dsar::Fault& fault : error.faults()) {
      if (fault.text().find('\n') != std::string::npos) std::abort();
    }
  }
  return 0;
}

// Whatever a value holds, its row parses, and text comes back as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "formats/json_row.hpp"

namespace {

/// Any bytes as UTF-8: those beyond ASCII are taken for Latin-1.
std::string as_utf8(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] < 0x80) {
      text += static_cast<char>(data[i]);
    } else {
      text += static_cast<char>(0xC0 | data[i] >> 6);
      text += static_cast<char>(0x80 | (data[i] & 0x3F));
    }
  }
  return text;
}

using dsar::Column;
using dsar::ValueKind;

nlohmann::json parsed(const std::vector<Column>& columns, const std::string& text) {
  std::string out;
  dsar::formats::JsonRow(columns).append(out, dsar::Row(columns.size(), text));
  if (out.find('\n') != std::string::npos) std::abort();
  return nlohmann::json::parse(out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = as_utf8(data, size);
  const auto row = parsed({{text, ValueKind::text},
                           {"boolean", ValueKind::boolean},
                           {"timestamp", ValueKind::timestamp},
                           {"timestamptz", ValueKind::timestamptz},
                           {"bytea", ValueKind::bytea},
                           {"text", ValueKind::text}},
                          text);
  if (!row.is_object() || row.at("text") != text) std::abort();
  try {
    if (parsed({{"number", ValueKind::number}}, text).size() != 1) std::abort();
  } catch (const nlohmann::json::out_of_range&) {
    // A valid number such as 1E999, which only this reader cannot hold.
  }
  return 0;
}

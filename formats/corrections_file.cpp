#include "formats/corrections_file.hpp"

#include "formats/json_fields.hpp"

namespace dsar::formats {

std::vector<Correction> read_corrections(std::string_view text, const std::string& file) {
  const auto document = read_json(text, file);
  auto faults = document.faults;
  std::vector<Correction> corrections;
  if (document.readable) {
    const JsonInput whole(document, faults);
    if (!whole.is_array()) whole.expected("a list of corrections");
    for (const auto& item : whole.items()) {
      Correction correction;
      item.fields([&](JsonFields& fields) {
        fields.require_text("category", correction.category);
        if (const auto old = fields.find("old")) correction.old = old->text();
        fields.require_text("new", correction.value);
      });
      corrections.push_back(std::move(correction));
    }
    if (corrections.empty() && whole.is_array()) whole.fault("there is no correction in the list");
  }
  if (!faults.empty()) throw Invalid("corrections", std::move(faults));
  return corrections;
}

}  // namespace dsar::formats

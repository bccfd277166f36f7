#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "formats/policy_json.hpp"
#include "formats/policy_reader.hpp"
#include "formats/policy_text.hpp"

/// Any bytes are either sound policies, which are printed and read back as they are, or are refused
/// with at least one fault of one line; a byte 0xFF, which no JSON holds, begins the next file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  std::vector<dsar::formats::PolicyText> texts;
  std::size_t begin = 0;
  while (begin <= input.size()) {
    const std::size_t end = std::min(input.find('\xFF', begin), input.size());
    texts.push_back({std::to_string(texts.size()) + ".json", input.substr(begin, end - begin)});
    begin = end + 1;
  }
  try {
    const dsar::PolicyCatalogue policies = dsar::formats::read_policy_texts(texts);
    for (const dsar::PolicyEntry& entry : policies.entries()) {
      if (entry.file.empty()) continue;
      if (!dsar::faults_of(entry.policy).empty()) std::abort();
      std::vector<std::string> refused;
      for (const dsar::FilePeriod& period : entry.periods) {
        const auto changes = dsar::overrides_for(entry, period.tenant);
        static_cast<void>(dsar::effective_rules(entry.policy, changes, refused));
      }
      if (!refused.empty() || dsar::formats::policy_text(entry).empty()) std::abort();
      const auto again = dsar::formats::read_policy_texts(
          {{"again.json", dsar::formats::policy_json(entry).dump()}});
      if (!(again.named(entry.policy.id).policy == entry.policy)) std::abort();
    }
  } catch (const dsar::Invalid& error) {
    if (error.faults().empty()) std::abort();
    for (const dsar::Fault& fault : error.faults()) {
      if (fault.text().find('\n') != std::string::npos) std::abort();
    }
  }
  return 0;
}

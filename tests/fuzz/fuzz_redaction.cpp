// Whatever a text holds, redactions lie in it in order, what is around them stays, nobody else's
// plain address is left, and JSON with labels in it is still JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/redaction.hpp"
#include "formats/redacted_json.hpp"
#include "tests/redaction_map.hpp"

namespace {

const dsar::DataMap map = dsar::test::redaction_map();

std::string redacted(dsar::Redactor& redactor, std::string_view text) {
  const auto rule = redactor.prepare({"person", "", "", true, {}});
  std::string out;
  std::size_t copied = 0;
  for (const auto& redaction : redactor.inside(rule, text)) {
    if (redaction.begin < copied || redaction.end <= redaction.begin ||
        redaction.end > text.size()) {
      std::abort();
    }
    out.append(text.substr(copied, redaction.begin - copied)).append("[");
    out.append(redaction.label.text).append("]");
    copied = redaction.end;
  }
  return out.append(text.substr(copied));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  dsar::Redactor redactor(map, dsar::test::adas_keys(), dsar::test::adas_identities());

  // An address with room around it is found whatever else there is, and the subject's is not.
  const auto out = redacted(redactor, text + "\n(brook@example.net)\n(Ada@Example.com)\n");
  if (out.find("brook@example.net") != std::string::npos) std::abort();
  if (out.find("(Ada@Example.com)") == std::string::npos) std::abort();

  dsar::ColumnRule rule;
  rule.third_parties = {dsar::ThirdParty{"person", "", "email", true, {}}};
  rule.encoding = dsar::Encoding::json;
  dsar::SelectedColumn column;
  column.column = {"payload", dsar::ValueKind::json};
  column.rule = &rule;
  dsar::formats::RedactedJson json("messages", column, redactor);
  std::string rewritten;
  if (json.redact(text, 0, rewritten) && nlohmann::json::accept(text) &&
      !nlohmann::json::accept(rewritten)) {
    std::abort();
  }
  return 0;
}

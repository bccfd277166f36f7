#include "cmd/erasure_output.hpp"

#include <nlohmann/json.hpp>

#include "cmd/output.hpp"
#include "cmd/residue_text.hpp"
#include "formats/erasure_report.hpp"

namespace dsar::cmd {

ExitCode tell_erasure(Context& context, const ErasureResult& result,
                      const std::optional<pg::ResidueScan>& scan) {
  emit(
      context,
      [&] { return formats::erasure_text(result) + (scan ? residue_text(*scan) : std::string()); },
      [&] {
        auto json = formats::erasure_json(result);
        json["residue"] = scan ? residue_json(*scan) : nlohmann::ordered_json();
        return json;
      });
  const bool whole = result.withheld() == 0 && result.cannot_see.empty() && !result.left_over;
  return whole ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd

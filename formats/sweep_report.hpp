#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/sweep_result.hpp"

namespace dsar::formats {

/// For a terminal: a table by tenant, rule and record set, then what could not be seen and what no
/// period is set for.
std::string sweep_text(const SweepResult& result);

/// formats/schemas/sweep.schema.json
nlohmann::ordered_json sweep_json(const SweepResult& result);

/// For the textfile collector of Prometheus' node exporter: counts of the result by tenant, rule
/// and record set, when the run ended and how. No personal value.
std::string sweep_metrics(const SweepResult& result);

}  // namespace dsar::formats

#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cmd/context.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

/// Writes a command's result to `context.out`: `json()` under --json, else `text()`; the other one
/// is not called. Text ends with a line feed, and what it took from data has been through
/// formats::printable. Throws Error (unexpected) when it cannot be written.
void emit(Context& context, const std::function<std::string()>& text,
          const std::function<nlohmann::ordered_json()>& json);

/// Writes text to `context.out` as it is; for results that are a file format of their own.
void emit_text(Context& context, const std::string& text);

/// Writes an error to `context.err`: `dsarctl: message` and `hint: …`, or one line of JSON.
/// An Invalid file's faults follow, one a line.
void report_error(const Error& error, Context& context);

}  // namespace dsar::cmd

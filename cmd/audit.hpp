#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct AuditShowOptions {
  SubjectOptions subject;
  std::string command;
  std::string since;
  std::string file;
  std::optional<std::uint64_t> last;
};

struct AuditVerifyOptions {
  std::vector<std::string> public_keys;
  std::vector<std::string> checkpoints;
  std::string file;
};

struct AuditCheckpointOptions {
  std::string signing_key;
  std::string output;
};

struct AuditCutOptions {
  std::vector<std::string> public_keys;
  std::string keep = "24 months";
  bool apply = false;
};

/// `audit show`, `audit verify`, `audit checkpoint`, `audit cut`.
void register_audit(App app, Context& context);
ExitCode run_audit_show(const AuditShowOptions& options, Context& context);
ExitCode run_audit_verify(const AuditVerifyOptions& options, Context& context);
ExitCode run_audit_checkpoint(const AuditCheckpointOptions& options, Context& context);
ExitCode run_audit_cut(const AuditCutOptions& options, Context& context);

}  // namespace dsar::cmd

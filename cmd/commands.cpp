#include "cmd/commands.hpp"

#include <array>

#include "cmd/audit.hpp"
#include "cmd/certificate.hpp"
#include "cmd/completion.hpp"
#include "cmd/consent.hpp"
#include "cmd/context.hpp"
#include "cmd/doctor.hpp"
#include "cmd/erase.hpp"
#include "cmd/export.hpp"
#include "cmd/find.hpp"
#include "cmd/hold.hpp"
#include "cmd/init.hpp"
#include "cmd/keygen.hpp"
#include "cmd/ledger.hpp"
#include "cmd/map.hpp"
#include "cmd/object.hpp"
#include "cmd/plan.hpp"
#include "cmd/policy.hpp"
#include "cmd/rectify.hpp"
#include "cmd/request.hpp"
#include "cmd/restrict.hpp"
#include "cmd/sweep.hpp"
#include "cmd/version_command.hpp"

namespace dsar::cmd {

namespace {

using Registrar = void (*)(App, Context&);

/// All commands, in the order of `dsarctl --help`. To add one, `x`: write cmd/x.hpp (XOptions,
/// register_x, run_x) and cmd/x.cpp as completion.* do it, add its registrar here, and write its
/// page man/dsarctl-x.1. run_x gives its result to emit() and returns an exit code or throws an
/// Error; it polls context.stop. A command is listed once it works.
constexpr std::array commands{
    Registrar{register_init},    Registrar{register_doctor},      Registrar{register_find},
    Registrar{register_export},  Registrar{register_rectify},     Registrar{register_erase},
    Registrar{register_plan},    Registrar{register_certificate}, Registrar{register_restrict},
    Registrar{register_object},  Registrar{register_consent},     Registrar{register_hold},
    Registrar{register_request}, Registrar{register_sweep},       Registrar{register_map},
    Registrar{register_policy},  Registrar{register_audit},       Registrar{register_ledger},
    Registrar{register_keygen},  Registrar{register_version},     Registrar{register_completion},
};

}  // namespace

void register_commands(App app, Context& context) {
  for (const Registrar add : commands) add(app, context);
}

}  // namespace dsar::cmd

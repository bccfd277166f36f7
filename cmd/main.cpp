#include <cxxabi.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>

#include "cmd/cli.hpp"
#include "cmd/context.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/output.hpp"
#include "core/error.hpp"

namespace {

using dsar::Error;
using dsar::ExitCode;

/// Reports what ended the command. Once a stop was asked for, whatever failed failed because of it.
ExitCode fail(const Error& error, dsar::cmd::Context& context) {
  if (context.stop.stop_requested()) {
    const bool told = error.code() == ExitCode::interrupted;  // and what it has left behind
    report_error(told ? error : Error(ExitCode::interrupted, "interrupted"), context);
    return ExitCode::interrupted;
  }
  report_error(error, context);
  return error.code();
}

/// What an exception that nobody expected may say: libraries put values into their messages (a
/// server's DETAIL, the text that was parsed), which must not get into a log.
std::string describe(const std::exception& error) {
  if (dynamic_cast<const std::logic_error*>(&error) != nullptr ||
      dynamic_cast<const std::system_error*>(&error) != nullptr) {
    return error.what();
  }
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), &std::free);
  return name ? name.get() : typeid(error).name();
}

}  // namespace

/// The only place that catches: an Error becomes its exit code, everything else 1.
int main(int argc, char** argv) {
  const dsar::cmd::InterruptWatch watch;
  std::ios::sync_with_stdio(false);
  dsar::cmd::Context context{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .globals = {},
      // Retention is counted in days: a fraction of a second would only clutter what is printed.
      .now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
      .stop = watch.token(),
      .selected = {}};
  ExitCode code = ExitCode::unexpected;
  try {
    dsar::cmd::CommandLine command_line(context);
    command_line.parse(argc, argv);
    code = context.selected();
  } catch (const Error& error) {
    code = fail(error, context);
  } catch (const std::bad_alloc&) {
    code = fail(Error(ExitCode::unexpected, "out of memory"), context);
  } catch (const std::exception& error) {
    code = fail(Error(ExitCode::unexpected, "unexpected: " + describe(error),
                      "This is a fault of dsarctl; please report it."),
                context);
  }
  return static_cast<int>(code);
}

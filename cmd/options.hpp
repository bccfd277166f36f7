#pragma once

#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// What commands are registered with. CLI11 is thousands of inline functions, which every file that
/// includes it compiles anew; these handles keep it to the few that parse and print help.
namespace dsar::cmd {

/// An option that was added to a command, to say more about it. A handle, like App.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  /// What the help calls its value: FILE, TIME.
  Option type_name(const std::string& name) const;
  Option description(const std::string& text) const;
  Option required() const;
  /// One value each time that it is named, not all that follow.
  Option one_value() const;
  /// Anything else is a usage error; both ends belong to it.
  Option range(int least, int most) const;
  Option range(double least, double most) const;
  Option positive() const;

 private:
  CLI::Option* option_;
};

/// A command that is being registered, or the whole of the command line.
class App {
 public:
  explicit App(CLI::App& app) : app_(&app) {}

  /// An option or, where the name has no dashes, a positional argument that is parsed to
  /// `variable`, which must outlive parsing. T: a string, a number, an optional or a vector of them
  /// as options.cpp lists.
  template <typename T>
  Option add_option(const std::string& name, T& variable, const std::string& description) const;
  Option add_flag(const std::string& name, bool& variable, const std::string& description) const;

  /// One that was added before. Throws where there is none: a mistake of ours.
  Option option(const std::string& name) const;

  /// It runs by itself or, as `sweep verify`, one of its own commands does.
  void may_have_command() const;
  /// Whether one of those was named; after parsing.
  bool command_named() const;

  CLI::App& native() const { return *app_; }

 private:
  CLI::App* app_;
};

}  // namespace dsar::cmd

#include "cmd/options.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dsar::cmd {

Option Option::type_name(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

Option Option::description(const std::string& text) const {
  option_->description(text);
  return *this;
}

Option Option::required() const {
  option_->required();
  return *this;
}

Option Option::one_value() const {
  option_->allow_extra_args(false);
  return *this;
}

// The help says in words what is allowed.
Option Option::range(int least, int most) const {
  option_->check(CLI::Range(least, most).description(""));
  return *this;
}

Option Option::range(double least, double most) const {
  option_->check(CLI::Range(least, most).description(""));
  return *this;
}

Option Option::positive() const {
  option_->check(CLI::PositiveNumber.description(""));
  return *this;
}

template <typename T>
Option App::add_option(const std::string& name, T& variable, const std::string& description) const {
  return Option(*app_->add_option(name, variable, description));
}

template Option App::add_option(const std::string&, std::string&, const std::string&) const;
template Option App::add_option(const std::string&, std::vector<std::string>&,
                                const std::string&) const;
template Option App::add_option(const std::string&, std::int64_t&, const std::string&) const;
template Option App::add_option(const std::string&, std::vector<std::int64_t>&,
                                const std::string&) const;
template Option App::add_option(const std::string&, std::uint64_t&, const std::string&) const;
template Option App::add_option(const std::string&, std::optional<std::uint64_t>&,
                                const std::string&) const;
template Option App::add_option(const std::string&, double&, const std::string&) const;

Option App::add_flag(const std::string& name, bool& variable,
                     const std::string& description) const {
  return Option(*app_->add_flag(name, variable, description));
}

Option App::option(const std::string& name) const {
  return Option(*app_->get_option(name));
}

void App::may_have_command() const {
  app_->require_subcommand(0, 1);
}

bool App::command_named() const {
  return !app_->get_subcommands().empty();
}

}  // namespace dsar::cmd

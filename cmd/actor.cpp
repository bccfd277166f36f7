#include "cmd/actor.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "cmd/context.hpp"

namespace dsar::cmd {

std::string actor_name(const Context& context) {
  if (!context.globals.actor.empty()) return context.globals.actor;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const auto user = ::geteuid();
  if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid " + std::to_string(user);
}

}  // namespace dsar::cmd

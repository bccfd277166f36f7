#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/redaction.hpp"

namespace dsar::test {

inline IdentityKind identity_kind(std::string name, std::string category, Normalisation how) {
  IdentityKind kind;
  kind.name = std::move(name);
  kind.category = std::move(category);
  kind.normalisation = how;
  kind.region = "GB";
  return kind;
}

inline Table table_of(std::string name, const std::vector<std::string>& sets) {
  Table table;
  table.name = {"desk", std::move(name)};
  for (const auto& set : sets) table.sets.emplace_back().name = set;
  return table;
}

/// A map with customers and agents in one table, and visitors in another.
inline DataMap redaction_map() {
  DataMap map;
  map.identities = {
      identity_kind("email", "user.contact.email", Normalisation::folded),
      identity_kind("work_email", "user.contact.email", Normalisation::folded),
      identity_kind("phone", "user.contact.phone_number", Normalisation::phone),
      identity_kind("login", "user.unique_id", Normalisation::exact),
  };
  map.tables = {table_of("users", {"customers", "agents"}), table_of("visitor", {"visitors"}),
                table_of("message", {"messages"})};
  return map;
}

/// Ada: customer 7, visitors 42 and 43, two addresses, a mobile number.
inline SubjectKeys adas_keys() {
  return {{"customers", {{"7"}}}, {"visitors", {{"42"}, {"43"}}}};
}

inline std::vector<HeldIdentity> adas_identities() {
  return {{"email", "ada@example.com", "ada@example.com"},
          {"email", "ada.work@example.org", "Ada.Work@Example.org"},
          {"phone", "+447700900123", "07700 900 123"},
          {"login", "ada_l@login.example", "ada_l@login.example"}};
}

}  // namespace dsar::test

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/hold.hpp"
#include "core/pg/holds.hpp"

/// Holds as text and as JSON. Identities are not repeated: the subject is named by its rows, in
/// text by those alone whose key is a number, because other keys may be personal.
namespace dsar::cmd {

/// `visitor: users_customers 12; visitors 1, 2`, `the whole tenant`, `messages where …`
std::string what_is_held(const NewHold& hold);

std::string holds_text(const std::vector<Hold>& holds, Date today);
nlohmann::ordered_json holds_json(const std::vector<Hold>& holds, Date today);

std::string coverage_text(const NewHold& hold, const std::vector<pg::Coverage>& covered);
nlohmann::ordered_json coverage_json(const std::vector<pg::Coverage>& covered);

/// `users_customers 12; visitors 1, 2 and 3 more`
std::string rows_text(const SubjectKeys& keys);
nlohmann::ordered_json tenant_json(const RecordedTenant& tenant);
nlohmann::ordered_json subject_json(const RecordedSubject& subject);

}  // namespace dsar::cmd

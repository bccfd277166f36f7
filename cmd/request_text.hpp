#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/request.hpp"

/// Requests as text and as JSON; subjects are named as in cmd/hold_text.hpp.
namespace dsar::cmd {

std::string requests_text(const std::vector<Request>& requests, Date today);
std::string request_text(const Request& request, Date today);
nlohmann::ordered_json request_json(const Request& request, Date today);

std::string deadline_text(const Deadline& deadline);
nlohmann::ordered_json deadline_json(const Deadline& deadline);

}  // namespace dsar::cmd

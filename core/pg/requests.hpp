#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/request.hpp"

/// The register of requests in the database. An open request keeps its subject's rows as a hold
/// does (held_now), so opening and closing follow the same protocol.
namespace dsar::pg {

/// Opens the request, in a transaction of its own that waits for those that delete, and puts that
/// on record with the subject's keyed hashes. Gives its number.
std::int64_t open_request(Connection& connection, const NewRequest& request,
                          const std::vector<std::string>& subject_hashes = {});

/// Likewise closes it. Throws Error (usage) where there is no such request or it is closed.
void close_request(Connection& connection, std::int64_t id, RequestOutcome outcome,
                   const std::string& author, const std::string& reason);

/// Records what moves the day on which the request is due, and that day; `holidays` take the place
/// of those that the request was opened with, where these are known. Throws Error (usage) where the
/// request is closed, or another step has been recorded since it was read.
void add_request_step(Connection& connection, const Request& request, const RequestStep& step,
                      const Deadline& due, const std::optional<Holidays>& holidays = {});

/// In the order of their numbers; without `closed` only those that are open.
std::vector<Request> list_requests(Connection& connection, bool closed);

/// The request of that number. Throws Error (usage) where there is none.
Request find_request(Connection& connection, std::int64_t id);

}  // namespace dsar::pg

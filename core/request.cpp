#include "core/request.hpp"

namespace dsar {

bool is_overdue(const Request& request, Date today) {
  return !request.closed_at && request.opened.due_on < today;
}

}  // namespace dsar

#pragma once

#include <string>
#include <vector>

#include "core/pg/subject.hpp"

/// Whose an identity is, and keeping a subject's rows as they are while that is decided.
namespace dsar::pg {

/// Locks the subject's own rows until the end of the transaction, and what is held where a hold or
/// request has recorded one of them. Sets how long any statement waits for another's lock.
void lock_subject(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                  const SubjectKeys& keys, const std::string& tenant_key);

/// `value` as an identity of every kind under the category that proves who somebody is; with `weak`
/// also of those that only may. Normalised.
std::vector<Identity> identities_of(Connection& connection, const DataMap& map,
                                    const std::string& category, const std::string& value,
                                    bool weak);

/// The root rows of the tenant that have one of the identities.
std::vector<SubjectRow> rows_with(Connection& connection, const DataMap& map,
                                  const Catalogue& catalogue, const std::string& tenant_key,
                                  const std::vector<Identity>& asked);

/// Whether the row is one of these.
bool has_row(const SubjectKeys& keys, const SubjectRow& row);

}  // namespace dsar::pg

#include "core/pg/choices.hpp"

#include <algorithm>

#include "core/choice_sql.hpp"
#include "core/pg/hold_lock.hpp"
#include "core/pg/moments.hpp"
#include "core/pg/recorded_subject.hpp"
#include "core/rfc3339.hpp"
#include "core/selection.hpp"

namespace dsar::pg {
namespace {

SubjectChoice known_kind(const std::string& name) {
  if (const auto kind = from_string<SubjectChoice>(name)) return *kind;
  throw Error(ExitCode::refused,
              "the record of choices says '" + name + "', which this dsarctl does not know");
}

std::vector<Choice> read_choices(Connection& connection, const std::string& condition) {
  const auto rows = connection.exec(
      "SELECT h.id, h.kind, h.purpose, h.tenant_key, h.tenant, h.ground, h.author, " +
      microseconds_sql("h.made_at") + ", " + microseconds_sql("h.lifted_at") +
      ", h.lifted_by, h.lift_reason FROM dsar.choice AS h WHERE " + condition + " ORDER BY h.id");
  auto subjects = recorded_subjects(connection, "choice", condition);
  std::vector<Choice> choices;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    Choice choice;
    choice.id = std::stoll(rows->text(r, 0));
    choice.made.kind = known_kind(rows->text(r, 1));
    choice.made.purpose = rows->text(r, 2);
    choice.made.tenant = {rows->text(r, 3), rows->text(r, 4)};
    choice.made.subject = std::move(subjects[choice.id]);
    choice.made.ground = rows->text(r, 5);
    choice.made.author = rows->text(r, 6);
    choice.made.made_at = instant_at(*rows, r, 7).value();
    choice.lifted_at = instant_at(*rows, r, 8);
    choice.lifted_by = rows->text(r, 9);
    choice.lift_reason = rows->text(r, 10);
    choices.push_back(std::move(choice));
  }
  return choices;
}

void refuse_twice(Connection& connection, const NewChoice& choice) {
  for (const auto& other : list_choices(connection, false)) {
    if (other.made.kind != choice.kind || other.made.purpose != choice.purpose ||
        other.made.tenant.key != choice.tenant.key ||
        !share_a_row(other.made.subject.keys, choice.subject.keys))
      continue;
    throw Error(ExitCode::usage,
                "it is recorded already: " + std::string(to_string(choice.kind)) + " " +
                    std::to_string(other.id),
                "Lift that one first, if it is to be recorded anew.");
  }
}

}  // namespace

void begin_restricting(Connection& connection) {
  change_what_is_held(connection);
}

std::int64_t record_choice(Connection& connection, const NewChoice& choice) {
  refuse_twice(connection, choice);
  const auto future = connection.exec(
      "SELECT $1::timestamptz > clock_timestamp() + interval '1 hour'", {rfc3339(choice.made_at)});
  if (future->at(0, 0) == "t")
    throw Error(ExitCode::usage, "a choice cannot be recorded for a time to come",
                "Give --now the time at which it was made.");
  Params params{std::string(to_string(choice.kind)),
                choice.purpose,
                choice.tenant.key,
                choice.tenant.slug,
                choice.subject.kind,
                choice.ground,
                choice.author,
                rfc3339(choice.made_at)};
  const auto first = params.size() + 1;
  for (auto& param : subject_params(choice.subject)) params.push_back(std::move(param));
  const auto recorded = connection.exec(
      "INSERT INTO dsar.choice (kind, purpose, tenant_key, tenant, subject_kind, ground, author, "
      "made_at, " +
          std::string(subject_columns) + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, " +
          subject_values_sql(first) + ") RETURNING id",
      params);
  return std::stoll(recorded->text(0, 0));
}

Choice lift_choice(Connection& connection, std::int64_t id, const std::vector<SubjectChoice>& kinds,
                   const std::string& author, const std::string& reason) {
  const auto number = std::to_string(id);
  const auto found = read_choices(connection, "h.id = " + number);
  const bool known = !found.empty() &&
                     std::find(kinds.begin(), kinds.end(), found.front().made.kind) != kinds.end();
  if (!known || found.front().lifted_at)
    throw Error(ExitCode::usage,
                known ? number + " is lifted already" : "there is no such record " + number,
                "Run the command's list --all.");
  const auto lifted = connection.exec(
      "UPDATE dsar.choice SET lifted_at = clock_timestamp(), lifted_by = $2, lift_reason = $3 "
      "WHERE id = $1::bigint AND lifted_at IS NULL",
      {number, author, reason});
  if (lifted->affected() != 1)
    throw Error(ExitCode::usage, number + " has just been lifted by somebody else");
  return found.front();
}

std::vector<Choice> list_choices(Connection& connection, bool lifted) {
  return read_choices(connection, lifted ? "true" : "h.lifted_at IS NULL");
}

std::vector<WrittenChoice> write_choice(Connection& connection, const ReachContext& reach,
                                        const NewChoice& choice, bool lifted) {
  std::vector<WrittenChoice> written;
  // Whoever takes an objection back has not subscribed anew.
  const auto choices = lifted ? std::vector{choice.kind} : written_as(choice.kind);
  for (const auto& column : choice_columns(select_sets(reach), choices, choice.purpose)) {
    const auto statement =
        choice_statement(reach, column, choice.purpose, rfc3339(choice.made_at), lifted);
    const auto done = connection.exec(statement.text, statement.params());
    written.push_back({column.set.set->name, column.column, done->affected()});
  }
  return written;
}

}  // namespace dsar::pg

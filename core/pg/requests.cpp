#include "core/pg/requests.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

#include "core/pg/audit.hpp"
#include "core/pg/hold_lock.hpp"
#include "core/pg/moments.hpp"
#include "core/pg/recorded_subject.hpp"
#include "core/sql.hpp"

namespace dsar::pg {
namespace {

[[noreturn]] void no_such_request(const std::string& number) {
  throw Error(ExitCode::usage, "there is no request " + number, "Run dsarctl request list --all.");
}

/// The value that stands in the register, which this program wrote.
template <NamedEnum E>
E known(const std::string& name) {
  if (const auto value = from_string<E>(name)) return *value;
  throw Error(ExitCode::refused,
              "the register of requests says '" + name + "', which this dsarctl does not know");
}

std::map<std::int64_t, std::vector<RequestStep>> read_steps(Connection& connection,
                                                            const std::string& condition) {
  const auto rows = connection.exec(
      "SELECT s.request, s.step, " + days_sql("s.since") + ", s.cause, " + days_sql("s.until") +
      ", s.reason, s.author, " + microseconds_sql("s.recorded_at") +
      " FROM dsar.request_step AS s JOIN dsar.request AS h ON h.id = s.request WHERE " + condition +
      " ORDER BY s.id");
  std::map<std::int64_t, std::vector<RequestStep>> steps;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    RequestStep step;
    step.kind = known<RequestStepKind>(rows->text(r, 1));
    step.on = date_at(*rows, r, 2);
    if (rows->at(r, 3)) step.cause = known<StopCause>(rows->text(r, 3));
    if (rows->at(r, 4)) step.until = date_at(*rows, r, 4);
    step.reason = rows->text(r, 5);
    step.author = rows->text(r, 6);
    step.at = instant_at(*rows, r, 7).value();
    steps[std::stoll(rows->text(r, 0))].push_back(std::move(step));
  }
  return steps;
}

/// Five columns from `column` on: the promise, whether it binds, its source, whether there is all
/// of this, the holidays as days since 1970.
DeadlineBasis basis_at(const Result& rows, std::size_t row, std::size_t column) {
  DeadlineBasis basis;
  if (rows.at(row, column)) {
    const auto within = parse_period(rows.text(row, column));
    if (!within)
      throw Error(ExitCode::refused, "the register of requests says '" + rows.text(row, column) +
                                         "', which this dsarctl does not know as a time");
    basis.promise = {*within, rows.at(row, column + 1) == "t", rows.text(row, column + 2)};
  }
  std::istringstream days(rows.text(row, column + 4));
  for (int day = 0; days >> day;) basis.holidays.insert(Date(std::chrono::days(day)));
  return basis;
}

std::string holidays_value(const Holidays& holidays) {
  std::vector<std::string> days;
  for (const auto day : holidays) days.push_back(iso_text(day));
  return array_value(days);
}

std::vector<Request> read_requests(Connection& connection, const std::string& condition) {
  const auto rows = connection.exec(
      "SELECT h.id, h.kind, h.tenant_key, h.tenant, " + days_sql("h.received_on") +
      ", array_to_string(h.regimes, ' '), " + days_sql("h.due_on") + ", h.due_by, h.author, " +
      microseconds_sql("h.opened_at") + ", " + microseconds_sql("h.closed_at") +
      ", h.closed_by, h.outcome, h.close_reason, h.stopped, h.promised, h.promise_binds, "
      "h.promised_by, h.holidays IS NOT NULL, (SELECT string_agg(" +
      days_sql("d.day") +
      "::text, ' ') FROM unnest(h.holidays) AS d(day)) FROM dsar.request AS h "
      "WHERE " +
      condition + " ORDER BY h.id");
  if (rows->rows() == 0) return {};
  auto subjects = recorded_subjects(connection, "request", condition);
  auto steps = read_steps(connection, condition);
  std::vector<Request> requests;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    Request request;
    request.id = std::stoll(rows->text(r, 0));
    request.opened.kind = known<RightKind>(rows->text(r, 1));
    request.opened.tenant = {rows->text(r, 2), rows->text(r, 3)};
    request.opened.subject = std::move(subjects[request.id]);
    request.opened.received_on = date_at(*rows, r, 4);
    const auto regimes = rows->text(r, 5);
    for (std::size_t at = 0; at < regimes.size();) {
      const auto end = std::min(regimes.find(' ', at), regimes.size());
      request.opened.regimes.push_back(known<Regime>(regimes.substr(at, end - at)));
      at = end + 1;
    }
    request.opened.due_on = date_at(*rows, r, 6);
    request.opened.due_by = rows->text(r, 7);
    request.opened.author = rows->text(r, 8);
    request.opened_at = instant_at(*rows, r, 9).value();
    request.closed_at = instant_at(*rows, r, 10);
    request.closed_by = rows->text(r, 11);
    if (rows->at(r, 12)) request.outcome = known<RequestOutcome>(rows->text(r, 12));
    request.close_reason = rows->text(r, 13);
    request.stopped = rows->at(r, 14) == "t";
    if (rows->at(r, 18) == "t") request.opened.basis = basis_at(*rows, r, 15);
    request.steps = std::move(steps[request.id]);
    requests.push_back(std::move(request));
  }
  return requests;
}

/// The command that records such a step.
std::string command_of(RequestStepKind kind) {
  switch (kind) {
    case RequestStepKind::extended:
      return "request extend";
    case RequestStepKind::paused:
      return "request pause";
    case RequestStepKind::resumed:
      return "request resume";
  }
  throw std::logic_error("no such step");
}

}  // namespace

std::int64_t open_request(Connection& connection, const NewRequest& request,
                          const std::vector<std::string>& subject_hashes) {
  std::vector<std::string> regimes;
  for (const auto regime : request.regimes) regimes.emplace_back(to_string(regime));
  Params params{std::string(to_string(request.kind)),
                request.tenant.key,
                request.tenant.slug,
                request.subject.kind,
                iso_text(request.received_on),
                array_value(regimes),
                iso_text(request.due_on),
                request.due_by,
                request.author,
                std::nullopt,
                std::nullopt,
                std::nullopt,
                std::nullopt};
  if (const auto& basis = request.basis) {
    if (const auto& promise = basis->promise) {
      params[9] = to_text(promise->within);
      params[10] = promise->binding ? "true" : "false";
      params[11] = promise->source;
    }
    params[12] = holidays_value(basis->holidays);
  }
  const auto first = params.size() + 1;
  for (auto& param : subject_params(request.subject)) params.push_back(std::move(param));
  Transaction transaction(connection, TransactionMode::read_write);
  change_what_is_held(connection);
  const auto opened = connection.exec(
      "INSERT INTO dsar.request (kind, tenant_key, tenant, subject_kind, received_on, regimes, "
      "due_on, due_by, author, promised, promise_binds, promised_by, holidays, " +
          std::string(subject_columns) +
          ") VALUES ($1, $2, $3, $4, $5::date, $6::text[], $7::date, $8, $9, $10, "
          "$11::boolean, $12, $13::date[], " +
          subject_values_sql(first) + ") RETURNING id",
      params);
  const auto id = std::stoll(opened->text(0, 0));
  append_audit(connection,
               {request.author,
                "request open",
                request.tenant.key,
                subject_hashes,
                {{"request", std::to_string(id)}, {"kind", std::string(to_string(request.kind))}}});
  transaction.commit();
  return id;
}

void close_request(Connection& connection, std::int64_t id, RequestOutcome outcome,
                   const std::string& author, const std::string& reason) {
  const auto number = std::to_string(id);
  Transaction transaction(connection, TransactionMode::read_write);
  change_what_is_held(connection);
  const auto closed = connection.exec(
      "UPDATE dsar.request SET closed_at = clock_timestamp(), closed_by = $2, outcome = $3, "
      "close_reason = $4 WHERE id = $1::bigint AND closed_at IS NULL",
      {number, author, std::string(to_string(outcome)), reason});
  if (closed->affected() == 0) {
    const auto there =
        connection.exec("SELECT 1 FROM dsar.request WHERE id = $1::bigint", {number});
    if (there->rows() == 0) no_such_request(number);
    throw Error(ExitCode::usage, "request " + number + " is closed already",
                "Run dsarctl request show " + number + ".");
  }
  append_audit(connection, {author,
                            "request close",
                            {},
                            {},
                            {{"request", number}, {"outcome", std::string(to_string(outcome))}}});
  transaction.commit();
}

void add_request_step(Connection& connection, const Request& request, const RequestStep& step,
                      const Deadline& due, const std::optional<Holidays>& holidays) {
  const auto number = std::to_string(request.id);
  const auto or_null = [](const auto& value, const auto& text) {
    return value ? std::optional<std::string>(text(*value)) : std::nullopt;
  };
  Transaction transaction(connection, TransactionMode::read_write);
  const auto moved = connection.exec(
      "UPDATE dsar.request SET due_on = $2::date, due_by = $3, stopped = $4::boolean WHERE id = "
      "$1::bigint AND closed_at IS NULL",
      {number, iso_text(due.due_on), due.due_by, due.stopped ? "true" : "false"});
  // The row is locked now: nobody else adds a step meanwhile.
  const auto known_steps = connection.exec(
      "SELECT count(*) FROM dsar.request_step WHERE request = $1::bigint", {number});
  if (moved->affected() == 0 || known_steps->text(0, 0) != std::to_string(request.steps.size()))
    throw Error(ExitCode::usage, "request " + number + " has been changed meanwhile",
                "Run dsarctl request show " + number + ".");
  connection.exec(
      "INSERT INTO dsar.request_step (request, step, since, cause, until, reason, author) VALUES "
      "($1::bigint, $2, $3::date, $4, $5::date, $6, $7)",
      {number, std::string(to_string(step.kind)), iso_text(step.on),
       or_null(step.cause, [](StopCause cause) { return std::string(to_string(cause)); }),
       or_null(step.until, [](Date until) { return iso_text(until); }), step.reason, step.author});
  if (holidays && request.opened.basis)
    connection.exec("UPDATE dsar.request SET holidays = $2::date[] WHERE id = $1::bigint",
                    {number, holidays_value(*holidays)});
  append_audit(
      connection,
      {step.author, command_of(step.kind), request.opened.tenant.key, {}, {{"request", number}}});
  transaction.commit();
}

std::vector<Request> list_requests(Connection& connection, bool closed) {
  return read_requests(connection, closed ? "true" : "h.closed_at IS NULL");
}

Request find_request(Connection& connection, std::int64_t id) {
  const auto number = std::to_string(id);
  auto found = read_requests(connection, "h.id = " + number + "::bigint");
  if (found.empty()) no_such_request(number);
  return std::move(found.front());
}

}  // namespace dsar::pg

#include "cmd/request_text.hpp"

#include <nlohmann/json.hpp>

#include "cmd/hold_text.hpp"
#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

std::string state(const Request& request, Date today) {
  if (request.outcome) return std::string(to_string(*request.outcome));
  if (request.stopped) return "paused";
  return is_overdue(request, today) ? "overdue" : "open";
}

std::string whose(const RecordedSubject& subject) {
  return subject.keys.empty() ? "nobody found" : rows_text(subject.keys);
}

std::vector<std::string> names_of(const std::vector<Regime>& regimes) {
  std::vector<std::string> names;
  for (const auto regime : regimes) names.emplace_back(to_string(regime));
  return names;
}

std::vector<std::string> days_of(const Holidays& holidays) {
  std::vector<std::string> days;
  for (const auto day : holidays) days.push_back(iso_text(day));
  return days;
}

}  // namespace

std::string requests_text(const std::vector<Request>& requests, Date today) {
  if (requests.empty()) return "no requests\n";
  formats::TextTable table({{"request", formats::Align::right},
                            {"kind"},
                            {"tenant"},
                            {"rows"},
                            {"received"},
                            {"due"},
                            {"state"}});
  for (const auto& request : requests)
    table.add({std::to_string(request.id), std::string(to_string(request.opened.kind)),
               request.opened.tenant.slug, whose(request.opened.subject),
               iso_text(request.opened.received_on), iso_text(request.opened.due_on),
               state(request, today)});
  return table.text();
}

std::string request_text(const Request& request, Date today) {
  const auto& opened = request.opened;
  formats::TextTable table({{""}, {""}});
  table.add({"request", std::to_string(request.id)});
  table.add({"kind", std::string(to_string(opened.kind))});
  if (!opened.tenant.slug.empty()) table.add({"tenant", opened.tenant.slug});
  table.add({"rows", whose(opened.subject)});
  table.add({"received", iso_text(opened.received_on)});
  table.add({"laws", join(names_of(opened.regimes), ", ")});
  if (opened.basis && opened.basis->promise) {
    const auto& promise = *opened.basis->promise;
    table.add({"promised", to_text(promise.within) + (promise.binding ? "" : ", as a target") +
                               ", by " + promise.source});
  }
  if (opened.basis && !opened.basis->holidays.empty())
    table.add({"holidays", join(days_of(opened.basis->holidays), ", ")});
  table.add({"due", iso_text(opened.due_on) + ", by " + opened.due_by});
  table.add({"opened", rfc3339(request.opened_at) + " by " + opened.author});
  for (const auto& step : request.steps) {
    const auto cause = step.cause ? ", for " + std::string(to_string(*step.cause)) : std::string();
    const auto until = step.until ? ", until " + iso_text(*step.until) : std::string();
    table.add({std::string(to_string(step.kind)), "on " + iso_text(step.on) + " by " + step.author +
                                                      cause + until + ": " + step.reason});
  }
  table.add({"state", state(request, today)});
  if (request.closed_at) {
    table.add({"closed", rfc3339(*request.closed_at) + " by " + request.closed_by});
    table.add({"because", request.close_reason});
  }
  return table.text();
}

Json request_json(const Request& request, Date today) {
  const auto& opened = request.opened;
  Json json{{"id", request.id}, {"kind", to_string(opened.kind)}};
  if (!opened.tenant.key.empty()) json["tenant"] = tenant_json(opened.tenant);
  json["subject"] = subject_json(opened.subject);
  json["received_on"] = iso_text(opened.received_on);
  json["regimes"] = names_of(opened.regimes);
  if (opened.basis) {
    if (const auto& promise = opened.basis->promise)
      json["promise"] = {{"within", to_text(promise->within)},
                         {"binding", promise->binding},
                         {"source", promise->source}};
    json["holidays"] = days_of(opened.basis->holidays);
  }
  json["due_on"] = iso_text(opened.due_on);
  json["due_by"] = opened.due_by;
  json["opened_at"] = rfc3339(request.opened_at);
  json["author"] = opened.author;
  json["open"] = !request.closed_at.has_value();
  json["paused"] = request.stopped;
  json["overdue"] = is_overdue(request, today);
  auto steps = Json::array();
  for (const auto& step : request.steps) {
    Json one{{"step", to_string(step.kind)}, {"on", iso_text(step.on)}};
    if (step.cause) one["for"] = to_string(*step.cause);
    if (step.until) one["until"] = iso_text(*step.until);
    one["reason"] = step.reason;
    one["author"] = step.author;
    one["recorded_at"] = rfc3339(step.at);
    steps.push_back(std::move(one));
  }
  json["steps"] = std::move(steps);
  if (request.closed_at && request.outcome)
    json["closed"] = {{"at", rfc3339(*request.closed_at)},
                      {"author", request.closed_by},
                      {"outcome", to_string(*request.outcome)},
                      {"reason", request.close_reason}};
  return json;
}

std::string deadline_text(const Deadline& deadline) {
  formats::TextTable table({{"by"}, {"last day"}, {"extended"}, {""}});
  for (const auto& limit : deadline.limits)
    table.add({limit.source, iso_text(limit.on), limit.extended ? iso_text(*limit.extended) : "",
               !limit.binding  ? "a target, not binding"
               : limit.stopped ? "the clock stands"
                               : ""});
  auto text = table.text(2);
  if (deadline.confirm_by)
    text += "  confirm receipt by " + iso_text(*deadline.confirm_by) + " (11 CCR 7021)\n";
  return text;
}

Json deadline_json(const Deadline& deadline) {
  Json limits = Json::array();
  for (const auto& limit : deadline.limits) {
    Json one{{"source", limit.source},
             {"on", iso_text(limit.on)},
             {"binding", limit.binding},
             {"stopped", limit.stopped}};
    if (limit.extended) one["extended"] = iso_text(*limit.extended);
    limits.push_back(std::move(one));
  }
  Json json{{"due_on", iso_text(deadline.due_on)},
            {"due_by", deadline.due_by},
            {"paused", deadline.stopped},
            {"limits", std::move(limits)}};
  if (deadline.confirm_by) json["confirm_by"] = iso_text(*deadline.confirm_by);
  return json;
}

}  // namespace dsar::cmd

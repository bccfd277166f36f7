#include "cmd/erase_reading.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/crypto/hmac.hpp"
#include "core/crypto/sha256.hpp"
#include "core/erasure_scope.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/integrations.hpp"
#include "core/pg/requests.hpp"
#include "core/pg/sweep_schedule.hpp"
#include "core/policy_about.hpp"
#include "formats/json_files.hpp"

namespace dsar::cmd {
namespace {

/// Requests that do not keep the rows from their own subject's erasure.
std::vector<std::int64_t> own_requests(pg::Connection& connection, const FoundSubject& found,
                                       std::int64_t request) {
  std::vector<std::int64_t> own;
  for (const auto& one : pg::list_requests(connection, false)) {
    const bool same_tenant = one.opened.tenant.key == found.tenant.key;
    if (one.id == request || (same_tenant && share_a_row(one.opened.subject.proven, found.keys)))
      own.push_back(one.id);
  }
  return own;
}

std::vector<SweepTenant> tenant_of(Reading& reading, const FoundSubject& found) {
  auto all = pg::read_scheduled_tenants(reading.connection, reading.map, reading.catalogue,
                                        reading.policies);
  if (!all.refused.empty())
    throw Error(ExitCode::usage,
                "a period is set that the policy does not allow: " + join(all.refused, "; "),
                "Nothing is erased until it is settled: nobody knows what the law keeps.");
  std::erase_if(all.tenants, [&](const SweepTenant& one) { return one.key != found.tenant.key; });
  return std::move(all.tenants);
}

/// The selections, and the record sets of rows that are named without being reached.
std::vector<SetSelection> with_sets_of(const SubjectKeys* also, const ReachContext& reach,
                                       std::vector<SetSelection> selections) {
  if (also == nullptr) return selections;
  for (const auto& [name, keys] : *also) {
    const auto set = find_set(reach.map, name);
    if (set.set == nullptr)
      throw Error(ExitCode::refused, "the map no longer has the record set '" + name + "'",
                  "Put it back: rows of it are still to be erased.");
    const auto same = [&](const SetSelection& one) { return one.set.set->name == set.set->name; };
    if (std::any_of(selections.begin(), selections.end(), same)) continue;
    selections.emplace_back().set = set;
  }
  return selections;
}

std::map<std::string, ClockType> clock_types_of(Reading& reading) {
  std::vector<pg::CannotSee> unseen;
  return pg::read_clock_types(reading.connection, reading.map, reading.catalogue, unseen);
}

}  // namespace

std::string digest_of_files(const std::string& path, const std::string& what) {
  if (path.empty()) return {};
  Sha256 digest;
  for (const auto& file : formats::json_files(path, what)) {
    std::ifstream input(file, std::ios::binary);
    std::ostringstream content;
    content << input.rdbuf();
    const auto bytes = content.str();
    digest.update(std::to_string(bytes.size()) + ':');
    digest.update(bytes);
  }
  return digest.hex();
}

EraseReading::EraseReading(Reading& reading, const FoundSubject& found, std::int64_t request,
                           Instant now, const SubjectKeys* also)
    : reading_(reading),
      reach_{reading.map, reading.catalogue, found.keys, found.tenant.key},
      also_(also),
      selections_(with_sets_of(also, reach_, selections_of(reach_, found))),
      tenants_(tenant_of(reading, found)),
      schedule_(plan_schedule(reading.map, tenants_, now)),
      clock_types_(clock_types_of(reading)),
      held_(pg::held_now(reading.connection, reading.map, reading.catalogue,
                         own_requests(reading.connection, found, request))),
      holds_(pg::list_holds(reading.connection, false)),
      world_{reading.map, reading.catalogue, held_, clock_types_, schedule_} {}

pg::ErasureDecision EraseReading::decide() const {
  return pg::decide_erasure(reading_.connection,
                            {reach_, world_, selections_, holds_, false, false, also_});
}

pg::ErasureDecision EraseReading::decide_and_lock(const std::vector<pg::ErasureDecision>& earlier,
                                                  bool trust_keys, std::uint64_t most) const {
  return pg::decide_erasure(
      reading_.connection,
      {reach_, world_, selections_, holds_, true, trust_keys, also_, nullptr, most}, earlier);
}

pg::ErasureDecision EraseReading::decide_piece(const SetRef& set, const SubjectKeys& only) const {
  std::vector<SetSelection> selections;
  for (const auto& one : selections_) {
    if (one.set.set->name == set.set->name) selections.push_back(one);
  }
  return pg::decide_erasure(reading_.connection,
                            {reach_, world_, selections, holds_, true, false, nullptr, &only});
}

std::vector<pg::StoredObject> objects_of(pg::Connection& connection,
                                         const pg::ErasureDecision& decision) {
  std::vector<pg::StoredObject> objects;
  for (const auto& rows : decision.sets) {
    const auto statement = objects_statement(rows, rows.with(RowFate::remove));
    if (!statement) continue;
    const auto listed = connection.exec(statement->text, statement->params());
    for (std::size_t r = 0; r < listed->rows(); ++r)
      objects.emplace_back(listed->text(r, 0), listed->text(r, 1));
  }
  return objects;
}

ErasureResult result_of(Reading& reading, const FoundSubject& found, const Context& context,
                        const pg::ErasureDecision& decision, const std::string& key) {
  ErasureResult result;
  result.as_of = context.now;
  result.tenant = found.tenant.slug;
  result.policy = found.tenant.policy;
  result.subject_rows = found.closure.rows.size();
  result.effects = decision.effects;
  result.cannot_see = decision.cannot_see;
  HmacSha256 hmac(key);
  const auto hash = [&](const std::string& text) { return hmac.hex(text); };
  for (const auto& rows : decision.sets) {
    for (auto& line : lines_of(rows)) result.lines.push_back(std::move(line));
    if (rows.size() > 0) result.digests.push_back(digest_of(rows, hash));
  }
  for (const auto& object : objects_of(reading.connection, decision)) {
    auto known = std::find_if(result.objects.begin(), result.objects.end(),
                              [&](const ErasureObjects& one) { return one.store == object.first; });
    if (known == result.objects.end())
      known = result.objects.insert(result.objects.end(), {object.first, 0});
    ++known->count;
  }
  const auto& policy = reading.policies.named(found.tenant.policy);
  AboutQuestion question;
  question.integrations = pg::enabled_integrations(reading.connection, reading.map,
                                                   reading.catalogue, found.tenant.key);
  for (const auto& one : about(policy.policy, question).recipients)
    result.recipients.push_back({one.name, one.purpose, to_text(one.citation)});
  result.scope =
      scope_digest({reading.catalogue.database, digest_of_files(context.globals.map, "data map"),
                    found.tenant.policy + " " + digest_of_files(context.globals.policy, "policies"),
                    found.tenant.key, found.keys},
                   decision.sets, key);
  return result;
}

void refuse_uncovered(const pg::ErasureDecision& decision) {
  if (decision.refused.empty()) return;
  throw Error(ExitCode::refused, join(decision.refused, "; "),
              "Nothing is erased while the map does not cover it; 'dsarctl map check' finds all "
              "such places.");
}

SubjectQuestion of_arrivals(const DataMap& map, const FoundSubject& found) {
  SubjectQuestion question;
  question.kind = found.closure.rows.front().row.subject;
  for (const auto& linked : found.closure.rows) {
    for (const auto& identity : linked.row.identities) {
      const auto* kind = find_identity(map, identity.kind);
      if (linked.weak || kind == nullptr || kind->strength != Strength::strong) continue;
      const Identity own{identity.kind, identity.value};
      if (std::find(question.asked.begin(), question.asked.end(), own) == question.asked.end())
        question.asked.push_back(own);
    }
  }
  return question;
}

SubjectKeys withheld_of(const std::vector<pg::ErasureDecision>& decisions) {
  SubjectKeys withheld;
  for (const auto& decision : decisions) {
    for (const auto& rows : decision.sets) {
      for (std::size_t row = 0; is_keyed(rows) && row < rows.size(); ++row) {
        if (!withholds(rows.ground_of(row).cause)) continue;
        auto& key = withheld[rows.set.set->name].emplace_back();
        for (std::size_t k = 0; k < rows.address; ++k)
          key.push_back(rows.values[k][row].value_or(""));
      }
    }
  }
  return withheld;
}

}  // namespace dsar::cmd

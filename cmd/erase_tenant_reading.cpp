#include "cmd/erase_tenant_reading.hpp"

#include <algorithm>
#include <set>

#include "cmd/erase_reading.hpp"
#include "cmd/interrupt.hpp"
#include "core/crypto/hmac.hpp"
#include "core/error.hpp"
#include "core/pg/integrations.hpp"
#include "core/policy_about.hpp"

namespace dsar::cmd {
namespace {

const SweepTenant& tenant_of(const ScheduleReading& reading, const std::string& slug) {
  const auto& all = reading.tenants.tenants;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const SweepTenant& one) { return one.slug == slug; });
  if (found == all.end())
    throw Error(ExitCode::no_such_subject, "there is no tenant '" + slug + "'");
  if (found->policy == nullptr)
    throw Error(ExitCode::usage, "tenant '" + slug + "' lives under no known policy",
                "Nothing is erased until it does: nobody knows what the law keeps.");
  return *found;
}

std::vector<ErasureRecipient> recipients_of(pg::Connection& connection,
                                            const ScheduleReading& reading,
                                            const SweepTenant& tenant) {
  AboutQuestion question;
  question.integrations =
      pg::enabled_integrations(connection, reading.map, reading.catalogue, tenant.key);
  std::vector<ErasureRecipient> recipients;
  for (const auto& one : about(*tenant.policy, question).recipients)
    recipients.push_back({one.name, one.purpose, to_text(one.citation)});
  return recipients;
}

/// Triggers that fire when rows of the tables go or are masked.
std::vector<ErasureEffect> effects_of(const ScheduleReading& reading,
                                      const std::vector<ErasureLine>& lines) {
  std::vector<ErasureEffect> effects;
  for (const auto& line : lines) {
    const auto set = find_set(reading.map, line.set);
    for (const auto& trigger : live_table(reading.catalogue, set.table->name).triggers) {
      const bool fires = line.fate == RowFate::remove
                             ? trigger.on_delete
                             : line.fate == RowFate::mask && trigger.on_update;
      const auto known = set.table->known_triggers.find(trigger.name);
      const auto what = known == set.table->known_triggers.end() ? "which the map does not describe"
                                                                 : known->second;
      const ErasureEffect effect{"trigger", line.table, trigger.name + ": " + what};
      const auto same = [&](const ErasureEffect& one) {
        return one.table == effect.table && one.what == effect.what;
      };
      if (fires && std::none_of(effects.begin(), effects.end(), same)) effects.push_back(effect);
    }
  }
  return effects;
}

}  // namespace

TenantReading::TenantReading(const EraseOptions& options, const Context& context,
                             pg::Connection& connection)
    : options_(options),
      context_(context),
      connection_(connection),
      reading_(context, connection),
      tenant_(tenant_of(reading_, context.globals.tenant)),
      erasure_(reading_.map, reading_.schedule, tenant_, context.now) {}

SweepWorld TenantReading::world() const {
  return {reading_.map, reading_.catalogue, reading_.held, reading_.clock_types,
          erasure_.schedule()};
}

void TenantReading::read_holds() {
  reading_.held = pg::held_now(connection_, reading_.map, reading_.catalogue);
  holds_ = pg::list_holds(connection_, false);
}

void TenantReading::stop() const {
  stop_if_interrupted(context_.stop);
}

ErasureResult TenantReading::empty_result() const {
  ErasureResult result;
  result.whole_tenant = true;
  result.as_of = context_.now;
  result.tenant = tenant_.slug;
  result.policy = tenant_.policy->id;
  result.backups_until = backups_until(options_, context_.now);
  result.recipients = recipients_of(connection_, reading_, tenant_);
  return result;
}

ErasureResult TenantReading::plan(const std::string& salt) {
  const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
  read_holds();
  auto result = empty_result();
  for (const auto& [set, why] : reading_.unseen) result.cannot_see.push_back(set + ": " + why);
  if (!result.cannot_see.empty()) return result;
  const auto counts =
      ask(true, [&](const auto& question) { return count_tenant(connection_, question, true); });
  const auto own = ask(true, [&](const auto& question) {
    return count_tenant_row(connection_, question, counts.withholds_any());
  });
  result.lines = counts.going;
  result.lines.insert(result.lines.end(), own.going.begin(), own.going.end());
  for (const auto& line : with_masks(counts.staying, counts.masks)) result.lines.push_back(line);
  result.lines.insert(result.lines.end(), own.staying.begin(), own.staying.end());
  result.objects = counts.objects;
  for (const auto& object : own.objects) result.objects.push_back(object);
  result.effects = effects_of(reading_, result.lines);
  result.scope = scope_of(result, salt);
  return result;
}

/// The digest of what is decided on, and of what stays and why, whatever the rows.
std::string TenantReading::scope_of(const ErasureResult& plan, const std::string& salt) const {
  std::set<std::string> parts;
  for (const auto& line : plan.lines) {
    if (withholds(line.ground.cause))
      parts.insert(line.set + " " + std::string(to_string(line.ground.cause)) + " " +
                   line.ground.by + " " + line.ground.clause);
  }
  std::string text;
  for (const auto& part : {std::string("whole tenant"), reading_.catalogue.database,
                           digest_of_files(context_.globals.map, "data map"), tenant_.policy->id,
                           digest_of_files(context_.globals.policy, "policies"), tenant_.key})
    text += std::to_string(part.size()) + ":" + part;
  for (const auto& part : parts) text += std::to_string(part.size()) + ":" + part;
  return hmac_sha256_hex(salt, text);
}

std::vector<ErasureLine> with_masks(const std::vector<ErasureLine>& staying,
                                    std::map<std::string, std::uint64_t> masked) {
  std::vector<ErasureLine> lines;
  for (auto line : staying) {
    auto& left = masked[line.set];
    if (line.ground.cause == Cause::law && left > 0) {
      auto hidden = line;
      hidden.fate = RowFate::mask;
      hidden.rows = std::min(left, line.rows);
      left -= hidden.rows;
      line.rows -= hidden.rows;
      lines.push_back(std::move(hidden));
    }
    if (line.rows > 0) lines.push_back(std::move(line));
  }
  return lines;
}

void refuse_unfit(const TenantReading& reading, const ErasureResult& plan) {
  if (!plan.cannot_see.empty())
    throw Error(ExitCode::refused, "cannot see " + join(plan.cannot_see, "; "),
                "What is left behind unseen could not be found again; 'dsarctl doctor' names the "
                "privileges that are missing.");
  std::vector<std::string> refused;
  std::vector<std::string> closed;
  for (const auto& line : plan.lines) {
    if (line.fate != RowFate::remove) continue;
    const auto set = find_set(reading.reading().map, line.set);
    if (auto why = why_refused(reading.reading().map, reading.reading().catalogue, {.set = set}))
      refused.push_back(std::move(*why));
    if (!live_table(reading.reading().catalogue, set.table->name).deletable)
      closed.push_back(line.table);
  }
  if (!refused.empty())
    throw Error(ExitCode::refused, join(refused, "; "),
                "Nothing is erased while the map does not cover it; 'dsarctl map check' finds all "
                "such places.");
  if (!closed.empty())
    throw Error(ExitCode::usage, "the role may not delete from " + join(closed, ", "),
                "Erase whole tenants as a role that has both dsar_officer and dsar_sweeper of "
                "'dsarctl init --grants'.");
}

}  // namespace dsar::cmd

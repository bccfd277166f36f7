#include "formats/policy_reader.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/policies/builtin.hpp"
#include "core/suggest.hpp"
#include "formats/json_files.hpp"
#include "formats/policy_parts.hpp"

namespace dsar::formats {
namespace {

constexpr std::int64_t format_version = 1;

/// A policy file as it was read, with the places that judging it needs.
struct PolicyDraft {
  PolicyEntry entry;
  Location id;                          ///< of the policy's id, or of what it extends
  std::vector<Location> period_places;  ///< of entry.periods
};

std::string place_text(const Location& where) {
  return where.file + ":" + std::to_string(where.line) + ": " + where.pointer;
}

/// The built-in policy that the file extends, or nullptr with a fault.
const Policy* read_base(const JsonInput& input) {
  const auto id = input.text();
  if (!id) return nullptr;
  const Policy* const base = find_policy(*id);
  if (base == nullptr) {
    std::vector<std::string_view> known;
    for (const Policy& policy : builtin_policies()) known.push_back(policy.id);
    input.fault("no built-in policy has this name" + did_you_mean(*id, known));
  }
  return base;
}

/// The documents of the policy: those that it has from what it extends, and its own.
void read_documents(JsonFields& fields, bool required, PolicyContext& context) {
  const auto input = required ? fields.require("documents") : fields.find("documents");
  if (!input) {
    context.documents_readable = !required;
    return;
  }
  std::set<std::string> titles;
  for (const Document& document : context.documents) titles.insert(document.title);
  for (const JsonInput& item : input->items()) {
    Document document;
    item.fields([&](JsonFields& inner) {
      Reader form(inner, context);
      describe(form, document);
    });
    if (document.title.empty()) {
      context.documents_readable = false;
    } else if (!titles.insert(document.title).second) {
      item.fault("the policy has this document already");
    }
    context.documents.push_back(std::move(document));
  }
}

/// Puts the rules in the place of those with the same id, and the others behind them.
void put_rules(std::vector<RetentionRule> rules, Policy& policy) {
  for (RetentionRule& rule : rules) {
    const auto same = std::find_if(policy.rules.begin(), policy.rules.end(),
                                   [&](const RetentionRule& each) { return each.id == rule.id; });
    if (same == policy.rules.end()) {
      policy.rules.push_back(std::move(rule));
    } else {
      *same = std::move(rule);
    }
  }
}

void add_period(const JsonInput& input, FilePeriod period, PolicyDraft& draft) {
  period.change.source = place_text(input.where());
  draft.period_places.push_back(input.where());
  draft.entry.periods.push_back(std::move(period));
}

/// `"periods": {"billing": {"period": "6 years", "reason": "…"}}`
void read_periods(const JsonInput& input, PolicyDraft& draft) {
  for (const auto& [rule, value] : input.members()) {
    FilePeriod period;
    period.change.rule = rule;
    period.change.general = true;
    bool counted = false;
    value.fields([&](JsonFields& fields) {
      if (const auto length = fields.require("period")) {
        const auto read = read_counted_period(*length);
        counted = read.has_value();
        period.change.period = read.value_or(Period());
      }
      fields.require_text("reason", period.change.reason);
    });
    if (counted) add_period(value, std::move(period), draft);
  }
}

/// `"overrides": [{"tenant": "acme", "rule": "chat", "period": "30 days", "reason": "…"}]`
void read_overrides(const JsonInput& input, PolicyDraft& draft) {
  for (const JsonInput& item : input.items()) {
    FilePeriod period;
    bool counted = false;
    item.fields([&](JsonFields& fields) {
      fields.require_text("tenant", period.tenant);
      fields.require_text("rule", period.change.rule);
      if (const auto length = fields.require("period")) {
        const auto read = read_counted_period(*length);
        counted = read.has_value();
        period.change.period = read.value_or(Period());
      }
      fields.require_text("reason", period.change.reason);
    });
    if (counted && !period.tenant.empty()) add_period(item, std::move(period), draft);
  }
}

void read_fields(JsonFields& fields, PolicyContext& context, PolicyDraft& draft) {
  if (const auto version = fields.require("dsarctl_policy")) {
    static_cast<void>(version->integer(format_version, format_version));
  }
  if (const auto schema = fields.find("$schema")) static_cast<void>(schema->text());

  Policy& policy = draft.entry.policy;
  const auto extends = fields.find("extends");
  if (extends) {
    draft.id = extends->where();
    if (const Policy* const base = read_base(*extends)) {
      policy = *base;
      draft.entry.extends = base->id;
      context.documents = base->documents;
    } else {
      context.documents_readable = false;
    }
  }
  if (const auto id = extends ? fields.find("id") : fields.require("id")) {
    draft.id = id->where();
    policy.id = read_id(*id).value_or("");
  }
  Reader form(fields, context);
  if (extends) {
    form.may("title", policy.title);
  } else {
    form.need("title", policy.title);
  }
  read_documents(fields, !extends, context);
  policy.documents = context.documents;
  if (extends) {
    std::vector<RetentionRule> rules;
    form.may("rules", rules);
    put_rules(std::move(rules), policy);
  } else {
    describe(form, policy);
  }
  if (const auto periods = fields.find("periods")) read_periods(*periods, draft);
  if (const auto overrides = fields.find("overrides")) read_overrides(*overrides, draft);
}

/// What a file's period has against it, or nothing. The policy is sound.
std::string objection(const Policy& policy, FilePeriod period) {
  period.change.source.clear();
  const RetentionRule* const rule = find_rule(policy, period.change.rule);
  if (rule != nullptr && period.tenant.empty() &&
      rule->tenant_override != OverridePermission::operator_must_set) {
    return "rule '" + rule->id + "' (" + to_text(rule->citation) + "): the policy states '" +
           to_text(rule->period) + "', and 'periods' sets only what it leaves open";
  }
  std::vector<std::string> refused;
  static_cast<void>(effective_rules(policy, {period.change}, refused));
  return refused.empty() ? std::string() : refused.front();
}

/// What is inconsistent in a policy of which every part could be read.
void judge(const PolicyDraft& draft, const PolicyContext& context, std::vector<Fault>& faults) {
  const Policy& policy = draft.entry.policy;
  for (std::string& fault : faults_beside_rules(policy)) {
    faults.push_back({draft.id, std::move(fault)});
  }
  for (const RetentionRule& rule : policy.rules) {
    const auto place = context.rules.find(rule.id);
    if (place == context.rules.end()) continue;  // of the policy that this one extends
    for (std::string& fault : faults_of(rule)) faults.push_back({place->second, std::move(fault)});
  }
  if (!faults.empty()) return;

  std::map<std::pair<std::string, std::string>, Location> places;
  for (std::size_t i = 0; i < draft.entry.periods.size(); ++i) {
    const FilePeriod& period = draft.entry.periods[i];
    const Location& where = draft.period_places[i];
    const std::string why = objection(policy, period);
    if (!why.empty()) faults.push_back({where, why});
    const auto [before, added] =
        places.emplace(std::pair(period.tenant, period.change.rule), where);
    if (!added) {
      faults.push_back({where, "this tenant overrides the rule '" + period.change.rule +
                                   "' already in line " + std::to_string(before->second.line)});
    }
  }
}

PolicyCatalogue read_all(const std::vector<JsonDocument>& files) {
  PolicyCatalogue catalogue;
  std::vector<Fault> faults;
  std::map<std::string, Location> ids;
  for (const JsonDocument& file : files) {
    std::vector<Fault> own = file.faults;
    if (file.readable) {
      PolicyDraft draft;
      PolicyContext context;
      draft.entry.file = file.file;
      const JsonInput input(file, own);
      draft.id = input.where();
      const bool is_object =
          input.fields([&](JsonFields& fields) { read_fields(fields, context, draft); });
      if (is_object && own.empty()) judge(draft, context, own);
      const std::string& id = draft.entry.policy.id;
      const auto [before, added] = ids.emplace(id, draft.id);
      if (!added && !id.empty()) {
        own.push_back({draft.id, "the policy '" + id + "' is already in " + before->second.file +
                                     ":" + std::to_string(before->second.line)});
      }
      if (own.empty()) catalogue.add(std::move(draft.entry));
    }
    faults.insert(faults.end(), own.begin(), own.end());
  }
  if (!faults.empty()) {
    sort_by_place(faults);
    throw Invalid("policy", std::move(faults));
  }
  return catalogue;
}

}  // namespace

PolicyCatalogue read_policies(const std::filesystem::path& path) {
  std::vector<JsonDocument> files;
  for (const auto& each : json_files(path, "policy")) files.push_back(read_json_file(each));
  return read_all(files);
}

PolicyCatalogue read_policy_texts(const std::vector<PolicyText>& texts) {
  std::vector<JsonDocument> files;
  files.reserve(texts.size());
  for (const PolicyText& each : texts) files.push_back(read_json(each.text, each.file));
  return read_all(files);
}

}  // namespace dsar::formats

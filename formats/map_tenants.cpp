#include <utility>

#include "formats/map_parts.hpp"

namespace dsar::formats {

namespace {

/// `"trial-end": "trial_ends_at"`, or an object with `expression` and `unless`.
void read_event(const std::string& name, const JsonInput& input, std::vector<TenantEvent>& into) {
  std::optional<SqlFragment> expression;
  std::optional<SqlFragment> unless;
  if (input.is_object()) {
    input.fields([&](JsonFields& fields) {
      if (const auto value = fields.require("expression")) expression = read_fragment(*value);
      read_fragment(fields, "unless", unless);
    });
  } else {
    expression = read_fragment(input);
  }
  if (expression) into.push_back({name, std::move(*expression), std::move(unless)});
}

/// An expression, or an object with `via` and `expression`.
std::optional<Integrations> read_integrations(const JsonInput& input, const MapContext& context) {
  std::optional<SqlFragment> expression;
  Integrations integrations;
  integrations.where = input.where();
  if (input.is_object()) {
    input.fields([&](JsonFields& fields) {
      integrations.via = read_hops(fields, context);
      if (const auto value = fields.require("expression")) expression = read_fragment(*value);
    });
  } else {
    expression = read_fragment(input);
  }
  if (!expression) return std::nullopt;
  integrations.expression = std::move(*expression);
  return integrations;
}

TenantOverride read_tenant_override(const std::string& rule, const JsonInput& input) {
  TenantOverride result;
  result.rule = rule;
  result.where = input.where();
  input.fields([&](JsonFields& fields) {
    if (const auto value = fields.require("expression")) result.expression = read_fragment(*value);
    if (const auto unit = fields.require("unit")) {
      result.unit = unit->word_of({"days", "months", "years"}).value_or("");
    }
    if (const auto reason = fields.find("reason")) result.reason = reason->text().value_or("");
  });
  return result;
}

}  // namespace

Tenants read_tenants(const JsonInput& input, const MapContext& context,
                     std::vector<TenantOverride>& overrides) {
  Tenants tenants;
  tenants.where = input.where();
  input.fields([&](JsonFields& fields) {
    read_table_name(fields, "table", context, tenants.table);
    fields.require_name("key", tenants.key);
    fields.require_name("slug", tenants.slug);
    read_fragment(fields, "display_name", tenants.display_name);
    read_fragment(fields, "contact", tenants.contact);
    read_fragment(fields, "policy", tenants.policy);
    read_fragment(fields, "zone", tenants.zone);
    if (const auto names = fields.find("policy_names")) {
      for (const auto& [stored, value] : names->members()) {
        if (auto policy = value.text()) tenants.policy_names.emplace(stored, *policy);
      }
    }
    if (const auto events = fields.find("events")) {
      for (const auto& [name, value] : events->members()) {
        read_event(name, value, tenants.events);
      }
    }
    if (const auto value = fields.find("integrations")) {
      tenants.integrations = read_integrations(*value, context);
    }
    if (const auto rules = fields.find("overrides")) {
      for (const auto& [rule, value] : rules->members()) {
        overrides.push_back(read_tenant_override(rule, value));
      }
    }
  });
  return tenants;
}

std::vector<TenantOverride> read_overrides(const JsonInput& input) {
  std::vector<TenantOverride> overrides;
  for (const JsonInput& item : input.items()) {
    item.fields([&](JsonFields& fields) {
      TenantOverride result;
      result.where = item.where();
      fields.require_text("tenant", result.tenant);
      fields.require_text("rule", result.rule);
      fields.require_text("period", result.period);
      fields.require_text("reason", result.reason);
      overrides.push_back(std::move(result));
    });
  }
  return overrides;
}

std::vector<Waiver> read_waivers(const JsonInput& input) {
  std::vector<Waiver> waivers;
  for (const JsonInput& item : input.items()) {
    item.fields([&](JsonFields& fields) {
      Waiver waiver;
      waiver.where = item.where();
      fields.require_text("finding", waiver.finding);
      fields.require_text("subject", waiver.subject);
      fields.require_text("reason", waiver.reason);
      fields.require_text("expires", waiver.expires);
      waivers.push_back(std::move(waiver));
    });
  }
  return waivers;
}

}  // namespace dsar::formats

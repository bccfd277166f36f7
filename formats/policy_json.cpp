#include "formats/policy_json.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "formats/policy_fields.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

/// The form of policy_fields that writes.
class Writer {
 public:
  explicit Writer(Json& json) : json_(json) {}

  template <typename T>
  void need(const char* key, const T& value) {
    json_[key] = written(value);
  }

  template <typename T>
  void may(const char* key, const T& value) {
    if constexpr (requires { value.empty(); }) {
      if (!value.empty()) need(key, value);
    } else {
      need(key, value);
    }
  }

  template <typename T>
  void may(const char* key, const std::optional<T>& value) {
    if (value) need(key, *value);
  }

 private:
  static Json written(const std::string& text) { return text; }
  static Json written(bool value) { return value; }
  static Json written(int value) { return value; }
  static Json written(Date date) { return iso_text(date); }
  static Json written(const Period& period) { return to_text(period); }

  template <NamedEnum E>
  static Json written(const E& value) {
    return std::string(to_string(value));
  }

  static Json written(const CategorySet& categories) {
    return categories.is_all() ? Json("all") : written(categories.values());
  }

  static Json written(const Citation& citation) {
    return {{"document", citation.document},
            {"edition", citation.edition},
            {"clause", citation.clause}};
  }

  template <typename T>
  static Json written(const std::vector<T>& items) {
    Json list = Json::array();
    for (const T& item : items) list.push_back(written(item));
    return list;
  }

  template <typename Part>
  static Json written(const Part& part) {
    Json json = Json::object();
    Writer form(json);
    describe(form, part);
    return json;
  }

  Json& json_;
};

Json periods_json(const PolicyEntry& entry) {
  Json periods = Json::object();
  for (const FilePeriod& each : entry.periods) {
    if (!each.tenant.empty()) continue;
    periods[each.change.rule] = {{"period", to_text(each.change.period)},
                                 {"reason", each.change.reason}};
  }
  return periods;
}

Json overrides_json(const PolicyEntry& entry) {
  Json overrides = Json::array();
  for (const FilePeriod& each : entry.periods) {
    if (each.tenant.empty()) continue;
    overrides.push_back({{"tenant", each.tenant},
                         {"rule", each.change.rule},
                         {"period", to_text(each.change.period)},
                         {"reason", each.change.reason}});
  }
  return overrides;
}

}  // namespace

Json policy_json(const PolicyEntry& entry) {
  constexpr int version = 1;
  Json json{{"dsarctl_policy", version}, {"id", entry.policy.id}};
  Writer form(json);
  form.need("title", entry.policy.title);
  form.need("documents", entry.policy.documents);
  describe(form, entry.policy);
  if (Json periods = periods_json(entry); !periods.empty()) json["periods"] = std::move(periods);
  if (Json changes = overrides_json(entry); !changes.empty())
    json["overrides"] = std::move(changes);
  return json;
}

Json policy_list_json(const PolicyCatalogue& catalogue) {
  Json list = Json::array();
  for (const PolicyEntry& entry : catalogue.entries()) {
    Json texts = Json::array();
    for (const Document& each : entry.policy.documents) {
      texts.push_back({{"title", each.title}, {"edition", each.edition()}});
    }
    Json left_open = Json::array();
    for (const RetentionRule* const rule : rules_left_open(entry)) left_open.push_back(rule->id);
    Json item{{"id", entry.policy.id},
              {"title", entry.policy.title},
              {"texts", std::move(texts)},
              {"rules", entry.policy.rules.size()},
              {"left_open", std::move(left_open)}};
    if (!entry.file.empty()) item["file"] = entry.file;
    if (!entry.extends.empty()) item["extends"] = entry.extends;
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace dsar::formats

#include "formats/sweep_plan_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/crypto/sha256.hpp"
#include "core/error.hpp"
#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "core/sweep_bounds.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;

std::string digest_of(Json content) {
  content.erase("sha256");
  return sha256_hex(content.dump());
}

Json lines_json(const std::vector<SweepLine>& all) {
  auto lines = Json::array();
  for (const auto& line : all) {
    if (line.due == 0) continue;
    lines.push_back({{"tenant", line.tenant},
                     {"set", line.set},
                     {"rule", line.rule},
                     {"clause", line.clause},
                     {"reason", line.reason},
                     {"action", line.action},
                     {"cut_off", line.cut_off},
                     {"rows", line.due}});
  }
  return lines;
}

Json null_if_empty(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ExitCode::usage, path + ": " + why,
              "Write a new plan with 'dsarctl sweep --plan-out FILE' and review it.");
}

}  // namespace

std::string sweep_plan_text(const SweepResult& plan, const SweepPlanFacts& facts) {
  Json content{{"dsarctl_sweep_plan", format},
               {"database", facts.database},
               {"as_of", rfc3339(plan.as_of)},
               {"due", plan.due()},
               {"removes_tenants", facts.removes_tenants},
               {"lines", lines_json(plan.lines)},
               {"planned_with", null_if_empty(facts.planned_with)}};
  content["sha256"] = digest_of(content);
  return content.dump(2) + "\n";
}

ReviewedPlan read_sweep_plan(std::string_view text, const std::string& path) {
  try {
    const auto content = Json::parse(text);
    if (content.at("dsarctl_sweep_plan") != format) refuse(path, "is of another version");
    ReviewedPlan plan;
    plan.digest = content.at("sha256").get<std::string>();
    if (plan.digest != digest_of(content)) refuse(path, "was changed since it was written");
    const auto as_of = parse_rfc3339(content.at("as_of").get<std::string>());
    if (!as_of) refuse(path, "as_of is no date and time");
    plan.as_of = *as_of;
    plan.database = content.at("database").get<std::string>();
    for (const auto& one : content.at("lines")) {
      SweepLine line;
      line.tenant = one.at("tenant").get<std::string>();
      line.set = one.at("set").get<std::string>();
      line.rule = one.at("rule").get<std::string>();
      line.clause = one.at("clause").get<std::string>();
      line.reason = one.at("reason").get<std::string>();
      line.action = one.at("action").get<std::string>();
      line.cut_off = one.at("cut_off").get<std::string>();
      line.due = one.at("rows").get<std::uint64_t>();
      plan.lines.push_back(std::move(line));
    }
    plan.removes_tenants = content.at("removes_tenants").get<std::vector<std::string>>();
    if (const auto& key = content.at("planned_with"); !key.is_null())
      plan.planned_with = key.get<std::string>();
    return plan;
  } catch (const Json::exception&) {
    refuse(path, "is no plan of a sweep");
  }
}

bool is_sweep_plan(std::string_view text) {
  const auto content = Json::parse(text, nullptr, false);
  return content.is_object() && content.contains("dsarctl_sweep_plan");
}

std::string sweep_plan_report(const ReviewedPlan& plan) {
  TextTable table({{"tenant"},
                   {"record set"},
                   {"rule"},
                   {"action"},
                   {"due", Align::right},
                   {"before"},
                   {"why"}});
  std::uint64_t due = 0;
  for (const auto& line : plan.lines) {
    table.add({line.tenant.empty() ? "-" : line.tenant, line.set,
               line.rule.empty() ? "-" : line.rule, line.action, std::to_string(line.due),
               line.cut_off, line.reason});
    due += line.due;
  }
  auto text = "Plan of a sweep of the database " + printable(plan.database) + " as of " +
              rfc3339(plan.as_of) + ": " + std::to_string(due) + " rows are due.\n\n";
  if (!table.empty()) text += table.text();
  if (!plan.removes_tenants.empty())
    text += "It removes whole tenants: " + printable(join(plan.removes_tenants, ", ")) + "\n";
  return text;
}

Json sweep_plan_json(const ReviewedPlan& plan) {
  return {{"database", plan.database},
          {"as_of", rfc3339(plan.as_of)},
          {"removes_tenants", plan.removes_tenants},
          {"lines", lines_json(plan.lines)}};
}

std::vector<std::string> beyond_plan(const ReviewedPlan& reviewed, const SweepResult& now,
                                     const DataMap& map, const std::string& database) {
  std::vector<std::string> beyond;
  if (reviewed.database != database)
    beyond.push_back("it was made for the database " + reviewed.database);
  for (const auto& line : now.lines) {
    if (line.due == 0) continue;
    const auto what = (line.tenant.empty() ? "" : line.tenant + ", ") + line.set +
                      (line.rule.empty() ? "" : ", rule " + line.rule);
    const auto planned =
        std::find_if(reviewed.lines.begin(), reviewed.lines.end(), [&](const SweepLine& one) {
          return one.tenant == line.tenant && one.set == line.set && one.rule == line.rule &&
                 one.action == line.action;
        });
    const auto more = copies_of_planned(map, reviewed.lines, line.set,
                                        line.rule.empty() ? std::string() : line.tenant);
    const auto rows = (planned == reviewed.lines.end() ? 0 : planned->due) + more;
    if (rows == 0) {
      beyond.push_back(what + ": " + std::to_string(line.due) + " rows that it does not have");
    } else if (planned != reviewed.lines.end() && !line.cut_off.empty() &&
               planned->cut_off != line.cut_off) {
      beyond.push_back(what + ": its cut-off is another");
    } else if (rows < line.due) {
      beyond.push_back(what + ": " + std::to_string(line.due) + " rows instead of " +
                       std::to_string(rows));
    }
  }
  return beyond;
}

}  // namespace dsar::formats

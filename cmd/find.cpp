#include "cmd/find.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/choice.hpp"
#include "cmd/cli.hpp"
#include "cmd/erase_residue.hpp"
#include "cmd/held_by.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "cmd/residue_text.hpp"
#include "core/pg/subject_rows.hpp"
#include "core/selection.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// What is held in one record set.
struct Holding {
  std::string set;
  std::string table;
  std::string category;
  std::vector<std::string> ways;
  std::uint64_t rows = 0;
  Role role = Role::controller;
  std::string answered_by;
};

struct Held {
  std::vector<Holding> holdings;
  std::vector<Omission> cannot_see;
};

void add_role(Holding& holding, const RecordSet& set, const PolicyEntry* policy) {
  const auto category = from_string<DataCategory>(set.category);
  if (policy != nullptr && category) {
    const auto& role = role_of(policy->policy, *category);
    holding.role = role.role;
    holding.answered_by = role.answered_by;
  }
  if (set.role == RoleChoice::controller) holding.role = Role::controller;
  if (set.role == RoleChoice::processor) holding.role = Role::processor;
}

std::vector<std::string> ways_of(const SetSelection& selection) {
  std::vector<std::string> ways;
  for (const auto& path : selection.paths) ways.push_back(describe(path));
  return ways;
}

/// The shortest way says most; the others are in the JSON.
std::string shortest_way(const std::vector<std::string>& ways) {
  auto text = *std::min_element(ways.begin(), ways.end(),
                                [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (ways.size() > 1) text += " (and " + std::to_string(ways.size() - 1) + " more)";
  return text;
}

Held holdings_of(Reading& reading, const FoundSubject& found, const Context& context) {
  const ReachContext reach{reading.map, reading.catalogue, found.keys, found.tenant.key};
  const auto* const policy = reading.policies.find(found.tenant.policy);
  Held held;
  for (const auto& selection : selections_of(reach, found)) {
    stop_if_interrupted(context.stop);
    for (const auto* omissions : {&selection.cannot_see, &selection.unclassified})
      held.cannot_see.insert(held.cannot_see.end(), omissions->begin(), omissions->end());
    if (selection.paths.empty()) continue;
    Holding holding{selection.set.set->name,
                    selection.set.table->name.text(),
                    selection.set.set->category,
                    ways_of(selection),
                    pg::count_rows(reading.connection, reach, selection),
                    Role::controller,
                    {}};
    add_role(holding, *selection.set.set, policy);
    held.holdings.push_back(std::move(holding));
  }
  return held;
}

std::string row_name(const SubjectRow& row) {
  return row.set + " " + join(row.key, "/");
}

std::string identities_text(const SubjectRow& row) {
  std::vector<std::string> parts;
  for (const auto& held : row.identities) parts.push_back(held.kind + " " + held.written);
  return join(parts, ", ");
}

Json row_json(const SubjectRow& row) {
  Json identities = Json::array();
  for (const auto& held : row.identities)
    identities.push_back({{"kind", held.kind}, {"value", held.value}, {"written", held.written}});
  return {{"set", row.set}, {"key", row.key}, {"identities", std::move(identities)}};
}

std::string tenant_line(const pg::Tenant& tenant) {
  std::string text = "tenant " + tenant.slug;
  if (tenant.name != tenant.slug) text += " (" + tenant.name + ")";
  if (!tenant.policy.empty()) text += ", policy " + tenant.policy;
  return formats::printable(text);
}

std::string unlinked_text(const FoundSubject& found) {
  if (found.closure.unlinked.empty()) return {};
  formats::TextTable table({{"row"}, {"why"}, {"identities"}});
  for (const auto& row : found.closure.unlinked)
    table.add({row_name(row.row), reason(row), identities_text(row.row)});
  return table.text(2);
}

std::string subject_text(const FoundSubject& found) {
  formats::TextTable table({{"#", formats::Align::right}, {"row"}, {"because"}, {"identities"}});
  for (std::size_t i = 0; i < found.closure.rows.size(); ++i) {
    const auto& row = found.closure.rows[i];
    table.add({std::to_string(i + 1), row_name(row.row), reason(row, i), identities_text(row.row)});
  }
  auto text = table.text(2);
  if (const auto unlinked = unlinked_text(found); !unlinked.empty())
    text +=
        "\nNot taken, though they share an identity (--also takes those without one of their "
        "own):\n" +
        unlinked;
  return text;
}

std::string forward_text(const FoundSubject& found, const Held& held) {
  for (const auto& holding : held.holdings) {
    if (holding.role != Role::processor || holding.rows == 0) continue;
    auto text = "\nThe operator is only the processor of some of these rows: the request is for " +
                formats::printable(found.tenant.name) + " to answer";
    if (!found.tenant.contact.empty()) text += ", at " + formats::printable(found.tenant.contact);
    return text + ".\n";
  }
  return {};
}

std::string held_text(const FoundSubject& found, const Held& held) {
  formats::TextTable table(
      {{"record set"}, {"category"}, {"rows", formats::Align::right}, {"role"}, {"reached by"}});
  std::uint64_t rows = 0;
  std::size_t empty = 0;
  for (const auto& holding : held.holdings) {
    rows += holding.rows;
    if (holding.rows == 0) {
      ++empty;
      continue;
    }
    table.add({holding.set, holding.category, std::to_string(holding.rows),
               std::string(to_string(holding.role)), shortest_way(holding.ways)});
  }
  auto text = "\nHeld: " + std::to_string(rows) + " rows in " +
              std::to_string(held.holdings.size() - empty) + " record sets; nothing in " +
              std::to_string(empty) + " more\n" + table.text(2) + forward_text(found, held);
  if (held.cannot_see.empty()) return text;
  formats::TextTable unseen({{"what"}, {"why"}});
  for (const auto& omission : held.cannot_see) unseen.add({omission.what, omission.reason});
  return text + "\nCannot see, so the counts above are incomplete:\n" + unseen.text(2);
}

Json found_json(const FoundSubject& found, const Held& held) {
  Json result;
  const auto& tenant = found.tenant;
  if (!tenant.key.empty())
    result["tenant"] = {{"key", tenant.key}, {"slug", tenant.slug}, {"name", tenant.name}};
  result["policy"] = tenant.policy;
  result["subject_kind"] = found.closure.rows.front().row.subject;
  Json rows = Json::array();
  for (std::size_t i = 0; i < found.closure.rows.size(); ++i) {
    auto row = row_json(found.closure.rows[i].row);
    row["because"] = reason(found.closure.rows[i], i);
    rows.push_back(std::move(row));
  }
  result["rows"] = std::move(rows);
  Json sets = Json::array();
  for (const auto& holding : held.holdings)
    sets.push_back({{"set", holding.set},
                    {"table", holding.table},
                    {"category", holding.category},
                    {"rows", holding.rows},
                    {"role", to_string(holding.role)},
                    {"answered_by", holding.answered_by},
                    {"reached_by", holding.ways}});
  result["held"] = std::move(sets);
  return result;
}

void add_unlinked(Json& result, const FoundSubject& found) {
  Json rows = Json::array();
  for (const auto& unlinked : found.closure.unlinked) {
    auto row = row_json(unlinked.row);
    row["why"] = reason(unlinked);
    rows.push_back(std::move(row));
  }
  result["not_taken"] = std::move(rows);
}

/// Lists who could be meant; the error that follows says what to do about it.
void emit_candidates(const FoundSubject& found, Context& context) {
  const auto several_tenants = found.closure.outcome == ClosureOutcome::several_tenants;
  emit(
      context,
      [&] {
        if (!several_tenants) return unlinked_text(found);
        formats::TextTable table({{"tenant"}, {"name"}, {"policy"}});
        for (const auto& tenant : found.candidates)
          table.add({tenant.slug, tenant.name, tenant.policy});
        return table.text(2);
      },
      [&] {
        Json result{{"outcome", several_tenants ? "several-tenants" : "ambiguous"}};
        Json tenants = Json::array();
        for (const auto& tenant : found.candidates)
          tenants.push_back({{"slug", tenant.slug}, {"name", tenant.name}});
        result["tenants"] = std::move(tenants);
        add_unlinked(result, found);
        return result;
      });
}

}  // namespace

void register_find(App app, Context& context) {
  const auto command = add_command(
      app, context,
      {.name = "find",
       .summary = "find a person and what is held about them",
       .description = "Shows which rows are the person and why, which rows only might be, and how "
                      "many rows of each record set hang on them. Changes nothing.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl find --tenant harbour email:ada@example.com"},
      run_find);
  add_subject_options(command.app, command.options.subject);
  command.app.add_flag("--scan", command.options.scan,
                       "look for the person's identities in every text, JSON and array of the "
                       "tenant and of tables that the map does not know, too");
}

ExitCode run_find(const FindOptions& options, Context& context) {
  const auto question = read_subject(options.subject, context);
  Reading reading(context);
  const auto found = find_subject(reading, context, question);
  const auto outcome = found.closure.outcome;
  if (outcome != ClosureOutcome::found && outcome != ClosureOutcome::nobody) {
    auto note = note_of(context, "find", found);
    note.facts["outcome"] = "several";
    put_on_record(context, note);
    emit_candidates(found, context);
  }
  require_one(found);

  const auto held = holdings_of(reading, found, context);
  const auto kept = held_by(reading, found);
  std::optional<pg::ResidueScan> scan;
  if (options.scan) scan = scan_for(reading, found, context);
  auto note = note_of(context, "find", found);
  note.facts = {{"outcome", "found"},
                {"subject_rows", std::to_string(found.closure.rows.size())},
                {"record_sets", std::to_string(held.holdings.size())}};
  if (scan) note.facts["scanned_tables"] = std::to_string(scan->tables);
  put_on_record(context, note);
  const auto choices = choices_of(reading, found);
  emit(
      context,
      [&] {
        const auto heading =
            found.tenant.key.empty() ? std::string("Found") : tenant_line(found.tenant);
        return heading + "\n" + subject_text(found) + held_text(found, held) + held_by_text(kept) +
               choices_text(choices) + (scan ? residue_text(*scan) : std::string());
      },
      [&] {
        auto result = found_json(found, held);
        add_unlinked(result, found);
        Json unseen = Json::array();
        for (const auto& omission : held.cannot_see)
          unseen.push_back({{"what", omission.what}, {"reason", omission.reason}});
        result["cannot_see"] = std::move(unseen);
        result["held_by"] = held_by_json(kept);
        result["choices"] = choices_json(choices);
        if (scan) result["elsewhere"] = residue_json(*scan);
        return result;
      });
  const bool whole = held.cannot_see.empty() && (!scan || scan->cannot_see.empty());
  return whole ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd

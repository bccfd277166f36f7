#include <utility>

#include "core/map/map_terms.hpp"
#include "core/suggest.hpp"
#include "formats/map_parts.hpp"

namespace dsar::formats {

namespace {

Clock read_clock(const JsonInput& input) {
  Clock clock;
  clock.where = input.where();
  if (input.is_string()) {
    clock.expression = read_fragment(input);
    return clock;
  }
  if (!input.is_object()) {
    input.expected("an expression or an object");
    return clock;
  }
  input.fields([&](JsonFields& fields) {
    read_fragment(fields, "expression", clock.expression);
    if (const auto epoch = fields.find("epoch")) {
      const auto unit = epoch->word_of({"seconds", "milliseconds"});
      if (unit) clock.epoch = from_string<EpochUnit>(*unit).value_or(EpochUnit::none);
    }
    fields.text("zone", clock.zone);
    fields.names("parent", clock.parents);
    fields.names("childless", clock.childless);
    if (const auto undated = fields.find("undated")) {
      clock.undated_due = undated->word_of({"due", "keep"}) == "due";
    }
    read_fragment(fields, "masked_when", clock.masked_when);
  });
  return clock;
}

EraseRule read_erase(const JsonInput& input, const MapContext& context) {
  EraseRule rule;
  rule.where = input.where();
  if (!input.is_object()) {
    rule.action = input.word<EraseAction>().value_or(rule.action);
    return rule;
  }
  input.fields([&](JsonFields& fields) {
    if (const auto action = fields.require("action")) {
      rule.action = action->word<EraseAction>().value_or(rule.action);
    }
    fields.text("ground", rule.ground);
    fields.text("citation", rule.citation);
    fields.boolean("mask", rule.mask_kept);
    if (const auto set = fields.find("set")) {
      for (const auto& [column, value] : set->members()) {
        if (auto fragment = read_fragment(value)) rule.repoint.emplace(column, *fragment);
      }
    }
    if (const auto references = fields.find("unless_referenced_by")) {
      for (const JsonInput& item : one_or_more(*references)) {
        item.fields([&](JsonFields& keys) {
          rule.unless_referenced_by.push_back(read_reference(keys, context, item.where()));
        });
      }
    }
    fields.names("nullify_first", rule.nullify_first);
    if (const auto references = fields.find("repoint_references")) {
      for (const JsonInput& item : one_or_more(*references)) {
        item.fields([&](JsonFields& keys) {
          ReferenceRepoint repoint{read_reference(keys, context, item.where()), {}};
          if (const auto to = keys.require("to")) {
            if (auto fragment = read_fragment(*to)) repoint.to = std::move(*fragment);
          }
          rule.repoint_references.push_back(std::move(repoint));
        });
      }
    }
  });
  return rule;
}

std::vector<ObjectRule> read_objects(const JsonInput& input) {
  std::vector<ObjectRule> rules;
  for (const JsonInput& item : input.items()) {
    item.fields([&](JsonFields& fields) {
      ObjectRule rule;
      rule.where = item.where();
      fields.require_text("store", rule.store);
      if (const auto key = fields.require("key")) {
        if (auto fragment = read_fragment(*key)) rule.key = std::move(*fragment);
      }
      rules.push_back(std::move(rule));
    });
  }
  return rules;
}

/// An expression, or an object with `expression`, `via` and `unless`.
std::optional<SetEvent> read_event(const std::string& name, const JsonInput& input,
                                   const MapContext& context) {
  std::optional<SqlFragment> expression;
  SetEvent event;
  event.event = name;
  event.where = input.where();
  if (input.is_object()) {
    input.fields([&](JsonFields& fields) {
      event.via = read_hops(fields, context);
      if (const auto value = fields.require("expression")) expression = read_fragment(*value);
      read_fragment(fields, "unless", event.unless);
    });
  } else if (input.is_string()) {
    expression = read_fragment(input);
  } else {
    input.expected("an expression or an object with 'expression'");
  }
  if (!expression) return std::nullopt;
  event.expression = std::move(*expression);
  return event;
}

std::map<SubjectChoice, std::string> read_choices(const JsonInput& input) {
  std::map<SubjectChoice, std::string> choices;
  for (const auto& [name, value] : input.members()) {
    const auto choice = from_string<SubjectChoice>(name);
    if (!choice) {
      value.fault("unknown choice of a subject '" + name + "'" +
                  did_you_mean(name, names_of<SubjectChoice>()));
    } else if (auto column = value.name()) {
      choices.emplace(*choice, std::move(*column));
    }
  }
  return choices;
}

void read_set(JsonFields& fields, const MapContext& context, RecordSet& set) {
  read_fragment(fields, "where", set.predicate);
  fields.require_text("category", set.category);
  fields.require_text("subject", set.subject);
  if (const auto identities = fields.find("identities")) {
    set.identities = read_identity_sources(*identities, context);
    if (!set.identities.empty()) set.relation = Relation::own;
  }
  fields.word("relation", set.relation);
  fields.text("basis", set.basis);
  fields.word("role", set.role);
  if (const auto links = fields.find("links")) set.links = read_links(*links, context);
  if (const auto clock = fields.find("clock")) set.clock = read_clock(*clock);
  if (const auto events = fields.find("events")) {
    for (const auto& [event, value] : events->members()) {
      for (const JsonInput& item : one_or_more(value)) {
        if (auto read = read_event(event, item, context)) set.events.push_back(std::move(*read));
      }
    }
  }
  read_fragment(fields, "legal_ground", set.legal_ground);
  if (const auto choices = fields.find("recorded_in")) set.recorded_in = read_choices(*choices);
  fields.name("purpose_in", set.purpose_in);
  if (const auto erase = fields.find("erase")) {
    set.erase = read_erase(*erase, context);
  } else {
    set.erase.where = set.where;
  }
  if (const auto objects = fields.find("objects")) set.objects = read_objects(*objects);
  if (const auto columns = fields.find("columns")) set.columns = read_columns(*columns);
}

}  // namespace

std::vector<RecordSet> read_sets(const JsonInput& input, const MapContext& context) {
  std::vector<RecordSet> sets;
  for (const auto& [name, value] : input.members()) {
    RecordSet set;
    set.name = name;
    set.where = value.where();
    value.fields([&](JsonFields& fields) { read_set(fields, context, set); });
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace dsar::formats

#include "formats/own_tables.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/map/own_schema.hpp"
#include "core/sql.hpp"
#include "formats/map_parts.hpp"

namespace dsar::formats {
namespace {

// A map's text. Tenants and links depend on the map that it is put into.
constexpr std::string_view own_text = R"({
  "dsarctl_map": 1,
  "schema": "dsar",
  "not_personal": [
    {"tables": ["migration", "hold_epoch"], "reason": "versions and counters"},
    {"tables": "sweep_run", "reason": "figures of runs, and who started them"},
    {"tables": ["erasure", "erased_object", "erasure_residue", "erasure_statement"],
     "reason": "certificates, which name nobody, and keys of objects that nobody owns any more"},
    {"tables": "erasure_rest",
     "reason": "which rows an erasure has withheld, without a word of what is in them"},
    {"tables": ["erasure_begun", "erasure_begun_row", "erasure_progress"],
     "reason": "how far an erasure has come, and whose rows it is about, in keyed hashes and keys"},
    {"tables": ["audit_entry", "audit_head", "audit_checkpoint"],
     "reason": "who did what; the people that it was done to stand in it as keyed hashes"},
    {"tables": ["kept_event", "removed_object"],
     "reason": "dates and keys of rows that are gone, which name nobody any more"}
  ],
  "tables": {
    "hold": {
      "sets": {
        "dsar_holds": {
          "where": "kind = 'subject'",
          "category": "request-record", "subject": "person",
          "basis": "legal-obligation", "role": "controller",
          "clock": "released_at",
          "legal_ground": "CASE WHEN released_at IS NULL THEN 'the hold is in place' END",
          "erase": {"action": "keep", "ground": "legal claims", "citation": "Art. 17(3)(e) GDPR"}
        },
        "dsar_wide_holds": {
          "note": "on tenants and record sets: about nobody in particular",
          "where": "kind <> 'subject'",
          "category": "request-record", "subject": "none",
          "basis": "legal-obligation", "role": "controller",
          "clock": "released_at",
          "legal_ground": "CASE WHEN released_at IS NULL THEN 'the hold is in place' END",
          "erase": {"action": "keep", "ground": "legal claims", "citation": "Art. 17(3)(e) GDPR"}
        }
      },
      "columns": {
        "id": "key", "kind": "not_personal", "tenant_key": "key", "tenant": "not_personal",
        "subject_kind": "not_personal",
        "identities": {"category": "user.contact", "origin": "provided"},
        "keys": {"category": "user.unique_id", "origin": "derived"},
        "proven": {"category": "user.unique_id", "origin": "derived"},
        "record_set": "not_personal", "predicate": "not_personal",
        "ground": {"category": "user.content.private", "origin": "other",
                   "third_party": {"text": true}},
        "author": {"use": "not_personal", "third_party": {"text": true}},
        "placed_at": "not_personal", "review_on": "not_personal", "released_at": "not_personal",
        "released_by": {"use": "not_personal", "third_party": {"text": true}},
        "release_reason": {"category": "user.content.private", "origin": "other",
                           "third_party": {"text": true}}
      }
    },
    "request": {
      "sets": {
        "dsar_requests": {
          "category": "request-record", "subject": "person",
          "basis": "legal-obligation", "role": "controller",
          "clock": "closed_at",
          "legal_ground": "CASE WHEN closed_at IS NULL THEN 'the request is open' END",
          "erase": {"action": "keep", "ground": "proof of how the request was answered",
                    "citation": "Art. 5(2), 17(3)(b) and (e) GDPR"}
        }
      },
      "columns": {
        "id": "key", "kind": "not_personal", "tenant_key": "key", "tenant": "not_personal",
        "subject_kind": "not_personal",
        "identities": {"category": "user.contact", "origin": "provided"},
        "keys": {"category": "user.unique_id", "origin": "derived"},
        "proven": {"category": "user.unique_id", "origin": "derived"},
        "received_on": "not_personal", "regimes": "not_personal", "due_on": "not_personal",
        "due_by": "not_personal",
        "author": {"use": "not_personal", "third_party": {"text": true}},
        "opened_at": "not_personal", "closed_at": "not_personal",
        "closed_by": {"use": "not_personal", "third_party": {"text": true}},
        "outcome": "not_personal", "stopped": "not_personal",
        "promised": "not_personal", "promise_binds": "not_personal",
        "promised_by": "not_personal", "holidays": "not_personal",
        "close_reason": {"category": "user.content.private", "origin": "other",
                         "third_party": {"text": true}}
      }
    },
    "choice": {
      "sets": {
        "dsar_choices": {
          "note": "they stand until they are lifted",
          "category": "request-record", "subject": "person",
          "basis": "legal-obligation", "role": "controller",
          "clock": "lifted_at",
          "legal_ground": "CASE WHEN lifted_at IS NULL THEN 'the choice stands' END",
          "erase": {"action": "keep", "ground": "proof that the choice is honoured",
                    "citation": "Art. 5(2), 17(3)(b) and (e) GDPR"}
        }
      },
      "columns": {
        "id": "key", "kind": {"category": "user.privacy_preferences", "origin": "provided"},
        "purpose": {"category": "user.privacy_preferences", "origin": "provided"},
        "tenant_key": "key", "tenant": "not_personal", "subject_kind": "not_personal",
        "identities": {"category": "user.contact", "origin": "provided"},
        "keys": {"category": "user.unique_id", "origin": "derived"},
        "proven": {"category": "user.unique_id", "origin": "derived"},
        "ground": {"category": "user.content.private", "origin": "other",
                   "third_party": {"text": true}},
        "author": {"use": "not_personal", "third_party": {"text": true}},
        "made_at": "not_personal", "recorded_at": "not_personal", "lifted_at": "not_personal",
        "lifted_by": {"use": "not_personal", "third_party": {"text": true}},
        "lift_reason": {"category": "user.content.private", "origin": "other",
                        "third_party": {"text": true}}
      }
    },
    "request_step": {
      "tenant": {"via": {"table": "request", "match": {"request": "id"}}},
      "sets": {
        "dsar_request_steps": {
          "category": "request-record", "subject": "person",
          "basis": "legal-obligation", "role": "controller",
          "links": [{"to": "dsar_requests", "match": {"request": "id"}}],
          "clock": {"parent": "dsar_requests"},
          "erase": {"action": "keep", "ground": "proof of how the request was answered",
                    "citation": "Art. 5(2), 17(3)(b) and (e) GDPR"}
        }
      },
      "columns": {
        "id": "key", "request": "key", "step": "not_personal", "since": "not_personal",
        "cause": "not_personal", "until": "not_personal",
        "reason": {"category": "user.content.private", "origin": "other",
                   "third_party": {"text": true}},
        "author": {"use": "not_personal", "third_party": {"text": true}},
        "recorded_at": "not_personal"
      }
    }
  }
})";

/// That the row of `root` is one of those that this row has recorded as the person's.
SqlFragment recorded(const SetRef& root, const CatalogueTable& live) {
  std::vector<std::string> conditions;
  std::vector<std::string> values;
  for (const auto& column : row_key(*root.table, live)) {
    const auto number = std::to_string(values.size() / 2);
    conditions.push_back("@[" + number + "] == $key" + number);
    values.push_back(string_literal("key" + number));
    values.push_back(qualify("that", column) + "::text");
  }
  // Element by element: containment would take (1, 2) for (2, 1).
  return {"jsonb_path_exists(this.proven -> " + string_literal(root.set->name) + ", " +
              string_literal("strict $[*] ? (" + join(conditions, " && ") + ")") +
              ", jsonb_build_object(" + join(values, ", ") + "))",
          root.set->where};
}

DataMap with_tables(DataMap map, const Catalogue* catalogue) {
  std::vector<Link> links;
  for (const auto& root : record_sets(map)) {
    if (root.set->identities.empty()) continue;
    Link link;
    link.to = root.set->name;
    link.where = root.set->where;
    const auto* live = catalogue == nullptr ? nullptr : find_table(*catalogue, root.table->name);
    if (live != nullptr && row_key(*root.table, *live).empty()) continue;  // cannot be recorded
    if (live != nullptr) link.on = recorded(root, *live);
    links.push_back(std::move(link));
  }
  for (auto& table : read_map_part({"(built in)", std::string(own_text)}).tables) {
    if (catalogue != nullptr && find_table(*catalogue, table.name) == nullptr) continue;
    if (!map.tenants) table.tenant.clear();
    if (map.tenants && !table.sets.empty() && table.tenant.empty()) {
      TenantPath own;
      own.column = "tenant_key";
      own.where = table.where;
      table.tenant.push_back(std::move(own));
    }
    for (auto& set : table.sets) {
      if (set.subject != about_nobody && set.links.empty()) set.links = links;
    }
    map.tables.push_back(std::move(table));
  }
  return map;
}

}  // namespace

DataMap with_own_tables(DataMap map) {
  return with_tables(std::move(map), nullptr);
}

DataMap with_own_tables(DataMap map, const Catalogue& catalogue) {
  return with_tables(std::move(map), &catalogue);
}

}  // namespace dsar::formats

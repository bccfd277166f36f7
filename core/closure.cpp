#include "core/closure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace dsar {
namespace {

using Identities = std::vector<Identity>;

class Closer {
 public:
  Closer(const DataMap& map, std::string tenant, const SubjectLookup& lookup)
      : map_(map), tenant_(std::move(tenant)), lookup_(lookup) {}

  std::vector<SubjectRow> rows_with(const Identities& identities) const {
    return identities.empty() ? std::vector<SubjectRow>{} : lookup_(identities, tenant_);
  }

  [[nodiscard]] Strength strength(const std::string& kind) const {
    const auto* found = find_identity(map_, kind);
    return found == nullptr ? Strength::hint : found->strength;
  }

  [[nodiscard]] bool has_strong(const SubjectRow& row) const {
    return std::any_of(row.identities.begin(), row.identities.end(), [&](const HeldIdentity& held) {
      return strength(held.kind) == Strength::strong;
    });
  }

  /// Adds every row that strong and record identities lead to from the rows already there.
  void follow_strong(std::vector<LinkedRow>& rows) const {
    std::set<Identity> followed;
    for (std::size_t begin = 0; begin < rows.size();) {
      Identities frontier;
      const auto end = rows.size();
      for (; begin < end; ++begin) {
        for (const auto& held : rows[begin].row.identities) {
          const auto s = strength(held.kind);
          if (s != Strength::strong && s != Strength::record) continue;
          if (followed.insert({held.kind, held.value}).second)
            frontier.push_back({held.kind, held.value});
        }
      }
      for (auto& row : rows_with(frontier)) {
        if (row.subject != rows.front().row.subject || contains(rows, row)) continue;
        auto via = shared(row, frontier);
        const auto from = holder(rows, via);
        rows.push_back({std::move(row), std::move(via), from, false});
      }
    }
  }

  static bool contains(const std::vector<LinkedRow>& rows, const SubjectRow& row) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const LinkedRow& linked) { return linked.row.same_row(row); });
  }

  /// The first of `identities` that the row holds.
  static Identity shared(const SubjectRow& row, const Identities& identities) {
    for (const auto& identity : identities) {
      if (holds(row, identity)) return identity;
    }
    return {};
  }

  static bool holds(const SubjectRow& row, const Identity& identity) {
    return std::any_of(row.identities.begin(), row.identities.end(), [&](const HeldIdentity& held) {
      return held.kind == identity.kind && held.value == identity.value;
    });
  }

  static std::size_t holder(const std::vector<LinkedRow>& rows, const Identity& identity) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (holds(rows[i].row, identity)) return i;
    }
    return 0;
  }

  [[nodiscard]] Identities weak_identities(const SubjectRow& row) const {
    Identities weak;
    for (const auto& held : row.identities) {
      if (strength(held.kind) == Strength::weak) weak.push_back({held.kind, held.value});
    }
    return weak;
  }

  /// Whether a person outside `rows` holds one of these weak identities beside a strong one.
  bool claimed_by_another(const Identities& weak, const std::vector<LinkedRow>& rows) const {
    const auto holders = rows_with(weak);
    return std::any_of(holders.begin(), holders.end(), [&](const SubjectRow& row) {
      return has_strong(row) && !contains(rows, row);
    });
  }

 private:
  const DataMap& map_;
  std::string tenant_;
  const SubjectLookup& lookup_;
};

std::vector<std::string> tenants_of(const std::vector<SubjectRow>& rows) {
  std::set<std::string> tenants;
  for (const auto& row : rows) tenants.insert(row.tenant);
  return {tenants.begin(), tenants.end()};
}

void list_unlinked(Closure& closure, const SubjectRow& row, const Identity& via, LeftOut why) {
  const auto known = std::any_of(closure.unlinked.begin(), closure.unlinked.end(),
                                 [&](const UnlinkedRow& u) { return u.row.same_row(row); });
  if (!known) closure.unlinked.push_back({row, via, why});
}

/// The rows that the asked identities mean, before anything is followed; sets the outcome where
/// they mean more than one person.
bool start(const Closer& closer, const ClosureQuestion& question, std::vector<SubjectRow> matches,
           Closure& closure) {
  std::set<std::string> kinds;
  for (const auto& row : matches) kinds.insert(row.subject);
  const auto kind =
      question.subject.empty() && kinds.size() == 1 ? *kinds.begin() : question.subject;
  for (const auto& row : matches) {
    if (row.subject != kind)
      list_unlinked(closure, row, Closer::shared(row, question.asked),
                    kind.empty() ? LeftOut::candidate : LeftOut::other_kind);
  }
  if (kind.empty()) {
    closure.outcome = ClosureOutcome::several_kinds;
    return false;
  }
  std::erase_if(matches, [&](const SubjectRow& row) { return row.subject != kind; });
  if (matches.empty()) return false;

  // Rows with a strong or record match are meant. Of those that a weak or hint identity matches,
  // the ones with strong identities must be one person.
  Identities sure;
  Identities unsure;
  for (const auto& identity : question.asked) {
    const auto s = closer.strength(identity.kind);
    (s == Strength::strong || s == Strength::record ? sure : unsure).push_back(identity);
  }
  const auto matched_by = [](const SubjectRow& row, const Identities& identities) {
    return std::any_of(identities.begin(), identities.end(),
                       [&](const Identity& identity) { return Closer::holds(row, identity); });
  };
  // One person is meant: what a further identity means has to be the same rows.
  bool disagree = false;
  for (const auto& identity : sure) {
    const auto first = closure.rows.empty();
    for (const auto& row : matches) {
      if (!Closer::holds(row, identity) || Closer::contains(closure.rows, row)) continue;
      if (first) {
        closure.rows.push_back({row, identity, closure.rows.size(), false});
      } else {
        list_unlinked(closure, row, identity, LeftOut::other_person);
        disagree = true;
      }
    }
    closer.follow_strong(closure.rows);
  }

  std::vector<SubjectRow> without_strong;
  for (const auto& row : matches) {
    if (Closer::contains(closure.rows, row) || !matched_by(row, unsure)) continue;
    const auto via = Closer::shared(row, unsure);
    if (!closer.has_strong(row)) {
      without_strong.push_back(row);
    } else if (closure.rows.empty()) {
      closure.rows.push_back({row, via, 0, false});
      closer.follow_strong(closure.rows);
    } else {
      list_unlinked(closure, row, via, LeftOut::other_person);
    }
  }
  const auto another_person =
      std::any_of(closure.unlinked.begin(), closure.unlinked.end(),
                  [](const UnlinkedRow& row) { return row.why == LeftOut::other_person; });
  if (disagree || (sure.empty() && another_person)) {
    for (auto& row : closure.unlinked) {
      if (row.why == LeftOut::other_person) row.why = LeftOut::candidate;
    }
    for (const auto& linked : closure.rows)
      list_unlinked(closure, linked.row, linked.via, LeftOut::candidate);
    for (const auto& row : without_strong)
      list_unlinked(closure, row, Closer::shared(row, unsure), LeftOut::claimed);
    closure.rows.clear();
    closure.outcome = ClosureOutcome::several_people;
    return false;
  }
  const auto nobody_distinct = closure.rows.empty();
  for (const auto& row : without_strong) {
    const auto via = Closer::shared(row, unsure);
    // Asked for by nothing but what they share, and nobody distinct has it: they are the subject.
    if (nobody_distinct || !closer.claimed_by_another(closer.weak_identities(row), closure.rows))
      closure.rows.push_back({row, via, closure.rows.size(), true});
    else
      list_unlinked(closure, row, via, LeftOut::claimed);
  }
  return !closure.rows.empty();
}

}  // namespace

Closure close_identities(const DataMap& map, const ClosureQuestion& question,
                         const SubjectLookup& ask) {
  // The same identities lead on at every step: nobody is asked twice.
  std::map<std::pair<Identities, std::string>, std::vector<SubjectRow>> answers;
  const SubjectLookup lookup = [&](const Identities& identities, const std::string& tenant) {
    const auto [answer, is_new] = answers.try_emplace({identities, tenant});
    if (is_new) answer->second = ask(identities, tenant);
    return answer->second;
  };
  Closure closure;
  auto matches = lookup(question.asked, question.tenant);
  if (matches.empty()) return closure;
  closure.tenants = tenants_of(matches);
  if (question.tenants_exist && question.tenant.empty() && closure.tenants.size() > 1) {
    closure.outcome = ClosureOutcome::several_tenants;
    return closure;
  }
  const Closer closer(map, closure.tenants.front(), lookup);
  if (!start(closer, question, std::move(matches), closure)) return closure;
  const auto subject = closure.rows.front().row.subject;

  // What the officer vouches for: rows without a strong identity, claimed by others or not.
  for (const auto& row : closer.rows_with(question.also)) {
    if (Closer::contains(closure.rows, row)) continue;
    const auto via = Closer::shared(row, question.also);
    const auto exact = closer.strength(via.kind) == Strength::strong ||
                       closer.strength(via.kind) == Strength::record;
    if (row.subject != subject)
      list_unlinked(closure, row, via, LeftOut::other_kind);
    else if (exact || !closer.has_strong(row))
      closure.rows.push_back({row, via, closure.rows.size(), false});
    else
      list_unlinked(closure, row, via, LeftOut::other_person);
  }
  closer.follow_strong(closure.rows);

  // Weak identities of what is the subject for certain; a weakly joined row leads no further.
  Identities weak;
  for (const auto& linked : closure.rows) {
    if (linked.weak) continue;
    for (auto& identity : closer.weak_identities(linked.row)) weak.push_back(std::move(identity));
  }
  for (const auto& row : closer.rows_with(weak)) {
    if (Closer::contains(closure.rows, row)) continue;
    const auto via = Closer::shared(row, weak);
    if (row.subject != subject)
      list_unlinked(closure, row, via, LeftOut::other_kind);
    else if (closer.has_strong(row))
      list_unlinked(closure, row, via, LeftOut::other_person);
    else if (closer.claimed_by_another(closer.weak_identities(row), closure.rows))
      list_unlinked(closure, row, via, LeftOut::claimed);
    else
      closure.rows.push_back({row, via, Closer::holder(closure.rows, via), true});
  }
  std::erase_if(closure.unlinked,
                [&](const UnlinkedRow& row) { return Closer::contains(closure.rows, row.row); });
  closure.outcome = ClosureOutcome::found;
  return closure;
}

std::string reason(const LinkedRow& row, std::size_t index) {
  if (row.from == index) return "asked for by " + row.via.kind;
  auto text = "same " + row.via.kind + " as row " + std::to_string(row.from + 1);
  if (row.weak) text += ", which nobody else claims";
  return text;
}

std::string reason(const UnlinkedRow& row) {
  switch (row.why) {
    case LeftOut::other_person:
      return "same " + row.via.kind + ", but a strong identity of its own";
    case LeftOut::claimed:
      return "same " + row.via.kind + ", which another person claims too";
    case LeftOut::other_kind:
      return "same " + row.via.kind + ", but a subject of another kind";
    case LeftOut::candidate:
      return "may be meant, by " + row.via.kind;
  }
  return {};
}

}  // namespace dsar

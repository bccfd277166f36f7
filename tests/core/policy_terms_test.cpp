#include "core/policy_terms.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <set>
#include <string>

#include "core/category_set.hpp"
#include "core/period.hpp"

namespace {

/// Every value has one name of its own, in the enum's order, that leads back to it.
template <dsar::NamedEnum E>
void check_names(E last) {
  const auto values = dsar::all_values<E>();
  CHECK(values.size() == static_cast<std::size_t>(last) + 1);
  std::set<std::string> names;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string name(dsar::to_string(values[i]));
    CAPTURE(name);
    CHECK(static_cast<std::size_t>(values[i]) == i);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    CHECK(dsar::from_string<E>(name) == values[i]);
  }
}

}  // namespace

TEST_CASE("every term has one name, and the name leads back to it") {
  check_names(dsar::DataCategory::request_record);
  check_names(dsar::ClockEvent::purpose_ended);
  check_names(dsar::ClockChoice::latest);
  check_names(dsar::Bound::exemption);
  check_names(dsar::OverridePermission::operator_must_set);
  check_names(dsar::RuleCondition::binds_sweeps_only);
  check_names(dsar::RuleAction::suppress);
  check_names(dsar::Role::processor);
  check_names(dsar::LegalBasis::explicit_consent);
  check_names(dsar::Regime::ccpa);
  check_names(dsar::RightKind::non_discrimination);
  check_names(dsar::Channel::web);
  check_names(dsar::PeriodKind::not_stated);
}

TEST_CASE("names are read exactly") {
  using dsar::DataCategory;
  CHECK(dsar::from_string<DataCategory>("contact-form") == DataCategory::contact_form);
  CHECK(dsar::from_string<DataCategory>("technical-log") == DataCategory::technical_log);
  for (const char* const name : {"", "contact_form", "Contact-Form", " account", "accounts"}) {
    CAPTURE(name);
    CHECK_FALSE(dsar::from_string<DataCategory>(name).has_value());
  }
}

TEST_CASE("a set of categories knows its members in their order") {
  using dsar::CategorySet;
  using dsar::DataCategory;
  const CategorySet some{DataCategory::billing, DataCategory::account};
  CHECK(dsar::to_text(some) == "account, billing");
  CHECK(some.contains(DataCategory::billing));
  CHECK_FALSE(some.contains(DataCategory::message));
  CHECK(CategorySet().empty());
  CHECK(CategorySet::all().is_all());
  CHECK(dsar::to_text(CategorySet::all()) == "all");
  // All but the records of requests, which a rule has to name.
  CHECK(CategorySet::all().values().size() == dsar::enum_size<DataCategory> - 1);
  CHECK_FALSE(CategorySet::all().contains(DataCategory::request_record));
  CHECK_FALSE((CategorySet::all() | CategorySet{DataCategory::request_record}).is_all());
  CHECK((CategorySet::all() - some).meets(some) == false);
  CHECK(((CategorySet::all() - some) | some) == CategorySet::all());
}

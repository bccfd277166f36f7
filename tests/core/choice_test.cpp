#include "core/choice.hpp"

#include <doctest/doctest.h>

#include "core/choice_sql.hpp"

using namespace dsar;

namespace {

SetSelection selection(const RecordSet& set, const Table& table, Relation relation) {
  SetSelection selected;
  selected.set = {&table, &set};
  selected.paths = {{selected.set, {}, relation}};
  return selected;
}

}  // namespace

TEST_CASE("an objection to marketing also ends subscriptions, and nothing else does") {
  for (const auto kind : all_values<SubjectChoice>()) {
    CAPTURE(to_string(kind));
    const auto written = written_as(kind);
    CHECK(written.front() == kind);
    CHECK((written.size() == 2) == (kind == SubjectChoice::objection_marketing));
    CHECK_FALSE(in_words(kind).empty());
  }
}

TEST_CASE("a choice is written where the map names a column, but not for who is only mentioned") {
  Table table;
  RecordSet visitors;
  visitors.recorded_in = {{SubjectChoice::restriction, "restricted_at"}};
  RecordSet consents;
  consents.recorded_in = {{SubjectChoice::consent_withdrawn, "withdrawn_at"}};
  consents.purpose_in = "purpose";
  RecordSet forms;
  forms.recorded_in = {{SubjectChoice::consent_withdrawn, "revoked"}};
  const std::vector<SetSelection> selections{
      selection(visitors, table, Relation::own), selection(visitors, table, Relation::mentions),
      selection(consents, table, Relation::own), selection(forms, table, Relation::own)};
  CHECK(choice_columns(selections, {SubjectChoice::restriction}, "").size() == 1);
  CHECK(choice_columns(selections, {SubjectChoice::opt_out_ai}, "").empty());
  CHECK(choice_columns(selections, {SubjectChoice::consent_withdrawn}, "").size() == 2);
  const auto analytics =
      choice_columns(selections, {SubjectChoice::consent_withdrawn}, "analytics");
  REQUIRE(analytics.size() == 1);
  CHECK(analytics.front().column == "withdrawn_at");
}

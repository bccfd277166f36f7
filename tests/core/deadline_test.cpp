#include "core/deadline.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/iso_date.hpp"

using namespace dsar;

namespace {

Date on(const char* text) {
  return parse_iso_date(text).value();
}

std::string due(const char* received, std::vector<Regime> regimes,
                std::optional<AnswerPromise> promise = {}) {
  DeadlineQuestion question;
  question.received_on = on(received);
  question.regimes = std::move(regimes);
  question.basis.promise = std::move(promise);
  return iso_text(answer_deadline(question).due_on);
}

AnswerPromise promise(Period within, bool binding) {
  return {.within = within, .binding = binding, .source = "Policy, 9"};
}

}  // namespace

TEST_CASE(
    "the United Kingdom's month ends on the corresponding date, the month's last, or a working "
    "day") {
  const std::vector<Regime> uk{Regime::uk_gdpr};
  CHECK(due("2026-09-03", uk) == "2026-10-05");  // a Saturday
  CHECK(due("2026-03-31", uk) == "2026-04-30");  // no 31 April
  CHECK(due("2024-01-31", uk) == "2024-02-29");
  CHECK(due("2026-01-31", uk) == "2026-03-02");  // 28 February is a Saturday
  CHECK(due("2026-11-25", uk) == "2026-12-29");  // Christmas, a weekend, Boxing Day's substitute
  CHECK(due("2026-03-03", uk) == "2026-04-07");  // Good Friday to Easter Monday
}

TEST_CASE("the Union's month knows weekends, and the holidays that it is told") {
  const std::vector<Regime> eu{Regime::eu_gdpr};
  CHECK(due("2026-03-03", eu) == "2026-04-03");
  CHECK(due("2026-09-03", eu) == "2026-10-05");
  DeadlineQuestion question;
  question.received_on = on("2026-03-03");
  question.regimes = eu;
  question.basis.holidays = {on("2026-04-03"), on("2026-04-06")};
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-07");
}

TEST_CASE("California counts 45 calendar days, and confirms receipt within ten working days") {
  DeadlineQuestion question;
  question.received_on = on("2026-03-02");
  question.regimes = {Regime::ccpa};
  const auto deadline = answer_deadline(question);
  CHECK(iso_text(deadline.due_on) == "2026-04-16");
  CHECK(iso_text(deadline.limits.at(0).extended.value()) == "2026-05-31");
  CHECK(iso_text(deadline.confirm_by.value()) == "2026-03-16");
  question.kind = RightKind::opt_out_of_sale;
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-03-23");
  CHECK_FALSE(answer_deadline(question).confirm_by);
}

TEST_CASE("the earlier of promise and statute governs, and a promise stays on a weekend") {
  const std::vector<Regime> uk{Regime::uk_gdpr};
  CHECK(due("2026-01-15", uk, promise(Period::days(30), true)) == "2026-02-14");  // a Saturday
  CHECK(due("2026-02-02", uk, promise(Period::days(30), true)) == "2026-03-02");  // the month's
  CHECK(due("2026-01-15", uk, promise(Period::days(30), false)) == "2026-02-16");
  CHECK(due("2026-01-15", {Regime::uk_gdpr, Regime::ccpa}) == "2026-02-16");
}

TEST_CASE("a request that falls under no law has no deadline") {
  CHECK_THROWS_AS(answer_deadline({}), Error);
}

TEST_CASE("a statutory month never ends before its date, on a day off, or more than a week late") {
  const auto holidays = bank_holidays(2019, 2030);
  for (auto date = on("2020-01-01"); date < on("2028-01-01"); date += std::chrono::days(1)) {
    DeadlineQuestion question;
    question.received_on = date;
    question.regimes = {Regime::uk_gdpr};
    const auto limit = answer_deadline(question).limits.at(0);
    const auto month = add(date, Period::months(1));
    CAPTURE(iso_text(date));
    REQUIRE(limit.on >= month);
    REQUIRE(is_working_day(limit.on, holidays));
    REQUIRE(limit.on - month < std::chrono::days(7));
    for (auto between = month; between < limit.on; between += std::chrono::days(1))
      REQUIRE_FALSE(is_working_day(between, holidays));
    REQUIRE(limit.extended.value() > limit.on);
  }
}

TEST_CASE("the bank holidays by rule are those that were published") {
  const auto of = [](int year) {
    std::string days;
    for (const auto day : bank_holidays(year, year)) days += iso_text(day).substr(5) + " ";
    return days;
  };
  CHECK(of(2020) == "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28 ");
  CHECK(of(2021) == "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 ");
  CHECK(of(2022) == "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27 ");
  CHECK(of(2023) == "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26 ");
  CHECK(of(2025) == "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26 ");
  CHECK(of(2026) == "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28 ");
  CHECK(of(2027) == "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28 ");
}

TEST_CASE("Easter is a Sunday between 22 March and 25 April") {
  for (int year = 1600; year <= 2400; ++year) {
    const auto easter = easter_sunday(year);
    const std::chrono::year_month_day date(easter);
    REQUIRE(std::chrono::weekday(easter) == std::chrono::Sunday);
    const auto march = std::chrono::year(year) / std::chrono::March;
    REQUIRE(easter >= Date(march / 22));
    REQUIRE(easter <= Date(std::chrono::year(year) / std::chrono::April / 25));
    REQUIRE(static_cast<int>(date.year()) == year);
  }
  CHECK(iso_text(easter_sunday(2026)) == "2026-04-05");
  CHECK(iso_text(easter_sunday(2038)) == "2038-04-25");
  CHECK(iso_text(easter_sunday(1818)) == "1818-03-22");
}

TEST_CASE("a date is ten characters that name a day") {
  CHECK(parse_iso_date("2024-02-29") == on("2024-02-29"));
  for (const auto* bad : {"2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026/01/01", "",
                          "2026-01-01 ", "-026-01-01", "2026-00-10", "2026-01-00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_iso_date(bad));
  }
}

namespace {

DeadlineQuestion uk_question(const char* received) {
  DeadlineQuestion question;
  question.received_on = on(received);
  question.regimes = {Regime::uk_gdpr};
  return question;
}

}  // namespace

TEST_CASE("the United Kingdom's month begins when a proof of identity or a fee arrives") {
  auto question = uk_question("2026-03-02");
  question.stops = {{StopCause::identity, on("2026-03-04"), std::nullopt}};
  CHECK(answer_deadline(question).stopped);
  question.stops.back().until = on("2026-03-20");
  CHECK_FALSE(answer_deadline(question).stopped);
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-20");
  // The latest of them decides.
  question.stops.push_back({StopCause::fee, on("2026-03-10"), on("2026-03-12")});
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-20");
}

TEST_CASE("days until a clarification arrives do not count in the United Kingdom") {
  auto question = uk_question("2026-03-02");
  question.stops = {{StopCause::clarification, on("2026-03-04"), on("2026-03-11")}};
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-09");
  CHECK(iso_text(answer_deadline(question).limits.at(0).extended.value()) == "2026-06-09");
}

TEST_CASE("neither the Union's month, nor California's days, nor a promise waits for anything") {
  DeadlineQuestion question;
  question.received_on = on("2026-03-02");
  question.stops = {{StopCause::identity, on("2026-03-04"), std::nullopt}};
  question.regimes = {Regime::eu_gdpr, Regime::ccpa};
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-02");
  CHECK_FALSE(answer_deadline(question).stopped);
  question.regimes = {Regime::uk_gdpr, Regime::ccpa};
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-16");
  question.regimes = {Regime::uk_gdpr};
  question.basis.promise = promise(Period::days(30), true);
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-04-01");
}

TEST_CASE("an extension adds what each law allows, and a promise no longer binds") {
  auto question = uk_question("2026-03-02");
  question.basis.promise = promise(Period::days(30), true);
  question.extended = true;
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-06-02");
  question.regimes = {Regime::uk_gdpr, Regime::ccpa};
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-05-31");
  question.extended_until = on("2026-05-04");
  CHECK(iso_text(answer_deadline(question).due_on) == "2026-05-04");
}

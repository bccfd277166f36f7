#pragma once

#include <set>

#include "core/period.hpp"

/// Which days are worked on. What a law counts as a holiday is passed in, or by rule.
namespace dsar {

using Holidays = std::set<Date>;

/// Neither Saturday, Sunday nor one of these.
bool is_working_day(Date date, const Holidays& holidays);

/// The date itself, or the next one that is worked on.
Date working_day_from(Date date, const Holidays& holidays);

/// The `count`th working day after the date, which itself does not count; `count` is positive.
Date add_working_days(Date date, int count, const Holidays& holidays);

/// Easter Sunday of a year of the Gregorian calendar.
Date easter_sunday(int year);

/// The bank holidays of England and Wales in these years, both included: by rule (Banking and
/// Financial Dealings Act 1971 and the yearly proclamations), with the days that proclamations
/// moved or added from 2020 to 2023.
Holidays bank_holidays(int first_year, int last_year);

}  // namespace dsar

// The calendar, without a time zone database: the few zones that random
// policies use, by their rules.
#pragma once

#include <string>

#include "tests/policies/property/model.h"

namespace behalf::model {

// All zones that LocalTime knows.
const Texts& Zones();

struct LocalTime {
  int weekday = 0;  // Monday is 0
  int minute = 0;   // of the day
};
LocalTime LocalTimeOf(Seconds now, const std::string& zone);

// Seconds since the epoch of a day in UTC.
Seconds StartOf(int year, int month, int day);

}  // namespace behalf::model

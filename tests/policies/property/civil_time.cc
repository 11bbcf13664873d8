#include "tests/policies/property/civil_time.h"

namespace behalf::model {
namespace {

constexpr Seconds kDay = 86400;

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysOf(int month, int year) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && IsLeap(year) ? 1 : 0);
}

// 1 January 1970 was a Thursday.
int WeekdayOf(Seconds local) { return static_cast<int>((local / kDay + 3) % 7); }

int YearOf(Seconds now) {
  int year = 1970;
  while (StartOf(year + 1, 1, 1) <= now) ++year;
  return year;
}

Seconds LastSundayOf(int year, int month) {
  Seconds day = StartOf(year, month, DaysOf(month, year));
  while (WeekdayOf(day) != 6) day -= kDay;
  return day;
}

// The European Union's summer: from and until 01:00 UTC.
bool IsSummer(Seconds now) {
  const int year = YearOf(now);
  return LastSundayOf(year, 3) + 3600 <= now && now < LastSundayOf(year, 10) + 3600;
}

Seconds OffsetOf(const std::string& zone, Seconds now) {
  if (zone == "Europe/Berlin") return IsSummer(now) ? 7200 : 3600;
  if (zone == "America/Phoenix") return -7 * 3600;
  if (zone == "Asia/Kathmandu") return 5 * 3600 + 45 * 60;
  if (zone == "Pacific/Kiritimati") return 14 * 3600;
  return 0;
}

}  // namespace

const Texts& Zones() {
  static const Texts& zones =
      *new Texts{"UTC", "Europe/Berlin", "America/Phoenix", "Asia/Kathmandu", "Pacific/Kiritimati"};
  return zones;
}

Seconds StartOf(int year, int month, int day) {
  Seconds days = day - 1;
  for (int earlier = 1970; earlier < year; ++earlier) days += IsLeap(earlier) ? 366 : 365;
  for (int earlier = 1; earlier < month; ++earlier) days += DaysOf(earlier, year);
  return days * kDay;
}

LocalTime LocalTimeOf(Seconds now, const std::string& zone) {
  const Seconds local = now + OffsetOf(zone, now);
  return {.weekday = WeekdayOf(local), .minute = static_cast<int>(local % kDay / 60)};
}

}  // namespace behalf::model

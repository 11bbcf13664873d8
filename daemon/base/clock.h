// Where time comes from. Below the broker time is an argument; only what owns
// time by itself (background work, records) holds a Clock.
#pragma once

#include <ctime>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace behalf {

// Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// Time that nobody sets and that passes also while the machine sleeps: for what
// must not be trusted for longer than so long.
class SteadyClock {
 public:
  virtual ~SteadyClock() = default;
  // Since some moment before the process began.
  virtual absl::Duration Elapsed() const = 0;
};

class BootClock final : public SteadyClock {
 public:
  absl::Duration Elapsed() const override {
    struct timespec now = {};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return absl::DurationFromTimespec(now);
  }
};

}  // namespace behalf

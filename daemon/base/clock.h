// Where time comes from. Below the broker time is an argument; only what owns
// time by itself (background work, records) holds a Clock.
#pragma once

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

}  // namespace behalf

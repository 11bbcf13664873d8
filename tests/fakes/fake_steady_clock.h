// Steady time that a test moves.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "daemon/base/clock.h"

namespace behalf {

// Thread-safe.
class FakeSteadyClock final : public SteadyClock {
 public:
  absl::Duration Elapsed() const override { return absl::Nanoseconds(elapsed_.load()); }
  void Advance(absl::Duration by) { elapsed_ += absl::ToInt64Nanoseconds(by); }

 private:
  std::atomic<std::int64_t> elapsed_{1'000'000'000};
};

// Goes with another clock. Thread-safe.
class FollowingSteadyClock final : public SteadyClock {
 public:
  explicit FollowingSteadyClock(const Clock& clock) : clock_(clock), began_(clock.Now()) {}
  absl::Duration Elapsed() const override { return clock_.Now() - began_ + absl::Seconds(1); }

 private:
  const Clock& clock_;
  const absl::Time began_;
};

}  // namespace behalf

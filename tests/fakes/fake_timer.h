// A timer with which time passes at once.
#pragma once

#include <vector>

#include "daemon/base/timer.h"
#include "tests/fakes/fake_clock.h"

namespace behalf {

// Not thread-safe. Whoever sleeps finds the clock moved, and goes on.
class FakeTimer final : public Timer {
 public:
  explicit FakeTimer(FakeClock& clock) : clock_(clock) {}

  Task<bool> Sleep(absl::Duration wait) override {
    if (stopped_) co_return false;
    slept_.push_back(wait);
    clock_.Advance(wait);
    co_return true;
  }

  void Stop() { stopped_ = true; }
  const std::vector<absl::Duration>& slept() const { return slept_; }

 private:
  FakeClock& clock_;
  std::vector<absl::Duration> slept_;
  bool stopped_ = false;
};

}  // namespace behalf

// A clock that runs on, but from another time than the one it is made from.
#pragma once

#include <atomic>

#include "daemon/base/clock.h"

namespace behalf::idp {

// Thread-safe. The base must outlive it.
class AdjustableClock final : public Clock {
 public:
  explicit AdjustableClock(const Clock& base) : base_(base) {}

  absl::Time Now() const override {
    return base_.Now() + absl::Microseconds(ahead_microseconds_.load());
  }
  void Advance(absl::Duration by) { ahead_microseconds_ += absl::ToInt64Microseconds(by); }

 private:
  const Clock& base_;
  std::atomic<std::int64_t> ahead_microseconds_ = 0;
};

}  // namespace behalf::idp

// A mutex for what a disk may hold up.
#pragma once

#include <chrono>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace behalf {

// Nobody waits longer than the patience, and nobody at all for one who has had
// it for so long: a call that the kernel does not come back from holds up its
// own thread only.
class ABSL_LOCKABLE PatientMutex {
 public:
  explicit PatientMutex(absl::Duration patience) : patience_(patience) {}

  // False where it cannot be had in time.
  [[nodiscard]] bool LockInTime() ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true);
  void Unlock() ABSL_UNLOCK_FUNCTION();

 private:
  using Clock = std::chrono::steady_clock;

  bool IsFree() const { return !held_since_; }

  const absl::Duration patience_;
  absl::Mutex mutex_;
  std::optional<Clock::time_point> held_since_;  // guarded by mutex_
};

}  // namespace behalf

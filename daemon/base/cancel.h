// How a caller that leaves wakes the coroutine that works for it.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace behalf {

// Something a coroutine is parked in and can be taken out of.
class Abandonable {
 public:
  virtual ~Abandonable() = default;
  // Takes the waiter out. True when it was still in: then nobody else will
  // wake it, and the canceller must call Wake(). Called under the lock of the
  // CancelPoint; must not call back into it.
  virtual bool Abandon() = 0;
  virtual void Wake() = 0;
};

// One per call. Thread-safe. Lock order: a CancelPoint's lock comes before
// the lock of whatever a coroutine parks in.
class CancelPoint {
 public:
  // Called at most once, when the caller is gone or its deadline has passed.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_);

  bool cancelled() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Runs `park` under the lock unless the call is cancelled already. `park`
  // returns whether it parked; if so, `waiter` stays known here until
  // Unpark(). Returns kCancelled, kParked or kReady.
  enum class Parking { kCancelled, kParked, kReady };
  template <typename Park>
  Parking TryPark(Abandonable* waiter, Park park) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return Parking::kCancelled;
    if (!park()) return Parking::kReady;
    parked_ = waiter;
    return Parking::kParked;
  }

  // To be called by the woken waiter before it goes away: afterwards no
  // Cancel() touches it any more.
  void Unpark() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  Abandonable* parked_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

// What every step of a call may need of the call itself.
struct CallContext {
  explicit CallContext(absl::Time call_deadline) : deadline(call_deadline) {}
  absl::Time deadline;
  CancelPoint cancel;
};

}  // namespace behalf

#include "daemon/audit/patient_mutex.h"

namespace behalf {

bool PatientMutex::LockInTime() ABSL_NO_THREAD_SAFETY_ANALYSIS {
  const absl::MutexLock lock(&mutex_);
  const auto begun = Clock::now();
  if (held_since_ && begun - *held_since_ > absl::ToChronoNanoseconds(patience_)) return false;
  const absl::Condition free(this, &PatientMutex::IsFree);
  if (!mutex_.AwaitWithTimeout(free, patience_)) return false;
  held_since_ = Clock::now();
  return true;
}

void PatientMutex::Unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS {
  const absl::MutexLock lock(&mutex_);
  held_since_.reset();
}

}  // namespace behalf

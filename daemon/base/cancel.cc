#include "daemon/base/cancel.h"

namespace behalf {

void CancelPoint::Cancel() {
  Abandonable* to_wake = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (parked_ != nullptr && parked_->Abandon()) to_wake = parked_;
    parked_ = nullptr;
  }
  if (to_wake != nullptr) to_wake->Wake();
}

bool CancelPoint::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

void CancelPoint::Unpark() {
  absl::MutexLock lock(&mutex_);
  parked_ = nullptr;
}

}  // namespace behalf

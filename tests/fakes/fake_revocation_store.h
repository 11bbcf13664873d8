// A state in memory, which a test can make fail.
#pragma once

#include <atomic>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/error.h"
#include "daemon/store/revocation.h"
#include "tests/daemon/base/coroutines.h"

namespace behalf {

// Thread-safe.
class FakeRevocationStore final : public RevocationStore {
 public:
  absl::StatusOr<StoredRevocations> Load() override ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return StoredRevocations{.revision = revision_, .all = kept_};
  }
  Task<absl::StatusOr<std::uint64_t>> Put(Revocation revocation) override
      ABSL_LOCKS_EXCLUDED(mutex_) {
    if (hold_) co_await held_;
    if (broken_) co_return MakeError(Reason::kStoreUnavailable);
    const absl::MutexLock lock(&mutex_);
    revocation.revision = ++revision_;
    kept_.push_back(std::move(revocation));
    co_return revision_;
  }
  Task<absl::StatusOr<std::uint64_t>> Remove(std::vector<std::uint64_t> revisions) override
      ABSL_LOCKS_EXCLUDED(mutex_) {
    if (broken_) co_return MakeError(Reason::kStoreUnavailable);
    const absl::MutexLock lock(&mutex_);
    for (const std::uint64_t one : revisions) {
      std::erase_if(kept_, [&](const Revocation& kept) { return kept.revision == one; });
    }
    co_return ++revision_;
  }

  void Follow(RevocationObserver&) override {}
  absl::Status Knows() const override {
    return knows_ ? absl::OkStatus() : MakeError(Reason::kStoreUnavailable);
  }
  void Stop() override {}

  void LoseTouch(bool lost = true) { knows_ = !lost; }

  // What is put waits until Release().
  void Hold() { hold_ = true; }
  void Release() { held_.Open(); }

  void Break(bool broken = true) { broken_ = broken; }

 private:
  std::atomic<bool> broken_{false};
  std::atomic<bool> hold_{false};
  std::atomic<bool> knows_{true};
  Gate held_;
  absl::Mutex mutex_;
  std::uint64_t revision_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Revocation> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf

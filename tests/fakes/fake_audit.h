// A record that a test reads, and can make fail.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/base/error.h"

namespace behalf {

// Thread-safe.
class FakeAudit final : public AuditSink {
 public:
  absl::Status Record(const AuditRecord& record) override ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    if (broken_) return MakeError(Reason::kAuditUnavailable);
    records_.push_back(record);
    return absl::OkStatus();
  }

  void StandOn(std::uint64_t revision) override { revision_ = revision; }
  std::uint64_t revision() const { return revision_; }

  void Break(bool broken = true) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    broken_ = broken;
  }

  void Forget() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    records_.clear();
  }

  std::vector<AuditRecord> records() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return records_;
  }

  // The newest; an empty one where there is none.
  AuditRecord last() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return records_.empty() ? AuditRecord{} : records_.back();
  }

 private:
  std::atomic<std::uint64_t> revision_{0};
  mutable absl::Mutex mutex_;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<AuditRecord> records_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf

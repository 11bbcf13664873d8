// Records onto the disk, several at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/descriptor.h"

namespace behalf {

// A thread that calls fdatasync(2) while somebody waits. Who comes while it
// runs shares the next call. Thread-safe.
//
// After a failure the kernel may have dropped what was to be written, and
// another call on the descriptor would say that all is well (fsync(2)). So
// everything fails until a file that was opened anew is in use.
class GroupSync {
 public:
  // 0 or an errno. For tests; otherwise fdatasync(2).
  using Sync = std::function<int(int)>;

  explicit GroupSync(std::shared_ptr<const Descriptor> file, absl::Duration patience = kPatience,
                     Sync sync = nullptr);
  ~GroupSync();
  GroupSync(const GroupSync&) = delete;
  GroupSync& operator=(const GroupSync&) = delete;

  // Before writing: an errno where what is written could not be synced, be it
  // after a failure, be it that the disk is not done with an older call for
  // longer than the patience.
  int Ready() const ABSL_LOCKS_EXCLUDED(mutex_);

  // After writing, before anybody else may call Use: what to wait for.
  std::uint64_t Written() const ABSL_LOCKS_EXCLUDED(mutex_);

  // 0 once that is on disk, or an errno; ETIMEDOUT after the patience. What was
  // written before a failure stays failed.
  int Wait(std::uint64_t written) ABSL_LOCKS_EXCLUDED(mutex_);

  // Syncs `file` at once, and uses it from now on if that succeeds: then
  // earlier failures are over. Without one, the file before is synced first,
  // for who wrote to it and has not come to wait; if that fails, so does this.
  int Use(std::shared_ptr<const Descriptor> file) ABSL_LOCKS_EXCLUDED(mutex_);

  static constexpr absl::Duration kPatience = absl::Seconds(2);

 private:
  // What one call answers for.
  struct Batch {
    bool settled = false;
    int error = 0;
  };

  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Fail(int error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Settle(const std::shared_ptr<Batch>& batch, int error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return next_ || stopped_; }

  const absl::Duration patience_;
  const Sync sync_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Descriptor> file_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Batch> next_ ABSL_GUARDED_BY(mutex_);  // null: nobody waits for a call to begin
  std::optional<std::chrono::steady_clock::time_point> since_
      ABSL_GUARDED_BY(mutex_);  // a call runs
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace behalf

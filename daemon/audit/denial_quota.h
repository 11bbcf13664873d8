// How many refusals of one user are recorded one by one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace behalf {

// What was left out, of one user, or of all those beyond the bound.
struct SuppressedDenials {
  std::optional<uid_t> uid = {};
  std::int64_t count = 0;
  absl::Time since = {};

  bool operator==(const SuppressedDenials&) const = default;
};

// Thread-safe. Counts in minutes of the clock that `now` comes from. Users
// beyond `max_users` in one minute, and refusals of nobody in particular,
// share one count, so that changing the uid gains nothing.
class DenialQuota {
 public:
  static constexpr std::size_t kMaxUsers = 1024;

  explicit DenialQuota(int per_minute, std::size_t max_users = kMaxUsers)
      : per_minute_(per_minute), max_users_(max_users) {}

  // Whether this refusal is to be recorded by itself; if not, it is counted.
  bool Admit(std::optional<uid_t> uid, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // What was left out in minutes that are over; each once.
  std::vector<SuppressedDenials> TakeDue(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // The same, the current minute included: for the end of the daemon.
  std::vector<SuppressedDenials> TakeAll() ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives back what could not be recorded; it is due again when the minute turns,
  // so that a full disk costs one attempt a minute.
  void Return(SuppressedDenials denials) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void TurnTo(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CloseMinute() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::int64_t& CountOf(std::optional<uid_t> uid) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddDue(SuppressedDenials denials) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::int64_t per_minute_;
  const std::size_t max_users_;
  absl::Mutex mutex_;
  absl::Time minute_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::flat_hash_map<uid_t, std::int64_t> counts_ ABSL_GUARDED_BY(mutex_);
  std::int64_t count_of_others_ ABSL_GUARDED_BY(mutex_) = 0;
  bool turned_ ABSL_GUARDED_BY(mutex_) = false;  // since `due_` was taken
  std::vector<SuppressedDenials> due_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf

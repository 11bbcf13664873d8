// Waiting without a thread.
#pragma once

#include <coroutine>
#include <cstdint>
#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/descriptor.h"
#include "daemon/base/executor.h"
#include "daemon/base/task.h"

namespace behalf {

// Implementations are thread-safe.
class Timer {
 public:
  virtual ~Timer() = default;

  // True after `wait`; false, and at once, when the timer is stopped or there
  // is none to be had.
  virtual Task<bool> Sleep(absl::Duration wait) = 0;
};

// By the monotonic clock, which no administrator sets: one thread wakes all
// sleepers on the executor's threads.
class MonotonicTimer final : public Timer {
 public:
  explicit MonotonicTimer(Executor& executor);
  ~MonotonicTimer() override { Stop(); }

  Task<bool> Sleep(absl::Duration wait) override;

  // Wakes all sleepers. Idempotent. Before the executor is stopped.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Sleeper;
  using Sleepers = std::multimap<std::int64_t, Sleeper*>;  // by the nanosecond of their waking

  bool Park(Sleeper* sleeper, absl::Duration wait) ABSL_LOCKS_EXCLUDED(mutex_);
  void SetAlarm(std::int64_t at) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool WakeDue() ABSL_LOCKS_EXCLUDED(mutex_);
  void Run();

  Executor& executor_;
  const Descriptor alarm_;  // a timerfd
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Sleepers sleepers_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace behalf

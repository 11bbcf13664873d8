// Where suspended coroutines wake up: never on the thread of the network
// client, which must not wait for anybody.
#pragma once

#include <coroutine>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace behalf {

// A fixed number of threads. Thread-safe.
class Executor {
 public:
  explicit Executor(int threads);
  ~Executor() { Stop(); }

  // Runs what was posted, and what that posts, then joins the threads. What is
  // posted later never runs. Idempotent; not from one of the threads.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Resumes `coroutine` on one of the threads.
  void Post(std::coroutine_handle<> coroutine) ABSL_LOCKS_EXCLUDED(mutex_);

  // co_await executor.Enter(): the coroutine goes on upon one of the threads.
  class Entry {
   public:
    explicit Entry(Executor& executor) : executor_(executor) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) const { executor_.Post(handle); }
    void await_resume() const noexcept {}

   private:
    Executor& executor_;
  };
  Entry Enter() { return Entry(*this); }

 private:
  void Run();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  }

  absl::Mutex mutex_;
  std::deque<std::coroutine_handle<>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace behalf

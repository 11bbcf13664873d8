// How tests run coroutines: to their end, to a gate, or onto another thread.
#pragma once

#include <coroutine>
#include <optional>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "daemon/base/executor.h"
#include "daemon/base/task.h"

namespace behalf {

// A root task under way. Not movable: the task knows its address.
template <typename T>
class Running {
 public:
  explicit Running(Task<T> task) : task_(std::move(task)) { task_.Start(&Running::Done, this); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { done_.WaitForNotification(); }

  bool done() const { return done_.HasBeenNotified(); }

  // Waits for the end; at most once.
  T Result() {
    done_.WaitForNotification();
    return task_.Take();
  }

 private:
  static void Done(void* self) noexcept { static_cast<Running*>(self)->done_.Notify(); }

  absl::Notification done_;
  Task<T> task_;
};

template <typename T>
T RunToEnd(Task<T> task) {
  return Running<T>(std::move(task)).Result();
}

// Coroutines that await it stop until it opens, and then go on in the thread
// that opened it.
class Gate {
 public:
  class Awaiter {
   public:
    explicit Awaiter(Gate& gate) : gate_(gate) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> handle) { return gate_.Admit(handle); }
    void await_resume() const noexcept {}

   private:
    Gate& gate_;
  };
  Awaiter operator co_await() { return Awaiter(*this); }

  void Open() {
    std::vector<std::coroutine_handle<>> waiting;
    {
      const absl::MutexLock lock(&mutex_);
      open_ = true;
      waiting.swap(waiting_);
    }
    for (const std::coroutine_handle<> handle : waiting) handle.resume();
  }

 private:
  // Whether it has to wait.
  bool Admit(std::coroutine_handle<> handle) {
    const absl::MutexLock lock(&mutex_);
    if (!open_) waiting_.push_back(handle);
    return !open_;
  }

  absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::coroutine_handle<>> waiting_ ABSL_GUARDED_BY(mutex_);
};

// co_await Hop(executor): goes on in one of its threads.
class Hop {
 public:
  explicit Hop(Executor& executor) : executor_(executor) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) { executor_.Post(handle); }
  void await_resume() const noexcept {}

 private:
  Executor& executor_;
};

}  // namespace behalf

// A lazy coroutine: nothing runs until it is awaited or started, and then it
// runs on the caller's thread until something suspends it.
//
// Rules:
// * Parameters are taken by value; what is passed by reference must outlive
//   the task. Where a parameter is an aggregate, pass a named local by
//   std::move: g++ 12 destroys an aggregate temporary twice inside co_await.
// * No exception may leave a task; one that does ends the process.
// * Do not loop over co_await without bound: g++ turns the transfer into a
//   tail call only at -O2.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace behalf {

// Not thread-safe: one thread at a time drives a task, but that may be a
// different one after each suspension.
template <typename T>
class [[nodiscard]] Task {
 public:
  // Called once when a started task has ended, on whichever thread ended it.
  // It may destroy the task.
  using DoneFn = void (*)(void* arg) noexcept;

  struct promise_type {
    std::coroutine_handle<> continuation;
    DoneFn done = nullptr;
    void* done_arg = nullptr;
    std::optional<T> value;

    struct FinalAwaiter {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(
          std::coroutine_handle<promise_type> self) const noexcept {
        promise_type& promise = self.promise();
        if (promise.continuation) return promise.continuation;
        if (promise.done != nullptr) promise.done(promise.done_arg);
        return std::noop_coroutine();
      }
      void await_resume() const noexcept {}
    };

    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    template <typename U>
    void return_value(U&& result) {
      value.emplace(std::forward<U>(result));
    }
    void unhandled_exception() const noexcept { std::terminate(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().continuation = awaiting;
    return handle_;
  }
  T await_resume() { return std::move(*handle_.promise().value); }

  // Runs a root task. `done(arg)` may be called before Start returns.
  void Start(DoneFn done, void* arg) {
    handle_.promise().done = done;
    handle_.promise().done_arg = arg;
    handle_.resume();
  }

  // The value of an ended root task; at most once.
  T Take() { return std::move(*handle_.promise().value); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

}  // namespace behalf

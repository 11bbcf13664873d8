// Concurrent askers of one key share one piece of work and its outcome.
#pragma once

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/cancel.h"
#include "daemon/base/error.h"
#include "daemon/base/executor.h"
#include "daemon/base/task.h"

namespace behalf {

// Thread-safe. T is copyable (a shared pointer, say). The work belongs to
// nobody: an asker that leaves does not stop it, so it must bound its own
// time and own what it uses. Destroy only when no work is under way.
template <typename T>
class SingleFlight {
 public:
  using Outcome = absl::StatusOr<T>;
  using Work = std::function<Task<Outcome>()>;

  // `max_waiters` bounds how many may wait for one key.
  SingleFlight(Executor& executor, std::size_t max_waiters)
      : executor_(executor), max_waiters_(max_waiters) {}

  // The outcome of the flight of `key`, started by the first who asks.
  // kCancelled when the caller left, kOverloaded when too many wait.
  Task<Outcome> Join(std::string key, Work work, CancelPoint& cancel) {
    co_return co_await Waiter(*this, std::move(key), std::move(work), cancel);
  }

  // Starts the work of `key` unless it is under way; nobody waits for it.
  void Prefetch(const std::string& key, Work work) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::shared_ptr<Flight> flight;
    {
      absl::MutexLock lock(&mutex_);
      if (flights_.contains(key)) return;
      flight = Open(key, work);
    }
    Launch(flight);
  }

  // Flights under way.
  std::size_t size() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return flights_.size();
  }

 private:
  class Waiter;

  struct Flight {
    SingleFlight* owner;
    std::string key;
    Work work;  // kept: a coroutine lambda's captures live in the lambda
    std::optional<Task<Outcome>> task;
    std::vector<Waiter*> waiters;
    std::shared_ptr<Flight> self;  // while under way
  };

  std::shared_ptr<Flight> Open(const std::string& key, Work& work)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto flight = std::make_shared<Flight>();
    flight->owner = this;
    flight->key = key;
    flight->work = std::move(work);
    flight->self = flight;
    flights_.emplace(key, flight);
    return flight;
  }

  static void Launch(const std::shared_ptr<Flight>& flight) {
    flight->task.emplace(flight->work());
    flight->task->Start(&SingleFlight::Done, flight.get());
  }

  static void Done(void* arg) noexcept {
    auto* flight = static_cast<Flight*>(arg);
    flight->owner->Land(std::move(flight->self));
  }

  // The flight is destroyed with the last reference, on this thread, when its
  // coroutine is suspended at its end: that is allowed.
  void Land(std::shared_ptr<Flight> flight) ABSL_LOCKS_EXCLUDED(mutex_) {
    Outcome outcome = flight->task->Take();
    std::vector<std::coroutine_handle<>> to_wake;
    {
      absl::MutexLock lock(&mutex_);
      flights_.erase(flight->key);
      to_wake.reserve(flight->waiters.size());
      for (Waiter* waiter : flight->waiters) {
        waiter->flight_ = nullptr;
        waiter->outcome_.emplace(outcome);
        to_wake.push_back(waiter->handle_);
      }
      flight->waiters.clear();
    }
    for (std::coroutine_handle<> handle : to_wake) executor_.Post(handle);
  }

  Executor& executor_;
  const std::size_t max_waiters_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
};

// Lives in the waiting coroutine's frame. Whoever unlinks it under the lock
// of the SingleFlight owns its resumption.
template <typename T>
class SingleFlight<T>::Waiter final : public Abandonable {
 public:
  Waiter(SingleFlight& owner, std::string key, Work work, CancelPoint& cancel)
      : owner_(owner), key_(std::move(key)), work_(std::move(work)), cancel_(cancel) {}

  bool await_ready() const noexcept { return false; }

  bool await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    std::shared_ptr<Flight> to_launch;
    switch (cancel_.TryPark(this, [&] { return Link(to_launch); })) {
      case CancelPoint::Parking::kCancelled:
        outcome_.emplace(MakeError(Reason::kCancelled));
        return false;
      case CancelPoint::Parking::kReady:
        return false;
      case CancelPoint::Parking::kParked:
        break;
    }
    // From here on this object may be gone: another thread may have woken it.
    if (to_launch) Launch(to_launch);
    return true;
  }

  Outcome await_resume() {
    cancel_.Unpark();
    return std::move(*outcome_);
  }

  bool Abandon() override ABSL_LOCKS_EXCLUDED(owner_.mutex_) {
    absl::MutexLock lock(&owner_.mutex_);
    if (flight_ == nullptr) return false;
    std::erase(flight_->waiters, this);
    flight_ = nullptr;
    outcome_.emplace(MakeError(Reason::kCancelled));
    return true;
  }

  void Wake() override { handle_.resume(); }

 private:
  friend class SingleFlight;

  bool Link(std::shared_ptr<Flight>& to_launch) ABSL_LOCKS_EXCLUDED(owner_.mutex_) {
    absl::MutexLock lock(&owner_.mutex_);
    auto it = owner_.flights_.find(key_);
    if (it == owner_.flights_.end()) {
      to_launch = owner_.Open(key_, work_);
      flight_ = to_launch.get();
    } else if (it->second->waiters.size() >= owner_.max_waiters_) {
      outcome_.emplace(
          MakeError(ErrorDetail{.reason = Reason::kOverloaded, .retry_after = absl::Seconds(1)}));
      return false;
    } else {
      flight_ = it->second.get();
    }
    flight_->waiters.push_back(this);
    return true;
  }

  SingleFlight& owner_;
  std::string key_;
  Work work_;
  CancelPoint& cancel_;
  std::coroutine_handle<> handle_;
  Flight* flight_ = nullptr;
  std::optional<Outcome> outcome_;
};

}  // namespace behalf

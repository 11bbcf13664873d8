#include "daemon/base/timer.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

namespace behalf {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kAtOnce = 1;  // zero would disarm
constexpr std::int64_t kLongest = kNanosecondsPerSecond * 86'400 * 366 * 100;

std::int64_t Now() {
  struct timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNanosecondsPerSecond + now.tv_nsec;
}

}  // namespace

// Lives in the frame of the sleeping coroutine.
class MonotonicTimer::Sleeper {
 public:
  Sleeper(MonotonicTimer& timer, absl::Duration wait) : timer_(timer), wait_(wait) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    return timer_.Park(this, wait_);
  }
  bool await_resume() const noexcept { return slept_; }

  std::coroutine_handle<> Wake(bool slept) {
    slept_ = slept;
    return handle_;
  }

 private:
  MonotonicTimer& timer_;
  const absl::Duration wait_;
  std::coroutine_handle<> handle_;
  bool slept_ = false;
};

MonotonicTimer::MonotonicTimer(Executor& executor)
    : executor_(executor),
      alarm_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

Task<bool> MonotonicTimer::Sleep(absl::Duration wait) {
  Sleeper sleeper(*this, wait);
  co_return co_await sleeper;
}

// The sleeper may be awake, and gone, as soon as the lock is released.
bool MonotonicTimer::Park(Sleeper* sleeper, absl::Duration wait) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_ || !alarm_.valid()) return false;
  const std::int64_t at =
      Now() + std::clamp<std::int64_t>(absl::ToInt64Nanoseconds(wait), 0, kLongest);
  const auto parked = sleepers_.emplace(at, sleeper);
  if (parked == sleepers_.begin()) SetAlarm(at);
  return true;
}

void MonotonicTimer::SetAlarm(std::int64_t at) {
  const struct itimerspec alarm = {
      .it_interval = {},
      .it_value = {.tv_sec = at / kNanosecondsPerSecond, .tv_nsec = at % kNanosecondsPerSecond}};
  timerfd_settime(alarm_.get(), TFD_TIMER_ABSTIME, &alarm, nullptr);
}

void MonotonicTimer::Run() {
  while (WakeDue()) {
    std::uint64_t rings = 0;
    if (read(alarm_.get(), &rings, sizeof(rings)) < 0 && errno != EINTR) return;
  }
}

// False when the timer is to stop.
bool MonotonicTimer::WakeDue() {
  const absl::MutexLock lock(&mutex_);
  const auto due = stopping_ ? sleepers_.end() : sleepers_.upper_bound(Now());
  for (auto it = sleepers_.begin(); it != due; ++it) {
    executor_.Post(it->second->Wake(/*slept=*/!stopping_));
  }
  sleepers_.erase(sleepers_.begin(), due);
  if (!sleepers_.empty()) SetAlarm(sleepers_.begin()->first);
  return !stopping_;
}

void MonotonicTimer::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    SetAlarm(kAtOnce);
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace behalf

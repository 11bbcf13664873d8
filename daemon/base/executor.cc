#include "daemon/base/executor.h"

namespace behalf {

Executor::Executor(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

void Executor::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Executor::Post(std::coroutine_handle<> coroutine) {
  absl::MutexLock lock(&mutex_);
  queue_.push_back(coroutine);
}

void Executor::Run() {
  while (true) {
    std::coroutine_handle<> next;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &Executor::HasWork));
      if (queue_.empty()) return;
      next = queue_.front();
      queue_.pop_front();
    }
    next.resume();
  }
}

}  // namespace behalf

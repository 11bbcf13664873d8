// Who is just now handing something out.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace behalf {

// Lets whoever takes something back wait for those that looked before it was
// taken back, and have not answered yet. Thread-safe; entering waits for
// nobody. What stands between entering and leaving must not block.
class Handouts {
 public:
  // Held from before the last look until the answer is given.
  class Permit {
   public:
    Permit() = default;
    explicit Permit(std::atomic<std::int64_t>& count) : count_(&count) {}
    Permit(Permit&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(count_, other.count_);
      return *this;
    }
    ~Permit();

   private:
    std::atomic<std::int64_t>* count_ = nullptr;
  };

  Permit Enter();

  // Returns when all that had entered before have left.
  void AwaitEarlier() ABSL_LOCKS_EXCLUDED(waiting_);

 private:
  absl::Mutex waiting_;
  std::atomic<unsigned> phase_{0};
  std::array<std::atomic<std::int64_t>, 2> inside_{};
};

}  // namespace behalf

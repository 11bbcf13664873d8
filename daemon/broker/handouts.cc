#include "daemon/broker/handouts.h"

namespace behalf {

Handouts::Permit::~Permit() {
  if (count_ == nullptr) return;
  if (count_->fetch_sub(1, std::memory_order_seq_cst) == 1) count_->notify_all();
}

// Who counted in a phase that ended meanwhile was perhaps not waited for, and
// counts again.
Handouts::Permit Handouts::Enter() {
  while (true) {
    const unsigned phase = phase_.load(std::memory_order_seq_cst);
    std::atomic<std::int64_t>& count = inside_[phase];
    count.fetch_add(1, std::memory_order_seq_cst);
    Permit permit(count);
    if (phase_.load(std::memory_order_seq_cst) == phase) return permit;
  }
}

void Handouts::AwaitEarlier() {
  const absl::MutexLock lock(&waiting_);
  const unsigned ended = phase_.load(std::memory_order_seq_cst);
  phase_.store(1 - ended, std::memory_order_seq_cst);
  std::atomic<std::int64_t>& count = inside_[ended];
  for (auto left = count.load(); left != 0; left = count.load()) count.wait(left);
}

}  // namespace behalf

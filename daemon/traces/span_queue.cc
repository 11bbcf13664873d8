#include "daemon/traces/span_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace behalf {

SpanQueue::SpanQueue(Send send, Report report, const SteadyClock& steady, Bounds bounds)
    : send_(std::move(send)),
      report_(std::move(report)),
      steady_(steady),
      bounds_(bounds),
      thread_([this] { Run(); }) {}

void SpanQueue::Add(Span span) {
  const absl::MutexLock lock(&mutex_);
  if (stopped_ || waiting_.size() >= bounds_.waiting) {
    ++dropped_;
  } else {
    waiting_.push_back(std::move(span));
  }
}

void SpanQueue::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    if (!stopped_) gives_up_at_ = steady_.Elapsed() + bounds_.farewell;
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

std::uint64_t SpanQueue::sent() const {
  const absl::MutexLock lock(&mutex_);
  return sent_;
}

std::uint64_t SpanQueue::dropped() const {
  const absl::MutexLock lock(&mutex_);
  return dropped_;
}

void SpanQueue::Run() {
  while (true) {
    const std::vector<Span> spans = Take();
    if (spans.empty()) return;
    Deliver(spans);
  }
}

std::vector<Span> SpanQueue::Take() {
  const absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(this, &SpanQueue::IsBatch), bounds_.every) &&
         waiting_.empty()) {
  }
  if (steady_.Elapsed() >= gives_up_at_) {
    dropped_ += waiting_.size();
    waiting_.clear();
  }
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), bounds_.together));
  std::vector<Span> spans(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return spans;
}

void SpanQueue::Deliver(const std::vector<Span>& spans) {
  absl::Duration wait = bounds_.first_wait;
  absl::Status status = send_(spans);
  Note(status);
  while (absl::IsUnavailable(status) && Pause(wait)) {
    wait = std::min(2 * wait, bounds_.longest_wait);
    status = send_(spans);
    Note(status);
  }
  const absl::MutexLock lock(&mutex_);
  (status.ok() ? sent_ : dropped_) += spans.size();
  if (stopped_ && !status.ok()) gives_up_at_ = absl::ZeroDuration();
}

bool SpanQueue::Pause(absl::Duration wait) {
  const absl::MutexLock lock(&mutex_);
  if (stopped_) return false;
  mutex_.AwaitWithTimeout(absl::Condition(&stopped_), wait);
  return true;
}

void SpanQueue::Note(const absl::Status& sent) {
  if (sent.ok() == failing_) report_(sent);
  failing_ = !sent.ok();
}

}  // namespace behalf

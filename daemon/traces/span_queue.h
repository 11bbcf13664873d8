// Spans on their way out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "daemon/base/clock.h"
#include "daemon/traces/span.h"

namespace behalf {

// A thread that gives spans away, many at a time. Nobody waits for it: what
// finds no room is dropped, and counted. Thread-safe.
class SpanQueue {
 public:
  // Gives spans away within seconds. kUnavailable: they are given again, after
  // a wait that grows. Another failure: they are dropped.
  using Send = std::function<absl::Status(const std::vector<Span>& spans)>;
  // When sending has begun to fail, and when it goes well again; called on the
  // thread.
  using Report = std::function<void(const absl::Status&)>;
  struct Bounds {
    std::size_t waiting = 4096;               // spans
    std::size_t together = 512;               // in one Send
    absl::Duration every = absl::Seconds(2);  // and sooner where there are so many
    absl::Duration first_wait = absl::Seconds(1);
    absl::Duration longest_wait = absl::Seconds(30);
    absl::Duration farewell = absl::Seconds(2);
  };

  SpanQueue(Send send, Report report, const SteadyClock& steady, Bounds bounds);
  SpanQueue(Send send, Report report, const SteadyClock& steady)
      : SpanQueue(std::move(send), std::move(report), steady, Bounds()) {}
  ~SpanQueue() { Stop(); }
  SpanQueue(const SpanQueue&) = delete;
  SpanQueue& operator=(const SpanQueue&) = delete;

  void Add(Span span) ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives away what waits, each span once, for as long as that goes well, and
  // begins no other Send after `farewell`. Idempotent; not from two threads.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  std::uint64_t sent() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::uint64_t dropped() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  // Empty: it is over.
  std::vector<Span> Take() ABSL_LOCKS_EXCLUDED(mutex_);
  void Deliver(const std::vector<Span>& spans) ABSL_LOCKS_EXCLUDED(mutex_);
  // False when there is to be no other attempt.
  bool Pause(absl::Duration wait) ABSL_LOCKS_EXCLUDED(mutex_);
  void Note(const absl::Status& sent);
  bool IsBatch() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || waiting_.size() >= bounds_.together;
  }

  const Send send_;
  const Report report_;
  const SteadyClock& steady_;
  const Bounds bounds_;
  bool failing_ = false;  // of the thread
  mutable absl::Mutex mutex_;
  std::vector<Span> waiting_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration gives_up_at_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteDuration();  // by steady_
  std::thread thread_;
};

}  // namespace behalf

#include "daemon/traces/span_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/fakes/fake_steady_clock.h"

namespace behalf {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

// A collector in memory, which answers as a test says.
class Collector {
 public:
  absl::Status Take(const std::vector<Span>& spans) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    ++asked_;
    while (held_) released_.Wait(&mutex_);
    batches_.push_back(spans.size());
    if (!answer_.ok()) return answer_;
    for (const Span& span : spans) names_.push_back(span.name);
    return absl::OkStatus();
  }
  void Answer(absl::Status answer) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  void Hold(bool held = true) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    held_ = held;
    released_.SignalAll();
  }
  void AwaitAsked(int times) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    const auto enough = [this, times]()
                            ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return asked_ >= times; };
    mutex_.Await(absl::Condition(&enough));
  }
  void AwaitTaken(std::size_t spans) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    const auto enough = [this, spans]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return names_.size() >= spans;
    };
    mutex_.Await(absl::Condition(&enough));
  }
  std::vector<std::string> names() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return names_;
  }
  std::vector<std::size_t> batches() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return batches_;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::CondVar released_;
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status answer_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> names_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::size_t> batches_ ABSL_GUARDED_BY(mutex_);
};

class SpanQueueTest : public testing::Test {
 protected:
  // Sends what there is, and tries again, at once.
  static SpanQueue::Bounds Hasty() {
    SpanQueue::Bounds bounds;
    bounds.waiting = 100;
    bounds.together = 10;
    bounds.every = bounds.first_wait = absl::Microseconds(10);
    bounds.longest_wait = absl::Microseconds(100);
    return bounds;
  }
  // Sends when there is a batch, and tries again never.
  static SpanQueue::Bounds Calm() {
    SpanQueue::Bounds bounds = Hasty();
    bounds.every = bounds.first_wait = bounds.longest_wait = absl::Hours(1);
    return bounds;
  }
  std::unique_ptr<SpanQueue> Open(SpanQueue::Bounds bounds) {
    return std::make_unique<SpanQueue>(
        [this](const std::vector<Span>& spans) { return collector_.Take(spans); },
        [this](const absl::Status& status) { reports_.emplace_back(status.message()); }, steady_,
        bounds);
  }
  static void Add(SpanQueue& queue, const std::string& name, int times = 1) {
    for (int i = 0; i < times; ++i) {
      Span span;
      span.name = name;
      queue.Add(std::move(span));
    }
  }

  FakeSteadyClock steady_;
  Collector collector_;
  std::vector<std::string> reports_;  // of the queue's thread, until it is stopped
};

TEST_F(SpanQueueTest, SpansAreSentInTheirOrderAndAtTheEndAllOfThem) {
  const auto queue = Open(Calm());
  Add(*queue, "1");
  Add(*queue, "2");
  queue->Stop();
  EXPECT_THAT(collector_.names(), ElementsAre("1", "2"));
  EXPECT_EQ(queue->sent(), 2U);
  EXPECT_EQ(queue->dropped(), 0U);
}

TEST_F(SpanQueueTest, TheyAreSentWithoutAFullBatchAfterAWhile) {
  const auto queue = Open(Hasty());
  Add(*queue, "1");
  collector_.AwaitAsked(1);
}

TEST_F(SpanQueueTest, AFullBatchIsSentAtOnceAndNoneIsLarger) {
  collector_.Hold();
  const auto queue = Open(Calm());
  Add(*queue, "span", 45);
  collector_.AwaitAsked(1);
  collector_.Hold(false);
  queue->Stop();
  EXPECT_THAT(collector_.batches(), Each(Le(10U)));
  EXPECT_THAT(collector_.names(), SizeIs(45));
}

TEST_F(SpanQueueTest, WhatFindsNoRoomIsDroppedAndCounted) {
  collector_.Hold();
  const auto queue = Open(Calm());
  Add(*queue, "first", 10);
  collector_.AwaitAsked(1);
  Add(*queue, "later", 130);
  EXPECT_EQ(queue->dropped(), 30U);
  collector_.Hold(false);
  queue->Stop();
  EXPECT_EQ(queue->sent(), 110U);
}

TEST_F(SpanQueueTest, AnOutageIsReportedOnceAndItsSpansComeLater) {
  collector_.Answer(absl::UnavailableError("away"));
  const auto queue = Open(Hasty());
  Add(*queue, "1");
  collector_.AwaitAsked(20);
  collector_.Answer(absl::OkStatus());
  collector_.AwaitTaken(1);
  queue->Stop();
  EXPECT_THAT(collector_.names(), ElementsAre("1"));
  EXPECT_THAT(reports_, ElementsAre("away", ""));
  EXPECT_EQ(queue->sent(), 1U);
}

TEST_F(SpanQueueTest, WhatIsRefusedForGoodIsDropped) {
  collector_.Answer(absl::FailedPreconditionError("answered 400"));
  const auto queue = Open(Calm());
  Add(*queue, "1");
  queue->Stop();
  EXPECT_THAT(collector_.batches(), SizeIs(1));
  EXPECT_EQ(queue->dropped(), 1U);
}

TEST_F(SpanQueueTest, TheEndDoesNotWaitForACollectorThatIsAway) {
  collector_.Answer(absl::UnavailableError("away"));
  const auto queue = Open(Calm());
  Add(*queue, "span", 45);
  collector_.AwaitAsked(1);
  queue->Stop();
  EXPECT_LE(collector_.batches().size(), 2U);
  EXPECT_EQ(queue->dropped(), 45U);
  Add(*queue, "late");
  EXPECT_EQ(queue->dropped(), 46U);
}

TEST_F(SpanQueueTest, NorForOneThatIsSlow) {
  SpanQueue::Bounds bounds = Calm();
  bounds.waiting = 1'000'000;
  collector_.Hold();
  const auto queue = Open(bounds);
  Add(*queue, "span", 45);
  collector_.AwaitAsked(1);
  std::thread stopping([&queue] { queue->Stop(); });
  while (queue->dropped() == 0) Add(*queue, "late");  // until it has begun to stop
  steady_.Advance(absl::Seconds(3));
  collector_.Hold(false);
  stopping.join();
  EXPECT_THAT(collector_.batches(), SizeIs(1));
}

}  // namespace
}  // namespace behalf

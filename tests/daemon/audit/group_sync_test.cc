#include "daemon/audit/group_sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"

namespace behalf {
namespace {

std::shared_ptr<const Descriptor> NoFile() { return std::make_shared<const Descriptor>(); }

// Each sync waits until it is let go.
class Gate {
 public:
  int Pass() {
    const absl::MutexLock lock(&mutex_);
    ++entered_;
    mutex_.Await(absl::Condition(&open_));
    return error_;
  }
  void AwaitEntered() {
    const absl::MutexLock lock(&mutex_);
    const auto entered = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return entered_ > 0; };
    mutex_.Await(absl::Condition(&entered));
  }
  void Open(int error = 0) {
    const absl::MutexLock lock(&mutex_);
    open_ = true;
    error_ = error;
  }
  int entered() {
    const absl::MutexLock lock(&mutex_);
    return entered_;
  }

 private:
  absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
  int entered_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Waits of this many threads, the first of which a sync serves.
struct Waiters {
  Waiters(GroupSync& sync, Gate& gate, int count) : results(static_cast<std::size_t>(count), -1) {
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([this, &sync, i] {
        ++begun;
        results[static_cast<std::size_t>(i)] = sync.Wait();
      });
      if (i == 0) gate.AwaitEntered();
    }
  }
  void Join() {
    for (std::thread& thread : threads) thread.join();
  }
  std::atomic<int> begun = 0;
  std::vector<int> results;
  std::vector<std::thread> threads;
};

TEST(GroupSyncTest, WhoComesMeanwhileSharesTheNextCall) {
  Gate gate;
  GroupSync sync(NoFile(), absl::Minutes(1), [&gate](int) { return gate.Pass(); });
  Waiters waiters(sync, gate, 9);
  while (waiters.begun < 9) std::this_thread::yield();
  gate.Open();
  waiters.Join();
  EXPECT_THAT(waiters.results, testing::Each(0));
  EXPECT_GE(gate.entered(), 2);
  EXPECT_LT(gate.entered(), 9);
}

TEST(GroupSyncTest, AFailureIsEverybodysUntilAnotherFileIsUsed) {
  std::atomic<int> error = EIO;
  GroupSync sync(NoFile(), absl::Minutes(1), [&error](int) { return error.load(); });
  EXPECT_EQ(sync.Ready(), 0);
  EXPECT_EQ(sync.Wait(), EIO);
  error = 0;
  EXPECT_EQ(sync.Ready(), EIO);
  EXPECT_EQ(sync.Wait(), EIO);
  EXPECT_EQ(sync.Use(NoFile()), 0);
  EXPECT_EQ(sync.Ready(), 0);
  EXPECT_EQ(sync.Wait(), 0);
  error = ENOSPC;
  EXPECT_EQ(sync.Use(NoFile()), ENOSPC);
  EXPECT_EQ(sync.Ready(), ENOSPC);
}

TEST(GroupSyncTest, NobodyWaitsForASlowDiskLongerThanThePatience) {
  Gate gate;
  GroupSync sync(NoFile(), absl::Milliseconds(1), [&gate](int) { return gate.Pass(); });
  EXPECT_EQ(sync.Wait(), ETIMEDOUT);
  gate.AwaitEntered();
  while (sync.Ready() == 0) std::this_thread::yield();
  EXPECT_EQ(sync.Ready(), ETIMEDOUT);
  gate.Open();
  while (sync.Ready() != 0) std::this_thread::yield();
}

}  // namespace
}  // namespace behalf

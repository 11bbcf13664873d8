#include "daemon/audit/group_sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

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
        results[static_cast<std::size_t>(i)] = sync.Wait(sync.Written());
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
  EXPECT_EQ(sync.Wait(sync.Written()), EIO);
  error = 0;
  EXPECT_EQ(sync.Ready(), EIO);
  EXPECT_EQ(sync.Wait(sync.Written()), EIO);
  EXPECT_EQ(sync.Use(NoFile()), 0);
  EXPECT_EQ(sync.Ready(), 0);
  EXPECT_EQ(sync.Wait(sync.Written()), 0);
  error = ENOSPC;
  EXPECT_EQ(sync.Use(NoFile()), ENOSPC);
  EXPECT_EQ(sync.Ready(), ENOSPC);
}

TEST(GroupSyncTest, NobodyWaitsForASlowDiskLongerThanThePatience) {
  Gate gate;
  GroupSync sync(NoFile(), absl::Milliseconds(1), [&gate](int) { return gate.Pass(); });
  EXPECT_EQ(sync.Wait(sync.Written()), ETIMEDOUT);
  gate.AwaitEntered();
  while (sync.Ready() == 0) std::this_thread::yield();
  EXPECT_EQ(sync.Ready(), ETIMEDOUT);
  gate.Open();
  while (sync.Ready() != 0) std::this_thread::yield();
}

// Somebody has written, and a rotation comes before the wait: the file that is
// in use by then says nothing of what was written to the one before.
TEST(GroupSyncTest, WhatWasWrittenBeforeARotationIsSyncedByIt) {
  std::vector<int> synced;
  const auto before = std::make_shared<const Descriptor>(::dup(2));
  const int old_file = before->get();
  GroupSync sync(before, absl::Minutes(1), [&synced](int file) {
    synced.push_back(file);
    return 0;
  });
  const std::uint64_t written = sync.Written();
  EXPECT_EQ(sync.Use(NoFile()), 0);
  EXPECT_THAT(synced, testing::Contains(old_file));
  EXPECT_EQ(sync.Wait(written), 0);
}

TEST(GroupSyncTest, ARotationWhoseOldFileFailsFailsWhoWroteToIt) {
  const auto before = std::make_shared<const Descriptor>(::dup(2));
  const int old_file = before->get();
  GroupSync sync(before, absl::Minutes(1),
                 [old_file](int file) { return file == old_file ? EIO : 0; });
  const std::uint64_t written = sync.Written();
  EXPECT_EQ(sync.Use(NoFile()), EIO);
  EXPECT_NE(sync.Wait(written), 0);
  EXPECT_EQ(sync.Ready(), EIO);
}

// The kernel may have dropped it with the failure, whatever came to hold since.
TEST(GroupSyncTest, WhatWasWrittenBeforeAFailureIsNotCalledGoodAfterIt) {
  std::atomic<int> error = EIO;
  GroupSync sync(NoFile(), absl::Minutes(1), [&error](int) { return error.load(); });
  const std::uint64_t mine = sync.Written();
  EXPECT_EQ(sync.Wait(sync.Written()), EIO);
  error = 0;
  EXPECT_EQ(sync.Use(NoFile()), 0);
  EXPECT_NE(sync.Wait(mine), 0);
  EXPECT_EQ(sync.Wait(sync.Written()), 0);
}

}  // namespace
}  // namespace behalf

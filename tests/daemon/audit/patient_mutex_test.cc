#include "daemon/audit/patient_mutex.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace behalf {
namespace {

constexpr absl::Duration kAges = absl::Hours(1);

// Other threads ask, for one may not lock twice.
bool OtherCanLock(PatientMutex& mutex) {
  bool locked = false;
  std::thread([&] {
    if (!mutex.LockInTime()) return;
    locked = true;
    mutex.Unlock();
  }).join();
  return locked;
}

TEST(PatientMutexTest, WhoComesLaterGoesOnWhenItIsFree) {
  PatientMutex mutex(kAges);
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 1000; ++turn) {
        if (!mutex.LockInTime()) return;
        ++count;
        mutex.Unlock();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 4000);
}

TEST(PatientMutexTest, NobodyWaitsForLongerThanThePatience) {
  PatientMutex mutex(absl::Milliseconds(1));
  if (!mutex.LockInTime()) FAIL();
  EXPECT_FALSE(OtherCanLock(mutex));
  EXPECT_FALSE(OtherCanLock(mutex));  // at once, for it was held for so long
  mutex.Unlock();
  EXPECT_TRUE(OtherCanLock(mutex));
}

}  // namespace
}  // namespace behalf

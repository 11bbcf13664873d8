#include "daemon/base/timer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>

#include "tests/daemon/base/coroutines.h"

namespace behalf {
namespace {

using std::chrono::steady_clock;

class TimerTest : public testing::Test {
 protected:
  ~TimerTest() override {
    timer_.Stop();
    executor_.Stop();
  }

  Executor executor_{1};
  MonotonicTimer timer_{executor_};
};

TEST_F(TimerTest, NobodyWakesBeforeTheirTime) {
  const auto before = steady_clock::now();
  EXPECT_TRUE(RunToEnd(timer_.Sleep(absl::Milliseconds(20))));
  EXPECT_GE(steady_clock::now() - before, std::chrono::milliseconds(20));
}

TEST_F(TimerTest, WhoSleepsShorterWakesFirst) {
  Running<bool> longer(timer_.Sleep(absl::Hours(1)));
  EXPECT_TRUE(RunToEnd(timer_.Sleep(absl::Milliseconds(1))));
  EXPECT_FALSE(longer.done());
  timer_.Stop();
}

TEST_F(TimerTest, AllWhoSleepAreWoken) {
  std::deque<Running<bool>> all;
  for (int i = 0; i < 100; ++i) all.emplace_back(timer_.Sleep(absl::Microseconds(100 * (i % 7))));
  for (Running<bool>& one : all) EXPECT_TRUE(one.Result());
}

TEST_F(TimerTest, ATimeThatIsOverIsNoSleep) {
  EXPECT_TRUE(RunToEnd(timer_.Sleep(-absl::Hours(1))));
}

TEST_F(TimerTest, StoppingWakesAllAndTellsThem) {
  Running<bool> sleeping(timer_.Sleep(absl::InfiniteDuration()));
  timer_.Stop();
  EXPECT_FALSE(sleeping.Result());
  EXPECT_FALSE(RunToEnd(timer_.Sleep(absl::Hours(1))));
}

}  // namespace
}  // namespace behalf

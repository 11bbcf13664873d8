#include "daemon/base/single_flight.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/daemon/base/coroutines.h"

namespace behalf {
namespace {

using Flights = SingleFlight<int>;
using Outcome = Flights::Outcome;

Reason ReasonOf(const Outcome& outcome) { return DetailOf(outcome.status()).reason; }

// Somebody who asks, and may leave.
struct Asker {
  Asker(Flights& flights, const std::string& key, Flights::Work work)
      : running(flights.Join(key, std::move(work), cancel)) {}

  Outcome Result() { return running.Result(); }

  CancelPoint cancel;
  Running<Outcome> running;
};

class SingleFlightTest : public ::testing::Test {
 protected:
  // Work that waits at the gate and then has `outcome`.
  Flights::Work Gated(Outcome outcome) {
    return [this, outcome]() -> Task<Outcome> {
      ++runs_;
      co_await gate_;
      co_return outcome;
    };
  }

  Gate gate_;
  std::atomic<int> runs_ = 0;
  Executor executor_{1};
  Flights flights_{executor_, 3};
};

TEST_F(SingleFlightTest, AllWhoAskForAKeyShareOneWorkAndItsValue) {
  std::deque<Asker> askers;
  for (int i = 0; i < 3; ++i) askers.emplace_back(flights_, "key", Gated(i + 7));
  EXPECT_EQ(flights_.size(), 1u);
  gate_.Open();
  for (Asker& asker : askers) EXPECT_EQ(*asker.Result(), 7);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(flights_.size(), 0u);
}

TEST_F(SingleFlightTest, AllWhoAskShareTheErrorWithItsDetail) {
  const auto error = MakeError(ErrorDetail{.reason = Reason::kProviderThrottled,
                                           .metadata = {{"correlation_id", "c-1"}},
                                           .retry_after = absl::Seconds(3)});
  std::deque<Asker> askers;
  for (int i = 0; i < 3; ++i) askers.emplace_back(flights_, "key", Gated(error));
  gate_.Open();
  for (Asker& asker : askers) {
    const Outcome outcome = asker.Result();
    EXPECT_EQ(ReasonOf(outcome), Reason::kProviderThrottled);
    EXPECT_EQ(DetailOf(outcome.status()).metadata.at("correlation_id"), "c-1");
    EXPECT_EQ(DetailOf(outcome.status()).retry_after, absl::Seconds(3));
  }
}

TEST_F(SingleFlightTest, DifferentKeysShareNothing) {
  Asker first(flights_, "a", Gated(1));
  Asker second(flights_, "b", Gated(2));
  EXPECT_EQ(flights_.size(), 2u);
  gate_.Open();
  EXPECT_EQ(*first.Result(), 1);
  EXPECT_EQ(*second.Result(), 2);
  EXPECT_EQ(runs_, 2);
}

TEST_F(SingleFlightTest, WhoAsksAfterTheLandingStartsAnew) {
  gate_.Open();
  EXPECT_EQ(*Asker(flights_, "key", Gated(1)).Result(), 1);
  EXPECT_EQ(*Asker(flights_, "key", Gated(2)).Result(), 2);
  EXPECT_EQ(runs_, 2);
}

TEST_F(SingleFlightTest, TheWaitersWakeOnTheExecutorAndNotWhereTheWorkEnds) {
  std::thread::id woken;
  CancelPoint cancel;
  const auto ask = [&]() -> Task<int> {
    const Outcome outcome = co_await flights_.Join("key", Gated(1), cancel);
    woken = std::this_thread::get_id();
    co_return *outcome;
  };
  const auto here = [&]() -> Task<std::thread::id> {
    co_await Hop(executor_);
    co_return std::this_thread::get_id();
  };
  Running<int> running(ask());
  gate_.Open();
  EXPECT_EQ(running.Result(), 1);
  EXPECT_EQ(woken, RunToEnd(here()));
}

TEST_F(SingleFlightTest, WhoLeavesGetsCancelledAtOnceAndTheOthersTheOutcome) {
  Asker stays(flights_, "key", Gated(7));
  Asker leaves(flights_, "key", Gated(8));
  leaves.cancel.Cancel();
  EXPECT_TRUE(leaves.running.done());
  EXPECT_EQ(ReasonOf(leaves.Result()), Reason::kCancelled);
  EXPECT_FALSE(stays.running.done());
  gate_.Open();
  EXPECT_EQ(*stays.Result(), 7);
}

TEST_F(SingleFlightTest, TheWorkGoesOnWhenTheOneWhoStartedItLeaves) {
  Asker starts(flights_, "key", Gated(7));
  starts.cancel.Cancel();
  EXPECT_EQ(ReasonOf(starts.Result()), Reason::kCancelled);
  EXPECT_EQ(flights_.size(), 1u);
  Asker joins(flights_, "key", Gated(8));
  gate_.Open();
  EXPECT_EQ(*joins.Result(), 7);
  EXPECT_EQ(runs_, 1);
}

TEST_F(SingleFlightTest, TheWorkLandsThoughAllHaveLeft) {
  auto kept = std::make_shared<int>(0);
  {
    Asker asker(flights_, "key", [this, kept]() -> Task<Outcome> {
      co_await gate_;
      co_return ++*kept;
    });
    asker.cancel.Cancel();
  }
  EXPECT_GT(kept.use_count(), 1);
  gate_.Open();
  EXPECT_EQ(*kept, 1);
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(flights_.size(), 0u);
}

TEST_F(SingleFlightTest, WhoIsCancelledAlreadyStartsNothing) {
  CancelPoint cancel;
  cancel.Cancel();
  EXPECT_EQ(ReasonOf(RunToEnd(flights_.Join("key", Gated(1), cancel))), Reason::kCancelled);
  EXPECT_EQ(runs_, 0);
  EXPECT_EQ(flights_.size(), 0u);
}

TEST_F(SingleFlightTest, TooManyWaitersAreTurnedAwayWithADelay) {
  std::deque<Asker> askers;
  for (int i = 0; i < 3; ++i) askers.emplace_back(flights_, "key", Gated(7));
  const Outcome outcome = Asker(flights_, "key", Gated(8)).Result();
  EXPECT_EQ(ReasonOf(outcome), Reason::kOverloaded);
  EXPECT_TRUE(DetailOf(outcome.status()).retry_after.has_value());
  Asker elsewhere(flights_, "other key", Gated(9));

  askers.front().cancel.Cancel();  // whose place is free again
  Asker last(flights_, "key", Gated(8));
  gate_.Open();
  EXPECT_EQ(*last.Result(), 7);
  EXPECT_EQ(*elsewhere.Result(), 9);
}

TEST_F(SingleFlightTest, AWorkStartedAheadIsSharedByThoseWhoCome) {
  flights_.Prefetch("key", Gated(1));
  flights_.Prefetch("key", Gated(2));
  EXPECT_EQ(runs_, 1);
  Asker asker(flights_, "key", Gated(3));
  gate_.Open();
  EXPECT_EQ(*asker.Result(), 1);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(flights_.size(), 0u);
}

// Many threads ask for few keys while others make them leave. Of each key at
// most one work runs at a time; who stays gets a value, who leaves gets it or
// kCancelled; nobody is left waiting and nothing is left behind.
class Storm {
 public:
  static constexpr int kKeys = 4;
  static constexpr int kThreads = 4;
  static constexpr int kRounds = 500;

  void Ask(int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const std::size_t key = static_cast<std::size_t>(round * 7 + thread) % kKeys;
      Asker asker(flights_, absl::StrCat(key), [this, key] { return Work(key); });
      const bool leaves = round % 3 == 0;
      if (leaves) asker.cancel.Cancel();
      Count(asker.Result(), leaves);
    }
  }

  // Waits for works under way that nobody waits for.
  void Settle() {
    for (std::size_t key = 0; key < kKeys; ++key) {
      EXPECT_TRUE(
          Asker(flights_, absl::StrCat(key), [this, key] { return Work(key); }).Result().ok());
    }
    EXPECT_EQ(flights_.size(), 0u);
  }

  int values() const { return values_; }
  int left() const { return left_; }
  int works() const { return works_; }

 private:
  Task<Outcome> Work(std::size_t key) {
    EXPECT_EQ(flying_[key]++, 0);
    ++works_;
    co_await Hop(network_);
    co_await Hop(network_);
    EXPECT_EQ(flying_[key]--, 1);
    co_return static_cast<int>(key);
  }

  void Count(const Outcome& outcome, bool left) {
    if (outcome.ok()) {
      ++values_;
    } else {
      EXPECT_TRUE(left);
      EXPECT_EQ(ReasonOf(outcome), Reason::kCancelled);
      ++left_;
    }
  }

  std::array<std::atomic<int>, kKeys> flying_ = {};
  std::atomic<int> works_ = 0, values_ = 0, left_ = 0;
  Executor executor_{2};
  Flights flights_{executor_, 1000};
  Executor network_{2};  // ends first: a work's last steps are its threads'
};

TEST(SingleFlightStormTest, EveryoneIsAnsweredOnceAndWorkIsShared) {
  Storm storm;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < Storm::kThreads; ++thread) {
    threads.emplace_back([&storm, thread] { storm.Ask(thread); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(storm.values() + storm.left(), Storm::kThreads * Storm::kRounds);
  EXPECT_GE(storm.values(), Storm::kThreads * Storm::kRounds * 6 / 10);
  EXPECT_LE(storm.works(), Storm::kThreads * Storm::kRounds);
  storm.Settle();
}

// The work lands on one thread while the asker leaves on another: it is woken
// once, with one outcome or the other.
TEST(SingleFlightStormTest, LandingAndLeavingAtTheSameMomentWakeOnce) {
  Executor executor(1);
  Flights flights(executor, 10);
  Executor network(1);
  const Flights::Work work = [&network]() -> Task<Outcome> {
    co_await Hop(network);
    co_return 1;
  };
  for (int round = 0; round < 3000; ++round) {
    Asker asker(flights, "key", work);
    asker.cancel.Cancel();
    const Outcome outcome = asker.Result();
    EXPECT_TRUE(outcome.ok() || ReasonOf(outcome) == Reason::kCancelled);
  }
  EXPECT_EQ(*Asker(flights, "key", work).Result(), 1);
  EXPECT_EQ(flights.size(), 0u);
}

}  // namespace
}  // namespace behalf

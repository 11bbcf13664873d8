#include "daemon/oauth/circuit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "tests/fakes/fake_steady_clock.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

constexpr char kProblem[] = "nobody is there";

class CircuitTest : public testing::Test {
 protected:
  bool MayAsk(std::string_view asker = "ada") { return circuit_.Enter(asker).ok(); }
  bool IsOpen() const { return circuit_.Now().open; }
  void Fail(int times) {
    for (int i = 0; i < times; ++i) circuit_.Failed(circuit_.Sending(), kProblem);
  }
  void Open() { Fail(Circuit::kFailuresThatOpen); }
  // Until anybody may send the next probe, however it is jittered.
  void PassAnInterval() {
    steady_.Advance(Circuit::kInterval + Circuit::kJitter + Circuit::kYield);
  }

  FakeSteadyClock steady_;
  Circuit circuit_{steady_};
};

TEST_F(CircuitTest, OpensWhenFiveInARowHadNoAnswer) {
  Fail(Circuit::kFailuresThatOpen - 1);
  EXPECT_FALSE(IsOpen());
  EXPECT_TRUE(circuit_.Failed(circuit_.Sending(), kProblem));
  EXPECT_TRUE(IsOpen());
  EXPECT_EQ(circuit_.Now().problem, kProblem);
}

TEST_F(CircuitTest, AnAnswerBetweenBeginsTheRowAnew) {
  for (int i = 0; i < 10; ++i) {
    Fail(Circuit::kFailuresThatOpen - 1);
    ASSERT_FALSE(IsOpen());
    circuit_.Answered();
  }
}

TEST_F(CircuitTest, SaysWhenTheNextProbeIsDue) {
  Open();
  steady_.Advance(absl::Milliseconds(300));
  for (int i = 0; i < 100; ++i) {
    const absl::Status refusal = circuit_.Enter("ada");
    EXPECT_THAT(refusal, HasReason(Reason::kProviderUnavailable));
    const absl::Duration wait = DetailOf(refusal).retry_after.value_or(absl::ZeroDuration());
    EXPECT_GE(wait, Circuit::kInterval - absl::Milliseconds(300));
    EXPECT_LE(wait, Circuit::kInterval + Circuit::kJitter + Circuit::kSpread);
    EXPECT_NE(refusal.message().find(kProblem), absl::string_view::npos);
  }
}

TEST_F(CircuitTest, WhoIsRefusedComesBackNotAllAtOnce) {
  Open();
  const auto first = *DetailOf(circuit_.Enter("ada")).retry_after;
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    differs |= *DetailOf(circuit_.Enter("ada")).retry_after != first;
  }
  EXPECT_TRUE(differs);
}

TEST_F(CircuitTest, WhoComesWhenTheyWereToldToMayAskIfNobodyElseDid) {
  Open();
  for (int i = 0; i < 20; ++i) {
    const auto told = *DetailOf(circuit_.Enter("ada")).retry_after;
    EXPECT_LT(told, absl::Seconds(2));
    steady_.Advance(told);
    ASSERT_TRUE(MayAsk());
  }
}

TEST_F(CircuitTest, InAnIntervalOneProbeIsSentHoweverManyAsk) {
  Open();
  absl::Duration last = steady_.Elapsed();
  int probes = 0;
  for (int i = 0; i < 60'000; ++i, steady_.Advance(absl::Milliseconds(1))) {
    if (!MayAsk(absl::StrCat(i % 7))) continue;
    EXPECT_GE(steady_.Elapsed() - last, Circuit::kInterval);
    EXPECT_LE(steady_.Elapsed() - last,
              Circuit::kInterval + Circuit::kJitter + absl::Milliseconds(7));
    last = steady_.Elapsed();
    ++probes;
  }
  EXPECT_GT(probes, 45);
}

TEST_F(CircuitTest, OfManyThreadsOneSendsTheProbe) {
  for (int round = 0; round < 20; ++round) {
    Open();
    PassAnInterval();
    std::atomic<int> probes = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        for (int j = 0; j < 125; ++j) probes += MayAsk(absl::StrCat(i)) ? 1 : 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(probes, 1);
    circuit_.Answered();
  }
}

TEST_F(CircuitTest, AProbeThatFailsLeavesItOpen) {
  Open();
  PassAnInterval();
  EXPECT_TRUE(MayAsk());
  EXPECT_FALSE(circuit_.Failed(circuit_.Sending(), "another problem")) << "it was open before";
  EXPECT_TRUE(IsOpen());
  EXPECT_FALSE(MayAsk("bob"));
  EXPECT_EQ(circuit_.Now().problem, "another problem");
}

TEST_F(CircuitTest, AnAnswerClosesItAtOnceAndTellsForHowLongItWasOpen) {
  Open();
  steady_.Advance(absl::Minutes(30));
  EXPECT_TRUE(MayAsk());
  EXPECT_EQ(circuit_.Answered(), absl::Minutes(30));
  EXPECT_FALSE(IsOpen());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(MayAsk());
  EXPECT_EQ(circuit_.Answered(), std::nullopt);
  Fail(Circuit::kFailuresThatOpen - 1);
  EXPECT_FALSE(IsOpen()) << "the row begins anew";
}

TEST_F(CircuitTest, AProbeThatHangsOrIsNeverHeardOfHoldsUpNoOther) {
  Open();
  for (int i = 0; i < 10; ++i) {
    PassAnInterval();
    EXPECT_TRUE(MayAsk());
    EXPECT_FALSE(MayAsk());
  }
}

TEST_F(CircuitTest, WhatFailsTogetherOpensItOnceAndPostponesNoProbe) {
  std::vector<Circuit::Sent> sent;
  for (int i = 0; i < 1000; ++i) sent.push_back(circuit_.Sending());
  int opened = 0;
  for (const Circuit::Sent& one : sent) {
    opened += circuit_.Failed(one, kProblem) ? 1 : 0;
    steady_.Advance(absl::Milliseconds(2));
  }
  EXPECT_EQ(opened, 1);
  EXPECT_TRUE(MayAsk());
}

TEST_F(CircuitTest, WhatWasSentBeforeTheLastAnswerDoesNotOpenItAgain) {
  std::vector<Circuit::Sent> hanging;
  for (int i = 0; i < 100; ++i) hanging.push_back(circuit_.Sending());
  Open();
  PassAnInterval();
  EXPECT_TRUE(MayAsk());
  circuit_.Answered();
  for (const Circuit::Sent& one : hanging) EXPECT_FALSE(circuit_.Failed(one, kProblem));
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitTest, WhoSentTheLastProbeLeavesTheNextToOthersForAWhile) {
  Open();
  PassAnInterval();
  EXPECT_TRUE(MayAsk("greedy"));
  steady_.Advance(Circuit::kInterval + Circuit::kJitter);
  EXPECT_FALSE(MayAsk("greedy"));
  EXPECT_TRUE(MayAsk("other"));
  PassAnInterval();
  EXPECT_TRUE(MayAsk("other")) << "nobody else came";
}

TEST_F(CircuitTest, TellsOperatorsWhatItKnows) {
  EXPECT_FALSE(circuit_.Now().open);
  Open();
  steady_.Advance(absl::Milliseconds(400));
  const Circuit::State state = circuit_.Now();
  EXPECT_TRUE(state.open);
  EXPECT_EQ(state.open_for, absl::Milliseconds(400));
  EXPECT_GE(state.next_probe_in, absl::Milliseconds(600));
  EXPECT_LE(state.next_probe_in, absl::Milliseconds(800));
  steady_.Advance(absl::Hours(1));
  EXPECT_EQ(circuit_.Now().next_probe_in, absl::ZeroDuration());
  circuit_.Answered();
  EXPECT_EQ(circuit_.Now().problem, "");
}

}  // namespace
}  // namespace behalf

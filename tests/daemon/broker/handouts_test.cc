#include "daemon/broker/handouts.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

namespace behalf {
namespace {

TEST(Handouts, WithNobodyInsideNothingIsWaitedFor) {
  Handouts handouts;
  handouts.AwaitEarlier();
  {
    const Handouts::Permit permit = handouts.Enter();
  }
  handouts.AwaitEarlier();
}

TEST(Handouts, WhoEnteredBeforeIsWaitedFor) {
  Handouts handouts;
  std::optional<Handouts::Permit> permit = handouts.Enter();
  std::atomic<bool> left = false;
  std::thread waiting([&] {
    handouts.AwaitEarlier();
    EXPECT_TRUE(left);
  });
  left = true;
  permit.reset();
  waiting.join();
}

TEST(Handouts, APermitThatMovedIsLeftOnce) {
  Handouts handouts;
  {
    Handouts::Permit first = handouts.Enter();
    Handouts::Permit second = std::move(first);
    Handouts::Permit third;
    third = std::move(second);
  }
  handouts.AwaitEarlier();
  handouts.AwaitEarlier();
}

}  // namespace
}  // namespace behalf

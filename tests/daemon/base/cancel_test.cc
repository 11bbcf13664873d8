#include "daemon/base/cancel.h"

#include <gtest/gtest.h>

namespace behalf {
namespace {

// Something to be parked in that writes down what is done to it.
class Bench final : public Abandonable {
 public:
  bool Abandon() override {
    ++abandoned;
    return seated;
  }
  void Wake() override { ++woken; }

  bool seated = true;
  int abandoned = 0;
  int woken = 0;
};

TEST(CancelTest, ACallIsNotCancelledUntilItIs) {
  CancelPoint point;
  EXPECT_FALSE(point.cancelled());
  point.Cancel();
  EXPECT_TRUE(point.cancelled());
}

TEST(CancelTest, WhoIsParkedIsTakenOutAndWoken) {
  CancelPoint point;
  Bench bench;
  EXPECT_EQ(point.TryPark(&bench, [] { return true; }), CancelPoint::Parking::kParked);
  point.Cancel();
  EXPECT_EQ(bench.abandoned, 1);
  EXPECT_EQ(bench.woken, 1);
}

TEST(CancelTest, WhoWasTakenOutByOthersIsNotWokenTwice) {
  CancelPoint point;
  Bench bench;
  point.TryPark(&bench, [] { return true; });
  bench.seated = false;
  point.Cancel();
  EXPECT_EQ(bench.abandoned, 1);
  EXPECT_EQ(bench.woken, 0);
}

TEST(CancelTest, WhoLeftIsNotTouched) {
  CancelPoint point;
  Bench bench;
  point.TryPark(&bench, [] { return true; });
  point.Unpark();
  point.Cancel();
  EXPECT_EQ(bench.abandoned, 0);
  EXPECT_EQ(bench.woken, 0);
}

TEST(CancelTest, WhoDidNotParkIsNotTouched) {
  CancelPoint point;
  Bench bench;
  EXPECT_EQ(point.TryPark(&bench, [] { return false; }), CancelPoint::Parking::kReady);
  point.Cancel();
  EXPECT_EQ(bench.abandoned, 0);
}

TEST(CancelTest, ACancelledCallNeitherParksNorTries) {
  CancelPoint point;
  Bench bench;
  point.Cancel();
  bool tried = false;
  const auto park = [&] { return tried = true; };
  EXPECT_EQ(point.TryPark(&bench, park), CancelPoint::Parking::kCancelled);
  EXPECT_FALSE(tried);
}

}  // namespace
}  // namespace behalf

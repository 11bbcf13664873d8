#include "daemon/traces/sampling.h"

#include <gtest/gtest.h>

#include <string>

#include "daemon/crypto/digest.h"
#include "daemon/crypto/random.h"

namespace behalf {
namespace {

constexpr char kDecision[] = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";

bool IsTold(int one_in, const std::string& decision) {
  return Sampling(one_in)
      .IdsOf({.decision_id = decision, .trace_id = {}, .sampled = false})
      .has_value();
}

TEST(SamplingTest, ATraceGoesOnWhereItsCallerKeepsIt) {
  for (const int one_in : {0, 1, 1000}) {
    const Sampling sampling(one_in);
    const auto ids =
        sampling.IdsOf({.decision_id = kDecision, .trace_id = kTrace, .sampled = true});
    ASSERT_TRUE(ids.has_value());
    EXPECT_EQ(ids->trace_id, kTrace);
    EXPECT_EQ(ids->span_id, "8796a5b4c3d2e1f0");
    EXPECT_FALSE(sampling.IdsOf({.decision_id = kDecision, .trace_id = kTrace, .sampled = false}));
  }
}

TEST(SamplingTest, ATraceThatBeginsHasTheIdOfTheDecision) {
  EXPECT_FALSE(IsTold(0, kDecision));
  const auto ids = Sampling(1).IdsOf({.decision_id = kDecision, .trace_id = {}, .sampled = false});
  ASSERT_TRUE(ids.has_value());
  EXPECT_EQ(ids->trace_id, kDecision);
  EXPECT_EQ(ids->span_id, "8796a5b4c3d2e1f0");
}

TEST(SamplingTest, OneInSoManyIsByTheRandomPartOfTheId) {
  const std::string head(18, 'f');
  EXPECT_TRUE(IsTold(256, head + "00ffffffffffff"));
  EXPECT_FALSE(IsTold(256, head + "01000000000000"));
  EXPECT_TRUE(IsTold(1, head + "ffffffffffffff"));
}

TEST(SamplingTest, OfManyAboutAsManyAreTold) {
  int told = 0;
  for (int i = 0; i < 10'000; ++i) told += IsTold(10, Hex(RandomBytes(16)));
  EXPECT_GT(told, 700);  // ten standard deviations
  EXPECT_LT(told, 1300);
}

TEST(SamplingTest, WhatHasNoDecisionIsNotTold) {
  EXPECT_FALSE(Sampling(1).IdsOf({.decision_id = {}, .trace_id = kTrace, .sampled = true}));
}

}  // namespace
}  // namespace behalf

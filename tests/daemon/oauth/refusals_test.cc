#include "daemon/oauth/refusals.h"

#include <set>
#include <string>

#include "tests/status_matchers.h"

namespace behalf {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
const absl::Duration kMoment = absl::Nanoseconds(1);

absl::Status Throttled(std::optional<absl::Duration> retry_after) {
  return MakeError(ErrorDetail{.reason = Reason::kProviderThrottled, .retry_after = retry_after});
}

class RefusalsTest : public testing::Test {
 protected:
  std::optional<absl::Status> After(absl::Duration time) {
    return refusals_.Recall("key", kNow + time);
  }

  Refusals refusals_{1 << 20};
};

TEST_F(RefusalsTest, WhatSomebodyMustDoSomethingAboutIsKeptAndNothingElse) {
  const std::set<Reason> lasting = {
      Reason::kInteractionRequired, Reason::kConsentRequired,   Reason::kAccessBlocked,
      Reason::kSubjectRefused,      Reason::kCredentialRefused, Reason::kProviderMisconfigured,
      Reason::kProviderRejected,    Reason::kProviderThrottled,
  };
  for (const ReasonRow& row : AllReasons()) {
    const std::string key(row.name);
    refusals_.Keep(key, MakeError(row.reason), kNow);
    const auto told = refusals_.Recall(key, kNow);
    EXPECT_EQ(told.has_value(), lasting.contains(row.reason)) << row.name;
    EXPECT_THAT(told.value_or(MakeError(row.reason)), HasReason(row.reason));
  }
}

TEST_F(RefusalsTest, AreToldAsTheyWereForAFewSeconds) {
  const ErrorDetail detail{.reason = Reason::kConsentRequired,
                           .metadata = {{"suberror", "consent_required"}}};
  refusals_.Keep("key", MakeError(detail, "as it was"), kNow);
  const auto told = After(Refusals::kKeptFor - kMoment);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->message(), "as it was");
  EXPECT_EQ(DetailOf(*told).metadata, detail.metadata);
  EXPECT_EQ(DetailOf(*told).retry_after, std::nullopt);
  EXPECT_FALSE(After(Refusals::kKeptFor).has_value());
  EXPECT_FALSE(refusals_.Recall("other", kNow).has_value());
}

TEST_F(RefusalsTest, ThrottlingLastsAsLongAsTheProviderSays) {
  refusals_.Keep("key", Throttled(absl::Seconds(40)), kNow);
  EXPECT_TRUE(After(absl::Seconds(40) - kMoment).has_value());
  EXPECT_FALSE(After(absl::Seconds(40)).has_value());
  refusals_.Keep("key", Throttled(std::nullopt), kNow);
  EXPECT_TRUE(After(Refusals::kKeptFor - kMoment).has_value());
  EXPECT_FALSE(After(Refusals::kKeptFor).has_value());
}

TEST_F(RefusalsTest, WhoAskLaterWaitLessAndNotAllTheSame) {
  refusals_.Keep("key", Throttled(absl::Seconds(40)), kNow);
  std::set<absl::Duration> waits;
  for (int i = 0; i < 200; ++i) {
    waits.insert(DetailOf(*After(absl::Seconds(20))).retry_after.value());
  }
  EXPECT_GE(*waits.begin(), absl::Seconds(20));
  EXPECT_LE(*waits.rbegin(), absl::Seconds(25));
  EXPECT_GT(*waits.rbegin() - *waits.begin(), absl::Seconds(3));
}

}  // namespace
}  // namespace behalf

#include "daemon/audit/denial_quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const absl::Time kMinute = absl::FromUnixSeconds(1'750'000'020);  // a full minute

int Admitted(DenialQuota& quota, std::optional<uid_t> uid, int tries, absl::Time now) {
  int admitted = 0;
  for (int i = 0; i < tries; ++i) admitted += quota.Admit(uid, now) ? 1 : 0;
  return admitted;
}

TEST(DenialQuotaTest, AdmitsSoManyAMinuteAndCountsTheRest) {
  DenialQuota quota(3);
  EXPECT_EQ(Admitted(quota, 7, 10, kMinute), 3);
  EXPECT_THAT(quota.TakeDue(kMinute + absl::Seconds(59.9)), IsEmpty());
  EXPECT_THAT(quota.TakeDue(kMinute + absl::Minutes(1)),
              ElementsAre(SuppressedDenials{.uid = 7, .count = 7, .since = kMinute}));
  EXPECT_THAT(quota.TakeDue(kMinute + absl::Minutes(2)), IsEmpty());
  EXPECT_EQ(Admitted(quota, 7, 10, kMinute + absl::Minutes(2)), 3);
}

TEST(DenialQuotaTest, SaysNothingOfWhoKeptWithinTheQuota) {
  DenialQuota quota(3);
  EXPECT_EQ(Admitted(quota, 7, 3, kMinute), 3);
  EXPECT_THAT(quota.TakeDue(kMinute + absl::Minutes(1)), IsEmpty());
}

TEST(DenialQuotaTest, AQuotaOfNoneCountsEverything) {
  DenialQuota quota(0);
  EXPECT_EQ(Admitted(quota, 7, 2, kMinute), 0);
  EXPECT_THAT(quota.TakeAll(),
              ElementsAre(SuppressedDenials{.uid = 7, .count = 2, .since = kMinute}));
}

TEST(DenialQuotaTest, OneUserDoesNotUseUpAnothers) {
  DenialQuota quota(2);
  EXPECT_EQ(Admitted(quota, 7, 100, kMinute), 2);
  EXPECT_EQ(Admitted(quota, 8, 1, kMinute), 1);
}

TEST(DenialQuotaTest, UsersBeyondTheBoundShareOneCount) {
  DenialQuota quota(2, /*max_users=*/2);
  EXPECT_EQ(Admitted(quota, 1, 1, kMinute), 1);
  EXPECT_EQ(Admitted(quota, 2, 1, kMinute), 1);
  int admitted = 0;
  for (uid_t uid = 3; uid < 1000; ++uid) admitted += Admitted(quota, uid, 1, kMinute);
  EXPECT_EQ(admitted, 2);
  EXPECT_EQ(Admitted(quota, std::nullopt, 1, kMinute), 0);
  EXPECT_THAT(quota.TakeAll(), ElementsAre(SuppressedDenials{.count = 996, .since = kMinute}));
}

TEST(DenialQuotaTest, TimesSlightlyOutOfOrderStayInTheirMinute) {
  DenialQuota quota(2);
  EXPECT_EQ(Admitted(quota, 7, 2, kMinute), 2);
  EXPECT_EQ(Admitted(quota, 7, 2, kMinute - absl::Milliseconds(1)), 0);
  EXPECT_EQ(Admitted(quota, 7, 1, kMinute), 0);
}

TEST(DenialQuotaTest, AClockSetBackStartsANewMinute) {
  DenialQuota quota(1);
  EXPECT_EQ(Admitted(quota, 7, 2, kMinute), 1);
  EXPECT_EQ(Admitted(quota, 7, 1, kMinute - absl::Hours(1)), 1);
  EXPECT_THAT(quota.TakeDue(kMinute - absl::Hours(1)),
              ElementsAre(SuppressedDenials{.uid = 7, .count = 1, .since = kMinute}));
}

TEST(DenialQuotaTest, WhatIsReturnedIsDueOnceMoreWhenTheMinuteTurns) {
  DenialQuota quota(0);
  Admitted(quota, 7, 2, kMinute);
  Admitted(quota, 8, 1, kMinute);
  const absl::Time next = kMinute + absl::Minutes(1);
  for (const SuppressedDenials& denials : quota.TakeDue(next)) quota.Return(denials);
  EXPECT_THAT(quota.TakeDue(next), IsEmpty());
  Admitted(quota, 7, 5, next);
  EXPECT_THAT(quota.TakeDue(next + absl::Minutes(1)),
              UnorderedElementsAre(SuppressedDenials{.uid = 7, .count = 7, .since = kMinute},
                                   SuppressedDenials{.uid = 8, .count = 1, .since = kMinute}));
}

TEST(DenialQuotaTest, WhatIsNeverTakenStaysBoundedAndCounted) {
  DenialQuota quota(0, /*max_users=*/2);
  std::int64_t tried = 0;
  for (int minute = 0; minute < 100; ++minute) {
    for (uid_t uid = 0; uid < 3; ++uid, ++tried) {
      quota.Admit(uid + static_cast<uid_t>(3 * minute), kMinute + absl::Minutes(minute));
    }
  }
  const std::vector<SuppressedDenials> all = quota.TakeAll();
  EXPECT_LE(all.size(), 4U);
  std::int64_t counted = 0;
  for (const SuppressedDenials& denials : all) counted += denials.count;
  EXPECT_EQ(counted, tried);
}

TEST(DenialQuotaTest, ThreadsTogetherAdmitNoMoreThanTheQuota) {
  DenialQuota quota(50);
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { admitted += Admitted(quota, 7, 100, kMinute); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 50);
  EXPECT_THAT(quota.TakeAll(),
              ElementsAre(SuppressedDenials{.uid = 7, .count = 750, .since = kMinute}));
}

}  // namespace
}  // namespace behalf

#include "daemon/audit/audit_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/daemon/audit/audit_file.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const absl::Time kMinute = absl::FromUnixSeconds(1'750'000'020);  // a full minute
const absl::Time kNextMinute = kMinute + absl::Minutes(1);

constexpr std::string_view kSeed = "0123456789abcdef0123456789abcdef";

class AuditTrailTest : public testing::Test {
 protected:
  std::unique_ptr<AuditTrail> Open(int denials_per_minute) {
    auto trail = AuditTrail::Open(file_.path(), denials_per_minute);
    EXPECT_THAT(trail, IsOk());
    return *std::move(trail);
  }

  static absl::Status Record(AuditTrail& trail, AuditEvent event, uid_t uid, absl::Time time) {
    return trail.Record({.time = time, .event = event, .caller = {.uid = uid}});
  }

  AuditFile file_;
};

TEST_F(AuditTrailTest, WhatGivesATokenIsWrittenHoweverMuch) {
  const auto trail = Open(2);
  for (int i = 0; i < 5; ++i) {
    for (const AuditEvent event :
         {AuditEvent::kTokenIssued, AuditEvent::kHandleCreated, AuditEvent::kHandleRedeemed}) {
      EXPECT_THAT(Record(*trail, event, 7, kMinute), IsOk());
    }
  }
  EXPECT_THAT(file_.Lines(), SizeIs(15));
}

TEST_F(AuditTrailTest, DenialsAndFailuresShareAQuotaAndAreSummarisedBeforeTheNextRecord) {
  const auto trail = Open(2);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Record(*trail, AuditEvent::kDenied, 7, kMinute), IsOk());
    EXPECT_THAT(Record(*trail, AuditEvent::kFailed, 7, kMinute), IsOk());
  }
  EXPECT_THAT(file_.Lines(), SizeIs(2));
  EXPECT_THAT(Record(*trail, AuditEvent::kTokenIssued, 8, kNextMinute), IsOk());
  EXPECT_THAT(file_.Lines(),
              ElementsAre(HasSubstr("denied"), HasSubstr("failed"),
                          AllOf(HasSubstr(R"("event":"denials_summarised")"),
                                HasSubstr(R"("uid":7)"), HasSubstr(R"("suppressed":8)"),
                                HasSubstr(R"("since":"2025-06-15T15:07:00.000000Z")")),
                          HasSubstr("token_issued")));
}

TEST_F(AuditTrailTest, SignsOnceAMinuteInQuietTimesAndAtTheEnd) {
  const auto trail = *AuditTrail::Open(file_.path(), 2, Ed25519PrivateKey(SecretString(kSeed)));
  const auto heads = [this] {
    std::size_t count = 0;
    for (const std::string& line : file_.Lines()) count += SignedLineOf(line) ? 1 : 0;
    return count;
  };
  for (const absl::Time now : {kMinute, kMinute + absl::Seconds(30), kNextMinute}) {
    EXPECT_THAT(Record(*trail, AuditEvent::kTokenIssued, 7, now), IsOk());
    EXPECT_THAT(trail->Flush(now), IsOk());
  }
  EXPECT_EQ(heads(), 2U);
  EXPECT_THAT(trail->Flush(kNextMinute + absl::Minutes(5)), IsOk());
  EXPECT_EQ(heads(), 2U) << "of nothing new";
  EXPECT_THAT(trail->Stop(kNextMinute), IsOk());
  EXPECT_EQ(heads(), 3U);
  EXPECT_TRUE(SignedLineOf(file_.Lines().back()));
}

TEST_F(AuditTrailTest, QuestionsShareTheQuotaOfDenials) {
  const auto trail = Open(2);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Record(*trail, AuditEvent::kExplained, 7, kMinute), IsOk());
    EXPECT_THAT(Record(*trail, AuditEvent::kDenied, 7, kMinute), IsOk());
  }
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("explained"), HasSubstr("denied")));
}

TEST_F(AuditTrailTest, FlushSummarisesInQuietTimes) {
  const auto trail = Open(0);
  EXPECT_THAT(Record(*trail, AuditEvent::kDenied, 7, kMinute), IsOk());
  EXPECT_THAT(Record(*trail, AuditEvent::kDenied, 8, kMinute), IsOk());
  EXPECT_THAT(trail->Flush(kMinute), IsOk());
  EXPECT_THAT(file_.Lines(), IsEmpty());
  EXPECT_THAT(trail->Flush(kNextMinute), IsOk());
  EXPECT_THAT(file_.Lines(), AllOf(SizeIs(2), Each(HasSubstr("denials_summarised"))));
}

TEST_F(AuditTrailTest, StopLosesNoCount) {
  const auto trail = Open(0);
  EXPECT_THAT(Record(*trail, AuditEvent::kDenied, 7, kMinute), IsOk());
  EXPECT_THAT(trail->Stop(kMinute + absl::Seconds(1)), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("denials_summarised"), HasSubstr("stopped")));
}

TEST_F(AuditTrailTest, ReopeningIsRecordedInTheNewFile) {
  const auto trail = Open(0);
  std::filesystem::rename(file_.path(), file_.path() + ".1");
  EXPECT_THAT(trail->Reopen(kMinute), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr(R"("event":"reopened")")));
}

TEST_F(AuditTrailTest, AFileThatCannotBeOpenedIsAnError) {
  EXPECT_THAT(AuditTrail::Open(file_.directory() + "/no/file", 1),
              HasReason(Reason::kAuditUnavailable));
}

}  // namespace
}  // namespace behalf

#include "daemon/audit/audit_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/daemon/audit/audit_file.h"
#include "tests/daemon/audit/full_disk.h"
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
  const auto trail =
      *AuditTrail::Open(file_.path(), 2, {.key = Ed25519PrivateKey(SecretString(kSeed))});
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

class OutageTest : public AuditTrailTest {
 protected:
  // Long enough that the reserve is below the size that FullDisk bounds.
  OutageTest() {
    for (int i = 0; i < 30; ++i) {
      EXPECT_THAT(Record(*trail_, AuditEvent::kTokenIssued, 7, kMinute), IsOk());
    }
  }

  void FailFor(AuditEvent event, int times) {
    const FullDisk full(file_.Text().size());
    for (int i = 0; i < times; ++i) {
      EXPECT_THAT(Record(*trail_, event, 7, kMinute + absl::Seconds(i)),
                  HasReason(Reason::kAuditUnavailable));
    }
  }

  std::vector<std::string> NewLines() const {
    std::vector<std::string> lines = file_.Lines();
    return {lines.begin() + 30, lines.end()};
  }

  std::string Reserve() const {
    std::string text = TextOf(file_.path() + ".reserve");
    return text.substr(0, text.find_last_not_of('\n') + 1);
  }

  std::unique_ptr<AuditTrail> trail_ = Open(600);
};

TEST_F(OutageTest, IsInTheReserveAndThenInTheRecord) {
  EXPECT_THAT(trail_->ReserveProblem(), IsOk());
  EXPECT_EQ(Reserve(), "");
  FailFor(AuditEvent::kTokenIssued, 3);
  EXPECT_THAT(Reserve(), AllOf(HasSubstr(R"("event":"unwritable")"), HasSubstr("File too large")));
  EXPECT_THAT(Record(*trail_, AuditEvent::kTokenIssued, 8, kNextMinute), IsOk());
  EXPECT_THAT(NewLines(),
              ElementsAre(HasSubstr(R"("event":"unwritable")"),
                          AllOf(HasSubstr(R"("event":"resumed")"), HasSubstr(R"("suppressed":3)"),
                                HasSubstr(R"("since":"2025-06-15T15:07:00.000000Z")")),
                          HasSubstr(R"("uid":8)")));
  EXPECT_EQ(Reserve(), "");
  FailFor(AuditEvent::kTokenIssued, 1);
  EXPECT_THAT(trail_->Flush(kNextMinute), IsOk());
  EXPECT_THAT(NewLines().back(), HasSubstr(R"("suppressed":1)"));
}

TEST_F(OutageTest, WhatIsRevokedIsRecordedInTheReserve) {
  FailFor(AuditEvent::kTokenIssued, 1);
  {
    const FullDisk full(file_.Text().size());
    EXPECT_THAT(trail_->Record({.time = kMinute,
                                .event = AuditEvent::kRevoked,
                                .revocation = {.kind = "agent", .said = "invoice-bot"}}),
                IsOk());
  }
  EXPECT_THAT(Reserve(), HasSubstr("invoice-bot"));
  EXPECT_THAT(trail_->Stop(kNextMinute), IsOk());
  EXPECT_THAT(NewLines(), ElementsAre(HasSubstr("unwritable"), HasSubstr("invoice-bot"),
                                      HasSubstr("resumed"), HasSubstr("stopped")));
}

TEST_F(OutageTest, IsRecordedByTheNextDaemon) {
  FailFor(AuditEvent::kTokenIssued, 1);
  trail_ = Open(600);
  EXPECT_THAT(Record(*trail_, AuditEvent::kStarted, 7, kNextMinute), IsOk());
  EXPECT_THAT(NewLines(),
              ElementsAre(HasSubstr("unwritable"), HasSubstr("resumed"), HasSubstr("started")));
  EXPECT_EQ(Reserve(), "");
}

TEST_F(OutageTest, AFullReserveStopsNothing) {
  AuditRecord revoked = {.time = kMinute, .event = AuditEvent::kRevoked};
  revoked.revocation.said = std::string(1000, 'x');
  FailFor(AuditEvent::kTokenIssued, 1);
  int recorded = 0;
  {
    const FullDisk full(file_.Text().size());
    for (int i = 0; i < 40; ++i) recorded += trail_->Record(revoked).ok() ? 1 : 0;
  }
  EXPECT_GT(recorded, 0);
  EXPECT_LT(recorded, 40);
  EXPECT_THAT(Record(*trail_, AuditEvent::kTokenIssued, 7, kNextMinute), IsOk());
  EXPECT_THAT(NewLines(), SizeIs(recorded + 3));
}

TEST_F(AuditTrailTest, WithoutAReserveAnOutageStillEnds) {
  std::filesystem::create_directory(file_.path() + ".reserve");
  const auto trail = Open(600);
  EXPECT_THAT(trail->ReserveProblem().ToString(), HasSubstr(".reserve"));
  {
    const FullDisk full(0);
    EXPECT_THAT(Record(*trail, AuditEvent::kTokenIssued, 7, kMinute),
                HasReason(Reason::kAuditUnavailable));
  }
  EXPECT_THAT(Record(*trail, AuditEvent::kTokenIssued, 7, kMinute), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("resumed"), HasSubstr("token_issued")));
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

#include "daemon/metrics/counting_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "daemon/base/error.h"
#include "tests/daemon/metrics/series.h"
#include "tests/fakes/fake_audit.h"
#include "tests/fakes/fake_clock.h"

namespace behalf {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;

class CountingSinkTest : public testing::Test {
 protected:
  double Of(const std::string& series) { return SeriesOf(registry_).at(series); }
  double Granted(const std::string& event, const std::string& cached) {
    return Of("behalf_granted_total{cached=\"" + cached + "\",event=\"" + event + "\"}");
  }
  absl::Status Record(AuditEvent event, std::optional<Reason> reason = {}, bool cached = false) {
    return sink_.Record({.event = event, .reason = reason, .cached = cached});
  }

  static constexpr char kUnavailable[] =
      "behalf_refused_total{code=\"UNAVAILABLE\",move=\"retry\",reason=\"PROVIDER_"
      "UNAVAILABLE\"}";
  static constexpr char kNotAllowed[] =
      "behalf_refused_total{code=\"PERMISSION_DENIED\",move=\"operator\",reason=\"NOT_ALLOWED\"}";

  FakeClock clock_;
  FakeAudit audit_;
  prometheus::Registry registry_;
  CountingSink sink_{audit_, registry_, clock_};
};

TEST_F(CountingSinkTest, GrantsAreCountedByWhereTheyCameFrom) {
  EXPECT_TRUE(Record(AuditEvent::kTokenIssued).ok());
  EXPECT_TRUE(Record(AuditEvent::kTokenIssued, {}, true).ok());
  EXPECT_TRUE(Record(AuditEvent::kTokenIssued, {}, true).ok());
  EXPECT_TRUE(Record(AuditEvent::kHandleRedeemed).ok());
  EXPECT_EQ(Granted("token_issued", "false"), 1);
  EXPECT_EQ(Granted("token_issued", "true"), 2);
  EXPECT_EQ(Granted("handle_redeemed", "false"), 1);
  EXPECT_EQ(Granted("handle_created", "false"), 0);
  EXPECT_EQ(audit_.records().size(), 4);
}

TEST_F(CountingSinkTest, RefusalsAreCountedByReasonAndEveryReasonIsThereFromTheStart) {
  EXPECT_EQ(Of(kNotAllowed), 0);
  EXPECT_TRUE(Record(AuditEvent::kDenied, Reason::kNotAllowed).ok());
  EXPECT_TRUE(Record(AuditEvent::kFailed, Reason::kProviderUnavailable).ok());
  EXPECT_EQ(Of(kNotAllowed), 1);
  EXPECT_EQ(Of(kUnavailable), 1);
  int reasons = 0;
  for (const auto& [series, value] : SeriesOf(registry_)) {
    reasons += series.starts_with("behalf_refused_total{") ? 1 : 0;
  }
  EXPECT_EQ(reasons, static_cast<int>(AllReasons().size()));
}

TEST_F(CountingSinkTest, AGrantWithoutARecordIsAFailureAndNoGrant) {
  audit_.Break();
  EXPECT_FALSE(Record(AuditEvent::kTokenIssued).ok());
  EXPECT_FALSE(Record(AuditEvent::kFailed, Reason::kAuditUnavailable).ok());
  EXPECT_EQ(Granted("token_issued", "false"), 0);
  EXPECT_EQ(Of("behalf_record_failures_total"), 2);
  EXPECT_EQ(Of("behalf_refused_total{code=\"UNAVAILABLE\",move=\"operator\","
               "reason=\"AUDIT_UNAVAILABLE\"}"),
            1);
}

TEST_F(CountingSinkTest, SaysWhenItBeginsToFailAndWhenItNoLongerDoes) {
  std::vector<bool> told;
  sink_.OnChange([&] { told.push_back(sink_.failing()); });
  for (const bool broken : {false, true, true, false, false, true}) {
    audit_.Break(broken);
    Record(AuditEvent::kTokenIssued).IgnoreError();
    EXPECT_EQ(sink_.failing(), broken);
  }
  audit_.Break(false);
  Record(AuditEvent::kDenied, Reason::kNotAllowed).IgnoreError();
  EXPECT_TRUE(sink_.failing()) << "of what has a quota nothing may have been written";
  EXPECT_THAT(told, testing::ElementsAre(true, false, true));
}

TEST_F(CountingSinkTest, WhatOperatorsDoIsCounted) {
  EXPECT_TRUE(Record(AuditEvent::kRevoked).ok());
  EXPECT_TRUE(Record(AuditEvent::kCatalogRefused).ok());
  EXPECT_TRUE(Record(AuditEvent::kStarted).ok());
  EXPECT_EQ(Of("behalf_operations_total{event=\"revoked\"}"), 1);
  EXPECT_EQ(Of("behalf_operations_total{event=\"catalog_refused\"}"), 1);
  EXPECT_THAT(SeriesOf(registry_),
              Not(Contains(Key("behalf_operations_total{event=\"started\"}"))));
}

TEST_F(CountingSinkTest, TheRevisionOfTheStateIsPassedOn) {
  sink_.StandOn(7);
  EXPECT_EQ(audit_.revision(), 7);
}

// A disk that a test looks at while it writes.
class SlowAudit final : public AuditSink {
 public:
  absl::Status Record(const AuditRecord&) override {
    const auto during = std::exchange(while_writing, {});
    if (during) during();
    return absl::OkStatus();
  }
  void StandOn(std::uint64_t) override {}

  std::function<void()> while_writing;
};

TEST(CountingSinkLag, IsHowLongRecordsHaveWaitedWithoutOneGettingThrough) {
  FakeClock clock;
  SlowAudit disk;
  prometheus::Registry registry;
  CountingSink sink(disk, registry, clock);
  const auto record = [&] { EXPECT_TRUE(sink.Record({}).ok()); };
  record();
  clock.Advance(absl::Seconds(100));
  EXPECT_EQ(sink.Lag(clock.Now()), absl::ZeroDuration());

  disk.while_writing = [&] {
    clock.Advance(absl::Seconds(5));
    EXPECT_EQ(sink.Lag(clock.Now()), absl::Seconds(5));
    record();  // another gets through, and this one waits on
    clock.Advance(absl::Seconds(2));
    EXPECT_EQ(sink.Lag(clock.Now()), absl::Seconds(2));
  };
  record();
  EXPECT_EQ(sink.Lag(clock.Now()), absl::ZeroDuration());
}

}  // namespace
}  // namespace behalf

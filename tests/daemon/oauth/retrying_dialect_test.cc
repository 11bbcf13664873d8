#include "daemon/oauth/retrying_dialect.h"

#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/entra.h"
#include "tests/daemon/oauth/oauth_house.h"
#include "tests/fakes/fake_steady_clock.h"
#include "tests/fakes/fake_timer.h"

namespace behalf {
namespace {

constexpr char kTransient[] = R"({"error":"temporarily_unavailable","error_codes":[90033]})";
constexpr absl::Duration kTimeout = absl::Seconds(5);

class RetryingDialectTest : public OauthHouse {
 protected:
  absl::Status Ask(absl::Duration timeout = kTimeout) {
    const ExchangeRequest request = MailRequest(Alice());
    return RunToEnd(retrying_.Ask(request, timeout)).status();
  }
  void Refuse(int times, int status, const std::string& body, const std::string& retry_after = {}) {
    for (int i = 0; i < times; ++i) {
      entra_.Next(EntraLeg::kOnBehalfOf, status, body, retry_after);
    }
  }
  std::size_t Trades() const { return entra_.FormsOf(EntraLeg::kOnBehalfOf).size(); }

  FakeSecrets secrets_;
  AgentProofs proofs_{http_, secrets_, executor_, clock_};
  Entra dialect_{http_, secrets_, proofs_};
  FakeTimer timer_{clock_};
  FakeSteadyClock steady_;
  Circuits circuits_{steady_};
  RetryingDialect retrying_{dialect_, circuits_, timer_, clock_};
};

TEST_F(RetryingDialectTest, WhatGoesByIsTriedAgain) {
  Refuse(2, 503, kTransient);
  EXPECT_THAT(Ask(), IsOk());
  EXPECT_EQ(Trades(), 3);
}

TEST_F(RetryingDialectTest, ThreeTimesAreEnough) {
  Refuse(9, 503, kTransient);
  EXPECT_THAT(Ask(), HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(Trades(), 3);
}

TEST_F(RetryingDialectTest, WaitsGrow) {
  Refuse(9, 503, kTransient);
  EXPECT_THAT(Ask(), HasReason(Reason::kProviderUnavailable));
  ASSERT_EQ(timer_.slept().size(), 2);
  EXPECT_GE(timer_.slept()[0], absl::Milliseconds(50));
  EXPECT_LE(timer_.slept()[0], absl::Milliseconds(100));
  EXPECT_GE(timer_.slept()[1], absl::Milliseconds(200));
  EXPECT_LE(timer_.slept()[1], absl::Milliseconds(400));
}

TEST_F(RetryingDialectTest, NothingIsTriedAfterItsTime) {
  Refuse(9, 503, kTransient);
  EXPECT_THAT(Ask(absl::Milliseconds(150)), HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(Trades(), 2);
}

TEST_F(RetryingDialectTest, ASecondTimeHasOnlyWhatIsLeft) {
  Refuse(1, 503, kTransient);
  EXPECT_THAT(Ask(), IsOk());
  EXPECT_EQ(http_.seen().back().timeout, kTimeout - timer_.slept()[0]);
}

TEST_F(RetryingDialectTest, ANetworkThatFailsIsTriedAgain) {
  int times = 0;
  http_.On(entra_.token_url(), [&](const SeenRequest&) -> absl::StatusOr<HttpResponse> {
    ++times;
    return MakeError(Reason::kProviderUnavailable);
  });
  EXPECT_THAT(Ask(), HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(times, 3);
}

TEST_F(RetryingDialectTest, ThrottlingAndRefusalsAreNot) {
  Refuse(1, 503, kTransient, "7");
  EXPECT_THAT(Ask(), HasReason(Reason::kProviderThrottled));
  Refuse(1, 400, R"({"error":"invalid_grant","error_codes":[65001]})");
  EXPECT_THAT(Ask(), HasReason(Reason::kConsentRequired));
  EXPECT_EQ(Trades(), 2);
  EXPECT_TRUE(timer_.slept().empty());
}

TEST_F(RetryingDialectTest, ADaemonThatStopsTriesNoMore) {
  Refuse(1, 503, kTransient);
  timer_.Stop();
  EXPECT_THAT(Ask(), HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(Trades(), 1);
}

}  // namespace
}  // namespace behalf

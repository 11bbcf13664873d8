#include "daemon/metrics/measured_exchanger.h"

#include <gmock/gmock.h>

#include "daemon/base/error.h"
#include "tests/daemon/metrics/series.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

// Takes as long as the test says, and ends as it says.
class TimedExchanger final : public TokenExchanger {
 public:
  explicit TimedExchanger(FakeClock& clock) : clock_(clock) {}

  Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest, CallContext&) override {
    if (hold) co_await held;
    clock_.Advance(takes);
    if (!failure.ok()) co_return failure;
    co_return Exchanged{.token = std::make_shared<ApiToken>(), .cached = false};
  }
  void Forget(const ExchangeRequest&) override { ++forgotten; }

  bool hold = false;
  Gate held;
  absl::Duration takes = absl::Milliseconds(30);
  absl::Status failure;
  int forgotten = 0;

 private:
  FakeClock& clock_;
};

class MeasuredExchangerTest : public OauthHouse {
 protected:
  absl::Status Exchange() {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(measured_.Exchange(Request(), call)).status();
  }
  ExchangeRequest Request() const { return MailRequest(nullptr); }
  std::map<std::string, double> Numbers() const { return SeriesOf(registry_); }
  static std::string Outcome(const std::string& outcome) {
    return "behalf_exchanges_total{api=\"graph\",blueprint=\"invoice-assistant\",outcome=\"" +
           outcome + "\",provider=\"contoso\"}";
  }
  static std::string Bucket(const std::string& up_to) {
    return "behalf_exchange_duration_seconds_bucket{provider=\"contoso\",le=\"" + up_to + "\"}";
  }

  TimedExchanger inner_{clock_};
  prometheus::Registry registry_;
  MeasuredExchanger measured_{inner_, registry_, clock_};
};

TEST_F(MeasuredExchangerTest, OutcomesAreCountedByTheNamesOfTheDocuments) {
  ASSERT_TRUE(Exchange().ok());
  ASSERT_TRUE(Exchange().ok());
  inner_.failure = MakeError(Reason::kProviderThrottled);
  ASSERT_FALSE(Exchange().ok());
  EXPECT_THAT(Numbers(), Contains(Pair(Outcome("OK"), 2)));
  EXPECT_THAT(Numbers(), Contains(Pair(Outcome("PROVIDER_THROTTLED"), 1)));
}

TEST_F(MeasuredExchangerTest, TimesAreCountedWhateverTheOutcome) {
  ASSERT_TRUE(Exchange().ok());
  inner_.takes = absl::Seconds(3);
  inner_.failure = MakeError(Reason::kProviderUnavailable);
  ASSERT_FALSE(Exchange().ok());
  inner_.takes = absl::Seconds(-1);  // the clock was set back
  ASSERT_FALSE(Exchange().ok());
  const auto numbers = Numbers();
  EXPECT_THAT(numbers, Contains(Pair(Bucket("0.01"), 1)));
  EXPECT_THAT(numbers, Contains(Pair(Bucket("0.05"), 2)));
  EXPECT_THAT(numbers, Contains(Pair(Bucket("2.5"), 2)));
  EXPECT_THAT(numbers, Contains(Pair(Bucket("5"), 3)));
  EXPECT_NEAR(numbers.at("behalf_exchange_duration_seconds_sum{provider=\"contoso\"}"), 3.03, 1e-9);
}

TEST_F(MeasuredExchangerTest, WhatIsUnderWayIsKnown) {
  inner_.hold = true;
  CallContext call(absl::InfiniteFuture());
  Running<absl::StatusOr<Exchanged>> waiting(measured_.Exchange(Request(), call));
  EXPECT_THAT(Numbers(), Contains(Pair("behalf_exchanges_in_flight", 1)));
  inner_.held.Open();
  EXPECT_TRUE(waiting.Result().ok());
  EXPECT_THAT(Numbers(), Contains(Pair("behalf_exchanges_in_flight", 0)));
}

TEST_F(MeasuredExchangerTest, NamesThatAreGoneHaveNoNumbers) {
  const Edits without[] = {
      {{"name: contoso", "name: fabrikam"}, {"provider: contoso", "provider: fabrikam"}},
      {{"name: invoice-assistant", "name: bills-assistant"}},
      {{"name: graph", "name: mail"}, {"api: graph", "api: mail"}},
  };
  for (const Edits& edits : without) {
    ASSERT_TRUE(Exchange().ok());
    measured_.Follow(*catalog_);
    EXPECT_THAT(Numbers(), Contains(Pair(Outcome("OK"), 1)));
    measured_.Follow(*ContosoCatalog(edits));
    EXPECT_THAT(Numbers(), Not(Contains(Key(Outcome("OK"))))) << edits.front().second;
  }
}

TEST_F(MeasuredExchangerTest, TimesLastAsLongAsTheirProvider) {
  ASSERT_TRUE(Exchange().ok());
  measured_.Follow(*ContosoCatalog({{"name: graph", "name: mail"}, {"api: graph", "api: mail"}}));
  EXPECT_THAT(Numbers(), Contains(Key(Bucket("5"))));
  measured_.Follow(*ContosoCatalog(
      {{"name: contoso", "name: fabrikam"}, {"provider: contoso", "provider: fabrikam"}}));
  EXPECT_THAT(Numbers(), Not(Contains(Key(Bucket("5")))));
}

TEST_F(MeasuredExchangerTest, ForgettingIsPassedOn) {
  measured_.Forget(Request());
  EXPECT_EQ(inner_.forgotten, 1);
}

}  // namespace
}  // namespace behalf

#include "daemon/traces/traced_exchanger.h"

#include <gmock/gmock.h>

#include "daemon/base/error.h"
#include "tests/daemon/oauth/oauth_house.h"
#include "tests/daemon/traces/spans_seen.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class SlowExchanger final : public TokenExchanger {
 public:
  explicit SlowExchanger(FakeClock& clock) : clock_(clock) {}

  Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest, CallContext&) override {
    clock_.Advance(absl::Milliseconds(30));
    if (!failure.ok()) co_return failure;
    co_return Exchanged{.token = std::make_shared<ApiToken>(), .cached = false};
  }
  void Forget(const ExchangeRequest&) override { ++forgotten; }

  absl::Status failure;
  int forgotten = 0;

 private:
  FakeClock& clock_;
};

class TracedExchangerTest : public OauthHouse {
 protected:
  ExchangeRequest Request(bool sampled) const {
    ExchangeRequest request = MailRequest(nullptr);
    request.decision_id = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    request.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    request.trace_sampled = sampled;
    return request;
  }
  std::vector<Span> SpansOf(bool sampled) {
    CallContext call(absl::InfiniteFuture());
    RunToEnd(traced_.Exchange(Request(sampled), call)).status().IgnoreError();
    return seen_.Take();
  }

  SlowExchanger inner_{clock_};
  SpansSeen seen_;
  TracedExchanger traced_{inner_, Sampling(0), &seen_.queue(), clock_};
};

TEST_F(TracedExchangerTest, AnExchangeIsAChildOfTheCallThatBeganIt) {
  const auto spans = SpansOf(true);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(spans[0].parent, "8796a5b4c3d2e1f0");
  EXPECT_EQ(spans[0].id.size(), 16U);
  EXPECT_NE(spans[0].id, spans[0].parent);
  EXPECT_EQ(spans[0].kind, Span::Kind::kClient);
  EXPECT_EQ(spans[0].ended - spans[0].began, absl::Milliseconds(30));
  EXPECT_THAT(
      AttributesOf(spans[0]),
      ElementsAre(Pair("behalf.api", "graph"), Pair("behalf.blueprint", "invoice-assistant"),
                  Pair("behalf.outcome", "OK"), Pair("behalf.provider", "contoso")));
}

TEST_F(TracedExchangerTest, AFailureIsAnErrorWithItsReason) {
  inner_.failure = MakeError(Reason::kProviderThrottled, "a secret that the provider said");
  const auto spans = SpansOf(true);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].error, "PROVIDER_THROTTLED");
  EXPECT_EQ(AttributesOf(spans[0])["behalf.outcome"], "PROVIDER_THROTTLED");
}

TEST_F(TracedExchangerTest, WhatNobodyKeepsIsNotTold) { EXPECT_THAT(SpansOf(false), IsEmpty()); }

TEST_F(TracedExchangerTest, WithoutSpansAllIsPassedOn) {
  TracedExchanger silent(inner_, Sampling(1), nullptr, clock_);
  CallContext call(absl::InfiniteFuture());
  EXPECT_TRUE(RunToEnd(silent.Exchange(Request(true), call)).ok());
  silent.Forget(Request(true));
  EXPECT_EQ(inner_.forgotten, 1);
}

}  // namespace
}  // namespace behalf

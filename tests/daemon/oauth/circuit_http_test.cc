// What opens and closes a provider's circuit, seen from the whole chain.
#include "daemon/oauth/circuit_http.h"

#include <deque>
#include <string>
#include <vector>

#include "tests/daemon/oauth/outage_house.h"

namespace behalf {
namespace {

constexpr char kTransient[] = R"({"error":"temporarily_unavailable","error_codes":[90033]})";
constexpr char kWrongSecret[] = R"({"error":"invalid_client","error_codes":[7000215]})";

class CircuitHttpTest : public OutageHouse {
 protected:
  // More exchanges than need to fail for the circuit to open, each answered so.
  void ExchangeOften(int status, const std::string& body, const std::string& retry_after = {}) {
    http_.On(entra_.token_url(), [=](const SeenRequest&) {
      HttpResponse response = Answered(status, body);
      response.retry_after = retry_after;
      return absl::StatusOr<HttpResponse>(std::move(response));
    });
    for (int i = 0; i < 3 * Circuit::kFailuresThatOpen; ++i) {
      clock_.Advance(Refusals::kKeptFor);
      ExchangeAnew().IgnoreError();
    }
  }
};

TEST_F(CircuitHttpTest, OneExchangeAloneDoesNotOpenIt) {
  const ExchangeRequest request = Fresh();
  http_.Cut();
  EXPECT_THAT(Exchange(request), HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(Asked(), 3);
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitHttpTest, TheSecondExchangeThatFailsOpensItAndIsNotTriedAThirdTime) {
  OpenTheCircuit();
  EXPECT_EQ(Asked(), Circuit::kFailuresThatOpen);
}

TEST_F(CircuitHttpTest, WhileItIsOpenNothingIsSentPreparedOrWaitedFor) {
  OpenTheCircuit();
  const auto slept = timer_.slept().size();
  for (int i = 0; i < 100; ++i) {
    const absl::Status refusal = ExchangeAnew().status();
    EXPECT_THAT(refusal, HasReason(Reason::kProviderUnavailable));
    EXPECT_TRUE(DetailOf(refusal).retry_after.has_value());
  }
  EXPECT_EQ(Asked(), Circuit::kFailuresThatOpen);
  EXPECT_EQ(timer_.slept().size(), slept);
}

TEST_F(CircuitHttpTest, AProviderInTroubleOpensIt) {
  struct Row {
    int status;
    std::string body;
  };
  const std::vector<Row> table = {{500, ""},         {502, "<html>Bad Gateway</html>"},
                                  {503, kTransient}, {504, "{}"},
                                  {400, kTransient}, {503, R"({"error":"server_error"})"}};
  for (const Row& row : table) {
    PassAnInterval();
    ExchangeOften(row.status, row.body);
    EXPECT_TRUE(IsOpen()) << row.status << row.body;
    ExchangeOften(400, "{}");
    EXPECT_FALSE(IsOpen()) << "it answered";
  }
}

TEST_F(CircuitHttpTest, RefusalsAndThrottlingDoNot) {
  struct Row {
    int status;
    std::string body;
    std::string retry_after;
  };
  const std::vector<Row> table = {{400, R"({"error":"invalid_grant","error_codes":[65001]})", ""},
                                  {401, kWrongSecret, ""},
                                  {403, "", ""},
                                  {429, kTransient, "1"},
                                  {503, kTransient, "1"},
                                  {500, R"({"error":"invalid_grant","error_codes":[50013]})", ""},
                                  {302, "", ""},
                                  {200, "<html>Sign in to the hotel's network</html>", ""}};
  for (const Row& row : table) {
    ExchangeOften(row.status, row.body, row.retry_after);
    EXPECT_FALSE(IsOpen()) << row.status << row.body;
  }
}

TEST_F(CircuitHttpTest, AProbeThatIsRefusedClosesIt) {
  OpenTheCircuit();
  http_.Mend();
  entra_.Next(EntraLeg::kCredential, 401, kWrongSecret);
  PassAnInterval();
  EXPECT_THAT(ExchangeAnew(), HasReason(Reason::kCredentialRefused));
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitHttpTest, WhatIsRememberedOfAProviderIsNoAnswerOfIt) {
  const ExchangeRequest request = Fresh();
  entra_.Next(EntraLeg::kCredential, 429, kTransient, "300");
  EXPECT_THAT(Exchange(request), HasReason(Reason::kProviderThrottled));
  ExchangeRequest others = Fresh();
  others.agent = catalog_->FindAgent("report-bot");
  ExchangeRequest more = Fresh();
  more.agent = others.agent;
  http_.Cut();
  Exchange(others).IgnoreError();
  Exchange(more).IgnoreError();
  ASSERT_TRUE(IsOpen());
  PassAnInterval();
  // Of another resource, so that only the proof is known to be throttled.
  ExchangeRequest elsewhere = Fresh();
  elsewhere.allowance = catalog_->FindAllowance(*elsewhere.agent, nullptr,
                                                *catalog_->FindApi("invoices"), Access::kDelegated);
  EXPECT_THAT(Exchange(elsewhere), HasReason(Reason::kProviderThrottled));
  EXPECT_TRUE(IsOpen());
}

TEST_F(CircuitHttpTest, AProbeIsOneRequestAndWhoSentItDoesNotWait) {
  OpenTheCircuit();
  const auto asked = Asked();
  const auto slept = timer_.slept().size();
  for (int i = 1; i <= 10; ++i) {
    PassAnInterval();
    EXPECT_THAT(ExchangeAnew(), HasReason(Reason::kProviderUnavailable));
    EXPECT_EQ(Asked(), asked + i);
  }
  EXPECT_EQ(timer_.slept().size(), slept);
}

TEST_F(CircuitHttpTest, AThousandCallersSendOneProbe) {
  OpenTheCircuit();
  PassAnInterval();
  const auto asked = Asked();
  http_.Hold();
  std::deque<CallContext> calls;
  std::deque<Running<Outcome>> running;
  for (int i = 0; i < 1000; ++i) {
    calls.emplace_back(absl::InfiniteFuture());
    running.emplace_back(cache_.Exchange(Fresh(), calls.back()));
  }
  http_.AwaitHeld(1);
  EXPECT_EQ(cache_.under_way(), 1) << "nobody but the probe waits";
  http_.Release();
  for (auto& each : running) EXPECT_THAT(each.Result(), HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(Asked(), asked + 1);
}

TEST_F(CircuitHttpTest, AProbeWhoseCallersAllLeftStillCloses) {
  OpenTheCircuit();
  http_.Mend();
  PassAnInterval();
  const ExchangeRequest request = Fresh();
  http_.Hold();
  CallContext leaving(absl::InfiniteFuture());
  {
    Running<Outcome> running(cache_.Exchange(request, leaving));
    http_.AwaitHeld(1);
    leaving.cancel.Cancel();
    EXPECT_THAT(running.Result(), HasReason(Reason::kCancelled));
  }
  http_.Release();
  executor_.Stop();
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitHttpTest, AProbeThatHangsLetsTheNextOneFindThatTheProviderIsBack) {
  ASSERT_THAT(ExchangeAnew(), IsOk());  // so that the agent's proof is known
  OpenTheCircuit();
  PassAnInterval();
  const ExchangeRequest first = Fresh(), second = Fresh();
  http_.Hold();
  CallContext call(absl::InfiniteFuture());
  Running<Outcome> hanging(cache_.Exchange(first, call));
  http_.AwaitHeld(1);  // it was sent while the network was cut, and will fail
  http_.Mend();
  PassAnInterval();
  Running<Outcome> next(cache_.Exchange(second, call));
  http_.AwaitHeld(2);
  http_.Release();
  EXPECT_THAT(next.Result(), IsOk());
  // Tried again where it ends after the other was answered.
  EXPECT_THAT(hanging.Result(), testing::AnyOf(IsOk(), HasReason(Reason::kProviderUnavailable)));
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitHttpTest, AnotherProviderIsNotConcernedAndAChangedOneIsAsked) {
  OpenTheCircuit();
  const ExchangeRequest same = Fresh();
  catalog_ = ContosoCatalog(
      {{"dialect: entra", "dialect: entra\n  authority: https://login.microsoftonline.us"}});
  http_.Mend();
  const FakeEntra other(http_, clock_, provider());
  EXPECT_THAT(Exchange(MailRequest(same.subject)), IsOk());
  EXPECT_THAT(Exchange(same), HasReason(Reason::kProviderUnavailable));
}

TEST_F(CircuitHttpTest, WhatTheDocumentsNoLongerNameIsForgotten) {
  OpenTheCircuit();
  circuits_.Follow(*catalog_);
  EXPECT_TRUE(IsOpen());
  circuits_.Follow(*ContosoCatalog(
      {{"dialect: entra", "dialect: entra\n  authority: https://login.microsoftonline.us"}}));
  EXPECT_FALSE(IsOpen());
}

}  // namespace
}  // namespace behalf

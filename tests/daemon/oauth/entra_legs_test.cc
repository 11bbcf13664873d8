// Both legs of the agent On-Behalf-Of flow, as they are on the wire.
#include <atomic>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/entra.h"
#include "daemon/oauth/entra_request.h"
#include "daemon/oauth/exchangers.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(7);
constexpr char kStaleProof[] =
    R"({"error":"invalid_client","error_codes":[700024],"correlation_id":"c-1"})";

class EntraLegs : public OauthHouse {
 protected:
  using Outcome = absl::StatusOr<Exchanged>;

  Outcome Exchange(ExchangeRequest request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(exchanger_.Exchange(std::move(request), call));
  }
  Outcome Exchange() { return Exchange(request_); }

  ExchangeRequest RequestOf(const std::string& agent) const {
    ExchangeRequest request = request_;
    request.agent = catalog_->FindAgent(agent);
    return request;
  }
  std::vector<Form> Proofs() const { return entra_.FormsOf(EntraLeg::kCredential); }
  std::vector<Form> Trades() const { return entra_.FormsOf(EntraLeg::kOnBehalfOf); }

  ExchangeRequest request_ = MailRequest(Alice());
  FakeSecrets secrets_;
  AgentProofs proofs_{http_, secrets_, executor_, clock_};
  Entra entra_dialect_{http_, secrets_, proofs_};
  VerifyingExchanger exchanger_{entra_dialect_, clock_, kTimeout};
};

TEST_F(EntraLegs, TheFirstLegSendsExactlyTheseFields) {
  ASSERT_THAT(Exchange(), IsOk());
  EXPECT_THAT(Proofs(), testing::ElementsAre(Form{
                            {"client_id", kBlueprintId},
                            {"scope", "api://AzureADTokenExchange/.default"},
                            {"grant_type", "client_credentials"},
                            {"fmi_path", kInvoiceBotId},
                            {"client_secret", kClientSecret},
                        }));
}

TEST_F(EntraLegs, TheSecondLegSendsExactlyTheseFields) {
  ASSERT_THAT(Exchange(), IsOk());
  EXPECT_THAT(
      Trades(),
      testing::ElementsAre(Form{
          {"client_id", kInvoiceBotId},
          {"scope",
           "https://graph.microsoft.com/Mail.Read "
           "https://graph.microsoft.com/Mail.Send"},
          {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
          {"requested_token_use", "on_behalf_of"},
          {"assertion", std::string(request_.subject->token().Reveal())},
          {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
          {"client_assertion", std::string("proof-1-of-") + kInvoiceBotId},
      }));
}

TEST_F(EntraLegs, AnApiMayBeAskedForAllThatWasConsentedTo) {
  catalog_ = ContosoCatalog({{"  resource: https://graph.microsoft.com\n",
                              "  resource: https://graph.microsoft.com\n  request: default\n"}});
  const ExchangeRequest request = MailRequest(request_.subject);
  const SecretString form = TokenForm(request, ClientAuthentication{});
  EXPECT_EQ(DecodeForm(form.Reveal())["scope"], "https://graph.microsoft.com/.default");
}

TEST_F(EntraLegs, BothLegsGoToTheTokenEndpointWithinTheTimeout) {
  ASSERT_THAT(Exchange(), IsOk());
  const auto seen = http_.seen();
  ASSERT_EQ(seen.size(), 4) << "two for the keys, two legs";
  for (const SeenRequest& request : {seen[2], seen[3]}) {
    EXPECT_EQ(request.url, provider().token_endpoint);
    EXPECT_EQ(request.timeout, kTimeout);
    EXPECT_EQ(request.provider, "contoso");
    EXPECT_THAT(request.correlation_id,
                testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                      "[0-9a-f]{12}"));
  }
  EXPECT_NE(seen[2].correlation_id, seen[3].correlation_id);
}

TEST_F(EntraLegs, TheCorrelationIdOfTheTokenIsThatOfItsRequest) {
  const auto exchanged = Exchange();
  ASSERT_THAT(exchanged, IsOk());
  EXPECT_EQ(exchanged->token->correlation_id, http_.seen().back().correlation_id);
  EXPECT_FALSE(exchanged->cached);
}

TEST_F(EntraLegs, AProofServesTheAgentUntilFiveMinutesBeforeItsEnd) {
  ASSERT_THAT(Exchange(), IsOk());
  clock_.Advance(absl::Seconds(3899) - absl::Minutes(5) - absl::Seconds(1));
  ASSERT_THAT(Exchange(), IsOk());
  EXPECT_EQ(Proofs().size(), 1);
  clock_.Advance(absl::Seconds(1));
  ASSERT_THAT(Exchange(), IsOk());
  EXPECT_EQ(Proofs().size(), 2);
  EXPECT_EQ(Trades().size(), 3);
}

TEST_F(EntraLegs, AReplacedSecretIsUsedByTheNextExchange) {
  ASSERT_THAT(Exchange(), IsOk());
  secrets_.Replace("the new one");
  ASSERT_THAT(Exchange(), IsOk());
  ASSERT_EQ(Proofs().size(), 2);
  EXPECT_EQ(Proofs()[1].at("client_secret"), "the new one");
  EXPECT_NE(Trades()[1].at("client_assertion"), Trades()[0].at("client_assertion"));
  ASSERT_THAT(Exchange(), IsOk());
  EXPECT_EQ(Proofs().size(), 2);
}

TEST_F(EntraLegs, WhoHasTheNewSecretDoesNotWaitForAProofByTheOldOne) {
  http_.Hold();
  std::deque<CallContext> calls;
  std::deque<Running<Outcome>> exchanges;
  for (const char* secret : {"the old one", "the new one"}) {
    secrets_.Replace(secret);
    calls.emplace_back(absl::InfiniteFuture());
    exchanges.emplace_back(exchanger_.Exchange(request_, calls.back()));
  }
  http_.AwaitHeld(2);
  http_.Release();
  for (auto& exchange : exchanges) EXPECT_THAT(exchange.Result(), IsOk());
  EXPECT_EQ(Proofs().size(), 2);
}

TEST_F(EntraLegs, AgentsDoNotShareProofs) {
  ASSERT_THAT(Exchange(), IsOk());
  ASSERT_THAT(Exchange(RequestOf("report-bot")), IsOk());
  ASSERT_EQ(Proofs().size(), 2);
  EXPECT_EQ(Proofs()[1].at("fmi_path"), kReportBotId);
  EXPECT_EQ(Trades()[1].at("client_assertion"), std::string("proof-3-of-") + kReportBotId);
}

TEST_F(EntraLegs, ManyExchangesOfOneAgentMakeOneProof) {
  http_.Hold();
  std::deque<CallContext> calls;
  std::deque<Running<Outcome>> exchanges;
  for (int i = 0; i < 100; ++i) {
    calls.emplace_back(absl::InfiniteFuture());
    exchanges.emplace_back(exchanger_.Exchange(request_, calls.back()));
  }
  http_.AwaitHeld(1);
  http_.Release();
  for (auto& exchange : exchanges) EXPECT_THAT(exchange.Result(), IsOk());
  EXPECT_EQ(Proofs().size(), 1);
  EXPECT_EQ(Trades().size(), 100);
}

TEST_F(EntraLegs, WhoComesWhenARefusalLandsIsToldOfItAndAsksNoMore) {
  const ExchangeRequest request = MailRequest(Alice());
  std::atomic<int> asked = 0;
  http_.On(entra_.token_url(), [&](const SeenRequest&) -> absl::StatusOr<HttpResponse> {
    ++asked;
    return Answered(401, R"({"error":"invalid_client","error_codes":[7000215]})");
  });
  constexpr int kRounds = 300;
  for (int round = 1; round <= kRounds; ++round) {
    AgentProofs fresh(http_, secrets_, executor_, clock_);
    std::vector<std::thread> askers;
    for (int i = 0; i < 3; ++i) {
      askers.emplace_back([&] {
        EXPECT_THAT(RunToEnd(fresh.Get(request, absl::Seconds(5))),
                    HasReason(Reason::kCredentialRefused));
      });
    }
    for (std::thread& asker : askers) asker.join();
    ASSERT_EQ(asked, round);
  }
}

TEST_F(EntraLegs, AProofWithoutAKnownLifetimeIsUsedOnce) {
  for (const std::string more : {"", R"(,"expires_in":300)", R"(,"expires_in":-1)"}) {
    entra_.Next(EntraLeg::kCredential, 200, R"({"access_token":"brief")" + more + "}");
    ASSERT_THAT(Exchange(), IsOk());
    EXPECT_EQ(Trades().back().at("client_assertion"), "brief");
  }
  EXPECT_EQ(Proofs().size(), 3);
}

TEST_F(EntraLegs, AProofOutOfItsTimeIsDroppedAndTheExchangeTriedOnceMore) {
  ASSERT_THAT(Exchange(), IsOk());
  entra_.Next(EntraLeg::kOnBehalfOf, 401, kStaleProof);
  EXPECT_THAT(Exchange(), IsOk());
  EXPECT_EQ(Proofs().size(), 2);
  ASSERT_EQ(Trades().size(), 3);
  EXPECT_NE(Trades()[2].at("client_assertion"), Trades()[1].at("client_assertion"));
}

TEST_F(EntraLegs, ACredentialOutOfItsTimeIsReadAgainAndTheExchangeTriedOnceMore) {
  entra_.Next(EntraLeg::kCredential, 401, kStaleProof);
  EXPECT_THAT(Exchange(), IsOk());
  EXPECT_EQ(secrets_.read_again(), 1);
  EXPECT_EQ(Proofs().size(), 2);
  for (int i = 0; i < 2; ++i) entra_.Next(EntraLeg::kCredential, 401, kStaleProof);
  EXPECT_THAT(Exchange(RequestOf("report-bot")), HasReason(Reason::kCredentialRefused));
  EXPECT_EQ(secrets_.read_again(), 2);
}

TEST_F(EntraLegs, AnExchangeIsTriedOnceMoreAndNotTwice) {
  for (int i = 0; i < 3; ++i) entra_.Next(EntraLeg::kOnBehalfOf, 401, kStaleProof);
  EXPECT_THAT(Exchange(), HasReason(Reason::kCredentialRefused));
  EXPECT_EQ(Trades().size(), 2);
  EXPECT_EQ(Proofs().size(), 2);
}

// An error that says `secret` wherever something of it goes on.
std::string Echo(const std::string& secret) {
  return absl::StrCat(R"({"error":")", secret, R"(","error_codes":[50076],"suberror":")", secret,
                      R"(","correlation_id":")", secret, R"(","claims":"{\"a\":\")", secret,
                      R"(\"}"})");
}

TEST_F(EntraLegs, WhatAProviderSaysBackOfASecretIsNotPassedOn) {
  const std::string subject(request_.subject->token().Reveal());
  const std::string proof = std::string("proof-1-of-") + kInvoiceBotId;
  entra_.Next(EntraLeg::kCredential, 400, Echo(kClientSecret));
  EXPECT_THAT(Everything(Exchange().status()), testing::Not(testing::HasSubstr(kClientSecret)));
  clock_.Advance(Refusals::kKeptFor);
  ASSERT_THAT(Exchange(), IsOk());
  for (const std::string& secret : {subject.substr(subject.size() - 12), proof}) {
    entra_.Next(EntraLeg::kOnBehalfOf, 400, Echo(secret));
    const absl::Status refused = Exchange().status();
    EXPECT_THAT(refused, HasReason(Reason::kInteractionRequired));
    EXPECT_THAT(Everything(refused), testing::Not(testing::HasSubstr(secret)));
    EXPECT_EQ(DetailOf(refused).metadata.at("provider_code"), "AADSTS50076");
  }
}

TEST_F(EntraLegs, OtherRefusalsAreNotTriedAgain) {
  entra_.Next(EntraLeg::kOnBehalfOf, 400, R"({"error":"invalid_grant","error_codes":[50013]})");
  EXPECT_THAT(Exchange(), HasReason(Reason::kSubjectRefused));
  EXPECT_EQ(Trades().size(), 1);
}

TEST_F(EntraLegs, ARefusedProofIsNotAskedForAgainAtOnce) {
  entra_.Next(EntraLeg::kCredential, 401, R"({"error":"invalid_client","error_codes":[7000215]})");
  EXPECT_THAT(Exchange(), HasReason(Reason::kCredentialRefused));
  EXPECT_THAT(Exchange(), HasReason(Reason::kCredentialRefused));
  EXPECT_EQ(Proofs().size(), 1);
  EXPECT_EQ(Trades().size(), 0);
  clock_.Advance(Refusals::kKeptFor);
  EXPECT_THAT(Exchange(), IsOk());
}

TEST_F(EntraLegs, ASecretThatCannotBeReadDisablesTheBlueprint) {
  secrets_.Lose();
  EXPECT_THAT(Exchange(), HasReason(Reason::kBlueprintDisabled));
  EXPECT_EQ(Proofs().size(), 0);
}

TEST_F(EntraLegs, AFailureCarriesTheCorrelationIdThatWasSent) {
  entra_.Next(EntraLeg::kOnBehalfOf, 503, "<html>");
  const auto second = Exchange();
  EXPECT_THAT(second, HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(DetailOf(second.status()).metadata["correlation_id"],
            http_.seen().back().correlation_id);

  entra_.Next(EntraLeg::kCredential, 503, "<html>");
  const auto first = Exchange(RequestOf("report-bot"));
  EXPECT_THAT(first, HasReason(Reason::kProviderUnavailable));
  EXPECT_EQ(DetailOf(first.status()).metadata["correlation_id"],
            http_.seen().back().correlation_id);
}

TEST_F(EntraLegs, AMalformedFirstLegIsRefused) {
  entra_.Next(EntraLeg::kCredential, 200, "{}");
  EXPECT_THAT(Exchange(), HasReason(Reason::kReplyMalformed));
}

TEST_F(EntraLegs, ANetworkThatFailsIsAnUnavailableProvider) {
  http_.On(entra_.token_url(), [](const SeenRequest&) -> absl::StatusOr<HttpResponse> {
    return MakeError(Reason::kProviderUnavailable, "no route");
  });
  EXPECT_THAT(Exchange(), HasReason(Reason::kProviderUnavailable));
}

TEST_F(EntraLegs, AReplyThatDoesNotFitIsRefusedByItsReason) {
  entra_.Change([](Claims& claims) { claims.Text("oid", kBobId); });
  EXPECT_THAT(Exchange(), HasReason(Reason::kReplyUser));
}

TEST_F(EntraLegs, NoFailureHoldsASecretOrAToken) {
  const std::string assertion(request_.subject->token().Reveal());
  const std::string echo = R"({"error":"invalid_grant","error_codes":[50013],)"
                           R"("error_description":")" +
                           assertion + kClientSecret + R"(","suberror":")" + assertion +
                           R"(","claims":")" + assertion + "\"}";
  std::vector<absl::Status> failures;
  for (const EntraLeg leg : {EntraLeg::kCredential, EntraLeg::kOnBehalfOf}) {
    for (const int status : {200, 400, 401, 429, 500}) {
      for (const std::string& body : {echo, assertion + kClientSecret}) {
        entra_.Next(leg, status, body);
        failures.push_back(Exchange().status());
        proofs_.Drop(request_);
      }
    }
  }
  entra_.Change([](Claims& claims) { claims.Text("oid", kBobId).Text("scp", "None"); });
  failures.push_back(Exchange().status());
  const std::string payload = assertion.substr(assertion.find('.') + 1, 40);
  for (const absl::Status& failure : failures) {
    ASSERT_FALSE(failure.ok());
    const std::string all = Everything(failure);
    EXPECT_THAT(all, testing::Not(testing::HasSubstr(payload)));
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("client.secret")));
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("proof-")));
  }
}

}  // namespace
}  // namespace behalf

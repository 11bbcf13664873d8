#include "daemon/oauth/patient_dialect.h"

#include <string>
#include <utility>

#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/entra.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

constexpr char kThrottled[] = R"({"error":"temporarily_unavailable","error_codes":[90055]})";
constexpr char kChallenge[] =
    R"({"error":"interaction_required","error_codes":[50076],"claims":"{\"access_token\":{}}"})";
constexpr char kWrongSecret[] = R"({"error":"invalid_client","error_codes":[7000215]})";

class PatientDialectTest : public OauthHouse {
 protected:
  absl::Status Ask(const ExchangeRequest& request) {
    return RunToEnd(patient_.Ask(request, absl::Seconds(5))).status();
  }
  ExchangeRequest MailOf(const Claims& user) {
    return MailRequest(*Verify(FakeEntra::Signed(user)));
  }
  ExchangeRequest Alices() { return MailOf(AliceV2(now())); }
  ExchangeRequest Bobs() { return MailOf(AliceV2(now()).Text("oid", kBobId)); }
  std::size_t Trades() const { return entra_.FormsOf(EntraLeg::kOnBehalfOf).size(); }
  std::size_t Proofs() const { return entra_.FormsOf(EntraLeg::kCredential).size(); }

  FakeSecrets secrets_;
  AgentProofs proofs_{http_, secrets_, executor_, clock_};
  Entra dialect_{http_, secrets_, proofs_};
  PatientDialect patient_{dialect_, secrets_, clock_, 8 << 20};
};

TEST_F(PatientDialectTest, WhoThrottlesIsLeftAloneByAllUsersUntilItsTimeIsOver) {
  entra_.Next(EntraLeg::kOnBehalfOf, 429, kThrottled, "30");
  EXPECT_THAT(Ask(Alices()), HasReason(Reason::kProviderThrottled));
  clock_.Advance(absl::Seconds(10));
  const absl::Status told = Ask(Bobs());
  EXPECT_THAT(told, HasReason(Reason::kProviderThrottled));
  EXPECT_GE(*DetailOf(told).retry_after, absl::Seconds(20));
  EXPECT_LE(*DetailOf(told).retry_after, absl::Seconds(25));
  EXPECT_EQ(Trades(), 1);
  clock_.Advance(absl::Seconds(20));
  EXPECT_THAT(Ask(Bobs()), IsOk());
  EXPECT_EQ(Trades(), 2);
}

TEST_F(PatientDialectTest, AnotherAgentAndAnotherResourceAreNotThrottled) {
  entra_.Next(EntraLeg::kOnBehalfOf, 503, kThrottled, "30");
  EXPECT_THAT(Ask(Alices()), HasReason(Reason::kProviderThrottled));
  ExchangeRequest other_agent = Alices();
  other_agent.agent = catalog_->FindAgent("report-bot");
  EXPECT_THAT(Ask(other_agent), IsOk());
  ExchangeRequest other_resource = Alices();
  other_resource.allowance = catalog_->FindAllowance(
      *other_resource.agent, nullptr, *catalog_->FindApi("invoices"), Access::kDelegated);
  EXPECT_THAT(Ask(other_resource), IsOk());
}

TEST_F(PatientDialectTest, TheSameAgentAtAnotherEndpointIsNotThrottled) {
  const auto elsewhere = ContosoCatalog(
      {{"dialect: entra", "dialect: entra\n  authority: https://login.microsoftonline.us"}});
  const FakeEntra other(http_, clock_, *elsewhere->providers().front());
  const SubjectPtr alice = Alice();
  entra_.Next(EntraLeg::kOnBehalfOf, 429, kThrottled, "30");
  EXPECT_THAT(Ask(MailRequest(alice)), HasReason(Reason::kProviderThrottled));
  catalog_ = elsewhere;
  EXPECT_THAT(Ask(MailRequest(alice)), IsOk());
  EXPECT_EQ(other.FormsOf(EntraLeg::kOnBehalfOf).size(), 1);
}

TEST_F(PatientDialectTest, ARefusedProofAnswersForAllUsersOfTheAgent) {
  entra_.Next(EntraLeg::kOnBehalfOf, 401, kWrongSecret);
  EXPECT_THAT(Ask(Alices()), HasReason(Reason::kCredentialRefused));
  EXPECT_THAT(Ask(Bobs()), HasReason(Reason::kCredentialRefused));
  EXPECT_EQ(Trades(), 1);
}

TEST_F(PatientDialectTest, ARefusalAnswersTheSameRequestForAFewSeconds) {
  const ExchangeRequest request = Alices();
  entra_.Next(EntraLeg::kOnBehalfOf, 400, kChallenge);
  EXPECT_THAT(Ask(request), HasReason(Reason::kInteractionRequired));
  clock_.Advance(Refusals::kKeptFor - absl::Milliseconds(1));
  const absl::Status told = Ask(request);
  EXPECT_THAT(told, HasReason(Reason::kInteractionRequired));
  EXPECT_EQ(DetailOf(told).metadata["claims"], R"({"access_token":{}})");
  EXPECT_EQ(Trades(), 1);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Ask(request), IsOk());
}

TEST_F(PatientDialectTest, AStrongerTokenIsSentAtOnce) {
  entra_.Next(EntraLeg::kOnBehalfOf, 400, kChallenge);
  EXPECT_THAT(Ask(Alices()), HasReason(Reason::kInteractionRequired));
  EXPECT_THAT(Ask(MailOf(AliceV2(now()).Json("amr", R"(["mfa"])"))), IsOk());
}

TEST_F(PatientDialectTest, WhatGoesByIsAskedAgain) {
  const ExchangeRequest request = Alices();
  entra_.Next(EntraLeg::kOnBehalfOf, 503, "{}");
  EXPECT_THAT(Ask(request), HasReason(Reason::kProviderUnavailable));
  EXPECT_THAT(Ask(request), IsOk());
}

TEST_F(PatientDialectTest, AWrongSecretIsTriedOnceForAllUsersUntilItIsReplaced) {
  entra_.Next(EntraLeg::kCredential, 401, kWrongSecret);
  EXPECT_THAT(Ask(Alices()), HasReason(Reason::kCredentialRefused));
  EXPECT_THAT(Ask(Bobs()), HasReason(Reason::kCredentialRefused));
  EXPECT_EQ(Proofs(), 1);
  secrets_.Replace("the right one");
  EXPECT_THAT(Ask(Alices()), IsOk());
}

}  // namespace
}  // namespace behalf

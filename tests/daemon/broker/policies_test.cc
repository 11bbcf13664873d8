// What policies do to requests on their way through the broker.
#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A Policy `house` with one rule `rule`, whose other keys are `keys`.
std::shared_ptr<const Catalog> WithRule(const std::string& keys) {
  return ContosoCatalog({{"...\n",
                          "---\n"
                          "apiVersion: behalf/v1\n"
                          "kind: Policy\n"
                          "metadata:\n"
                          "  name: house\n"
                          "spec:\n"
                          "  rules:\n"
                          "    - name: rule\n" +
                              keys + "...\n"}});
}

class Policies : public BrokerHouse {
 protected:
  void PutInForce(const std::string& keys) {
    catalog_ = WithRule(keys);
    ruled_.emplace(InForce(catalog_));
    broker_under_rule_.emplace(PartsWith(*ruled_));
  }

  absl::StatusOr<IssuedToken> GetInvoices(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(broker_under_rule_->GetToken(std::move(request), call));
  }
  absl::StatusOr<CreatedHandle> CreateUnderRule(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(broker_under_rule_->CreateHandle(std::move(request), call));
  }

  std::optional<LiveCatalog> ruled_;
  std::optional<TokenBroker> broker_under_rule_;
};

TEST_F(Policies, ADenialIsRecordedWithItsRuleAndToldWithoutIt) {
  PutInForce("      because: The books are closed.\n      then: {deny: true}\n");
  const auto refused = GetInvoices(ForInvoices());
  ExpectRefused(refused.status(), Reason::kPolicyDenied);
  EXPECT_EQ(Trades(), 0);
  EXPECT_EQ(refused.status().ToString().find("house"), std::string::npos);
  EXPECT_EQ(audit_.last().term, "policy");
  EXPECT_THAT(audit_.last().detail, HasSubstr("house/rule: The books are closed."));
  EXPECT_THAT(audit_.last().rules, ElementsAre("house/rule"));
  EXPECT_NE(audit_.last().decided_by, "");
}

TEST_F(Policies, ASignInThatIsMissingIsAChallengeThatTheClientCanMeet) {
  PutInForce("      then: {signIn: {within: 15m, authContext: c1}}\n");
  const auto refused = GetInvoices(ForInvoices());
  ExpectRefused(refused.status(), Reason::kSignInRequired);
  auto metadata = DetailOf(refused.status()).metadata;
  EXPECT_EQ(metadata["claims"], R"({"access_token":{"acrs":{"essential":true,"value":"c1"},)"
                                R"("auth_time":{"essential":true}}})");
  EXPECT_EQ(metadata["max_age"], "900");

  TokenRequest stronger = ForInvoices();
  stronger.subject_token =
      SecretString(TokenOf(AliceV2(now()).Json("acrs", R"(["c1"])").Time("auth_time", now())));
  EXPECT_THAT(GetInvoices(std::move(stronger)), IsOk());
}

TEST_F(Policies, AWarningIsRecordedAndChangesNothing) {
  PutInForce("      then: {warn: true}\n");
  EXPECT_THAT(GetInvoices(ForInvoices()), IsOk());
  EXPECT_THAT(audit_.last().warnings, ElementsAre("house/rule"));
}

TEST_F(Policies, WhatIsWithheldIsNotAskedForAndNotAccepted) {
  PutInForce("      then: {withoutScopes: [Mail.Send]}\n");
  const auto narrowed = CreateUnderRule(ForMail());
  ASSERT_THAT(narrowed, IsOk());
  EXPECT_THAT(narrowed->scopes, ElementsAre("Mail.Read"));

  entra_.Change([](Claims& claims) { claims.Text("scp", "Mail.Read Mail.Send User.Read"); });
  TokenRequest again = ForMail();
  again.subject_token = SecretString(TokenOf(AliceV1(now())));
  ExpectRefused(CreateUnderRule(std::move(again)).status(), Reason::kReplyScopeExcess,
                AuditEvent::kFailed);
  ExpectRefused(CreateUnderRule(ForMail("calendar")).status(), Reason::kReplyScopeExcess,
                AuditEvent::kFailed);
}

TEST_F(Policies, AScopeThatIsNamedIsNotSilentlyLeftOut) {
  PutInForce("      then: {withoutScopes: [Mail.Send]}\n");
  TokenRequest request = ForMail();
  request.scopes = {"Mail.Read", "Mail.Send"};
  ExpectRefused(CreateUnderRule(std::move(request)).status(), Reason::kPolicyDenied);
  EXPECT_EQ(Trades(), 0);
}

TEST_F(Policies, ATokenThatWasCachedBeforeIsHeldAgainstThemToo) {
  EXPECT_THAT(Create(ForMail()), IsOk());
  PutInForce("      then: {maxLifetime: 5m}\n");
  ExpectRefused(CreateUnderRule(ForMail()).status(), Reason::kReplyLifetime, AuditEvent::kFailed);
}

TEST_F(Policies, ARedemptionIsDecidedByThePoliciesThenInForce) {
  const std::string handle = Handle(ForMail());
  const auto redeemed = RedeemUnder(WithRule("      then: {deny: true}\n"), Redemption(handle));
  ExpectRefused(redeemed.status(), Reason::kPolicyDenied);
  EXPECT_THAT(Redeem(handle), IsOk()) << "a denial spends nothing";
}

TEST_F(Policies, TheCallerIsTheAgentsProcessAtARedemptionToo) {
  const std::string handle = Handle(ForMail());
  const char kOnlyForInvoice[] =
      "      unless:\n"
      "        caller: {any: [{unix: {socket: agents, user: \"1001\"}}]}\n"
      "      then: {deny: true}\n";
  EXPECT_THAT(RedeemUnder(WithRule(kOnlyForInvoice), Redemption(handle)), IsOk());
}

TEST_F(Policies, WhatARequestDeclaresCountsForTheRedemptionAndIsOnRecord) {
  const char kForAudits[] =
      "      unless: {purpose: {any: [audit]}}\n"
      "      then: {deny: true}\n";
  PutInForce(kForAudits);
  ExpectRefused(CreateUnderRule(ForMail()).status(), Reason::kPolicyDenied);

  TokenRequest request = ForMail();
  request.declared.purpose = "audit";
  const auto created = CreateUnderRule(std::move(request));
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(audit_.last().declared.purpose, "audit");
  EXPECT_THAT(RedeemUnder(catalog_, Redemption(std::string(created->handle.Reveal()))), IsOk());
  EXPECT_EQ(audit_.last().declared.purpose, "audit");
}

}  // namespace
}  // namespace behalf

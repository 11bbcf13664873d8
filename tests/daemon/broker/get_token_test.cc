#include <string>
#include <utility>
#include <vector>

#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class GetToken : public BrokerHouse {};

TEST_F(GetToken, AnAgentGetsATokenForAnApiItReachesByItself) {
  const auto issued = BrokerHouse::GetToken(ForInvoices());
  ASSERT_THAT(issued, IsOk());
  EXPECT_EQ(issued->api, "invoices");
  EXPECT_EQ(issued->subject_ref, "");
  EXPECT_EQ(issued->token->expires_at, now() + absl::Minutes(75));
  EXPECT_THAT(issued->token->scopes, ElementsAre("Invoices.Read"));
}

TEST_F(GetToken, TheRecordSaysWhatWasDone) {
  TokenRequest request = ForInvoices();
  request.scopes = {"Invoices.Read"};
  const std::string subject(request.subject_token.Reveal());
  const auto issued = BrokerHouse::GetToken(std::move(request));
  ASSERT_THAT(issued, IsOk());
  ASSERT_EQ(audit_.records().size(), 1);
  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kTokenIssued);
  EXPECT_EQ(record.time, now());
  EXPECT_EQ(record.decision_id, issued->decision_id);
  EXPECT_EQ(record.caller.socket, "agents");
  EXPECT_EQ(record.caller.uid, kInvoiceUid);
  EXPECT_EQ(record.caller.pid, 4242);
  EXPECT_EQ(record.agent, "invoice-bot");
  EXPECT_EQ(record.blueprint, "invoice-assistant");
  EXPECT_EQ(record.user.tid, kTenant);
  EXPECT_EQ(record.user.oid, kAliceId);
  EXPECT_EQ(record.user.digest, namer_.Pseudonym("", kTenant, kAliceId));
  EXPECT_EQ(record.subject_digest, namer_.Digest(subject));
  EXPECT_EQ(record.api, "invoices");
  EXPECT_EQ(record.access, "delegated");
  EXPECT_THAT(record.scopes_asked, ElementsAre("Invoices.Read"));
  EXPECT_THAT(record.scopes, ElementsAre("Invoices.Read"));
  EXPECT_THAT(record.allowance, StartsWith("contoso.yaml:"));
  EXPECT_EQ(record.catalog_digest, catalog_->digest());
  EXPECT_THAT(record.correlation_ids, ElementsAre(http_.seen().back().correlation_id));
  EXPECT_EQ(record.token.digest, namer_.Digest(issued->token->value.Reveal()));
  EXPECT_THAT(record.token.uti, StartsWith("uti-"));
  EXPECT_EQ(record.token.expires_at, issued->token->expires_at);
  EXPECT_FALSE(record.cached);
  EXPECT_EQ(record.reason, std::nullopt);
}

TEST_F(GetToken, ASecondRequestIsAnsweredFromTheCacheAndTheRecordSaysSo) {
  TokenRequest request = ForInvoices();
  TokenRequest again = ForInvoices();
  const auto first = BrokerHouse::GetToken(std::move(request));
  const auto second = BrokerHouse::GetToken(std::move(again));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->token, second->token);
  EXPECT_NE(first->decision_id, second->decision_id);
  EXPECT_EQ(Trades(), 1);
  EXPECT_TRUE(audit_.last().cached);
  EXPECT_EQ(audit_.last().event, AuditEvent::kTokenIssued);
}

TEST_F(GetToken, NothingLeavesWhenTheRecordCannotBeWritten) {
  audit_.Break();
  const auto issued = BrokerHouse::GetToken(ForInvoices());
  EXPECT_THAT(issued, HasReason(Reason::kAuditUnavailable));
  EXPECT_EQ(DetailOf(issued.status()).metadata["decision_id"].size(), 32);
  EXPECT_EQ(Trades(), 1);
  EXPECT_THAT(audit_.records(), testing::IsEmpty());
  const auto cached = BrokerHouse::GetToken(ForInvoices());
  EXPECT_THAT(cached, HasReason(Reason::kAuditUnavailable)) << "nor from the cache";
}

TEST_F(GetToken, ARefusalStandsWhetherOrNotItIsOnRecord) {
  audit_.Break();
  TokenRequest request = ForInvoices();
  request.api = "unknown";
  EXPECT_THAT(BrokerHouse::GetToken(std::move(request)), HasReason(Reason::kNotAllowed));
}

struct CallerRow {
  std::string what;
  CallerPtr caller;
  Reason reason;
};

TEST_F(GetToken, WhoIsNoAgentGetsNothing) {
  const std::vector<CallerRow> table = {
      {"nobody known", nullptr, Reason::kCallerUnknown},
      {"an unknown account", CallerAt("agents", 7777), Reason::kCallerUnknown},
      {"the account on another socket", CallerAt("tools", kInvoiceUid), Reason::kCallerUnknown},
      {"the overflow uid", CallerAt("agents", 65534), Reason::kCallerUnknown},
      {"a tool", MailSearch(), Reason::kCallerNotAgent},
      {"an admin", CallerAt("admin", kAdminUid), Reason::kCallerNotAgent},
  };
  for (const CallerRow& row : table) {
    SCOPED_TRACE(row.what);
    TokenRequest request = ForInvoices();
    request.caller = row.caller;
    ExpectRefused(BrokerHouse::GetToken(std::move(request)).status(), row.reason);
    EXPECT_EQ(audit_.last().term, "caller");
  }
  EXPECT_EQ(http_.count(), 0) << "strangers make the daemon ask nobody anything";
}

TEST_F(GetToken, AnAgentMayBeNamedIfItIsTheCallers) {
  TokenRequest own = ForInvoices();
  own.agent = "invoice-bot";
  EXPECT_THAT(BrokerHouse::GetToken(std::move(own)), IsOk());
  for (const std::string name : {"report-bot", "no-such-bot"}) {
    TokenRequest other = ForInvoices();
    other.agent = name;
    ExpectRefused(BrokerHouse::GetToken(std::move(other)).status(), Reason::kAgentNotCallers);
  }
}

TEST_F(GetToken, ACallerOfSeveralAgentsMustNameOne) {
  const LiveCatalog live(InForce(ContosoCatalog({{"user: \"1002\"", "user: \"1001\""}})));
  TokenBroker broker(PartsWith(live));
  CallContext call(absl::InfiniteFuture());
  ExpectRefused(RunToEnd(broker.GetToken(ForInvoices(), call)).status(), Reason::kAgentAmbiguous);
  TokenRequest named = ForInvoices();
  named.agent = "report-bot";
  EXPECT_THAT(RunToEnd(broker.GetToken(std::move(named), call)), IsOk());
  EXPECT_EQ(audit_.last().agent, "report-bot");
}

struct DecisionRow {
  std::string what;
  std::string api;
  std::vector<std::string> scopes;
  Reason reason;
  std::string term;
};

TEST_F(GetToken, WhatIsNotAllowedIsDeniedWithTheTermThatFailed) {
  const std::vector<DecisionRow> table = {
      {"an API through a tool", "graph", {}, Reason::kHandleRequired, "allowance"},
      {"no such API", "payroll", {}, Reason::kNotAllowed, "allowance"},
      {"a wider scope", "invoices", {"Invoices.Write"}, Reason::kScopeNotAllowed, "scopes"},
      {"one scope too many",
       "invoices",
       {"Invoices.Read", "Invoices.Write"},
       Reason::kScopeNotAllowed,
       "scopes"},
      {"an unknown scope", "invoices", {"x"}, Reason::kScopeNotAllowed, "scopes"},
  };
  for (const DecisionRow& row : table) {
    SCOPED_TRACE(row.what);
    TokenRequest request = ForInvoices();
    request.api = row.api;
    request.scopes = row.scopes;
    ExpectRefused(BrokerHouse::GetToken(std::move(request)).status(), row.reason);
    EXPECT_EQ(audit_.last().term, row.term);
    EXPECT_EQ(audit_.last().user.oid, kAliceId);
    EXPECT_EQ(audit_.last().scopes_asked, row.scopes);
  }
  EXPECT_EQ(Trades(), 0);
}

TEST_F(GetToken, GivesNoTokenThatIsMeantForATool) {
  TokenRequest request = ForInvoices();
  request.api = "graph";
  request.tool = "mail-search";
  ExpectRefused(BrokerHouse::GetToken(std::move(request)).status(), Reason::kHandleRequired);
}

TEST_F(GetToken, AUserWhomTheBlueprintDoesNotAdmitIsRefused) {
  TokenRequest request = ForInvoices();
  request.subject_token = SecretString(TokenOf(AliceV2(now()).Text("aud", "api://other")));
  ExpectRefused(BrokerHouse::GetToken(std::move(request)).status(), Reason::kSubjectAudience);
  EXPECT_EQ(audit_.last().term, "user");
  EXPECT_EQ(audit_.last().user.oid, kAliceId) << "the issuer vouches for who it is";
}

TEST_F(GetToken, KeysThatCannotBeFetchedAreAFailureAndNoDenial) {
  http_.On(entra_.metadata_url(), 503, "");
  ExpectRefused(BrokerHouse::GetToken(ForInvoices()).status(), Reason::kKeysUnavailable,
                AuditEvent::kFailed);
}

TEST_F(GetToken, WhatTheProviderRefusesIsAFailureWithItsFacts) {
  entra_.Next(EntraLeg::kOnBehalfOf, 400,
              R"({"error":"interaction_required","error_codes":[50076],"suberror":"basic_action",)"
              R"("correlation_id":"c-7","claims":"{\"access_token\":{}}"})");
  const auto refused = BrokerHouse::GetToken(ForInvoices());
  ExpectRefused(refused.status(), Reason::kInteractionRequired, AuditEvent::kFailed);
  EXPECT_EQ(DetailOf(refused.status()).metadata["claims"], R"({"access_token":{}})");
  EXPECT_EQ(audit_.last().provider_code, "AADSTS50076");
  EXPECT_THAT(audit_.last().correlation_ids, ElementsAre("c-7"));
}

TEST_F(GetToken, AReplyThatDoesNotFitIsRefusedRecordedAndNotKept) {
  entra_.Change([](Claims& claims) { claims.Text("oid", kBobId); });
  ExpectRefused(BrokerHouse::GetToken(ForInvoices()).status(), Reason::kReplyUser,
                AuditEvent::kFailed);
  EXPECT_EQ(cache_.size(), 0);
}

TEST_F(GetToken, ADisabledBlueprintGivesNothing) {
  const LiveCatalog live(InForce(catalog_, {{"invoice-assistant", {"its secret is missing"}}}));
  TokenBroker broker(PartsWith(live));
  CallContext call(absl::InfiniteFuture());
  ExpectRefused(RunToEnd(broker.GetToken(ForInvoices(), call)).status(),
                Reason::kBlueprintDisabled);
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(GetToken, TheDecisionRunsOnHitsToo) {
  ASSERT_THAT(BrokerHouse::GetToken(ForInvoices()), IsOk());
  const LiveCatalog live(
      InForce(ContosoCatalog({{"    - api: invoices\n      scopes: [Invoices.Read]",
                               "    - api: invoices\n      scopes: [Invoices.Write]"}})));
  TokenBroker broker(PartsWith(live));
  CallContext call(absl::InfiniteFuture());
  TokenRequest request = ForInvoices();
  request.scopes = {"Invoices.Read"};
  ExpectRefused(RunToEnd(broker.GetToken(std::move(request), call)).status(),
                Reason::kScopeNotAllowed);
}

TEST_F(GetToken, WhoLeavesIsRecordedAsGoneAndWhoIsTooLateAsLate) {
  http_.Hold();
  // A deadline is told by a clock that is a little off.
  const std::vector<std::pair<absl::Duration, Reason>> table = {
      {absl::ZeroDuration(), Reason::kCancelled},
      {absl::Milliseconds(2'890), Reason::kCancelled},
      {absl::Milliseconds(2'910), Reason::kDeadline},
      {absl::Seconds(3), Reason::kDeadline}};
  for (const auto& [after, reason] : table) {
    CallContext call(now() + absl::Seconds(3));
    Running<absl::StatusOr<IssuedToken>> running(broker_.GetToken(ForInvoices(), call));
    ASSERT_FALSE(running.done());
    clock_.Advance(after);
    call.cancel.Cancel();
    ExpectRefused(running.Result().status(), reason, AuditEvent::kFailed);
  }
  http_.Release();
}

}  // namespace
}  // namespace behalf

// Handles from their creation to their end.
#include <string>
#include <utility>
#include <vector>

#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

using testing::ElementsAre;

class Handles : public BrokerHouse {
 protected:
  static std::string ValueOf(const absl::StatusOr<IssuedToken>& issued) {
    return issued.ok() ? std::string(issued->token->value.Reveal()) : issued.status().ToString();
  }
};

TEST_F(Handles, AnAgentGetsAHandleAndNoToken) {
  const auto created = Create(ForMail());
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->handle.size(), 43) << "256 bits in base64url";
  EXPECT_EQ(created->expires_at, now() + absl::Minutes(5));
  EXPECT_THAT(created->scopes, ElementsAre("Mail.Read", "Mail.Send"));
  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kHandleCreated);
  EXPECT_EQ(record.decision_id, created->decision_id);
  EXPECT_EQ(record.tool, "mail-search");
  EXPECT_EQ(record.handle_digest, namer_.Digest(created->handle.Reveal()));
  EXPECT_EQ(record.token.digest, "") << "no token left";
}

TEST_F(Handles, AHandleIsForATool) {
  TokenRequest request = ForMail("");
  request.for_handle = false;
  ExpectRefused(Create(std::move(request)).status(), Reason::kRequestInvalid);
}

TEST_F(Handles, NoTwoHandlesAreTheSame) { EXPECT_NE(Handle(ForMail()), Handle(ForMail())); }

TEST_F(Handles, TheToolRedeemsItForAToken) {
  const auto created = Create(ForMail());
  const auto issued = Redeem(std::string(created->handle.Reveal()));
  ASSERT_THAT(issued, IsOk());
  EXPECT_EQ(issued->api, "graph");
  EXPECT_THAT(issued->token->scopes, ElementsAre("Mail.Read", "Mail.Send"));
  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kHandleRedeemed);
  EXPECT_EQ(record.decision_id, issued->decision_id);
  EXPECT_EQ(record.agent, "invoice-bot");
  EXPECT_EQ(record.blueprint, "invoice-assistant");
  EXPECT_EQ(record.tool, "mail-search");
  EXPECT_EQ(record.api, "graph");
  EXPECT_EQ(record.user.oid, kAliceId);
  EXPECT_EQ(record.caller.uid, kMailSearchUid);
  EXPECT_EQ(record.handle_digest, namer_.Digest(created->handle.Reveal()));
  EXPECT_EQ(record.token.digest, namer_.Digest(issued->token->value.Reveal()));
  EXPECT_TRUE(record.cached) << "the creation had asked already";
  EXPECT_FALSE(record.separation_none);
}

TEST_F(Handles, WhereNothingIsReusedTheRedemptionAsksForItself) {
  const std::string handle = Handle(ForMail("calendar"));
  EXPECT_EQ(Trades(), 1);
  ASSERT_THAT(Redeem(handle, Calendar()), IsOk());
  EXPECT_EQ(Trades(), 2);
  EXPECT_FALSE(audit_.last().cached);
}

TEST_F(Handles, TheToolSeesAPseudonymOfTheUserThatIsItsOwn) {
  const auto mail = Redeem(Handle(ForMail()));
  const auto again = Redeem(Handle(ForMail()));
  const auto calendar = Redeem(Handle(ForMail("calendar")), Calendar());
  TokenRequest bobs = ForMail();
  bobs.subject_token = SecretString(TokenOf(AliceV2(now()).Text("oid", kBobId)));
  const auto bob = Redeem(Handle(std::move(bobs)));
  ASSERT_THAT(bob, IsOk());
  EXPECT_EQ(mail->subject_ref, again->subject_ref);
  EXPECT_NE(mail->subject_ref, calendar->subject_ref);
  EXPECT_NE(mail->subject_ref, bob->subject_ref);
  EXPECT_NE(mail->token, bob->token);
}

TEST_F(Handles, AChallengeReachesTheAgent) {
  entra_.Next(EntraLeg::kOnBehalfOf, 400,
              R"({"error":"interaction_required","error_codes":[50076],"claims":"{\"a\":{}}"})");
  const auto created = Create(ForMail());
  ExpectRefused(created.status(), Reason::kInteractionRequired, AuditEvent::kFailed);
  EXPECT_EQ(DetailOf(created.status()).metadata["claims"], R"({"a":{}})");
  EXPECT_EQ(store_.size(), 0);
}

struct CallerRow {
  std::string what;
  CallerPtr caller;
  Reason reason;
};

TEST_F(Handles, NobodyButTheToolRedeemsAndTheHandleStaysOpen) {
  const std::string handle = Handle(ForMail());
  const std::vector<CallerRow> table = {
      {"nobody known", nullptr, Reason::kCallerUnknown},
      {"an unknown account", CallerAt("tools", 7777), Reason::kCallerUnknown},
      {"the agent that made it", InvoiceBot(), Reason::kCallerNotTool},
      {"another agent", CallerAt("agents", kReportUid), Reason::kCallerNotTool},
      {"an admin", CallerAt("admin", kAdminUid), Reason::kCallerNotTool},
      {"another tool", Calendar(), Reason::kHandleWrongTool},
      {"the tool on another socket", CallerAt("agents", kMailSearchUid), Reason::kCallerUnknown},
  };
  for (const CallerRow& row : table) {
    SCOPED_TRACE(row.what);
    ExpectRefused(Redeem(handle, row.caller, "same").status(), row.reason);
    EXPECT_EQ(audit_.last().term, "caller");
  }
  EXPECT_THAT(Redeem(handle, MailSearch(), "same"), IsOk());
}

TEST_F(Handles, ARedeemerThatCouldBeTheAgentIsRefused) {
  const std::string handle = Handle(ForMail());
  const CallerPtr both = CallerAt("tools", kInvoiceUid, {kToolsGid});
  ExpectRefused(Redeem(handle, both).status(), Reason::kHandleNotSeparated);
  EXPECT_THAT(Redeem(handle, CallerAt("tools", 5555, {kToolsGid})), IsOk());
}

TEST_F(Handles, AToolMayGiveUpSeparationAndTheRecordSaysSo) {
  const auto lax = ContosoCatalog(
      {{"  name: mail-search\nspec:\n", "  name: mail-search\nspec:\n  separation: none\n"}});
  const std::string handle = Handle(ForMail());
  const CallerPtr both = CallerAt("tools", kInvoiceUid, {kToolsGid});
  EXPECT_THAT(RedeemUnder(lax, Redemption(handle, both)), IsOk());
  EXPECT_TRUE(audit_.last().separation_none);
}

TEST_F(Handles, AHandleIsRedeemedOnce) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Redeem(handle), IsOk());
  ExpectRefused(Redeem(handle).status(), Reason::kHandleSpent);
  ExpectRefused(Redeem(handle, MailSearch(), "another").status(), Reason::kHandleSpent);
}

TEST_F(Handles, TheSameRedemptionRepeatedWithinThirtySecondsGetsTheSameToken) {
  const std::string handle = Handle(ForMail("calendar"));
  const std::string token = ValueOf(Redeem(handle, Calendar(), "one"));
  clock_.Advance(kRepeatWindow);
  const auto again = Redeem(handle, Calendar(), "one");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(ValueOf(again), token);
  EXPECT_THAT(again->token->scopes, ElementsAre("User.Read"));
  EXPECT_EQ(audit_.last().event, AuditEvent::kHandleRedeemed);
  EXPECT_EQ(audit_.last().decision_id, again->decision_id);
  EXPECT_TRUE(audit_.last().cached);
  ExpectRefused(Redeem(handle, Calendar(), "two").status(), Reason::kHandleSpent);
  clock_.Advance(absl::Microseconds(1));
  ExpectRefused(Redeem(handle, Calendar(), "one").status(), Reason::kHandleSpent);
}

TEST_F(Handles, ARedemptionWithoutAnIdIsLikeNoOther) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Redeem(handle), IsOk());
  ExpectRefused(Redeem(handle).status(), Reason::kHandleSpent);
}

TEST_F(Handles, AnotherToolWithTheSameRequestIdGetsNothing) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Redeem(handle, MailSearch(), "one"), IsOk());
  ExpectRefused(Redeem(handle, Calendar(), "one").status(), Reason::kHandleWrongTool);
}

TEST_F(Handles, TheRepetitionOfAnotherHandlesRedemptionIsARedemption) {
  const std::string one = Handle(ForMail("calendar"));
  const std::string other = Handle(ForMail("calendar"));
  EXPECT_NE(ValueOf(Redeem(one, Calendar(), "id")), ValueOf(Redeem(other, Calendar(), "id")));
}

TEST_F(Handles, AHandleExpires) {
  const std::string handle = Handle(ForMail());
  clock_.Advance(absl::Minutes(5) - absl::Microseconds(1));
  const std::string in_time = Handle(ForMail());
  clock_.Advance(absl::Microseconds(1));
  ExpectRefused(Redeem(handle).status(), Reason::kHandleExpired);
  EXPECT_THAT(Redeem(in_time), IsOk());
  clock_.Advance(kHandleRowGrace);
  ExpectRefused(Redeem(handle).status(), Reason::kHandleUnknown);
}

TEST_F(Handles, AHandleLivesAsShortAsTheAgentAsks) {
  TokenRequest request = ForMail();
  request.lifetime = absl::Seconds(20);
  const auto created = Create(std::move(request));
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->expires_at, now() + absl::Seconds(20));
  clock_.Advance(absl::Seconds(20));
  ExpectRefused(Redeem(std::string(created->handle.Reveal())).status(), Reason::kHandleExpired);
}

TEST_F(Handles, AHandleNeverOutlivesTheUsersToken) {
  TokenRequest request = ForMail();
  const absl::Time end = now() + absl::Minutes(2);
  request.subject_token = SecretString(TokenOf(AliceV2(now()).Time("exp", end)));
  const auto created = Create(std::move(request));
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->expires_at, end);
  clock_.Set(end);
  ExpectRefused(Redeem(std::string(created->handle.Reveal())).status(), Reason::kHandleExpired);
}

TEST_F(Handles, WhatLooksLikeNoHandleIsUnknown) {
  for (const std::string& text :
       {std::string("x"), std::string(43, 'A'), std::string(43, '*'), Handle(ForMail()) + "A",
        Handle(ForMail()).substr(1), Handle(ForMail()) + "="}) {
    ExpectRefused(Redeem(text).status(), Reason::kHandleUnknown);
  }
}

TEST_F(Handles, TheToolMayAskForLess) {
  RedeemRequest request = Redemption(Handle(ForMail()));
  request.scopes = {"Mail.Read"};
  const auto issued = Redeem(std::move(request));
  ASSERT_THAT(issued, IsOk());
  EXPECT_THAT(issued->token->scopes, ElementsAre("Mail.Read"));
}

TEST_F(Handles, TheToolMayNotAskForMoreAndTheHandleStaysOpen) {
  TokenRequest narrow = ForMail();
  narrow.scopes = {"Mail.Read"};
  const std::string handle = Handle(std::move(narrow));
  for (const std::string scope : {"Mail.Send", "User.Read", "Files.Read"}) {
    SCOPED_TRACE(scope);
    RedeemRequest request = Redemption(handle);
    request.scopes = {"Mail.Read", scope};
    ExpectRefused(Redeem(std::move(request)).status(), Reason::kScopeNotAllowed);
    EXPECT_EQ(audit_.last().term, "scopes");
  }
  const auto issued = Redeem(handle);
  ASSERT_THAT(issued, IsOk());
  EXPECT_THAT(issued->token->scopes, ElementsAre("Mail.Read"));
}

TEST_F(Handles, AFailureThatARetryCanMendLeavesTheHandleOpen) {
  const std::string handle = Handle(ForMail("calendar"));
  entra_.Next(EntraLeg::kOnBehalfOf, 503, "");
  ExpectRefused(Redeem(handle, Calendar(), "one").status(), Reason::kProviderUnavailable,
                AuditEvent::kFailed);
  entra_.Next(EntraLeg::kOnBehalfOf, 429, "{}", "7");
  const auto throttled = Redeem(handle, Calendar(), "one");
  ExpectRefused(throttled.status(), Reason::kProviderThrottled, AuditEvent::kFailed);
  EXPECT_EQ(DetailOf(throttled.status()).retry_after, absl::Seconds(7));
  EXPECT_THAT(Redeem(handle, Calendar(), "two"), IsOk());
}

TEST_F(Handles, AFailureThatARetryCannotMendSpendsTheHandle) {
  const std::string handle = Handle(ForMail("calendar"));
  entra_.Next(EntraLeg::kOnBehalfOf, 400, R"({"error":"invalid_grant","error_codes":[50013]})");
  ExpectRefused(Redeem(handle, Calendar(), "one").status(), Reason::kSubjectRefused,
                AuditEvent::kFailed);
  ExpectRefused(Redeem(handle, Calendar(), "one").status(), Reason::kHandleSpent);
}

TEST_F(Handles, NothingLeavesWhenTheRecordCannotBeWrittenAndTheHandleStaysOpen) {
  const std::string handle = Handle(ForMail());
  audit_.Break();
  const auto redeemed = Redeem(handle, MailSearch(), "one");
  EXPECT_THAT(redeemed, HasReason(Reason::kAuditUnavailable));
  EXPECT_EQ(DetailOf(redeemed.status()).metadata["decision_id"].size(), 32);
  audit_.Break(false);
  EXPECT_THAT(Redeem(handle, MailSearch(), "two"), IsOk());
}

TEST_F(Handles, ARepetitionNeedsItsRecordToo) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Redeem(handle, MailSearch(), "one"), IsOk());
  audit_.Break();
  EXPECT_THAT(Redeem(handle, MailSearch(), "one"), HasReason(Reason::kAuditUnavailable));
  audit_.Break(false);
  EXPECT_THAT(Redeem(handle, MailSearch(), "one"), IsOk());
}

TEST_F(Handles, NoHandleLeavesWhenTheRecordCannotBeWritten) {
  audit_.Break();
  EXPECT_THAT(Create(ForMail()), HasReason(Reason::kAuditUnavailable));
}

TEST_F(Handles, WhileARedemptionIsUnderWayItsRepetitionWaitsAndOthersFindItSpent) {
  const std::string handle = Handle(ForMail("calendar"));
  http_.Hold();
  CallContext call(absl::InfiniteFuture());
  Running<absl::StatusOr<IssuedToken>> first(
      broker_.RedeemHandle(Redemption(handle, Calendar(), "one"), call));
  const auto repeated = Redeem(handle, Calendar(), "one");
  ExpectRefused(repeated.status(), Reason::kHandleInUse);
  EXPECT_TRUE(DetailOf(repeated.status()).retry_after.has_value());
  ExpectRefused(Redeem(handle, Calendar(), "two").status(), Reason::kHandleSpent);
  http_.Release();
  const auto issued = first.Result();
  ASSERT_THAT(issued, IsOk());
  EXPECT_EQ(ValueOf(Redeem(handle, Calendar(), "one")), ValueOf(issued));
}

// Its daemon may have been killed; if it was not, one of the two answers.
TEST_F(Handles, ARedemptionThatNeverEndedIsTakenOverByItsRepetitionAlone) {
  const std::string handle = Handle(ForMail("calendar"));
  http_.Hold();
  CallContext call(absl::InfiniteFuture());
  Running<absl::StatusOr<IssuedToken>> first(
      broker_.RedeemHandle(Redemption(handle, Calendar(), "one"), call));
  clock_.Advance(kReservationLife);
  ExpectRefused(Redeem(handle, Calendar(), "one").status(), Reason::kHandleInUse);
  clock_.Advance(absl::Seconds(1));
  ExpectRefused(Redeem(handle, Calendar(), "two").status(), Reason::kHandleSpent);
  Running<absl::StatusOr<IssuedToken>> second(
      broker_.RedeemHandle(Redemption(handle, Calendar(), "one"), call));
  http_.Release();
  EXPECT_THAT(first.Result(), HasReason(Reason::kHandleSpent));
  EXPECT_THAT(second.Result(), IsOk());
}

TEST_F(Handles, AToolThatLeavesLeavesTheHandleOpen) {
  const std::string handle = Handle(ForMail("calendar"));
  http_.Hold();
  {
    CallContext call(absl::InfiniteFuture());
    Running<absl::StatusOr<IssuedToken>> leaving(
        broker_.RedeemHandle(Redemption(handle, Calendar(), "one"), call));
    call.cancel.Cancel();
    ExpectRefused(leaving.Result().status(), Reason::kCancelled, AuditEvent::kFailed);
  }
  http_.Release();
  EXPECT_THAT(Redeem(handle, Calendar(), "one"), IsOk());
}

TEST_F(Handles, AFullStoreIsOverload) {
  MemoryHandleStore full(0, clock_);
  HandleDesk desk(full);
  TokenBroker broker(
      {live_, verifier_, cache_, desk, revocations_, outstanding_, audit_, namer_, clock_});
  CallContext call(absl::InfiniteFuture());
  ExpectRefused(RunToEnd(broker.CreateHandle(ForMail(), call)).status(), Reason::kOverloaded,
                AuditEvent::kFailed);
}

struct CatalogRow {
  std::string what;
  Edits edits;
  Reason reason;
};

TEST_F(Handles, ARedemptionIsDecidedUnderTheDocumentsNowInForce) {
  const std::vector<CatalogRow> table = {
      {"the agent is gone", {{"name: invoice-bot", "name: other-bot"}}, Reason::kNotAllowed},
      {"the agent is another identity", {{kInvoiceBotId, kFrontendId}}, Reason::kNotAllowed},
      {"the agent has other callers", {{"user: \"1001\"", "user: \"1011\""}}, Reason::kNotAllowed},
      {"the tool is gone", {{"mail-search", "mail-find"}}, Reason::kNotAllowed},
      {"the tool has other callers",
       {{"user: \"1003\"", "user: \"1013\""}},
       Reason::kCallerUnknown},
      {"the allowance is another tool's",
       {{"    - tool: mail-search\n      api: graph\n      scopes: [Mail.Read, Mail.Send]",
         "    - tool: mail-search\n      api: invoices\n      scopes: [Invoices.Read]"},
        {"      accept: [User.Read]\n", ""}},
       Reason::kNotAllowed},
      {"the scopes are narrower",
       {{"scopes: [Mail.Read, Mail.Send]\n      accept: [User.Read]", "scopes: [Mail.Read]"}},
       Reason::kScopeNotAllowed},
      {"the client is no longer listed",
       {{"clients: [3d1d5e0a", "clients: [4d1d5e0a"}},
       Reason::kSubjectClient},
  };
  const std::string handle = Handle(ForMail());
  for (const CatalogRow& row : table) {
    SCOPED_TRACE(row.what);
    const auto changed = ContosoCatalog(row.edits);
    ExpectRefused(RedeemUnder(changed, Redemption(handle)).status(), row.reason);
    EXPECT_EQ(audit_.last().catalog_digest, changed->digest());
  }
  ExpectRefused(
      RedeemUnder(catalog_, Redemption(handle), {{"invoice-assistant", {"lost"}}}).status(),
      Reason::kBlueprintDisabled);
  EXPECT_THAT(Redeem(handle), IsOk()) << "none of these has spent it";
}

TEST_F(Handles, ARepetitionIsDecidedUnderTheDocumentsNowInForceToo) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Redeem(handle, MailSearch(), "one"), IsOk());
  const auto shorter = ContosoCatalog({{"      accept: [User.Read]\n      maxLifetime: 90m",
                                        "      accept: [User.Read]\n      maxLifetime: 60m"}});
  ExpectRefused(RedeemUnder(shorter, Redemption(handle, MailSearch(), "one")).status(),
                Reason::kReplyLifetime, AuditEvent::kFailed);
  const auto gone = ContosoCatalog({{"name: invoice-bot", "name: other-bot"}});
  ExpectRefused(RedeemUnder(gone, Redemption(handle, MailSearch(), "one")).status(),
                Reason::kNotAllowed);
}

}  // namespace
}  // namespace behalf

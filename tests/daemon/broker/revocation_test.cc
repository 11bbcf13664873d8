#include <gmock/gmock.h>

#include "daemon/broker/fleet_changes.h"
#include "tests/daemon/broker/revocation_house.h"

namespace behalf {
namespace {

using enum RevocationKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using RevocationTest = RevocationHouse;

TEST_F(RevocationTest, EveryNameOfAThingTakesItBackUntilItIsRestored) {
  const Agent& agent = *catalog_->FindAgent("invoice-bot");
  const std::pair<RevocationKind, std::string> ways[] = {
      {kAll, ""},
      {kAgent, agent.name},
      {kAgent, agent.id},
      {kBlueprint, agent.blueprint->name},
      {kBlueprint, agent.blueprint->client_id},
      {kUser, kAliceId},
      {kToken, namer_.Digest(ForInvoices().subject_token.Reveal())}};
  ASSERT_THAT(GetToken(ForInvoices()), IsOk());
  for (const auto& [kind, name] : ways) {
    SCOPED_TRACE(name);
    ASSERT_THAT(Revoke(kind, name), IsOk());
    ExpectRefused(GetToken(ForInvoices()).status(), Reason::kRevoked);
    EXPECT_EQ(audit_.last().term, "revocation");
    EXPECT_THAT(audit_.last().detail, HasSubstr("a test takes it back"));
    ASSERT_THAT(Restore(kind, name), IsOk());
    EXPECT_THAT(GetToken(ForInvoices()), IsOk());
  }
}

TEST_F(RevocationTest, OthersGoOn) {
  const std::pair<RevocationKind, std::string> ways[] = {
      {kAgent, "report-bot"},
      {kTool, "mail-search"},
      {kUser, kBobId},
      {kAgent, "00000000-0000-4000-8000-000000000000"}};
  for (const auto& [kind, name] : ways) ASSERT_THAT(Revoke(kind, name), IsOk());
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
}

TEST_F(RevocationTest, ARevokedToolGetsNoHandlesAndRedeemsNone) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Revoke(kTool, "mail-search"), IsOk());
  ExpectRefused(Redeem(handle).status(), Reason::kRevoked);
  ExpectRefused(Create(ForMail()).status(), Reason::kRevoked);
  ASSERT_THAT(Restore(kTool, "mail-search"), IsOk());
  EXPECT_THAT(Redeem(handle), IsOk());
}

TEST_F(RevocationTest, ARevokedHandleIsNotRedeemedAndOthersAre) {
  const std::string handle = Handle(ForMail()), other = Handle(ForMail());
  ASSERT_THAT(Revoke(kHandle, namer_.Digest(handle)), IsOk());
  ExpectRefused(Redeem(handle).status(), Reason::kRevoked);
  EXPECT_THAT(Redeem(other), IsOk());
}

TEST_F(RevocationTest, ARepeatedRedemptionGetsNothingEither) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(Redeem(handle, MailSearch(), "one"), IsOk());
  ASSERT_THAT(Revoke(kUser, kAliceId), IsOk());
  ExpectRefused(Redeem(handle, MailSearch(), "one").status(), Reason::kRevoked);
}

TEST_F(RevocationTest, ARevokedTokenOfAnApiIsReplacedByAFreshOne) {
  const auto first = GetToken(ForInvoices());
  ASSERT_THAT(Revoke(kToken, namer_.Digest(first->token->value.Reveal())), IsOk());
  const auto second = GetToken(ForInvoices());
  ASSERT_THAT(second, IsOk());
  EXPECT_NE(second->token->value.Reveal(), first->token->value.Reveal());
  EXPECT_EQ(Trades(), 2);
}

TEST_F(RevocationTest, AReplyToAQuestionOfBeforeIsDropped) {
  keys_.Follow(*catalog_);
  ASSERT_THAT(GetToken(ForInvoices()), IsOk());  // the keys and the proof are there
  TokenRequest request = ForInvoices();
  request.subject_token = SecretString(TokenOf(AliceV2(now()).Text("oid", kBobId)));
  http_.Hold();
  CallContext call(absl::InfiniteFuture());
  Running<absl::StatusOr<IssuedToken>> asking(broker_.GetToken(std::move(request), call));
  http_.AwaitHeld(1);
  ASSERT_THAT(Revoke(kUser, kBobId), IsOk());
  http_.Release();
  EXPECT_THAT(asking.Result(), HasReason(Reason::kRevoked));
  EXPECT_EQ(audit_.last().reason, Reason::kRevoked);
  EXPECT_EQ(cache_.size(), 1) << "nor is it kept";
}

TEST_F(RevocationTest, ItEndsByItself) {
  RevokeRequest request = Revocation(Target(kAll));
  request.until = now() + absl::Minutes(10);
  ASSERT_THAT(Revoke(std::move(request)), IsOk());
  clock_.Advance(absl::Minutes(10) - absl::Milliseconds(1));
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
  EXPECT_THAT(*revoking_.List(Admin()), IsEmpty());
}

TEST_F(RevocationTest, TheAnswerNamesTheTokensThatAreOutThere) {
  const auto invoices = GetToken(ForInvoices());
  const auto mail = Redeem(Handle(ForMail()));
  ASSERT_THAT(Redeem(Handle(ForMail("calendar")), Calendar()), IsOk());
  const auto revoked = Revoke(kTool, "mail-search");
  ASSERT_EQ(revoked->outstanding.tokens.size(), 1);
  const OutstandingToken& token = revoked->outstanding.tokens.front();
  EXPECT_EQ(token.digest, namer_.Digest(mail->token->value.Reveal()));
  EXPECT_EQ(token.api, "graph");
  EXPECT_EQ(token.expires_at, mail->token->expires_at);
  EXPECT_EQ(Revoke(kAgent, "invoice-bot")->outstanding.tokens.size(), 3);
  EXPECT_EQ(Revoke(kUser, kBobId)->outstanding.tokens.size(), 0);
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(Revoke(kAll)->outstanding.tokens.size(), 0);
}

TEST_F(RevocationTest, MoreTokensThanAreRememberedAreSaidToBeMissing) {
  OutstandingTokens few(2);
  for (int i = 0; i < 3; ++i) {
    OutstandingToken token;
    token.digest = std::to_string(i);
    token.expires_at = now() + absl::Minutes(i + 1);
    few.Note(std::move(token), now());
  }
  struct Revocation all;
  EXPECT_EQ(few.Of(all, now()).tokens.size(), 2);
  EXPECT_FALSE(few.Of(all, now()).complete);
  EXPECT_TRUE(few.Of(all, now() + absl::Minutes(1)).complete);
}

TEST_F(RevocationTest, BothAreOnRecordWithTheirRevision) {
  ASSERT_THAT(Revoke(kAgent, "invoice-bot"), IsOk());
  AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kRevoked);
  EXPECT_EQ(record.caller.uid, kAdminUid);
  EXPECT_EQ(record.revocation.kind, "agent");
  EXPECT_EQ(record.revocation.said, "invoice-bot");
  EXPECT_EQ(record.revocation.revision, 1);
  EXPECT_EQ(audit_.revision(), 1);
  ASSERT_THAT(Restore(kAgent, catalog_->FindAgent("invoice-bot")->id), IsOk());
  record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kRestored);
  EXPECT_EQ(record.revocation.revision, 1);
  EXPECT_EQ(audit_.revision(), 2);
}

TEST_F(RevocationTest, ARecordThatCannotBeWrittenStopsNoRevocation) {
  audit_.Break();
  const auto revoked = Revoke(kAll);
  ASSERT_THAT(revoked, IsOk());
  EXPECT_THAT(revoked->unrecorded, HasSubstr("record"));
  audit_.Break(false);
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
}

TEST_F(RevocationTest, ARecordThatCannotBeWrittenStopsARestoration) {
  ASSERT_THAT(Revoke(kAll), IsOk());
  audit_.Break();
  EXPECT_THAT(Restore(kAll), HasReason(Reason::kAuditUnavailable));
  audit_.Break(false);
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
  EXPECT_EQ(kept_.Load()->all.size(), 1);
}

TEST_F(RevocationTest, AStoreThatFailsLeavesThingsRevoked) {
  kept_.Break();
  EXPECT_THAT(Revoke(kAll), HasReason(Reason::kStoreUnavailable));
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
  kept_.Break(false);
  ASSERT_THAT(Revoke(kAll), IsOk());
  kept_.Break();
  EXPECT_THAT(Restore(kAll), HasReason(Reason::kStoreUnavailable));
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
  kept_.Break(false);
  EXPECT_EQ(Restore(kAll)->size(), 2);
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
}

TEST_F(RevocationTest, WhatWasRestoredBeforeItWasOnDiskIsRevokedWhenItIs) {
  kept_.Hold();
  Running<absl::StatusOr<Revoked>> revoking(revoking_.Revoke(Revocation(Target(kAll))));
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
  ASSERT_THAT(Restore(kAll), IsOk());
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
  kept_.Release();
  const auto revoked = revoking.Result();
  ASSERT_THAT(revoked, IsOk());
  EXPECT_EQ(revoked->revocation->revision, kept_.Load()->all.front().revision);
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
}

TEST_F(RevocationTest, OnlyAdminsMay) {
  RevokeRequest request = Revocation(Target(kAll));
  request.caller = InvoiceBot();
  ExpectRefused(Revoke(std::move(request)).status(), Reason::kCallerNotAdmin);
  RestoreRequest restore(InvoiceBot());
  restore.target = Target(kAll);
  ExpectRefused(RunToEnd(revoking_.Restore(std::move(restore))).status(), Reason::kCallerNotAdmin);
  ExpectRefused(revoking_.List(InvoiceBot()).status(), Reason::kCallerNotAdmin);
}

TEST_F(RevocationTest, WhatIsNotUnderstoodIsRefusedWithItsField) {
  struct Case {
    NamedTarget target;
    std::string field, says;
  };
  NamedTarget tenant_of_a_tool = Target(kTool, "calendar");
  tenant_of_a_tool.tenant = kAliceId;
  NamedTarget strange_tenant = Target(kUser, kAliceId);
  strange_tenant.tenant = "contoso";
  const Case cases[] = {
      {NamedTarget(), "target.kind", "required"},
      {Target(kAll, "x"), "target.name", "does not go with `all`"},
      {Target(kAgent), "target.name", "required"},
      {Target(kAgent, "invoice-bit"), "target.name", "did you mean `invoice-bot`?"},
      {Target(kBlueprint, "nothing"), "target.name", "is no blueprint of the documents"},
      {Target(kTool, "mail"), "target.name", "is no tool of the documents"},
      {Target(kUser, "alice@contoso.example"), "target.name", "object id"},
      {strange_tenant, "target.tenant", "tenant's id"},
      {tenant_of_a_tool, "target.tenant", "goes with a user only"},
      {Target(kHandle, "abc"), "target.name", namer_.key_id()},
      {Target(kToken, "00000000:" + std::string(32, 'a')), "target.name", namer_.key_id()},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.target.name);
    const auto revoked = Revoke(Revocation(one.target));
    ExpectRefused(revoked.status(), Reason::kRequestInvalid);
    EXPECT_EQ(DetailOf(revoked.status()).metadata["field"], one.field);
    EXPECT_THAT(std::string(revoked.status().message()), HasSubstr(one.says));
  }
  EXPECT_TRUE(revocations_.none());
}

TEST_F(RevocationTest, AReasonIsRequiredAndAnEndIsInTheFuture) {
  RevokeRequest request = Revocation(Target(kAll));
  request.reason.clear();
  EXPECT_EQ(DetailOf(Revoke(std::move(request)).status()).metadata["field"], "reason");
  RevokeRequest past = Revocation(Target(kAll));
  past.until = now();
  EXPECT_EQ(DetailOf(Revoke(std::move(past)).status()).metadata["field"], "until");
  EXPECT_EQ(DetailOf(Restore(kAll).status()).metadata["field"], "target");
}

TEST_F(RevocationTest, WhatTheStoreHeldIsInForceFromTheStart) {
  ASSERT_THAT(Revoke(kUser, kAliceId), IsOk());
  const Revocations again(kept_.Load()->all, kept_);
  EXPECT_TRUE(again.Find({.tenant = kTenant, .object_id = kAliceId}, now()));
  EXPECT_FALSE(again.Find({.tenant = kTenant, .object_id = kBobId}, now()));
}

TEST_F(RevocationTest, AUserOfOneTenantIsNobodyInAnother) {
  NamedTarget alice = Target(kUser, kAliceId);
  alice.tenant = "00000000-0000-4000-8000-000000000000";
  ASSERT_THAT(Revoke(Revocation(alice)), IsOk());
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
  alice.tenant = kTenant;
  ASSERT_THAT(Revoke(Revocation(alice)), IsOk());
  EXPECT_THAT(GetToken(ForInvoices()), HasReason(Reason::kRevoked));
}

TEST_F(RevocationTest, WhoCannotKnowWhatIsRevokedHandsNothingOut) {
  const std::string handle = Handle(ForMail());
  ASSERT_THAT(GetToken(ForInvoices()), IsOk());
  kept_.LoseTouch();
  ExpectRefused(GetToken(ForInvoices()).status(), Reason::kStoreUnavailable, AuditEvent::kFailed);
  ExpectRefused(Create(ForMail()).status(), Reason::kStoreUnavailable, AuditEvent::kFailed);
  ExpectRefused(Redeem(handle).status(), Reason::kStoreUnavailable, AuditEvent::kFailed);
  kept_.LoseTouch(false);
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
  EXPECT_THAT(Redeem(handle), IsOk());
}

TEST_F(RevocationTest, TouchThatIsLostDuringAnExchangeEndsItWithoutAToken) {
  http_.Hold();
  CallContext call(absl::InfiniteFuture());
  Running<absl::StatusOr<IssuedToken>> asking(broker_.GetToken(ForInvoices(), call));
  kept_.LoseTouch();
  http_.Release();
  EXPECT_THAT(asking.Result(), HasReason(Reason::kStoreUnavailable));
}

class FleetTest : public RevocationHouse {
 protected:
  static behalf::Revocation Elsewhere(std::uint64_t revision) {
    behalf::Revocation revocation;
    revocation.revision = revision;
    revocation.kind = kAgent;
    revocation.targets = {"invoice-bot"};
    revocation.reason = "another replica";
    return revocation;
  }
  FleetChanges changes_{revocations_, audit_};
};

TEST_F(FleetTest, WhatAnotherReplicaRevokesAndRestoresIsObeyedHere) {
  ASSERT_THAT(GetToken(ForInvoices()), IsOk());
  const std::uint64_t before = revocations_.epoch();
  changes_.Learn(Elsewhere(7));
  ExpectRefused(GetToken(ForInvoices()).status(), Reason::kRevoked);
  EXPECT_GT(revocations_.epoch(), before);
  changes_.Forget(7);
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
}

TEST_F(FleetTest, ToldTwiceOfOneRevocationItKeepsOne) {
  changes_.Learn(Elsewhere(7));
  changes_.Learn(Elsewhere(7));
  EXPECT_EQ(revocations_.All().size(), 1U);
  changes_.Forget(7);
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
}

// The watch may tell of our own revocation before the store's answer is here.
TEST_F(FleetTest, ARevocationOfOursThatTheWatchToldOfFirstIsThereOnce) {
  const std::uint64_t provisional = revocations_.Add(Elsewhere(0));
  changes_.Learn(Elsewhere(7));
  revocations_.Settle(provisional, Elsewhere(7));
  EXPECT_EQ(revocations_.All().size(), 1U);
  changes_.Forget(7);
  EXPECT_TRUE(revocations_.none());
}

TEST_F(FleetTest, WhatAnotherReplicaRestoredBeforeWeHeardOfItsDiskStaysRestored) {
  const std::uint64_t provisional = revocations_.Add(Elsewhere(0));
  changes_.Learn(Elsewhere(7));
  changes_.Forget(7);
  ExpectRefused(GetToken(ForInvoices()).status(), Reason::kRevoked);
  revocations_.Settle(provisional, Elsewhere(7));
  EXPECT_THAT(GetToken(ForInvoices()), IsOk());
}

}  // namespace
}  // namespace behalf

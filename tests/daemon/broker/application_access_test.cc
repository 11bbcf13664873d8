// The same broker without a user: an agent that acts as itself.
#include <memory>
#include <string>

#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

using testing::ElementsAre;

class ApplicationAccess : public BrokerHouse {
 protected:
  TokenRequest AsItself(const std::string& api = "invoices") {
    TokenRequest request(InvoiceBot());
    request.access = Access::kApplication;
    request.api = api;
    return request;
  }
  absl::StatusOr<IssuedToken> Get(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(own_broker_.GetToken(std::move(request), call));
  }
  absl::StatusOr<CreatedHandle> CreateOwn(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    request.for_handle = true;
    request.tool = "mail-search";
    return RunToEnd(own_broker_.CreateHandle(std::move(request), call));
  }

  std::shared_ptr<const Catalog> own_catalog_ = ContosoCatalog(WithApplications());
  LiveCatalog own_live_{InForce(own_catalog_)};
  TokenBroker own_broker_{PartsWith(own_live_)};
};

TEST_F(ApplicationAccess, AnAgentGetsATokenOfItsOwnAndTheRecordSaysSo) {
  const auto issued = Get(AsItself());
  ASSERT_THAT(issued, IsOk());
  EXPECT_THAT(issued->token->scopes, ElementsAre("Invoices.Post"));
  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kTokenIssued);
  EXPECT_EQ(record.access, "application");
  EXPECT_EQ(record.user.oid, "");
  EXPECT_EQ(record.subject_digest, "");
  EXPECT_EQ(Trades(), 0);
}

TEST_F(ApplicationAccess, NeitherAccessStandsInForTheOther) {
  TokenRequest delegated = ForInvoices();
  delegated.access = Access::kApplication;
  ExpectRefused(Get(std::move(delegated)).status(), Reason::kRequestInvalid);
  ExpectRefused(Get(AsItself("graph")).status(), Reason::kHandleRequired);
  TokenRequest nobodys(InvoiceBot());
  nobodys.api = "invoices";
  ExpectRefused(Get(std::move(nobodys)).status(), Reason::kRequestInvalid);
  // Contoso's own documents allow no application access.
  ExpectRefused(GetToken(AsItself()).status(), Reason::kNotAllowed);
}

TEST_F(ApplicationAccess, WhatCannotWorkIsRefusedBeforeTheNetwork) {
  const std::size_t before = http_.seen().size();
  TokenRequest with_scope = AsItself();
  with_scope.scopes = {"Invoices.Post"};
  ExpectRefused(Get(std::move(with_scope)).status(), Reason::kRequestInvalid);
  TokenRequest unknown = AsItself();
  unknown.access = std::nullopt;
  ExpectRefused(Get(std::move(unknown)).status(), Reason::kRequestInvalid);
  for (const std::string scope : {".default", "https://graph.microsoft.com/.default",
                                  "https://graph.microsoft.com/Mail.Read", "api://other/Read"}) {
    TokenRequest request = ForInvoices();
    request.scopes = {"Invoices.Read", scope};
    const absl::Status refused = Get(std::move(request)).status();
    ExpectRefused(refused, Reason::kRequestInvalid);
    EXPECT_EQ(DetailOf(refused).metadata["field"], "scopes") << scope;
  }
  EXPECT_EQ(http_.seen().size(), before);
}

TEST_F(ApplicationAccess, AToolRedeemsAHandleThatIsNobodys) {
  const auto created = CreateOwn(AsItself("graph"));
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->expires_at, now() + absl::Minutes(5));
  RedeemRequest narrower = Redemption(std::string(created->handle.Reveal()));
  narrower.scopes = {"Mail.Read.All"};
  ExpectRefused(RedeemUnder(own_broker_, std::move(narrower)).status(), Reason::kRequestInvalid);
  const auto redeemed = RedeemUnder(own_broker_, Redemption(std::string(created->handle.Reveal())));
  ASSERT_THAT(redeemed, IsOk());
  EXPECT_THAT(redeemed->token->scopes, ElementsAre("Mail.Read.All"));
  EXPECT_EQ(redeemed->subject_ref, "");
  EXPECT_EQ(audit_.last().access, "application");
}

TEST_F(ApplicationAccess, AHandleEndsWithItsAllowance) {
  const auto created = CreateOwn(AsItself("graph"));
  ASSERT_THAT(created, IsOk());
  ExpectRefused(RedeemUnder(catalog_, Redemption(std::string(created->handle.Reveal()))).status(),
                Reason::kNotAllowed);
}

TEST_F(ApplicationAccess, AnApplicationServesAUserAndItself) {
  const CallerPtr ledger = CallerAt("agents", kLedgerUid);
  TokenRequest own(ledger);
  own.access = Access::kApplication;
  own.api = "invoices";
  EXPECT_THAT(Get(std::move(own)), IsOk());
  EXPECT_EQ(audit_.last().agent, "ledger");
  TokenRequest for_alice(ledger);
  for_alice.api = "invoices";
  for_alice.subject_token = SecretString(
      TokenOf(AliceV2(now()).Text("aud", "api://1ed9e700-0000-4000-8000-000000000001")));
  EXPECT_THAT(Get(std::move(for_alice)), IsOk());
  EXPECT_EQ(audit_.last().access, "delegated");
}

}  // namespace
}  // namespace behalf

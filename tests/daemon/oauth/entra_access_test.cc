// Application access, and applications without agent identities: what is sent,
// and what is accepted in return.
#include <string>

#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/entra.h"
#include "daemon/oauth/entra_reply.h"
#include "daemon/oauth/exchange_key.h"
#include "daemon/oauth/exchangers.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

using testing::ElementsAre;

constexpr absl::Duration kTimeout = absl::Seconds(5);

class EntraAccess : public OauthHouse {
 protected:
  EntraAccess() { catalog_ = ContosoCatalog(WithApplications()); }

  ExchangeRequest RequestOf(const std::string& agent, Access access) {
    const Agent& who = *catalog_->FindAgent(agent);
    const Allowance* line =
        catalog_->FindAllowance(who, nullptr, *catalog_->FindApi("invoices"), access);
    ExchangeRequest request(catalog_, who, *line,
                            access == Access::kDelegated ? Alice() : SubjectPtr());
    request.scopes = line->scopes;
    return request;
  }
  absl::StatusOr<Exchanged> Exchange(const ExchangeRequest& request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(exchanger_.Exchange(request, call));
  }
  absl::Status Check(const ExchangeRequest& request, const Claims& claims) const {
    const std::string token = UnsignedToken(claims);
    ProviderReply reply{.token_type = "Bearer",
                        .access_token = SecretString(std::string_view(token)),
                        .expires_in = 75 * 60,
                        .correlation_id = "sent-1"};
    return CheckEntraReply(std::move(reply), request, now()).status();
  }

  FakeSecrets secrets_;
  AgentProofs proofs_{http_, secrets_, executor_, clock_};
  Entra entra_dialect_{http_, secrets_, proofs_};
  VerifyingExchanger exchanger_{entra_dialect_, clock_, kTimeout};
};

TEST_F(EntraAccess, AnAgentAsksForItselfWithItsProof) {
  const auto exchanged = Exchange(RequestOf("invoice-bot", Access::kApplication));
  ASSERT_THAT(exchanged, IsOk());
  EXPECT_THAT(exchanged->token->scopes, ElementsAre("Invoices.Post"));
  const std::vector<Form> forms = entra_.FormsOf(EntraLeg::kCredential);
  ASSERT_EQ(forms.size(), 2);
  EXPECT_EQ(
      forms[1],
      (Form{{"client_id", kInvoiceBotId},
            {"scope", "api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10/.default"},
            {"grant_type", "client_credentials"},
            {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
            {"client_assertion", std::string("proof-1-of-") + kInvoiceBotId}}));
}

TEST_F(EntraAccess, AnApplicationAsksForItselfWithItsOwnCredential) {
  ASSERT_THAT(Exchange(RequestOf("ledger", Access::kApplication)), IsOk());
  EXPECT_THAT(entra_.FormsOf(EntraLeg::kCredential),
              ElementsAre(Form{{"client_id", kLedgerId},
                               {"scope", "api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10/.default"},
                               {"grant_type", "client_credentials"},
                               {"client_secret", kClientSecret}}));
}

TEST_F(EntraAccess, AnApplicationTradesAUsersTokenInOneLeg) {
  const ExchangeRequest request = RequestOf("ledger", Access::kDelegated);
  ASSERT_THAT(Exchange(request), IsOk());
  EXPECT_THAT(entra_.FormsOf(EntraLeg::kCredential), ElementsAre());
  EXPECT_THAT(
      entra_.FormsOf(EntraLeg::kOnBehalfOf),
      ElementsAre(Form{{"client_id", kLedgerId},
                       {"scope", "api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10/Invoices.Read"},
                       {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                       {"requested_token_use", "on_behalf_of"},
                       {"assertion", std::string(request.subject_token())},
                       {"client_secret", kClientSecret}}));
}

TEST_F(EntraAccess, ARefusalOfAnApplicationHasNothingToDoWithAUser) {
  entra_.Next(EntraLeg::kCredential, 400, R"({"error":"invalid_grant","error_codes":[70000]})");
  EXPECT_THAT(Exchange(RequestOf("ledger", Access::kApplication)),
              HasReason(Reason::kProviderMisconfigured));
}

TEST_F(EntraAccess, ALostCredentialDisablesApplicationsToo) {
  secrets_.Lose();
  EXPECT_THAT(Exchange(RequestOf("ledger", Access::kApplication)),
              HasReason(Reason::kBlueprintDisabled));
}

TEST_F(EntraAccess, AnApplicationsTokenMayNotBeAUsersNorAnothersNorAnotherWidth) {
  struct Case {
    std::string name;
    Claims claims;
    Reason reason;
  };
  const auto good = [this] { return AgentsOwnReply(now()); };
  const Case cases[] = {
      {"a user's", good().Text("idtyp", "user"), Reason::kReplyUser},
      {"with scopes", good().Text("scp", "Invoices.Read"), Reason::kReplyUser},
      {"with a pairwise subject", good().Text("sub", "pairwise"), Reason::kReplyUser},
      {"without an object id", good().Without("oid"), Reason::kReplyUser},
      {"another agent's", good().Text("appid", kReportBotId), Reason::kReplyAgent},
      {"of another parent", good().Text("xms_par_app_azp", kLedgerId), Reason::kReplyActor},
      {"not an agent's", good().Text("xms_act_fct", "3 9"), Reason::kReplyActor},
      {"a role less", good().Json("roles", "[]"), Reason::kReplyScopeMissing},
      {"no roles", good().Without("roles"), Reason::kReplyScopeMissing},
      {"a role more", good().Json("roles", R"(["Invoices.Post", "Invoices.Pay"])"),
       Reason::kReplyScopeExcess},
      {"roles that are none", good().Json("roles", R"("Invoices.Post")"), Reason::kReplyMalformed},
      {"of another tenant", good().Text("tid", kAliceId), Reason::kReplyTenant},
  };
  const ExchangeRequest request = RequestOf("invoice-bot", Access::kApplication);
  EXPECT_THAT(Check(request, good()), IsOk());
  for (const Case& test : cases) {
    EXPECT_THAT(Check(request, test.claims), HasReason(test.reason)) << test.name;
  }
}

TEST_F(EntraAccess, AnApplicationIsNoAgentIdentity) {
  const ExchangeRequest request = RequestOf("ledger", Access::kApplication);
  const auto good = [this] { return LedgersOwnReply(now()); };
  EXPECT_THAT(Check(request, good()), IsOk());
  EXPECT_THAT(Check(request, good().Text("xms_act_fct", "3 11")), HasReason(Reason::kReplyActor));
  EXPECT_THAT(Check(request, good().Text("xms_par_app_azp", kLedgerId)),
              HasReason(Reason::kReplyActor));
}

TEST_F(EntraAccess, AUsersTokenIsNotFoundUnderTheApplicationsKey) {
  ExchangeRequest delegated = RequestOf("ledger", Access::kDelegated);
  ExchangeRequest application = RequestOf("ledger", Access::kApplication);
  delegated.scopes = application.scopes;
  delegated.subject = nullptr;
  EXPECT_NE(ExchangeKey(delegated), ExchangeKey(application));
}

}  // namespace
}  // namespace behalf

// What the flows answer when all is well.
#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

class Flows : public IdpTest {};

std::string HeaderOf(const Response& response, std::string_view wanted) {
  for (const auto& [name, value] : response.headers) {
    if (name == wanted) return value;
  }
  return "";
}

TEST_F(Flows, EveryTokenCarriesAllConsentedScopesWhateverWasAsked) {
  for (const char* scope :
       {"https://graph.microsoft.com/Mail.Read", "https://graph.microsoft.com/User.Read",
        "https://graph.microsoft.com/.default", "Mail.Read", ".default openid profile",
        "00000003-0000-0000-c000-000000000000/.default"}) {
    SCOPED_TRACE(scope);
    Parameters parameters = OnBehalfOfAlice();
    parameters["scope"] = scope;
    const Reply reply = Post(parameters);
    EXPECT_EQ(reply.Text("scope"),
              "https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/User.Read");
    EXPECT_EQ(TextAt(ClaimsOf(reply.Text("access_token")), "scp"), "Mail.Read User.Read");
  }
}

TEST_F(Flows, AnAgentsOwnConsentsCountToo) {
  Parameters parameters = OnBehalfOfAlice();
  parameters["client_id"] = kOtherAgent;
  parameters["client_assertion"] = ExchangeToken(kOtherAgent);
  parameters["assertion"] =
      UserToken("alice", absl::StrCat("api://", kOtherBlueprint, "/access_agent"));
  parameters["scope"] = "https://graph.microsoft.com/User.Read";
  const Reply reply = Post(parameters);
  EXPECT_EQ(TextAt(ClaimsOf(reply.Text("access_token")), "scp"), "User.Read");
}

TEST_F(Flows, RepliesHoldWhatWasAskedForAndNoMore) {
  Reply reply = Post(OnBehalfOfAlice());
  EXPECT_EQ(reply.Text("token_type"), "Bearer");
  EXPECT_FALSE(reply.body.contains("id_token"));
  EXPECT_FALSE(reply.body.contains("client_info"));
  EXPECT_FALSE(reply.body.contains("refresh_token"));

  Parameters parameters = OnBehalfOfAlice();
  parameters["scope"] = absl::StrCat(parameters["scope"], " openid profile offline_access");
  parameters["client_info"] = "1";
  reply = Post(parameters);
  EXPECT_TRUE(reply.body.contains("id_token"));
  EXPECT_EQ(FromBase64Url(reply.Text("client_info")),
            absl::StrCat(R"({"uid":")", kAlice, R"(","utid":")", kTenant, R"("})"));
}

TEST_F(Flows, AnExchangeReplyHoldsFourMembers) {
  const Reply reply = Post(ForExchange());
  EXPECT_EQ(reply.body.size(), 4U);
  EXPECT_EQ(NumberAt(reply.body, "expires_in"), 3599);
  EXPECT_EQ(NumberAt(reply.body, "ext_expires_in"), 3599);
  EXPECT_EQ(HeaderOf(reply.response, "Cache-Control"), "no-store, no-cache");
}

TEST_F(Flows, ASecretMayComeByHttpBasic) {
  Parameters parameters = ForExchange();
  parameters.erase("client_id");
  parameters.erase("client_secret");
  Request request = TokenRequestOf(parameters);
  // base64 of "8f6c0b2e-...:invoice%2Dassistant-development-only"
  request.headers["authorization"] =
      "Basic OGY2YzBiMmUtMGM2Yy00ZjBlLTlhNTEtMGY4ZjViOGEyZjExOmludm9pY2UlMkRhc3Npc3RhbnQtZGV2ZWxv"
      "cG1lbnQtb25seQ==";
  EXPECT_EQ(Ask(request).response.status, 200);
}

TEST_F(Flows, IdsOfTenantsAndClientsMayBeWrittenInUpperCase) {
  Parameters parameters = ForExchange();
  parameters["client_id"] = "8F6C0B2E-0C6C-4F0E-9A51-0F8F5B8A2F11";
  EXPECT_EQ(Post(parameters).response.status, 200);
}

TEST_F(Flows, TheCorrelationIdOfAClientIsEchoed) {
  const std::string id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  Request by_header = TokenRequestOf(ForExchange());
  by_header.headers["client-request-id"] = id;
  Request by_query = TokenRequestOf(ForExchange());
  by_query.query = "client-request-id=" + id;
  Request by_body = TokenRequestOf(ForExchange());
  by_body.body += "&client-request-id=" + id;
  for (const Request& request : {by_header, by_query, by_body}) {
    EXPECT_EQ(HeaderOf(Ask(request).response, "client-request-id"), id);
  }
}

TEST_F(Flows, ACorrelationIdThatIsNoGuidIsReplaced) {
  Request request = TokenRequestOf(ForExchange());
  request.headers["client-request-id"] = "<script>";
  const std::string id = HeaderOf(Ask(request).response, "client-request-id");
  EXPECT_EQ(id.size(), 36U);
}

TEST_F(Flows, FactsForTheLogHoldNothingThatWasSent) {
  Parameters parameters = ForExchange();
  parameters["client_id"] = "my-secret-in-the-wrong-place";
  parameters["grant_type"] = "password";
  for (const auto& [key, value] : Post(parameters).response.facts) {
    EXPECT_NE(value, "my-secret-in-the-wrong-place") << key;
  }
}

}  // namespace
}  // namespace behalf::idp

// Metadata, keys, and the API in Graph's place.
#include <openssl/evp.h>

#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

class Endpoints : public IdpTest {
 protected:
  static std::string ErrorCode(const Reply& reply) {
    const json::value* error = reply.body.if_contains("error");
    return error == nullptr ? "" : TextAt(error->as_object(), "code").value_or("");
  }

  std::string GraphTokenWith(std::string_view claim, const json::value& value) const {
    json::object claims = ClaimsOf(Post(OnBehalfOfAlice()).Text("access_token"));
    claims[claim] = value;
    return SignSealedJwt(Keys().current(), claims, "nonce");
  }
};

TEST_F(Endpoints, MetadataStandsOnTheHostThatWasAsked) {
  const Reply reply = Get(absl::StrCat("/", kTenant, "/v2.0/.well-known/openid-configuration"));
  const std::string root = absl::StrCat("https://localhost:8443/", kTenant);
  EXPECT_EQ(reply.Text("issuer"), root + "/v2.0");
  EXPECT_EQ(reply.Text("token_endpoint"), root + "/oauth2/v2.0/token");
  EXPECT_EQ(reply.Text("jwks_uri"), root + "/discovery/v2.0/keys");
  EXPECT_EQ(Get("/contoso.example/v2.0/.well-known/openid-configuration").Text("issuer"),
            root + "/v2.0");
}

TEST_F(Endpoints, InstanceDiscoveryKnowsItselfOnly) {
  const Reply reply = Get("/common/discovery/instance");
  const json::object& network = reply.body.at("metadata").at(0).as_object();
  EXPECT_EQ(TextAt(network, "preferred_network"), "localhost:8443");
}

TEST_F(Endpoints, KeysHoldThePublicPartOfTheSigningKey) {
  const Reply reply = Get(absl::StrCat("/", kTenant, "/discovery/v2.0/keys"));
  const json::object& key = reply.body.at("keys").at(0).as_object();
  EXPECT_EQ(key.size(), 5U);
  EXPECT_EQ(TextAt(key, "kid"), Keys().current().id());
  EXPECT_EQ(TextAt(key, "e"), "AQAB");
  EXPECT_EQ(FromBase64Url(TextAt(key, "n").value_or(""))->size(), 256U);
}

TEST_F(Endpoints, AnythingElseIsNotFound) {
  for (const char* path : {"/", "", "/v1.0/users", "/x/y", "/contoso.example/oauth2/token"}) {
    EXPECT_EQ(Get(path).response.status, 404) << path;
  }
}

TEST_F(Endpoints, MessagesAreTheUsersOwn) {
  const Reply alice = Get("/v1.0/me/messages", Post(OnBehalfOfAlice()).Text("access_token"));
  EXPECT_EQ(alice.body.at("value").as_array().size(), 2U);
  EXPECT_EQ(TextAt(alice.body.at("value").at(0).as_object(), "subject"), "Invoice 4711 is due");

  Parameters parameters = OnBehalfOfAlice();
  parameters["assertion"] = UserToken("bob", absl::StrCat("api://", kBlueprint, "/access_agent"));
  const Reply bob = Get("/v1.0/me/messages", Post(parameters).Text("access_token"));
  EXPECT_EQ(TextAt(bob.body.at("value").at(0).as_object(), "subject"), "Your parking permit");
}

TEST_F(Endpoints, MeIsTheUser) {
  EXPECT_EQ(Get("/v1.0/me", Post(OnBehalfOfAlice()).Text("access_token")).Text("displayName"),
            "Alice Archer");
}

TEST_F(Endpoints, MessagesAreRefusedWithoutTheirScope) {
  const std::string token = UserToken("alice", "https://graph.microsoft.com/User.Read");
  const Reply reply = Get("/v1.0/me/messages", token);
  EXPECT_EQ(reply.response.status, 403);
  EXPECT_EQ(ErrorCode(reply), "ErrorAccessDenied");
  EXPECT_EQ(Get("/v1.0/me", token).response.status, 200);
  EXPECT_EQ(Get("/v1.0/me", GraphTokenWith("scp", "Mail.Read")).response.status, 403);
}

TEST_F(Endpoints, AnApplicationReadsAnybodysMessagesButHasNoneItself) {
  const std::string token =
      Post(AsAgent("https://graph.microsoft.com/.default")).Text("access_token");
  const std::string messages = absl::StrCat("/v1.0/users/", kAlice, "/messages");
  EXPECT_EQ(Get(messages, token).body.at("value").as_array().size(), 2U);
  EXPECT_EQ(Get("/v1.0/me/messages", token).response.status, 400);
  EXPECT_EQ(Get(absl::StrCat("/v1.0/users/", kAgent, "/messages"), token).response.status, 404);
  EXPECT_EQ(Get("/v1.0/users/messages", token).response.status, 404);
}

TEST_F(Endpoints, AnApplicationWithoutTheRoleReadsNothing) {
  Parameters parameters = AsAgent("https://graph.microsoft.com/.default");
  parameters["client_id"] = kOtherAgent;
  parameters["client_assertion"] = ExchangeToken(kOtherAgent);
  const std::string token = Post(parameters).Text("access_token");
  const std::string messages = absl::StrCat("/v1.0/users/", kAlice, "/messages");
  EXPECT_EQ(Get(messages, token).response.status, 403);
}

TEST_F(Endpoints, AUserReadsTheOwnMessagesByNameAndNobodyElses) {
  const std::string token = Post(OnBehalfOfAlice()).Text("access_token");
  EXPECT_EQ(Get(absl::StrCat("/v1.0/users/", kAlice, "/messages"), token).response.status, 200);
  EXPECT_EQ(Get("/v1.0/users/bob@contoso.example/messages", token).response.status, 404);
}

TEST_F(Endpoints, TokensThatAreNotGoodForGraphAreRefused) {
  const std::int64_t now = absl::ToUnixSeconds(clock_.now);
  const json::object claims = ClaimsOf(Post(OnBehalfOfAlice()).Text("access_token"));
  const SigningKeys others = SigningKeys::Ephemeral();
  const std::vector<std::pair<std::string, std::string>> tokens = {
      {"none", ""},
      {"not a token", "abc"},
      {"a token for a blueprint",
       UserToken("alice", absl::StrCat("api://", kBlueprint, "/access_agent"))},
      {"an exchange token", ExchangeToken()},
      {"signed by another", SignSealedJwt(others.current(), claims, "nonce")},
      {"another audience", GraphTokenWith("aud", kExpenses)},
      {"another issuer", GraphTokenWith("iss", "https://sts.windows.net/elsewhere/")},
      {"another tenant", GraphTokenWith("tid", kAlice)},
      {"unknown user", GraphTokenWith("oid", kAgent)},
      {"expired", GraphTokenWith("exp", now)},
      {"not yet valid", GraphTokenWith("nbf", now + 1)},
  };
  for (const auto& [name, token] : tokens) {
    SCOPED_TRACE(name);
    const Reply reply = Get("/v1.0/me/messages", token);
    EXPECT_EQ(reply.response.status, 401);
    EXPECT_EQ(ErrorCode(reply), "InvalidAuthenticationToken");
  }
}

}  // namespace
}  // namespace behalf::idp

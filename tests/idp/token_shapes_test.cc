// Which claims stand in which kind of token, value by value.
#include <boost/json/serialize.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

struct Expected {
  std::string claim;
  std::string json;  // "": must be absent
};

void ExpectClaims(const json::object& claims, const std::vector<Expected>& expected) {
  for (const auto& [claim, text] : expected) {
    const json::value* value = claims.if_contains(claim);
    EXPECT_EQ(value == nullptr ? "" : json::serialize(*value), text) << claim;
  }
}

std::string Quoted(std::string_view text) { return std::string("\"").append(text).append("\""); }

class TokenShapes : public IdpTest {
 protected:
  std::int64_t Now() const { return absl::ToUnixSeconds(clock_.now); }

  static std::string Lifetime(const json::object& claims) {
    return std::to_string(claims.at("exp").as_int64() - claims.at("iat").as_int64());
  }
};

TEST_F(TokenShapes, OfAnExchangeToken) {
  const json::object claims = ClaimsOf(ExchangeToken());
  ExpectClaims(claims, {{"aud", Quoted("fb60f99c-7a34-4190-8149-302f77469936")},
                        {"iss", Quoted(absl::StrCat("https://localhost:8443/", kTenant, "/v2.0"))},
                        {"azp", Quoted(kBlueprint)},
                        {"azpacr", Quoted("1")},
                        {"idtyp", Quoted("app")},
                        {"oid", Quoted(TheTenant().FindBlueprint(kBlueprint)->principal_id)},
                        {"sub", Quoted(absl::StrCat("/eid1/c/pub/t/9ExAW52n_ky4ZiS_jhpJIQ/a/"
                                                    "Lgtsj2wMDk-aUQ-PW4ovEQ/",
                                                    kAgent))},
                        {"tid", Quoted(kTenant)},
                        {"ver", Quoted("2.0")},
                        {"xms_act_fct", Quoted("3 9")},
                        {"xms_sub_fct", Quoted("3 9")},
                        {"xms_idrel", Quoted("7 26")},
                        {"nbf", std::to_string(Now() - 300)},
                        {"iat", std::to_string(Now() - 300)},
                        {"scp", ""},
                        {"roles", ""}});
  EXPECT_EQ(Lifetime(claims), "3900");
  EXPECT_TRUE(claims.contains("xms_ficinfo"));
}

TEST_F(TokenShapes, OfAUsersTokenForABlueprintInVersion2) {
  ExpectClaims(ClaimsOf(UserToken("alice", absl::StrCat("api://", kBlueprint, "/access_agent"))),
               {{"aud", Quoted(kBlueprint)},
                {"iss", Quoted(absl::StrCat("https://localhost:8443/", kTenant, "/v2.0"))},
                {"azp", Quoted(kPortal)},
                {"azpacr", Quoted("0")},
                {"appid", ""},
                {"oid", Quoted(kAlice)},
                {"tid", Quoted(kTenant)},
                {"scp", Quoted("access_agent")},
                {"preferred_username", Quoted("alice@contoso.example")},
                {"ver", Quoted("2.0")},
                {"idp", ""},
                {"acct", ""},
                {"xms_act_fct", ""}});
}

TEST_F(TokenShapes, OfAUsersTokenForABlueprintInVersion1) {
  ExpectClaims(
      ClaimsOf(UserToken("alice", absl::StrCat("api://", kOtherBlueprint, "/access_agent"))),
      {{"aud", Quoted(absl::StrCat("api://", kOtherBlueprint))},
       {"iss", Quoted(absl::StrCat("https://sts.windows.net/", kTenant, "/"))},
       {"appid", Quoted(kPortal)},
       {"appidacr", Quoted("0")},
       {"azp", ""},
       {"scp", Quoted("access_agent")},
       {"ver", Quoted("1.0")}});
}

TEST_F(TokenShapes, OfAGraphTokenOnBehalfOfAUser) {
  const json::object claims = ClaimsOf(Post(OnBehalfOfAlice()).Text("access_token"));
  ExpectClaims(claims, {{"aud", Quoted("https://graph.microsoft.com")},
                        {"iss", Quoted(absl::StrCat("https://sts.windows.net/", kTenant, "/"))},
                        {"appid", Quoted(kAgent)},
                        {"appidacr", Quoted("2")},
                        {"app_displayname", Quoted("invoice-bot")},
                        {"idtyp", Quoted("user")},
                        {"oid", Quoted(kAlice)},
                        {"scp", Quoted("Mail.Read User.Read")},
                        {"upn", Quoted("alice@contoso.example")},
                        {"ver", Quoted("1.0")},
                        {"xms_act_fct", Quoted("9 3 11")},
                        {"xms_sub_fct", Quoted("2 3")},
                        {"xms_idrel", Quoted("1 26")},
                        {"xms_par_app_azp", Quoted(kBlueprint)},
                        {"nbf", std::to_string(Now() - 300)},
                        {"iat", std::to_string(Now() - 300)}});
  EXPECT_NE(TextAt(claims, "sub"), TextAt(claims, "oid"));
}

TEST_F(TokenShapes, OfACustomApisTokenNamesTheAgentButNotItsBlueprint) {
  Parameters parameters = OnBehalfOfAlice();
  parameters["scope"] = absl::StrCat(kExpenses, "/.default");
  ExpectClaims(ClaimsOf(Post(parameters).Text("access_token")),
               {{"aud", Quoted("6f0e9b3c-8d2a-4e71-9c55-a1b2c3d4e5f6")},
                {"azp", Quoted(kAgent)},
                {"azpacr", Quoted("2")},
                {"scp", Quoted("Expenses.Read")},
                {"ver", Quoted("2.0")},
                {"idtyp", ""},
                {"xms_act_fct", ""},
                {"xms_par_app_azp", ""}});
}

TEST_F(TokenShapes, OfAnIdToken) {
  const Reply reply =
      Post(SignIn("alice", absl::StrCat("openid api://", kBlueprint, "/access_agent")));
  ExpectClaims(ClaimsOf(reply.Text("id_token")), {{"aud", Quoted(kPortal)},
                                                  {"oid", Quoted(kAlice)},
                                                  {"tid", Quoted(kTenant)},
                                                  {"scp", ""},
                                                  {"azp", ""},
                                                  {"ver", Quoted("2.0")}});
}

TEST_F(TokenShapes, OfAGuestTellWhereTheGuestIsAtHome) {
  Parameters parameters = SignIn("erin", absl::StrCat("api://", kBlueprint, "/access_agent"));
  parameters["username"] = "erin_fabrikam.example#EXT#@contoso.example";
  const json::object claims = ClaimsOf(Post(parameters).Text("access_token"));
  EXPECT_TRUE(TextAt(claims, "idp").value_or("").starts_with("https://sts.windows.net/"));
  ExpectClaims(claims, {{"acct", "1"}});
}

TEST_F(TokenShapes, SubjectsArePairwise) {
  const Tenant& tenant = TheTenant();
  const User& alice = *tenant.FindUser(kAlice);
  EXPECT_EQ(PairwiseSubject(tenant, kPortal, alice), PairwiseSubject(tenant, kPortal, alice));
  EXPECT_NE(PairwiseSubject(tenant, kPortal, alice), PairwiseSubject(tenant, kAgent, alice));
}

TEST_F(TokenShapes, UserTokensLiveSixtyToNinetyMinutesBySeed) {
  const Parameters parameters = SignIn("alice", absl::StrCat("api://", kBlueprint, "/.default"));
  std::set<std::int64_t> lifetimes;
  for (int i = 0; i < 20; ++i) {
    const Reply reply = Post(parameters);
    const std::int64_t left = ClaimsOf(reply.Text("access_token")).at("exp").as_int64() - Now();
    EXPECT_GE(left, 3600);
    EXPECT_LE(left, 5400);
    EXPECT_EQ(NumberAt(reply.body, "expires_in"), left - 1);
    EXPECT_EQ(NumberAt(reply.body, "ext_expires_in"), left - 1);
    lifetimes.insert(left);
  }
  EXPECT_GT(lifetimes.size(), 10U);

  const auto again = MakeRandomSource(1);
  const IdentityProvider twin(Contoso(), Keys(), clock_, *again);
  const auto fresh = MakeRandomSource(1);
  const IdentityProvider sibling(Contoso(), Keys(), clock_, *fresh);
  EXPECT_EQ(twin.Handle(TokenRequestOf(parameters)).body,
            sibling.Handle(TokenRequestOf(parameters)).body);
}

TEST_F(TokenShapes, NobodyButGraphVerifiesGraphsTokens) {
  const std::string token = Post(OnBehalfOfAlice()).Text("access_token");
  EXPECT_EQ(ReadAndVerify(Keys(), token).defect, JwtDefect::kSignature);
  EXPECT_EQ(ReadAndVerifySealed(Keys(), token).defect, JwtDefect::kNone);
  EXPECT_TRUE(ReadAndVerifySealed(Keys(), token).header.contains("nonce"));
}

}  // namespace
}  // namespace behalf::idp

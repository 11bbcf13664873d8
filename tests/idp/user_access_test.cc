// Access as a user by others than agents on behalf of people: a middle tier,
// refresh tokens, and an agent's own account.
#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

class UserAccessTest : public IdpTest {
 protected:
  static Parameters Refresh(const Reply& reply, const std::string& scope) {
    return {{"grant_type", "refresh_token"},
            {"client_id", kPortal},
            {"refresh_token", reply.Text("refresh_token")},
            {"scope", scope}};
  }

  json::object TokenOf(const Parameters& parameters) const {
    const Reply reply = Post(parameters);
    EXPECT_EQ(reply.response.status, 200) << reply.response.body;
    return ClaimsOf(reply.Text("access_token"));
  }
};

TEST_F(UserAccessTest, AMiddleTierActsForTheUserAndIsNoAgent) {
  const json::object claims = TokenOf(ClassicOnBehalfOfAlice());
  EXPECT_EQ(TextAt(claims, "appid"), kReports);
  EXPECT_EQ(TextAt(claims, "appidacr"), "1");
  EXPECT_EQ(TextAt(claims, "oid"), kAlice);
  EXPECT_EQ(TextAt(claims, "scp"), "Mail.Read User.Read");
  EXPECT_EQ(TextAt(claims, "idtyp"), "user");
  EXPECT_FALSE(claims.contains("xms_par_app_azp"));
  EXPECT_FALSE(claims.contains("roles"));
}

TEST_F(UserAccessTest, TheNextMiddleTierTakesATokenThatWasObtainedOnBehalf) {
  Parameters parameters = ClassicOnBehalfOfAlice();
  const std::string own = absl::StrCat("api://", kReports, "/access_as_user");
  parameters["assertion"] = UserToken("alice", own);
  parameters["scope"] = absl::StrCat(kExpenses, "/.default");
  EXPECT_EQ(TextAt(TokenOf(parameters), "azp"), kReports);
}

TEST_F(UserAccessTest, ARefreshTokenIsGivenWhenItIsAskedForAndServesAnyResource) {
  const Reply first = Post(SignIn("alice", absl::StrCat(kExpenses, "/.default offline_access")));
  const json::object claims = TokenOf(Refresh(first, "https://graph.microsoft.com/.default"));
  EXPECT_EQ(TextAt(claims, "oid"), kAlice);
  EXPECT_EQ(TextAt(claims, "aud"), "https://graph.microsoft.com");
  EXPECT_FALSE(first.Text("refresh_token").starts_with("eyJ"));
}

TEST_F(UserAccessTest, ARefreshTokenIsReplacedButNotRevoked) {
  const std::string scope = absl::StrCat(kExpenses, "/.default offline_access");
  const Reply first = Post(SignIn("alice", scope));
  const Reply second = Post(Refresh(first, scope));
  EXPECT_NE(second.Text("refresh_token"), "");
  EXPECT_NE(second.Text("refresh_token"), first.Text("refresh_token"));
  EXPECT_EQ(Post(Refresh(first, scope)).response.status, 200);
}

TEST_F(UserAccessTest, ARefreshTokenRemembersTheSecondFactor) {
  const std::string own = absl::StrCat("api://", kReports, "/.default");
  Parameters on_behalf = ClassicOnBehalfOfAlice();
  on_behalf["assertion"] = UserToken("carol", own);
  Parameters sign_in = SignIn("carol", own + " offline_access");
  sign_in["claims"] = Post(on_behalf).Text("claims");
  on_behalf["assertion"] = Post(Refresh(Post(sign_in), own)).Text("access_token");
  EXPECT_EQ(Post(on_behalf).response.status, 200);
}

TEST_F(UserAccessTest, AnAgentRefreshesWithItsExchangeToken) {
  Parameters parameters = OnBehalfOfAlice();
  parameters["scope"] += " offline_access";
  const Reply first = Post(parameters);
  Parameters again = AsAgent("https://graph.microsoft.com/.default");
  again["grant_type"] = "refresh_token";
  again["refresh_token"] = first.Text("refresh_token");
  EXPECT_EQ(TextAt(TokenOf(again), "xms_par_app_azp"), kBlueprint);
  again.erase("client_assertion");
  EXPECT_EQ(Post(again).code(), 7000218);
}

TEST_F(UserAccessTest, AnAgentActsAsItsOwnUser) {
  const json::object claims = TokenOf(AsAgentUser(kAgentUser));
  EXPECT_EQ(TextAt(claims, "oid"), kAgentUser);
  EXPECT_EQ(TextAt(claims, "upn"), "invoice-bot@contoso.example");
  EXPECT_EQ(TextAt(claims, "appid"), kAgent);
  EXPECT_EQ(TextAt(claims, "idtyp"), "user");
  EXPECT_EQ(TextAt(claims, "scp"), "Mail.Read User.Read");
  EXPECT_EQ(TextAt(claims, "xms_act_fct"), "9 3 11");
  EXPECT_EQ(TextAt(claims, "xms_sub_fct"), "2 13 3");
}

TEST_F(UserAccessTest, AnAgentsUserMayBeNamed) {
  Parameters parameters = AsAgentUser("");
  parameters["username"] = "invoice-bot@contoso.example";
  parameters["requested_token_use"] = "on_behalf_of";
  EXPECT_EQ(TextAt(TokenOf(parameters), "oid"), kAgentUser);
}

}  // namespace
}  // namespace behalf::idp

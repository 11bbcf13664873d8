// Agents and applications that access APIs as themselves.
#include <boost/json/serialize.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

class ApplicationAccess : public IdpTest {
 protected:
  json::object TokenOf(const Parameters& parameters) const {
    const Reply reply = Post(parameters);
    EXPECT_EQ(reply.response.status, 200) << reply.response.body;
    EXPECT_EQ(reply.body.size(), 4U);
    EXPECT_EQ(NumberAt(reply.body, "expires_in"), 3599);
    return ClaimsOf(reply.Text("access_token"));
  }
};

std::string Roles(const json::object& claims) {
  const json::value* roles = claims.if_contains("roles");
  return roles == nullptr ? "" : json::serialize(*roles);
}

TEST_F(ApplicationAccess, AnAgentHasTheRolesOfItsBlueprintAndItsOwn) {
  const json::object ledger = TokenOf(AsAgent(absl::StrCat(kLedger, "/.default")));
  EXPECT_EQ(Roles(ledger), R"(["Ledger.Post"])");
  const json::object graph = TokenOf(AsAgent("https://graph.microsoft.com/.default"));
  EXPECT_EQ(Roles(graph), R"(["Mail.Read"])");
}

TEST_F(ApplicationAccess, AnAgentsTokenInVersion1) {
  const json::object claims = TokenOf(AsAgent("https://graph.microsoft.com/.default"));
  for (const char* claim : {"appid", "oid", "sub"}) EXPECT_EQ(TextAt(claims, claim), kAgent);
  EXPECT_EQ(TextAt(claims, "iss"), absl::StrCat("https://sts.windows.net/", kTenant, "/"));
  EXPECT_EQ(TextAt(claims, "aud"), "https://graph.microsoft.com");
  EXPECT_EQ(TextAt(claims, "appidacr"), "2");
  EXPECT_EQ(TextAt(claims, "app_displayname"), "invoice-bot");
  EXPECT_EQ(TextAt(claims, "idtyp"), "app");
  EXPECT_EQ(TextAt(claims, "ver"), "1.0");
  EXPECT_EQ(TextAt(claims, "xms_act_fct"), "3 9 11");
  EXPECT_EQ(TextAt(claims, "xms_sub_fct"), "9 3 11");
  EXPECT_EQ(TextAt(claims, "xms_idrel"), "7 26");
  EXPECT_EQ(TextAt(claims, "xms_par_app_azp"), kBlueprint);
  for (const char* claim : {"scp", "azp", "upn"}) EXPECT_FALSE(claims.contains(claim)) << claim;
  EXPECT_EQ(*NumberAt(claims, "exp") - *NumberAt(claims, "iat"), 3900);
}

TEST_F(ApplicationAccess, AnAgentsTokenInVersion2) {
  const json::object claims = TokenOf(AsAgent(absl::StrCat(kLedger, "/.default")));
  for (const char* claim : {"azp", "oid", "sub"}) EXPECT_EQ(TextAt(claims, claim), kAgent);
  EXPECT_EQ(TextAt(claims, "aud"), kLedgerId);
  EXPECT_EQ(TextAt(claims, "iss"), absl::StrCat("https://localhost:8443/", kTenant, "/v2.0"));
  EXPECT_EQ(TextAt(claims, "azpacr"), "2");
  EXPECT_EQ(TextAt(claims, "idtyp"), "app");
  EXPECT_EQ(TextAt(claims, "ver"), "2.0");
}

TEST_F(ApplicationAccess, AnApiThatDoesNotListTheClaimsIsNotToldThatAnAgentActs) {
  const json::object claims = TokenOf(AsAgent(absl::StrCat(kExpenses, "/.default")));
  EXPECT_EQ(TextAt(claims, "azp"), kAgent);
  for (const char* claim : {"idtyp", "xms_act_fct", "xms_par_app_azp", "roles"}) {
    EXPECT_FALSE(claims.contains(claim)) << claim;
  }
}

TEST_F(ApplicationAccess, AnAgentsTokenForItsUser) {
  const json::object claims = TokenOf(AsAgent("api://AzureADTokenExchange/.default"));
  for (const char* claim : {"azp", "oid", "sub"}) EXPECT_EQ(TextAt(claims, claim), kAgent);
  EXPECT_EQ(TextAt(claims, "aud"), "fb60f99c-7a34-4190-8149-302f77469936");
  EXPECT_EQ(TextAt(claims, "azpacr"), "2");
  EXPECT_EQ(TextAt(claims, "xms_act_fct"), "3 9 11");
  EXPECT_EQ(TextAt(claims, "xms_par_app_azp"), kBlueprint);
  EXPECT_EQ(Roles(claims), "");
}

TEST_F(ApplicationAccess, AnApplicationIsItsPrincipalAndNoAgent) {
  const json::object claims = TokenOf(AsReports(absl::StrCat(kLedger, "/.default")));
  const std::string principal = TheTenant().FindApp(kReports)->principal_id;
  EXPECT_EQ(TextAt(claims, "azp"), kReports);
  EXPECT_EQ(TextAt(claims, "azpacr"), "1");
  EXPECT_EQ(TextAt(claims, "oid"), principal);
  EXPECT_EQ(TextAt(claims, "sub"), principal);
  EXPECT_EQ(Roles(claims), R"(["Ledger.Read"])");
  EXPECT_FALSE(claims.contains("xms_par_app_azp"));
}

TEST_F(ApplicationAccess, TheSameResourceTwiceIsOneResource) {
  const std::string scope = absl::StrCat(kLedger, "/.default");
  EXPECT_EQ(Post(AsReports(absl::StrCat(scope, " ", scope))).response.status, 200);
}

}  // namespace
}  // namespace behalf::idp

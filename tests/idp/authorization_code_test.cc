// Sign-in on the page, by authorization code.
#include <boost/json/serialize.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"
#include "tests/idp/fixture.h"
#include "tests/idp/redirect_uri.h"

namespace behalf::idp {
namespace {

constexpr char kRedirect[] = "http://localhost:5000/signed-in";
constexpr char kReportsRedirect[] = "https://reports.contoso.example/signed-in";
constexpr char kVerifier[] = "a verifier that nobody guesses";

class AuthorizationCodeTest : public IdpTest {
 protected:
  static Parameters Query() {
    return {{"client_id", kPortal},
            {"response_type", "code"},
            {"redirect_uri", kRedirect},
            {"scope", absl::StrCat(kExpenses, "/.default openid")},
            {"state", "a&b"},
            {"nonce", "n"},
            {"code_challenge", Base64Url(Sha256(kVerifier))},
            {"code_challenge_method", "S256"}};
  }
  static Parameters Changed(Parameters parameters, const Parameters& changes) {
    for (const auto& [name, value] : changes) parameters[name] = value;
    return parameters;
  }
  static Parameters Alice() {
    return {{"username", "alice@contoso.example"}, {"password", "alice-development-only"}};
  }
  static Parameters Carol() {
    return {{"username", "carol@contoso.example"}, {"password", "carol-development-only"}};
  }

  Response Visit(const Parameters& query, const std::string& method = "GET",
                 const std::string& body = "") const {
    return provider_->Handle({.method = method,
                              .path = absl::StrCat("/", kTenant, "/oauth2/v2.0/authorize"),
                              .query = FormText(query),
                              .headers = {},
                              .body = body,
                              .base_url = "https://localhost:8443"});
  }
  Response Enter(const Parameters& query, const Parameters& entered) const {
    return Visit(query, "POST", FormText(entered));
  }

  static std::string Header(const Response& response, std::string_view wanted) {
    for (const auto& [name, value] : response.headers) {
      if (name == wanted) return value;
    }
    return "";
  }

  // What the client is told, when the user's browser comes back to it.
  static Parameters Told(const Response& response, const std::string& uri = kRedirect) {
    EXPECT_EQ(response.status, 302) << response.body;
    const std::string location = Header(response, "Location");
    EXPECT_TRUE(location.starts_with(uri + "?")) << location;
    const auto form = Form::Parse(location.substr(std::min(location.size(), uri.size() + 1)));
    return {form->all().begin(), form->all().end()};
  }

  // A token request that succeeds.
  Parameters Redemption(const Parameters& query = Query(),
                        const Parameters& entered = Alice()) const {
    return {{"grant_type", "authorization_code"},
            {"client_id", kPortal},
            {"redirect_uri", query.at("redirect_uri")},
            {"code", Told(Enter(query, entered), query.at("redirect_uri"))["code"]},
            {"code_verifier", kVerifier},
            {"scope", absl::StrCat(kExpenses, "/.default openid offline_access")}};
  }
};

TEST_F(AuthorizationCodeTest, TheUserWhoSignsInIsTheOneOfTheTokens) {
  const Reply reply = Post(Redemption());
  EXPECT_EQ(TextAt(ClaimsOf(reply.Text("access_token")), "oid"), kAlice);
  const json::object identity = ClaimsOf(reply.Text("id_token"));
  EXPECT_EQ(TextAt(identity, "nonce"), "n");
  EXPECT_EQ(TextAt(identity, "aud"), kPortal);
  EXPECT_NE(reply.Text("refresh_token"), "");
}

TEST_F(AuthorizationCodeTest, TheScopesOfTheSignInServeWhereTheRedemptionNamesNone) {
  Parameters parameters = Redemption();
  parameters.erase("scope");
  const json::object claims = ClaimsOf(Post(parameters).Text("access_token"));
  EXPECT_EQ(TextAt(claims, "scp"), "Expenses.Read");
}

TEST_F(AuthorizationCodeTest, TheStateIsEchoedAndTheAnswerComesAsItWasWanted) {
  EXPECT_EQ(Told(Enter(Query(), Alice()))["state"], "a&b");
  const auto fragment = Enter(Changed(Query(), {{"response_mode", "fragment"}}), Alice());
  EXPECT_TRUE(Header(fragment, "Location").starts_with(absl::StrCat(kRedirect, "#code=")));
  const auto posted = Enter(Changed(Query(), {{"response_mode", "form_post"}}), Alice());
  EXPECT_EQ(posted.status, 200);
  EXPECT_TRUE(absl::StrContains(posted.body, absl::StrCat("action=\"", kRedirect, "\"")));
  EXPECT_TRUE(absl::StrContains(posted.body, "name=\"state\" value=\"a&amp;b\""));
  EXPECT_TRUE(absl::StrContains(posted.body, "name=\"code\" value=\"0."));
}

TEST_F(AuthorizationCodeTest, ACodeServesOnceAndForTenMinutes) {
  const Parameters parameters = Redemption();
  EXPECT_EQ(Post(parameters).response.status, 200);
  EXPECT_EQ(Post(parameters).code(), 54005);
  const Parameters late = Redemption();
  clock_.now += absl::Minutes(10);
  EXPECT_EQ(Post(late).code(), 70008);
}

TEST_F(AuthorizationCodeTest, ACodeIsRefusedToAnybodyElse) {
  EXPECT_EQ(Post(Changed(Redemption(), {{"code", "0.x"}})).code(), 70000);
  EXPECT_EQ(
      Post(Changed(Redemption(), {{"client_id", kReports}, {"client_secret", kReportsSecret}}))
          .code(),
      70000);
  EXPECT_EQ(Post(Changed(Redemption(), {{"redirect_uri", kReportsRedirect}})).code(), 500112);
  EXPECT_EQ(Post(Changed(Redemption(), {{"client_id", kBlueprint}})).code(), 700016);
}

TEST_F(AuthorizationCodeTest, OnlyTheVerifierOfTheChallengeFitsAndItCannotBeGuessed) {
  Parameters parameters = Redemption();
  EXPECT_EQ(Post(Changed(parameters, {{"code_verifier", "a guess"}})).code(), 501481);
  EXPECT_EQ(Post(parameters).code(), 54005);
  parameters = Redemption();
  parameters.erase("code_verifier");
  EXPECT_EQ(Post(parameters).code(), 501481);
  Parameters without = Query();
  without.erase("code_challenge");
  parameters = Redemption(without);
  EXPECT_EQ(Post(parameters).code(), 501481);
  parameters = Redemption(without);
  parameters.erase("code_verifier");
  EXPECT_EQ(Post(parameters).response.status, 200);
}

TEST_F(AuthorizationCodeTest, AConfidentialClientProvesItselfToo) {
  const Parameters query =
      Changed(Query(), {{"client_id", kReports}, {"redirect_uri", kReportsRedirect}});
  Parameters parameters = Changed(Redemption(query), {{"client_id", kReports}});
  EXPECT_EQ(Post(parameters).code(), 7000218);
  parameters["client_secret"] = kReportsSecret;
  EXPECT_EQ(Post(parameters).response.status, 200);
}

TEST_F(AuthorizationCodeTest, WhoMayNotHaveAnAnswerGetsNone) {
  const std::vector<std::pair<Parameters, std::string>> cases = {
      {{{"redirect_uri", "https://evil.example/"}}, "AADSTS50011"},
      {{{"redirect_uri", absl::StrCat(kRedirect, "/")}}, "AADSTS50011"},
      {{{"redirect_uri", kReportsRedirect}}, "AADSTS50011"},
      {{{"redirect_uri", ""}}, "AADSTS50011"},
      {{{"client_id", kAlice}}, "AADSTS700016"},
      {{{"client_id", ""}}, "AADSTS900144"},
      {{{"client_id", kBlueprint}}, "AADSTS82018"},
      {{{"client_id", kAgent}}, "AADSTS82018"},
      {{{"response_mode", "pigeon"}}, "AADSTS9002313"},
  };
  for (const auto& [changes, text] : cases) {
    for (const char* method : {"GET", "POST"}) {
      const Response response = Visit(Changed(Query(), changes), method, FormText(Alice()));
      EXPECT_EQ(response.status, 400) << text;
      EXPECT_TRUE(absl::StrContains(response.body, text)) << response.body;
      EXPECT_EQ(Header(response, "Location"), "");
    }
  }
}

TEST_F(AuthorizationCodeTest, TheClientIsToldWhatIsWrongWithItsRequest) {
  const std::vector<std::pair<Parameters, std::string>> cases = {
      {{{"response_type", "token"}}, "AADSTS700051"},
      {{{"scope", ""}}, "AADSTS900144"},
      {{{"scope", "api://void/.default"}}, "AADSTS500011"},
      {{{"code_challenge_method", "plain"}}, "AADSTS9002313"},
      {{{"code_challenge", "short"}}, "AADSTS9002313"},
      {{{"prompt", "none"}}, "AADSTS50058"},
  };
  for (const auto& [changes, text] : cases) {
    Parameters told = Told(Visit(Changed(Query(), changes)));
    EXPECT_TRUE(absl::StrContains(told["error_description"], text)) << text;
    EXPECT_FALSE(told["error"].empty());
    EXPECT_EQ(told["state"], "a&b");
    EXPECT_FALSE(told.contains("code"));
  }
}

TEST_F(AuthorizationCodeTest, TheUserMaySayNo) {
  Parameters told = Told(Enter(Query(), {{"answer", "cancel"}}));
  EXPECT_EQ(told["error"], "access_denied");
  EXPECT_TRUE(absl::StrContains(told["error_description"], "AADSTS65004"));
}

TEST_F(AuthorizationCodeTest, WhoCannotSignInSeesThePageAgain) {
  const std::vector<std::pair<Parameters, std::string>> cases = {
      {{{"password", "guess"}}, "AADSTS50126"},
      {{{"password", ""}}, "AADSTS50126"},
      {{{"username", "mallory"}}, "AADSTS50034"},
      {{{"username", "dave@contoso.example"}}, "AADSTS50057"},
      {{{"username", "invoice-bot@contoso.example"}}, "AADSTS50126"},
  };
  for (const auto& [changes, text] : cases) {
    const Response page = Enter(Query(), Changed(Alice(), changes));
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(absl::StrContains(page.body, text)) << page.body;
    EXPECT_TRUE(absl::StrContains(page.body, "<form method=\"post\">"));
  }
}

TEST_F(AuthorizationCodeTest, ADemandedSecondFactorIsAskedForAndRemembered) {
  Parameters on_behalf = ClassicOnBehalfOfAlice();
  const std::string own = absl::StrCat("api://", kReports, "/access_as_user");
  Parameters query = Changed(Query(), {{"scope", own}});
  const auto token = [&](const Parameters& entered) {
    return Post(Changed(Redemption(query, entered), {{"scope", own}})).Text("access_token");
  };
  on_behalf["assertion"] = token(Carol());
  const Reply refused = Post(on_behalf);
  EXPECT_EQ(refused.code(), 50076);
  query["claims"] = refused.Text("claims");
  EXPECT_TRUE(absl::StrContains(Visit(query).body, "name=\"secondFactor\""));
  EXPECT_TRUE(absl::StrContains(Enter(query, Carol()).body, "AADSTS50076"));
  on_behalf["assertion"] = token(Changed(Carol(), {{"secondFactor", "shown"}}));
  EXPECT_EQ(Post(on_behalf).response.status, 200);
}

TEST_F(AuthorizationCodeTest, WithoutADemandNothingIsAskedForAndNothingIsBelieved) {
  EXPECT_FALSE(absl::StrContains(Visit(Query()).body, "secondFactor"));
  const std::string graph = "https://graph.microsoft.com/.default";
  const Parameters parameters = Redemption(Query(), Changed(Alice(), {{"secondFactor", "shown"}}));
  const Reply reply = Post(Changed(parameters, {{"scope", graph}}));
  EXPECT_EQ(json::serialize(ClaimsOf(reply.Text("access_token")).at("amr")), R"(["pwd"])");
}

TEST_F(AuthorizationCodeTest, ThePageCannotBeFramedAndShowsTextAsText) {
  const Response page = Visit(Changed(Query(), {{"login_hint", "\"><script>'&"}}));
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(absl::StrContains(page.body, "value=\"&quot;&gt;&lt;script&gt;&#39;&amp;\""));
  EXPECT_FALSE(absl::StrContains(page.body, "<script"));
  EXPECT_EQ(Header(page, "X-Frame-Options"), "DENY");
  EXPECT_EQ(Header(page, "Content-Security-Policy"),
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
            "http://localhost:5000");
  const Response shown = Visit(Changed(Query(), {{"redirect_uri", "https://<b>"}}));
  EXPECT_FALSE(absl::StrContains(shown.body, "<b>"));
}

TEST_F(AuthorizationCodeTest, OtherVerbsAndBodiesAreRefused) {
  EXPECT_EQ(Visit(Query(), "PUT").status, 405);
  EXPECT_EQ(Visit(Query(), "POST", "%zz").status, 400);
}

TEST(RedirectUri, IsOneOfThoseThatAreRegistered) {
  const std::vector<std::string> known = {"http://localhost/back", "https://a.example/b",
                                          "msal-app://auth"};
  for (const char* uri : {"http://localhost/back", "http://localhost:61234/back",
                          "https://a.example/b", "msal-app://auth"}) {
    EXPECT_TRUE(IsRegistered(uri, known)) << uri;
  }
  for (const char* uri :
       {"", "http://localhost", "http://localhost/back/", "http://localhost.evil.example/back",
        "http://localhost:1@evil.example/back", "https://localhost/back", "https://a.example:1/b",
        "https://a.example/b?c", "https://a.example/B", "http://localhost/back#x"}) {
    EXPECT_FALSE(IsRegistered(uri, known)) << uri;
  }
}

TEST(RedirectUri, HasADestination) {
  EXPECT_EQ(Destination("https://a.example:1/b?c"), "https://a.example:1");
  EXPECT_EQ(Destination("https://a.example?c"), "https://a.example");
  EXPECT_EQ(Destination("urn:ietf:wg:oauth:2.0:oob"), "urn:");
  for (const char* uri : {"back", "https:", "https://a.example/ b", "https://a.example/;b"}) {
    EXPECT_FALSE(IsRedirectUri(uri)) << uri;
  }
}

}  // namespace
}  // namespace behalf::idp

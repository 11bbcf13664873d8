// Every row of the error table, provoked by a request.
#include "tests/idp/errors.h"

#include <functional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"
#include "tests/idp/guid.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

constexpr char kDefaultOfGraph[] = "https://graph.microsoft.com/.default";

class Errors : public IdpTest {
 protected:
  static std::string Access() { return absl::StrCat("api://", kBlueprint, "/access_agent"); }

  Reply SignInWith(const std::string& user, const Parameters& changes) const {
    return With(SignIn(user, Access()), changes);
  }
  Reply ExchangeWith(const Parameters& changes) const { return With(ForExchange(), changes); }
  Reply OnBehalfWith(const Parameters& changes) const { return With(OnBehalfOfAlice(), changes); }

  Reply ClassicWith(const Parameters& changes) const {
    return With(ClassicOnBehalfOfAlice(), changes);
  }
  Reply AgentUserWith(const Parameters& changes) const {
    return With(AsAgentUser(kAgentUser), changes);
  }
  Reply RefreshWith(const Parameters& changes) const { return With(RefreshParameters(), changes); }

  Parameters RefreshParameters() const {
    const Reply reply = Post(SignIn("alice", Access() + " offline_access"));
    return {{"grant_type", "refresh_token"},
            {"client_id", kPortal},
            {"refresh_token", reply.Text("refresh_token")},
            {"scope", Access()}};
  }

  static Parameters Asserted(const std::string& assertion) {
    return {{"client_secret", "-"},
            {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
            {"client_assertion", assertion}};
  }

  // A value "-" removes the parameter.
  Reply With(Parameters parameters, const Parameters& changes) const {
    for (const auto& [name, value] : changes) {
      parameters[name] = value;
      if (value == "-") parameters.erase(name);
    }
    return Post(parameters);
  }

  // A token of ours in which one claim is another.
  std::string Forged(const std::string& token, std::string_view claim,
                     const json::value& value) const {
    json::object claims = ReadAndVerify(Keys(), token).claims;
    claims[claim] = value;
    return SignJwt(Keys().current(), claims);
  }

  std::string AliceToken() const { return UserToken("alice", Access()); }
  std::int64_t Past() const { return absl::ToUnixSeconds(clock_.now) - 1; }
};

struct Case {
  int code;
  std::string name;
  std::function<Reply()> request;
};

TEST_F(Errors, AreAnsweredToTheRequestsThatDeserveThem) {
  const std::string exchange = ExchangeToken();
  const std::vector<Case> cases = {
      {90002, "unknown tenant",
       [&] {
         Request request = TokenRequestOf(ForExchange());
         request.path = "/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token";
         return Ask(request);
       }},
      {900561, "GET",
       [&] {
         Request request = TokenRequestOf(ForExchange());
         request.method = "GET";
         return Ask(request);
       }},
      {9002313, "not a form",
       [&] {
         Request request = TokenRequestOf({});
         request.body = "grant_type=%zz";
         return Ask(request);
       }},
      {9002313, "a parameter twice",
       [&] {
         Request request = TokenRequestOf(ForExchange());
         request.body += "&grant_type=password";
         return Ask(request);
       }},
      {900144, "no grant type", [&] { return ExchangeWith({{"grant_type", "-"}}); }},
      {900144, "no client", [&] { return ExchangeWith({{"client_id", "-"}}); }},
      {900144, "no scope", [&] { return ExchangeWith({{"scope", "-"}}); }},
      {900144, "no assertion", [&] { return OnBehalfWith({{"assertion", "-"}}); }},
      {900144, "no token use", [&] { return OnBehalfWith({{"requested_token_use", "-"}}); }},
      {900144, "no assertion type", [&] { return OnBehalfWith({{"client_assertion_type", "-"}}); }},
      {900144, "no password", [&] { return SignInWith("alice", {{"password", "-"}}); }},
      {9002313, "another token use",
       [&] { return OnBehalfWith({{"requested_token_use", "delegation"}}); }},
      {9002313, "another assertion type",
       [&] { return OnBehalfWith({{"client_assertion_type", "saml"}}); }},
      {9002313, "an empty path", [&] { return ExchangeWith({{"fmi_path", ""}}); }},
      {70003, "unknown grant", [&] { return ExchangeWith({{"grant_type", "magic"}}); }},
      {700016, "unknown client", [&] { return ExchangeWith({{"client_id", kAlice}}); }},
      {700016, "unknown agent", [&] { return OnBehalfWith({{"client_id", kAlice}}); }},
      {700016, "unknown app", [&] { return SignInWith("alice", {{"client_id", kAlice}}); }},
      {7000215, "wrong secret", [&] { return ExchangeWith({{"client_secret", "guess"}}); }},
      {7000218, "no secret", [&] { return ExchangeWith({{"client_secret", "-"}}); }},
      {7000218, "no client assertion", [&] { return OnBehalfWith({{"client_assertion", "-"}}); }},
      {82001, "no path", [&] { return ExchangeWith({{"fmi_path", "-"}}); }},
      {82001, "another resource",
       [&] { return ExchangeWith({{"scope", "https://graph.microsoft.com/.default"}}); }},
      {1002012, "a single scope for an application",
       [&] { return ExchangeWith({{"scope", "https://graph.microsoft.com/Mail.Read"}}); }},
      {82002, "a blueprint itself on behalf of a user",
       [&] { return OnBehalfWith({{"client_id", kBlueprint}, {"client_secret", kSecret}}); }},
      {50034, "unknown user", [&] { return SignInWith("mallory", {}); }},
      {50126, "wrong password", [&] { return SignInWith("alice", {{"password", "guess"}}); }},
      {50057, "disabled user signs in", [&] { return SignInWith("dave", {}); }},
      {50057, "disabled since",
       [&] {
         const User* dave = TheTenant().FindUser("dave@contoso.example");
         return OnBehalfWith({{"assertion", Forged(AliceToken(), "oid", dave->id.c_str())}});
       }},
      {65001, "no consent for the app",
       [&] {
         return SignInWith("alice", {{"scope", absl::StrCat(kExpenses, "/Expenses.Approve")}});
       }},
      {65001, "no consent for the scope",
       [&] { return OnBehalfWith({{"scope", "https://graph.microsoft.com/Mail.Send"}}); }},
      {65001, "no consent for the resource",
       [&] {
         return OnBehalfWith({{"scope", absl::StrCat("api://", kOtherBlueprint, "/.default")}});
       }},
      {70011, "unknown scope",
       [&] { return OnBehalfWith({{"scope", "https://graph.microsoft.com/Mail.Burn"}}); }},
      {70011, "default with others",
       [&] {
         return OnBehalfWith({{"scope",
                               "https://graph.microsoft.com/.default "
                               "https://graph.microsoft.com/Mail.Read"}});
       }},
      {70011, "nothing but OIDC", [&] { return OnBehalfWith({{"scope", "openid profile"}}); }},
      {700022, "two resources",
       [&] {
         return OnBehalfWith({{"scope", absl::StrCat("https://graph.microsoft.com/Mail.Read ",
                                                     kExpenses, "/Expenses.Read")}});
       }},
      {500011, "unknown resource",
       [&] { return OnBehalfWith({{"scope", "api://void/.default"}}); }},
      {700027, "client assertion malformed",
       [&] { return OnBehalfWith({{"client_assertion", "a.b.c"}}); }},
      {700027, "client assertion signed by another",
       [&] {
         const json::object claims = ReadAndVerify(Keys(), exchange).claims;
         const SigningKeys others = SigningKeys::Ephemeral();
         return OnBehalfWith({{"client_assertion", SignJwt(others.current(), claims)}});
       }},
      {700027, "client assertion changed",
       [&] {
         return OnBehalfWith({{"client_assertion", exchange.substr(0, exchange.size() - 4)}});
       }},
      {700027, "a blueprint with an assertion that is none",
       [&] { return ExchangeWith(Asserted("a.b.c")); }},
      {70025, "a blueprint without federated credentials",
       [&] { return ExchangeWith(Asserted(exchange)); }},
      {700024, "client assertion expired",
       [&] { return OnBehalfWith({{"client_assertion", Forged(exchange, "exp", Past())}}); }},
      {700024, "client assertion not yet valid",
       [&] { return OnBehalfWith({{"client_assertion", Forged(exchange, "nbf", Past() + 60)}}); }},
      {700211, "client assertion of another tenant",
       [&] { return OnBehalfWith({{"client_assertion", Forged(exchange, "tid", kAlice)}}); }},
      {700212, "client assertion for another audience",
       [&] { return OnBehalfWith({{"client_assertion", Forged(exchange, "aud", kBlueprint)}}); }},
      {700213, "client assertion of another blueprint",
       [&] { return OnBehalfWith({{"client_assertion", ExchangeToken(kOtherAgent)}}); }},
      {700213, "client assertion by another parent",
       [&] {
         return OnBehalfWith({{"client_assertion", Forged(exchange, "azp", kOtherBlueprint)}});
       }},
      {700213, "client assertion for another agent",
       [&] {
         Parameters other = ForExchange();
         other["fmi_path"] = kOtherAgent;
         return OnBehalfWith({{"client_assertion", Post(other).Text("access_token")}});
       }},
      {700229, "a user's token as client assertion",
       [&] {
         return OnBehalfWith(
             {{"client_assertion", Forged(AliceToken(), "aud", kExchangeAppId.data())}});
       }},
      {50013, "assertion malformed", [&] { return OnBehalfWith({{"assertion", "a.b.c"}}); }},
      {50013, "assertion for another blueprint",
       [&] {
         return OnBehalfWith(
             {{"assertion",
               UserToken("alice", absl::StrCat("api://", kOtherBlueprint, "/access_agent"))}});
       }},
      {50013, "assertion for Graph",
       [&] {
         return OnBehalfWith(
             {{"assertion", UserToken("alice", "https://graph.microsoft.com/User.Read")}});
       }},
      {50013, "assertion of another tenant",
       [&] { return OnBehalfWith({{"assertion", Forged(AliceToken(), "tid", kAlice)}}); }},
      {50013, "assertion of nobody",
       [&] { return OnBehalfWith({{"assertion", Forged(AliceToken(), "oid", kAgent)}}); }},
      {240002, "id_token as assertion",
       [&] {
         const Reply reply = SignInWith("alice", {{"scope", "openid " + Access()}});
         return OnBehalfWith({{"assertion", reply.Text("id_token")}});
       }},
      {7000114, "app-only assertion", [&] { return OnBehalfWith({{"assertion", exchange}}); }},
      {500133, "assertion expired",
       [&] { return OnBehalfWith({{"assertion", Forged(AliceToken(), "exp", Past())}}); }},
      {500131, "assertion for another than the middle tier",
       [&] { return ClassicWith({{"assertion", AliceToken()}}); }},
      {50013, "assertion for Graph, for a middle tier",
       [&] {
         return ClassicWith(
             {{"assertion", UserToken("alice", "https://graph.microsoft.com/User.Read")}});
       }},
      {7000114, "app-only assertion for a middle tier",
       [&] {
         const Reply app = Post(AsReports(absl::StrCat(kReports, "/.default")));
         return ClassicWith({{"assertion", app.Text("access_token")}});
       }},
      {7000218, "a middle tier without proof",
       [&] { return ClassicWith({{"client_secret", "-"}}); }},
      {7000218, "a public client as itself",
       [&] {
         return With(AsReports(kDefaultOfGraph), {{"client_id", kPortal}, {"client_secret", "-"}});
       }},
      {700025, "a public client with a secret",
       [&] { return With(AsReports(kDefaultOfGraph), {{"client_id", kPortal}}); }},
      {700016, "a blueprint that signs a user in",
       [&] { return SignInWith("alice", {{"client_id", kBlueprint}}); }},
      {50126, "an agent's user with a password", [&] { return SignInWith("invoice-bot", {}); }},
      {1002012, "a single scope for a middle tier",
       [&] { return Post(AsReports("https://graph.microsoft.com/Mail.Read")); }},
      {1002012, "a single scope besides",
       [&] { return Post(AsReports("https://graph.microsoft.com/.default Mail.Read")); }},
      {700022, "two resources for an application",
       [&] { return Post(AsReports(absl::StrCat(kDefaultOfGraph, " ", kLedger, "/.default"))); }},
      {500011, "unknown resource for an application",
       [&] { return Post(AsReports("api://void/.default")); }},
      {65001, "an API without delegated scopes",
       [&] { return OnBehalfWith({{"scope", absl::StrCat(kLedger, "/.default")}}); }},
      {70003, "a middle tier that has users of its own",
       [&] { return With(AsReports(kDefaultOfGraph), {{"grant_type", "user_fic"}}); }},
      {900144, "no credential for the agent's user",
       [&] { return AgentUserWith({{"user_federated_identity_credential", "-"}}); }},
      {9002313, "no name of the agent's user", [&] { return AgentUserWith({{"user_id", "-"}}); }},
      {9002313, "two names of the agent's user",
       [&] { return AgentUserWith({{"username", "invoice-bot@contoso.example"}}); }},
      {50034, "unknown user of the agent", [&] { return AgentUserWith({{"user_id", kAgent}}); }},
      {50105, "a person as the agent's user", [&] { return AgentUserWith({{"user_id", kAlice}}); }},
      {700213, "the blueprint's token as the agent's user's",
       [&] { return AgentUserWith({{"user_federated_identity_credential", exchange}}); }},
      {70000, "a refresh token that is none",
       [&] { return RefreshWith({{"refresh_token", "1.x"}}); }},
      {70000, "a refresh token cut short",
       [&] {
         const std::string token = RefreshParameters().at("refresh_token");
         return RefreshWith({{"refresh_token", token.substr(0, token.size() - 8)}});
       }},
      {70000, "another client's refresh token",
       [&] { return RefreshWith({{"client_id", kReports}, {"client_secret", kReportsSecret}}); }},
      {900144, "no refresh token", [&] { return RefreshWith({{"refresh_token", "-"}}); }},
      {700082, "a refresh token of last year",
       [&] {
         const Parameters parameters = RefreshParameters();
         clock_.now += absl::Hours(90 * 24);
         const Reply reply = Post(parameters);
         clock_.now -= absl::Hours(90 * 24);
         return reply;
       }},
      {50076, "second factor for a middle tier",
       [&] {
         return ClassicWith(
             {{"assertion", UserToken("carol", absl::StrCat("api://", kReports, "/.default"))}});
       }},
      {50076, "second factor",
       [&] { return OnBehalfWith({{"assertion", UserToken("carol", Access())}}); }},
  };
  std::set<int> provoked;
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    const Reply reply = item.request();
    const ErrorRow& row = RowOf(item.code);
    EXPECT_EQ(reply.code(), item.code) << reply.response.body;
    EXPECT_EQ(reply.response.status, row.status);
    EXPECT_EQ(reply.Text("error"), row.error);
    EXPECT_EQ(reply.Text("suberror"), row.suberror);
    EXPECT_FALSE(absl::StrContains(reply.Text("error_description"), "$")) << reply.response.body;
    EXPECT_FALSE(reply.body.contains("access_token"));
    provoked.insert(item.code);
  }
  // Those of credentials that Contoso does not have are in credentials_test,
  // those of the page and of codes in authorization_code_test and
  // device_code_test.
  provoked.insert({50012, 7000222});
  provoked.insert({53003, 90055});  // conditional_access_test, throttling_test
  provoked.insert({70014, 70016, 70017, 70018, 70020});
  provoked.insert({50011, 50058, 54005, 65004, 70008, 82018, 500112, 501481, 700051});
  for (const ErrorRow& row : AllErrors()) EXPECT_TRUE(provoked.contains(row.code)) << row.code;
}

TEST_F(Errors, HaveEntrasForm) {
  Request request = TokenRequestOf(ForExchange());
  request.body += "&client-request-id=0f8fad5b-d9cb-469f-a165-70867728950e";
  request.method = "GET";
  const Reply reply = Ask(request);
  EXPECT_EQ(reply.Text("correlation_id"), "0f8fad5b-d9cb-469f-a165-70867728950e");
  EXPECT_EQ(reply.Text("timestamp"), "2026-11-18 11:06:40Z");
  EXPECT_EQ(reply.Text("error_uri"), "https://login.microsoftonline.com/error?code=900561");
  EXPECT_EQ(reply.Text("error_description"),
            absl::StrCat("AADSTS900561: The endpoint only accepts POST requests. Received a GET "
                         "request. Trace ID: ",
                         reply.Text("trace_id"), " Correlation ID: ", reply.Text("correlation_id"),
                         " Timestamp: 2026-11-18 11:06:40Z"));
  EXPECT_TRUE(ParseGuid(reply.Text("trace_id")).has_value());
}

TEST_F(Errors, ChallengeIsClearedByATokenWithASecondFactor) {
  const Reply refused = OnBehalfWith({{"assertion", UserToken("carol", Access())}});
  const Reply again = SignInWith("carol", {{"claims", refused.Text("claims")}});
  ASSERT_EQ(again.response.status, 200);
  EXPECT_EQ(OnBehalfWith({{"assertion", again.Text("access_token")}}).response.status, 200);
}

}  // namespace
}  // namespace behalf::idp

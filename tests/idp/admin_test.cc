// The provider as it is changed while it serves.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/controlled_provider.h"
#include "tests/idp/errors_injected.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

constexpr char kGraphDefault[] = "https://graph.microsoft.com/.default";

class Admin : public IdpTest {
 protected:
  Reply Handled(const Request& request) const {
    Response response = HandleControlled(controls_, request);
    json::object body = json::parse(response.body).as_object();
    return {std::move(response), std::move(body)};
  }
  Reply Send(const Parameters& parameters) const { return Handled(TokenRequestOf(parameters)); }

  Reply Change(const std::string& method, const std::string& path, const json::object& body,
               const std::string& token = "the token") const {
    return Handled({.method = method,
                    .path = "/admin/" + path,
                    .query = "",
                    .headers = {{"authorization", "Bearer " + token}},
                    .body = json::serialize(body),
                    .base_url = "https://localhost:8443"});
  }

  static std::string RetryAfter(const Reply& reply) {
    for (const auto& [name, value] : reply.response.headers) {
      if (name == "Retry-After") return value;
    }
    return "";
  }

  AdjustableClock adjustable_{clock_};
  LiveWorld world_{Contoso(), SigningKeys::Ephemeral(), adjustable_, *random_};
  Faults faults_;
  RequestLog log_;
  const Controls controls_{
      adjustable_, world_, faults_, log_, [] { return SigningKeys::Ephemeral(); }, "the token"};
};

TEST_F(Admin, IsAskedWithTheToken) {
  EXPECT_EQ(Change("GET", "clock", {}).response.status, 200);
  EXPECT_EQ(Change("GET", "clock", {}, "guess").response.status, 401);
  EXPECT_EQ(Change("GET", "clock", {}, "").response.status, 401);
  EXPECT_EQ(Change("GET", "elsewhere", {}).response.status, 404);
}

TEST_F(Admin, EveryErrorCanBeOrdered) {
  for (const std::span<const ErrorRow> rows : {AllErrors(), InjectedErrors()}) {
    for (const ErrorRow& row : rows) {
      EXPECT_EQ(Change("POST", "faults", {{"code", row.code}}).response.status, 200);
      const Reply reply = Send(AsReports(kGraphDefault));
      EXPECT_EQ(reply.code(), row.code);
      EXPECT_EQ(reply.response.status, row.status) << row.code;
      EXPECT_EQ(reply.Text("error"), row.error);
      EXPECT_EQ(reply.Text("suberror"), row.suberror);
      EXPECT_FALSE(absl::StrContains(reply.Text("error_description"), "$")) << row.code;
    }
  }
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
}

TEST_F(Admin, AFaultSaysHowOftenWhomAndWhenToRetry) {
  const json::object fault{{"code", 90055},          {"times", 2},
                           {"retryAfterSeconds", 7}, {"status", 503},
                           {"client", kReports},     {"grant", "client_credentials"},
                           {"claims", R"({"x":1})"}};
  EXPECT_EQ(Change("POST", "faults", fault).response.status, 200);
  EXPECT_EQ(Send(ForExchange()).response.status, 200);
  EXPECT_EQ(Send(SignIn("alice", kExpenses + std::string("/.default"))).response.status, 200);
  for (int i = 0; i < 2; ++i) {
    const Reply reply = Send(AsReports(kGraphDefault));
    EXPECT_EQ(reply.response.status, 503);
    EXPECT_EQ(RetryAfter(reply), "7");
    EXPECT_EQ(reply.Text("claims"), R"({"x":1})");
  }
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
}

TEST_F(Admin, FaultsAreListedAndCleared) {
  EXPECT_EQ(Change("POST", "faults", {{"code", 53003}}).response.status, 200);
  EXPECT_EQ(Change("GET", "faults", {}).body.at("faults").as_array().size(), 1U);
  EXPECT_EQ(Change("DELETE", "faults", {}).response.status, 200);
  EXPECT_EQ(Change("GET", "faults", {}).body.at("faults").as_array().size(), 0U);
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
}

TEST_F(Admin, MistakesChangeNothing) {
  EXPECT_EQ(Change("POST", "faults", {{"code", 1}}).response.status, 400);
  EXPECT_EQ(Change("POST", "faults", {{"code", 90055}, {"times", 0}}).response.status, 400);
  EXPECT_EQ(Change("POST", "faults", {{"code", 90055}, {"status", 200}}).response.status, 400);
  EXPECT_EQ(Change("POST", "clock", {}).response.status, 400);
  EXPECT_EQ(Change("POST", "users", {{"user", "mallory"}}).response.status, 400);
  const json::object consent{{"client", kReports},
                             {"resource", "https://graph.microsoft.com"},
                             {"scopes", json::array{"Mail.Burn"}}};
  EXPECT_EQ(Change("POST", "consents", consent).response.status, 400);
  EXPECT_EQ(Change("POST", "consents", {{"client", "x"}}).response.status, 400);
  EXPECT_EQ(Change("POST", "consents", {{"client", kReports}, {"resource", "x"}}).response.status,
            400);
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
}

TEST_F(Admin, TheClockIsAdvanced) {
  const Reply reply = Change("POST", "clock", {{"advanceSeconds", 3600}});
  EXPECT_EQ(reply.Text("now"), "2026-11-18T12:06:40+00:00");
  const auto token = ReadUnverified(Send(ForExchange()).Text("access_token"));
  EXPECT_EQ(NumberAt(token->claims, "iat"), absl::ToUnixSeconds(clock_.now) + 3600 - 300);
}

TEST_F(Admin, ConsentIsGrantedAndRevoked) {
  Parameters parameters = SignIn("alice", absl::StrCat(kExpenses, "/Expenses.Approve"));
  EXPECT_EQ(Send(parameters).code(), 65001);
  const json::object consent{
      {"client", kPortal}, {"resource", kExpenses}, {"scopes", json::array{"Expenses.Approve"}}};
  EXPECT_EQ(Change("POST", "consents", consent).response.status, 200);
  EXPECT_EQ(Send(parameters).response.status, 200);
  EXPECT_EQ(Change("DELETE", "consents", consent).response.status, 200);
  EXPECT_EQ(Send(parameters).code(), 65001);
}

TEST_F(Admin, RolesAreGrantedToAgents) {
  const json::object consent{
      {"client", kAgent}, {"resource", kLedger}, {"roles", json::array{"Ledger.Read"}}};
  EXPECT_EQ(Change("POST", "consents", consent).response.status, 200);
  Parameters parameters = AsAgent(absl::StrCat(kLedger, "/.default"));
  parameters["client_assertion"] = Send(ForExchange()).Text("access_token");
  const auto token = ReadUnverified(Send(parameters).Text("access_token"));
  EXPECT_EQ(json::serialize(token->claims.at("roles")), R"(["Ledger.Post","Ledger.Read"])");
}

TEST_F(Admin, UsersAreDisabledAndMustShowASecondFactor) {
  const Parameters parameters = SignIn("alice", absl::StrCat(kExpenses, "/.default"));
  const std::string alice = "alice@contoso.example";
  EXPECT_EQ(Change("POST", "users", {{"user", alice}, {"disabled", true}}).response.status, 200);
  EXPECT_EQ(Send(parameters).code(), 50057);
  Change("POST", "users", {{"user", kAlice}, {"disabled", false}, {"requireMfa", true}});
  Parameters on_behalf = ClassicOnBehalfOfAlice();
  Parameters sign_in = SignIn("alice", absl::StrCat("api://", kReports, "/.default"));
  on_behalf["assertion"] = Send(sign_in).Text("access_token");
  const Reply refused = Send(on_behalf);
  EXPECT_EQ(refused.code(), 50076);
  sign_in["claims"] = refused.Text("claims");
  on_behalf["assertion"] = Send(sign_in).Text("access_token");
  EXPECT_EQ(Send(on_behalf).response.status, 200);
}

TEST_F(Admin, PoliciesComeAndGo) {
  const std::string id = "0d9f7a52-6f3e-4a0b-9a63-1d9f6f0c5a77";
  const Parameters parameters = SignIn("alice", absl::StrCat(kExpenses, "/.default"));
  json::object policy{
      {"id", id}, {"name", "Nobody"}, {"require", "block"}, {"resources", json::array{kExpenses}}};
  EXPECT_EQ(Change("POST", "policies", policy).response.status, 200);
  EXPECT_EQ(Send(parameters).code(), 53003);
  policy["require"] = "mfa";
  EXPECT_EQ(Change("POST", "policies", policy).response.status, 200);
  EXPECT_EQ(Send(parameters).code(), 50076);
  EXPECT_EQ(Change("DELETE", "policies", {{"id", id}}).response.status, 200);
  EXPECT_EQ(Send(parameters).response.status, 200);
  EXPECT_EQ(Change("DELETE", "policies", {{"id", id}}).response.status, 400);
}

TEST_F(Admin, MistakesInPoliciesChangeNothing) {
  const json::object good{{"id", kAlice}, {"name", "P"}, {"require", "block"}};
  const json::object mistakes[] = {
      {{"id", "P"}},
      {{"tenant", "fabrikam.example"}},
      {{"require", "patience"}},
      {{"authContext", "c1"}},
      {{"users", json::array{"mallory"}}},
      {{"resources", json::array{"api://void"}}},
      {{"clients", json::array{kAlice}}},
  };
  for (const json::object& mistake : mistakes) {
    json::object policy = good;
    for (const auto& [key, value] : mistake) policy[key] = value;
    EXPECT_EQ(Change("POST", "policies", policy).response.status, 400) << json::serialize(mistake);
  }
  EXPECT_EQ(Send(SignIn("alice", absl::StrCat(kExpenses, "/.default"))).response.status, 200);
}

TEST_F(Admin, ATenantIsThrottledByItsClock) {
  const json::object limit{{"requests", 1}, {"seconds", 60}, {"retryAfterSeconds", 5}};
  EXPECT_EQ(Change("POST", "throttle", limit).response.status, 200);
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
  EXPECT_EQ(RetryAfter(Send(AsReports(kGraphDefault))), "5");
  EXPECT_EQ(Change("POST", "users", {{"user", kAlice}}).response.status, 200);
  EXPECT_EQ(Send(AsReports(kGraphDefault)).code(), 90055);
  Change("POST", "clock", {{"advanceSeconds", 60}});
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
  EXPECT_EQ(Send(AsReports(kGraphDefault)).code(), 90055);
  EXPECT_EQ(Change("DELETE", "throttle", {}).response.status, 200);
  EXPECT_EQ(Send(AsReports(kGraphDefault)).response.status, 200);
  EXPECT_EQ(Change("POST", "throttle", {{"requests", 0}}).response.status, 400);
  EXPECT_EQ(Change("DELETE", "throttle", {{"tenant", "x"}}).response.status, 400);
}

TEST_F(Admin, KeysAreRotated) {
  const std::string before =
      TextAt(ReadUnverified(Send(ForExchange()).Text("access_token"))->header, "kid").value_or("");
  const std::string id = Change("POST", "keys", {}).Text("kid");
  const std::string after =
      TextAt(ReadUnverified(Send(ForExchange()).Text("access_token"))->header, "kid").value_or("");
  EXPECT_NE(after, before);
  EXPECT_EQ(after, id);
}

TEST_F(Admin, RequestsAreLoggedWithoutTheirSecrets) {
  Send(ForExchange());
  Send(SignIn("alice", absl::StrCat(kExpenses, "/.default")));
  const Reply reply = Change("GET", "requests", {});
  const json::array& requests = reply.body.at("requests").as_array();
  ASSERT_EQ(requests.size(), 2U);
  const json::object& form = requests[0].at("form").as_object();
  EXPECT_EQ(TextAt(form, "fmi_path"), kAgent);
  EXPECT_TRUE(TextAt(form, "client_secret").value_or("").starts_with("sha256:"));
  EXPECT_FALSE(absl::StrContains(reply.response.body, kSecret));
  EXPECT_FALSE(absl::StrContains(reply.response.body, "alice-development-only"));
  EXPECT_EQ(Change("DELETE", "requests", {}).response.status, 200);
  EXPECT_EQ(Change("GET", "requests", {}).body.at("requests").as_array().size(), 0U);
}

}  // namespace
}  // namespace behalf::idp

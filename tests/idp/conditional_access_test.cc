// Policies of Conditional Access, and how their challenges are met.
#include "tests/idp/conditional_access.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

constexpr char kPolicy[] = "11111111-2222-4333-8444-555555555501";
constexpr char kOther[] = "11111111-2222-4333-8444-555555555502";
constexpr char kGraph[] = "https://graph.microsoft.com";
constexpr char kMfaChallenge[] =
    R"({"access_token":{"capolids":{"essential":true,"values":["11111111-2222-4333-8444-555555555501"]}}})";
constexpr char kContextChallenge[] = R"({"access_token":{"acrs":{"essential":true,"value":"c1"}}})";

Policy ForGraph(const char* id) {
  Policy policy;
  policy.id = id;
  policy.name = "P";
  policy.resources = {kGraph};
  return policy;
}

Policy Mfa() {
  Policy policy = ForGraph(kPolicy);
  policy.require = "mfa";
  return policy;
}

Policy Context(const char* context = "c1") {
  Policy policy = ForGraph(kOther);
  policy.context = context;
  return policy;
}

class ConditionalAccessTest : public IdpTest {
 protected:
  ConditionalAccessTest() {
    provider_ = std::make_unique<IdentityProvider>(directory_, Keys(), clock_, *random_);
  }

  void Enact(const std::vector<Policy>& policies) {
    directory_.tenants.front().conditional_access = policies;
  }

  static std::string Own() { return absl::StrCat("api://", kReports, "/access_as_user"); }

  // The middle tier for Alice, who has signed in to it with these claims.
  Reply OnBehalf(const std::string& claims = "") const {
    Parameters parameters = ClassicOnBehalfOfAlice();
    Parameters sign_in = SignIn("alice", Own());
    if (!claims.empty()) sign_in["claims"] = claims;
    parameters["assertion"] = Post(sign_in).Text("access_token");
    parameters["scope"] = absl::StrCat(kGraph, "/.default");
    return Post(parameters);
  }

  Directory directory_ = Contoso();
};

TEST_F(ConditionalAccessTest, ASecondFactorIsDemandedByThePolicyAndClearsIt) {
  Enact({Mfa()});
  const Reply refused = OnBehalf();
  EXPECT_EQ(refused.code(), 50076);
  EXPECT_EQ(refused.Text("claims"), kMfaChallenge);
  const Reply granted = OnBehalf(refused.Text("claims"));
  const json::object claims = ClaimsOf(granted.Text("access_token"));
  EXPECT_EQ(json::serialize(claims.at("amr")), R"(["pwd","mfa"])");
}

TEST_F(ConditionalAccessTest, AnAuthenticationContextIsDemandedAndShownInTheToken) {
  Enact({Context()});
  const Reply refused = OnBehalf();
  EXPECT_EQ(refused.code(), 50076);
  EXPECT_EQ(refused.Text("claims"), kContextChallenge);
  const Reply granted = OnBehalf(refused.Text("claims"));
  const json::object claims = ClaimsOf(granted.Text("access_token"));
  EXPECT_EQ(json::serialize(claims.at("acrs")), R"(["c1"])");
  EXPECT_EQ(json::serialize(claims.at("amr")), R"(["pwd","mfa"])");
}

TEST_F(ConditionalAccessTest, TheTokenThatAnswersAChallengeSaysSo) {
  Enact({Context()});
  Parameters sign_in = SignIn("alice", Own());
  sign_in["claims"] = kContextChallenge;
  const json::object claims = ClaimsOf(Post(sign_in).Text("access_token"));
  EXPECT_EQ(json::serialize(claims.at("acrs")), R"(["p1","c1"])");
}

TEST_F(ConditionalAccessTest, ASecondFactorAloneIsNoContext) {
  Enact({Mfa(), Context()});
  const Reply refused = OnBehalf(kMfaChallenge);
  EXPECT_EQ(refused.Text("claims"), kContextChallenge);
}

TEST_F(ConditionalAccessTest, AllThatIsMissingIsDemandedAtOnce) {
  Policy second = Context("c2");
  second.id = kAlice;
  Enact({Mfa(), Context(), second});
  const Reply refused = OnBehalf();
  EXPECT_EQ(refused.Text("claims"), R"({"access_token":{"capolids":{"essential":true,"values":[")" +
                                        std::string(kPolicy) +
                                        R"("]},"acrs":{"essential":true,"values":["c1","c2"]}}})");
  EXPECT_EQ(OnBehalf(refused.Text("claims")).response.status, 200);
}

TEST_F(ConditionalAccessTest, WhoIsBlockedHasNoWayOut) {
  Policy block = Mfa();
  block.require = "block";
  Enact({Context(), block});
  const Reply refused = OnBehalf();
  EXPECT_EQ(refused.code(), 53003);
  EXPECT_EQ(refused.Text("claims"), "");
  EXPECT_EQ(OnBehalf(kMfaChallenge).code(), 53003);
}

TEST_F(ConditionalAccessTest, OthersThanThePolicyNamesAreNotConcerned) {
  Policy policy = Mfa();
  const auto code = [&](const Policy& changed) {
    Enact({changed});
    return OnBehalf().code();
  };
  policy.users = {"bob@contoso.example"};
  EXPECT_EQ(code(policy), 0);
  policy.users = {"Alice@contoso.example"};
  EXPECT_EQ(code(policy), 50076);
  policy.clients = {kAgent};
  EXPECT_EQ(code(policy), 0);
  policy.clients = {kReports};
  EXPECT_EQ(code(policy), 50076);
  policy.resources = {kExpenses};
  EXPECT_EQ(code(policy), 0);
  policy.resources = {"00000003-0000-0000-c000-000000000000"};
  EXPECT_EQ(code(policy), 50076);
}

TEST_F(ConditionalAccessTest, ARefreshTokenRemembersWhatWasShown) {
  Enact({Mfa(), Context()});
  Parameters sign_in = SignIn("alice", Own() + " offline_access");
  EXPECT_EQ(Post(SignIn("alice", absl::StrCat(kGraph, "/.default"))).code(), 50076);
  const auto graph_by = [&](const Reply& reply) {
    return Post({{"grant_type", "refresh_token"},
                 {"client_id", kPortal},
                 {"refresh_token", reply.Text("refresh_token")},
                 {"scope", absl::StrCat(kGraph, "/.default")}});
  };
  EXPECT_EQ(graph_by(Post(sign_in)).code(), 50076);
  sign_in["claims"] = kContextChallenge;
  EXPECT_EQ(graph_by(Post(sign_in)).response.status, 200);
}

TEST_F(ConditionalAccessTest, AnAgentIsChallengedForItsUser) {
  Enact({Mfa()});
  Parameters parameters = OnBehalfOfAlice();
  EXPECT_EQ(Post(parameters).Text("claims"), kMfaChallenge);
  Parameters sign_in = SignIn("alice", absl::StrCat("api://", kBlueprint, "/access_agent"));
  sign_in["claims"] = kMfaChallenge;
  parameters["assertion"] = Post(sign_in).Text("access_token");
  EXPECT_EQ(Post(parameters).response.status, 200);
}

TEST_F(ConditionalAccessTest, OnlyChallengesOfTheTenantDemandAnything) {
  Enact({Mfa(), Context()});
  for (const char* claims :
       {"", "nonsense", "[]", "{}", R"({"access_token":{"capolids":{"values":["x"]}}})",
        R"({"access_token":{"acrs":{"value":"c9"}}})", R"({"access_token":{"acrs":{"value":1}}})",
        R"({"id_token":{"acrs":{"value":"c1"}}})"}) {
    EXPECT_TRUE(Demanded(directory_.tenants.front(), claims).empty()) << claims;
  }
  const Evidence demanded = Demanded(
      directory_.tenants.front(),
      R"({"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"values":["c1"]}},"id_token":{}})");
  EXPECT_TRUE(demanded.second_factor);
  EXPECT_EQ(demanded.contexts, std::vector<std::string>{"c1"});
}

TEST_F(ConditionalAccessTest, ThePageAsksForWhatThePolicyOfTheResourceWants) {
  Enact({Mfa()});
  Request request = TokenRequestOf(
      {{"username", "alice@contoso.example"}, {"password", "alice-development-only"}});
  request.path = absl::StrCat("/", kTenant, "/oauth2/v2.0/authorize");
  request.query = FormText({{"client_id", kPortal},
                            {"response_type", "code"},
                            {"redirect_uri", "http://localhost:5000/signed-in"},
                            {"scope", absl::StrCat(kGraph, "/.default")}});
  const Response page = provider_->Handle(request);
  EXPECT_TRUE(absl::StrContains(page.body, "AADSTS50076"));
  EXPECT_TRUE(absl::StrContains(page.body, "name=\"secondFactor\""));
  request.body += "&secondFactor=shown";
  EXPECT_EQ(provider_->Handle(request).status, 302);
}

}  // namespace
}  // namespace behalf::idp

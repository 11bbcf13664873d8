// Sign-in of a device, whose user enters a code elsewhere.
#include <boost/json/parse.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"

namespace behalf::idp {
namespace {

class DeviceCodeTest : public IdpTest {
 protected:
  Response Send(const std::string& path, const std::string& method,
                const Parameters& parameters) const {
    Request request = TokenRequestOf(parameters);
    request.path = absl::StrCat("/", kTenant, "/oauth2/", path);
    request.method = method;
    return provider_->Handle(request);
  }
  Reply Begin(const Parameters& changes = {}) const {
    Parameters parameters{{"client_id", kPortal},
                          {"scope", absl::StrCat(kExpenses, "/.default offline_access")}};
    for (const auto& [name, value] : changes) parameters[name] = value;
    Response response = Send("v2.0/devicecode", "POST", parameters);
    json::object body = json::parse(response.body).as_object();
    return {std::move(response), std::move(body)};
  }
  std::string Enter(const Reply& begun, const Parameters& changes = {}) const {
    Parameters parameters{{"user_code", begun.Text("user_code")},
                          {"username", "alice@contoso.example"},
                          {"password", "alice-development-only"}};
    for (const auto& [name, value] : changes) parameters[name] = value;
    return Send("deviceauth", "POST", parameters).body;
  }
  Reply Poll(const Reply& begun, const std::string& client = kPortal) const {
    return Post({{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                 {"client_id", client},
                 {"device_code", begun.Text("device_code")}});
  }
};

TEST_F(DeviceCodeTest, TheDeviceIsTheUsersWhoEnteredItsCode) {
  const Reply begun = Begin();
  EXPECT_EQ(NumberAt(begun.body, "expires_in"), 900);
  EXPECT_EQ(NumberAt(begun.body, "interval"), 5);
  EXPECT_TRUE(absl::StrContains(begun.Text("message"), begun.Text("user_code")));
  EXPECT_TRUE(begun.Text("verification_uri").ends_with("/oauth2/deviceauth"));
  EXPECT_EQ(Poll(begun).code(), 70016);
  EXPECT_TRUE(absl::StrContains(Enter(begun), "You have signed in"));
  const Reply reply = Poll(begun);
  EXPECT_EQ(TextAt(ClaimsOf(reply.Text("access_token")), "oid"), kAlice);
  EXPECT_NE(reply.Text("refresh_token"), "");
  EXPECT_EQ(Poll(begun).code(), 54005);
}

TEST_F(DeviceCodeTest, TheGrantHasAShortNameToo) {
  const Reply begun = Begin();
  Enter(begun);
  const Reply reply = Post({{"grant_type", "device_code"},
                            {"client_id", kPortal},
                            {"device_code", begun.Text("device_code")}});
  EXPECT_EQ(reply.response.status, 200);
}

TEST_F(DeviceCodeTest, ThePageAsksForTheCodeFirstInWhateverCase) {
  EXPECT_TRUE(absl::StrContains(Send("deviceauth", "GET", {}).body, "name=\"user_code\""));
  const Reply begun = Begin();
  const std::string lower = absl::AsciiStrToLower(begun.Text("user_code"));
  const std::string page = Send("deviceauth", "POST", {{"user_code", lower}}).body;
  EXPECT_TRUE(absl::StrContains(page, "Sign in to Contoso Portal"));
  EXPECT_TRUE(absl::StrContains(
      page, absl::StrCat("name=\"user_code\" value=\"", begun.Text("user_code"), "\"")));
}

TEST_F(DeviceCodeTest, AWrongCodeOrPasswordLetsNobodyIn) {
  const Reply begun = Begin();
  EXPECT_TRUE(absl::StrContains(Enter(begun, {{"user_code", "<guess>"}}), "AADSTS70018"));
  EXPECT_TRUE(absl::StrContains(Enter(begun, {{"password", "guess"}}), "AADSTS50126"));
  EXPECT_EQ(Poll(begun).code(), 70016);
}

TEST_F(DeviceCodeTest, WhoAsksTooOftenIsSlowedDown) {
  const Reply begun = Begin();
  EXPECT_EQ(Poll(begun).Text("error"), "authorization_pending");
  EXPECT_EQ(Poll(begun).Text("error"), "slow_down");
  clock_.now += absl::Seconds(5);
  EXPECT_EQ(Poll(begun).code(), 70014);
  clock_.now += absl::Seconds(15);
  EXPECT_EQ(Poll(begun).code(), 70016);
}

TEST_F(DeviceCodeTest, TheUserMaySayNo) {
  const Reply begun = Begin();
  EXPECT_TRUE(absl::StrContains(Enter(begun, {{"answer", "cancel"}}), "cancelled"));
  EXPECT_EQ(Poll(begun).Text("error"), "authorization_declined");
  EXPECT_TRUE(absl::StrContains(Enter(begun), "AADSTS70018"));
}

TEST_F(DeviceCodeTest, CodesExpire) {
  const Reply begun = Begin();
  clock_.now += absl::Minutes(15);
  EXPECT_TRUE(absl::StrContains(Enter(begun), "AADSTS70018"));
  EXPECT_EQ(Poll(begun).Text("error"), "expired_token");
}

TEST_F(DeviceCodeTest, ACodeIsItsClientsAlone) {
  const Reply begun = Begin();
  Enter(begun);
  EXPECT_EQ(Poll(begun, "a5c7e9b1-2d4f-4a6c-8e0b-1f3d5a7c9e24").code(), 70000);
  EXPECT_EQ(Poll(begun, kAgent).code(), 700016);
  EXPECT_EQ(Poll(Reply{}).code(), 900144);
  EXPECT_EQ(Poll(begun).response.status, 200);
}

TEST_F(DeviceCodeTest, WhatCannotBeAskedForIsRefusedAtOnce) {
  EXPECT_EQ(Begin({{"client_id", kBlueprint}}).code(), 700016);
  EXPECT_EQ(Begin({{"client_id", ""}}).code(), 900144);
  EXPECT_EQ(Begin({{"scope", "api://void/.default"}}).code(), 500011);
}

TEST_F(DeviceCodeTest, ADemandedSecondFactorIsAskedFor) {
  Parameters on_behalf = ClassicOnBehalfOfAlice();
  const std::string own = absl::StrCat("api://", kReports, "/access_as_user");
  on_behalf["assertion"] = UserToken("carol", own);
  const Reply begun = Begin({{"scope", own}, {"claims", Post(on_behalf).Text("claims")}});
  Parameters carol{{"username", "carol@contoso.example"}, {"password", "carol-development-only"}};
  EXPECT_TRUE(absl::StrContains(Enter(begun, carol), "name=\"secondFactor\""));
  carol["secondFactor"] = "shown";
  Enter(begun, carol);
  on_behalf["assertion"] = Poll(begun).Text("access_token");
  EXPECT_EQ(Post(on_behalf).response.status, 200);
}

}  // namespace
}  // namespace behalf::idp

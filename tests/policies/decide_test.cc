#include "policies/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/policies/catalogs.h"

namespace behalf {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const Catalog> Mail() {
  return CatalogOf(std::string(kHouse) + R"(---
apiVersion: behalf/v1
kind: Api
metadata:
  name: graph
spec:
  resource: https://graph.microsoft.com
  audiences: [https://graph.microsoft.com]
  scopes: [Mail.Read, Mail.Send, User.Read, Calendars.Read]
---
apiVersion: behalf/v1
kind: Api
metadata:
  name: files
spec:
  resource: api://files
  audiences: [api://files]
  scopes: [Files.Read, Files.Write]
---
apiVersion: behalf/v1
kind: Api
metadata:
  name: unused
spec:
  resource: api://unused
  audiences: [api://unused]
  scopes: [Use]
---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: mail-search
spec:
  callers:
    - unix: {socket: tools, user: "2001"}
---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: calendar
spec:
  callers:
    - unix: {socket: tools, user: "2002"}
)" + kBlueprintHead +
                   R"(
  agents:
    - name: bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: "1001"}
  allow:
    - tool: mail-search
      api: graph
      scopes: [User.Read, Mail.Send, Mail.Read]
      accept: [Calendars.Read]
      maxLifetime: 90m
      reuseFor: 10m
    - tool: calendar
      api: graph
      scopes: [Calendars.Read]
      maxLifetime: 60m
    - tool: calendar
      api: files
      scopes: [Files.Read]
      maxLifetime: 60m
    - api: files
      scopes: [Files.Read, Files.Write]
      maxLifetime: 30m
---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: idle
spec:
  provider: contoso
  clientId: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f12
  credential:
    secret: {file: secret}
  subjects:
    audiences: [api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11]
    tenants: [5b404cf4-a79d-4cfe-b866-24bf8e1a4921]
    clients: [3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77]
    scopes: [access_agent]
  agents:
    - name: idle-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3
      callers:
        - unix: {socket: agents, user: "1002"}
...
)");
}

class DecideTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(catalog_, nullptr); }

  Decision Ask(std::string_view tool, std::string_view api,
               const std::vector<std::string>& scopes = {}, std::string_view agent = "bot") const {
    return Decide(*catalog_, {.agent = catalog_->FindAgent(agent),
                              .user = AdmittedUser(),
                              .tool = tool,
                              .api = api,
                              .scopes = scopes});
  }

  const std::shared_ptr<const Catalog> catalog_ = Mail();
};

TEST_F(DecideTest, WithoutScopesAllOfTheAllowanceAreGivenSorted) {
  const Decision decision = Ask("mail-search", "graph");
  EXPECT_TRUE(decision.allowed());
  EXPECT_THAT(decision.scopes, ElementsAre("Mail.Read", "Mail.Send", "User.Read"));
}

TEST_F(DecideTest, TheLimitsAreTheAllowances) {
  const Decision decision = Ask("mail-search", "graph");
  ASSERT_NE(decision.allowance, nullptr);
  EXPECT_EQ(decision.allowance->tool, catalog_->FindTool("mail-search"));
  EXPECT_EQ(decision.allowance->place.file, "test.yaml");
  EXPECT_EQ(decision.max_lifetime, absl::Minutes(90));
  EXPECT_EQ(decision.reuse_for, absl::Minutes(10));
  EXPECT_EQ(Ask("calendar", "graph").reuse_for, absl::ZeroDuration());
}

TEST_F(DecideTest, ScopesAreNarrowedFoldedAndSorted) {
  const Decision decision = Ask("mail-search", "graph", {"User.Read", "Mail.Read", "User.Read"});
  EXPECT_TRUE(decision.allowed());
  EXPECT_THAT(decision.scopes, ElementsAre("Mail.Read", "User.Read"));
}

TEST_F(DecideTest, AScopeOutsideTheAllowanceIsDeniedByName) {
  const std::vector<std::string> outside[] = {
      {"Calendars.Read"},               // accepted in a reply, but not to be asked for
      {"Mail.Read", "Calendars.Read"},  // beside one that is allowed
      {"mail.read"},
      {"Mail.Read "},
      {""},
      {"Mail.Read Mail.Send"},
      {".default"},
      {"*"},
  };
  for (const std::vector<std::string>& scopes : outside) {
    SCOPED_TRACE(testing::PrintToString(scopes));
    const Decision decision = Ask("mail-search", "graph", scopes);
    EXPECT_EQ(decision.denied, Reason::kScopeNotAllowed);
    EXPECT_EQ(decision.term, "scopes");
    EXPECT_THAT(decision.detail,
                AllOf(HasSubstr("scope " + scopes.back()), HasSubstr("test.yaml:")));
    EXPECT_EQ(decision.allowance, nullptr);
    EXPECT_THAT(decision.scopes, IsEmpty());
  }
}

TEST_F(DecideTest, WithoutAToolTheAgentsOwnAllowanceCounts) {
  const Decision decision = Ask("", "files");
  EXPECT_TRUE(decision.allowed());
  EXPECT_EQ(decision.allowance->tool, nullptr);
  EXPECT_EQ(decision.max_lifetime, absl::Minutes(30));
}

TEST_F(DecideTest, AToolDoesNotGetTheAgentsAllowanceNorTheOtherWayRound) {
  EXPECT_EQ(Ask("calendar", "files", {"Files.Write"}).denied, Reason::kScopeNotAllowed);
  EXPECT_EQ(Ask("mail-search", "files").denied, Reason::kNotAllowed);
  EXPECT_EQ(Ask("calendar", "graph", {"Mail.Read"}).denied, Reason::kScopeNotAllowed);
}

TEST_F(DecideTest, AnApiThatIsAllowedThroughToolsOnlyNeedsAHandle) {
  const Decision decision = Ask("", "graph");
  EXPECT_EQ(decision.denied, Reason::kHandleRequired);
  EXPECT_EQ(decision.term, "allowance");
}

TEST_F(DecideTest, WhatDoesNotExistAndWhatIsNotAllowedGetTheSameReason) {
  struct Case {
    std::string_view name, tool, api, agent;
  };
  const Case cases[] = {
      {"no such API", "", "nowhere", "bot"},
      {"no API", "", "", "bot"},
      {"no such API for a tool", "mail-search", "nowhere", "bot"},
      {"an API without an allowance", "", "unused", "bot"},
      {"a tool without an allowance", "mail-search", "unused", "bot"},
      {"no such tool", "nobody", "graph", "bot"},
      {"no such tool where the agent itself is allowed", "nobody", "files", "bot"},
      {"another blueprint's allowance", "mail-search", "graph", "idle-bot"},
      {"another blueprint's API through tools", "", "graph", "idle-bot"},
      {"another blueprint's own API", "", "files", "idle-bot"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const Decision decision = Ask(test.tool, test.api, {}, test.agent);
    EXPECT_EQ(decision.denied, Reason::kNotAllowed);
    EXPECT_EQ(decision.term, "allowance");
    EXPECT_THAT(decision.detail, HasSubstr(std::string(test.agent)));
    EXPECT_EQ(decision.allowance, nullptr);
  }
}

TEST_F(DecideTest, NoAgentIsNotAllowed) {
  const Decision decision = Decide(*catalog_, {.tool = "mail-search", .api = "graph"});
  EXPECT_EQ(decision.denied, Reason::kNotAllowed);
  EXPECT_EQ(decision.term, "agent");
}

}  // namespace
}  // namespace behalf

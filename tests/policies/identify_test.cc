#include "policies/identify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "tests/policies/catalogs.h"

namespace behalf {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t kBot = 1001, kTwins = 1002, kTool = 2001, kOtherTool = 2002, kBoth = 3001,
                kAdmin = 900, kNobody = 4001, kPodUser = 5001;

std::shared_ptr<const Catalog> People() {
  return CatalogOf(std::string(kHouse) + R"(---
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
    - unix: {socket: pod, user: "5001"}
---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: built-in
spec:
  separation: none
  callers:
    - unix: {socket: agents, user: "3001"}
)" + kBlueprintHead +
                   R"(
  agents:
    - name: bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: "1001"}
    - name: twin-a
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3
      callers:
        - unix: {socket: agents, user: "1002"}
    - name: twin-b
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d4
      callers:
        - unix: {socket: agents, user: "1002"}
    - name: both
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d5
      callers:
        - unix: {socket: agents, user: "3001"}
    - name: group-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d6
      callers:
        - unix: {socket: agents, group: "700"}
...
)");
}

class IdentifyTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(catalog_, nullptr); }

  static UnixPeer Peer(std::string_view socket, uid_t uid) {
    return {.socket = socket, .uid = uid, .groups = {}};
  }
  AgentChoice Choose(const UnixPeer& peer, std::string_view name = "") const {
    return ChooseAgent(*catalog_, peer, name);
  }
  std::optional<Reason> Refuse(const UnixPeer& peer, std::string_view tool) const {
    return RefuseTool(*catalog_, peer, *catalog_->FindTool(tool));
  }

  const std::shared_ptr<const Catalog> catalog_ = People();
};

TEST_F(IdentifyTest, ACallerOfOneAgentNeedNotNameIt) {
  for (const std::string_view name : {"", "bot"}) {
    const AgentChoice choice = Choose(Peer("agents", kBot), name);
    EXPECT_EQ(choice.denied, std::nullopt);
    EXPECT_EQ(choice.agent, catalog_->FindAgent("bot"));
    EXPECT_THAT(choice.detail, IsEmpty());
  }
}

TEST_F(IdentifyTest, ACallerOfSeveralAgentsMustNameOne) {
  const AgentChoice choice = Choose(Peer("agents", kTwins));
  EXPECT_EQ(choice.denied, Reason::kAgentAmbiguous);
  EXPECT_EQ(choice.agent, nullptr);
  EXPECT_THAT(choice.detail, HasSubstr("2 agents"));
  EXPECT_EQ(Choose(Peer("agents", kTwins), "twin-a").agent, catalog_->FindAgent("twin-a"));
  EXPECT_EQ(Choose(Peer("agents", kTwins), "twin-b").agent, catalog_->FindAgent("twin-b"));
}

TEST_F(IdentifyTest, AnAgentOfOthersAndOneThatDoesNotExistGetTheSameAnswer) {
  for (const std::string_view name : {"twin-a", "nobody", "BOT", "bot ", "mail-search"}) {
    SCOPED_TRACE(name);
    const AgentChoice choice = Choose(Peer("agents", kBot), name);
    EXPECT_EQ(choice.denied, Reason::kAgentNotCallers);
    EXPECT_EQ(choice.agent, nullptr);
  }
}

TEST_F(IdentifyTest, AGroupMakesAnAgent) {
  const std::array<gid_t, 2> groups = {5, 700};
  const UnixPeer peer = {.socket = "agents", .uid = kNobody, .groups = groups};
  EXPECT_EQ(Choose(peer).agent, catalog_->FindAgent("group-bot"));
}

TEST_F(IdentifyTest, WhoIsNotAnAgentIsToldWhetherAnybodyKnowsIt) {
  struct Case {
    UnixPeer peer;
    Reason reason;
    std::string_view detail;
  };
  const Case cases[] = {
      {Peer("agents", kNobody), Reason::kCallerUnknown, "uid 4001 on socket agents"},
      {Peer("tools", kBot), Reason::kCallerUnknown, "no selector"},
      {Peer("agents", kTool), Reason::kCallerUnknown, "no selector"},
      {Peer("agents", kAdmin), Reason::kCallerUnknown, "no selector"},
      {Peer("agents", 65534), Reason::kCallerUnknown, "no selector"},
      {Peer("tools", kTool), Reason::kCallerNotAgent, "tool only"},
      {Peer("admin", kAdmin), Reason::kCallerNotAgent, "admin only"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(std::string(test.peer.socket) + " " + std::to_string(test.peer.uid));
    for (const std::string_view name : {"", "bot", "nobody"}) {
      const AgentChoice choice = Choose(test.peer, name);
      EXPECT_EQ(choice.denied, test.reason);
      EXPECT_EQ(choice.agent, nullptr);
      EXPECT_THAT(choice.detail, HasSubstr(std::string(test.detail)));
    }
  }
}

TEST_F(IdentifyTest, AToolIsItselfAndNoOther) {
  EXPECT_EQ(Refuse(Peer("tools", kTool), "mail-search"), std::nullopt);
  EXPECT_EQ(Refuse(Peer("tools", kOtherTool), "mail-search"), Reason::kHandleWrongTool);
  EXPECT_EQ(Refuse(Peer("agents", kBoth), "mail-search"), Reason::kHandleWrongTool);
  EXPECT_EQ(Refuse(Peer("agents", kBoth), "built-in"), std::nullopt);
  EXPECT_EQ(Refuse(Peer("pod", kPodUser), "calendar"), std::nullopt);
}

TEST_F(IdentifyTest, WhoIsNoToolIsToldWhetherAnybodyKnowsIt) {
  EXPECT_EQ(Refuse(Peer("agents", kBot), "mail-search"), Reason::kCallerNotTool);
  EXPECT_EQ(Refuse(Peer("admin", kAdmin), "mail-search"), Reason::kCallerNotTool);
  EXPECT_EQ(Refuse(Peer("tools", kNobody), "mail-search"), Reason::kCallerUnknown);
  EXPECT_EQ(Refuse(Peer("agents", kTool), "mail-search"), Reason::kCallerUnknown);
}

TEST_F(IdentifyTest, ARedeemerThatCouldBeTheAgentIsNotSeparated) {
  const Agent& bot = *catalog_->FindAgent("bot");
  const Tool& tool = *catalog_->FindTool("mail-search");
  EXPECT_FALSE(NotSeparated(*catalog_, bot, tool, Peer("tools", kTool)));
  EXPECT_TRUE(NotSeparated(*catalog_, bot, tool, Peer("tools", kBot)));
  EXPECT_TRUE(NotSeparated(*catalog_, bot, tool, Peer("agents", kBot)));
  EXPECT_FALSE(NotSeparated(*catalog_, bot, tool, Peer("tools", kTwins)));
}

TEST_F(IdentifyTest, AToolWithoutSeparationMayBeTheAgent) {
  const Agent& both = *catalog_->FindAgent("both");
  const UnixPeer peer = Peer("agents", kBoth);
  EXPECT_FALSE(NotSeparated(*catalog_, both, *catalog_->FindTool("built-in"), peer));
  EXPECT_TRUE(NotSeparated(*catalog_, both, *catalog_->FindTool("mail-search"), peer));
}

}  // namespace
}  // namespace behalf

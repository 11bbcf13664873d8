#include "daemon/wire/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace behalf {
namespace {

using testing::ElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

TEST(QuestionMessage, WhatIsAbsentIsUnknownAndNotEmpty) {
  v1::AdminExplainRequest message;
  message.mutable_claims()->mutable_roles();
  const Asked asked = FromMessage(message, kNow);
  EXPECT_EQ(asked.user.groups, std::nullopt);
  ASSERT_TRUE(asked.user.roles.has_value());
  EXPECT_TRUE(asked.user.roles->empty());
  EXPECT_EQ(asked.user.acr, std::nullopt);
  EXPECT_EQ(asked.user.signed_in_at, std::nullopt);
  EXPECT_EQ(asked.at, kNow);
  const Question question = QuestionOf(asked);
  EXPECT_EQ(question.facts.declared.purpose, std::nullopt);
  EXPECT_EQ(question.facts.user.groups, std::nullopt);
  EXPECT_TRUE(question.facts.user.roles.has_value());
}

TEST(QuestionMessage, ListsOfClaimsAreSortedForTheDecision) {
  v1::AdminExplainRequest message;
  for (const char* group : {"b", "a", "b"}) {
    message.mutable_claims()->mutable_groups()->add_values(group);
    message.mutable_claims()->add_scopes(group);
  }
  const Asked asked = FromMessage(message, kNow);
  EXPECT_THAT(*asked.user.groups, ElementsAre("a", "b"));
  EXPECT_THAT(asked.user.scopes, ElementsAre("a", "b"));
}

TEST(QuestionMessage, EverythingArrives) {
  v1::AdminExplainRequest message;
  message.mutable_caller()->set_socket("agents");
  message.mutable_caller()->set_uid(1001);
  message.mutable_caller()->add_gids(7);
  message.set_agent("bot");
  message.set_tool("mail-search");
  message.set_api("graph");
  message.add_scopes("Mail.Read");
  message.mutable_declared()->set_purpose("audit");
  message.mutable_at()->set_seconds(5);
  message.mutable_claims()->set_tenant("t");
  message.mutable_claims()->set_guest(true);
  message.mutable_claims()->mutable_signed_in_at()->set_seconds(3);
  const Asked asked = FromMessage(message, kNow);
  const Question question = QuestionOf(asked);
  EXPECT_EQ(question.agent, "bot");
  EXPECT_EQ(question.facts.caller.socket, "agents");
  EXPECT_EQ(question.facts.caller.uid, 1001);
  EXPECT_THAT(question.facts.caller.groups, ElementsAre(7));
  EXPECT_EQ(question.facts.tool, "mail-search");
  EXPECT_EQ(question.facts.api, "graph");
  EXPECT_THAT(question.facts.scopes, ElementsAre("Mail.Read"));
  EXPECT_EQ(question.facts.declared.purpose, "audit");
  EXPECT_EQ(question.facts.now, absl::FromUnixSeconds(5));
  EXPECT_EQ(question.facts.user.tenant, "t");
  EXPECT_TRUE(question.facts.user.guest);
  EXPECT_EQ(question.facts.user.signed_in_at, absl::FromUnixSeconds(3));
}

}  // namespace
}  // namespace behalf

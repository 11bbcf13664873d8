// What a challenge asks for when several rules want a sign-in, in any order.
#include "policies/sign_in.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace behalf {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(3600000);

class SignIns : public testing::Test {
 protected:
  // Rules that ask for a younger sign-in, or for a context, each in turn.
  SignIns() {
    policy_.rules.resize(4);
    policy_.rules[0].then.sign_in = {.within = absl::Hours(2), .auth_context = ""};
    policy_.rules[1].then.sign_in = {.within = absl::Minutes(15), .auth_context = ""};
    policy_.rules[2].then.sign_in = {.within = std::nullopt, .auth_context = "c2"};
    policy_.rules[3].then.sign_in = {.within = std::nullopt, .auth_context = "c1"};
    for (const Rule& rule : policy_.rules) rules_.push_back({&policy_, &rule, false});
    facts_.now = kNow;
  }

  Policy policy_;
  std::vector<RuleInForce> rules_;
  Facts facts_;
};

TEST_F(SignIns, TheYoungestAndTheFirstContextAreAskedForInAnyOrder) {
  for (int turn = 0; turn < 2; ++turn) {
    const auto unmet = FindUnmetSignIn(rules_, facts_);
    ASSERT_TRUE(unmet.has_value());
    EXPECT_EQ(unmet->challenge.max_age, absl::Minutes(15));
    EXPECT_EQ(unmet->challenge.claims, R"({"access_token":{"acrs":{"essential":true,"value":"c1"},)"
                                       R"("auth_time":{"essential":true}}})");
    std::ranges::reverse(rules_);
  }
}

TEST_F(SignIns, AContextThatIsShownIsNotAskedForAgain) {
  const std::vector<std::string> shown = {"c1"};
  facts_.user.auth_contexts = shown;
  const auto unmet = FindUnmetSignIn(rules_, facts_);
  ASSERT_TRUE(unmet.has_value());
  EXPECT_NE(unmet->challenge.claims.find("\"c2\""), std::string::npos);
}

TEST_F(SignIns, ATokenThatShowsAllIsNotChallenged) {
  const std::vector<std::string> shown = {"c1", "c2"};
  facts_.user.auth_contexts = shown;
  facts_.user.signed_in_at = kNow - absl::Minutes(15);
  EXPECT_FALSE(FindUnmetSignIn(rules_, facts_).has_value());
}

}  // namespace
}  // namespace behalf

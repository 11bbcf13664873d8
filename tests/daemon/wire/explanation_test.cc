#include "daemon/wire/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Place kRule = {.file = "secret-place.yaml", .line = 7, .column = 3};

Explanation Denial() {
  Explanation explanation;
  explanation.decision = Deny(Reason::kPolicyDenied, "policy", "secret-rule", &kRule);
  explanation.terms = {{"caller", Verdict::kHolds, "secret-text", &kRule},
                       {"scopes", Verdict::kHolds, "Mail.Read", nullptr},
                       {"policy", Verdict::kDoesNotApply, "secret-rule", &kRule},
                       {"policy", Verdict::kFails, "secret-rule", &kRule},
                       {"policy", Verdict::kWarns, "secret-rule", &kRule},
                       {"lifetime", Verdict::kNotReached, "secret-text", nullptr}};
  explanation.edits = {{.kind = EditKind::kRemoveRule, .item = "secret-rule", .place = kRule}};
  return explanation;
}

std::vector<std::string> TermsOf(const v1::Explanation& message) {
  std::vector<std::string> terms;
  for (const v1::Term& term : message.terms()) {
    terms.push_back(absl::StrCat(term.name(), " ", v1::Verdict_Name(term.verdict())));
  }
  return terms;
}

TEST(ExplanationMessage, TheOperatorLearnsEverything) {
  v1::Explanation message;
  ToMessage(Denial(), "d1", message);
  EXPECT_FALSE(message.allowed());
  EXPECT_EQ(message.reason(), v1::REASON_POLICY_DENIED);
  EXPECT_EQ(message.failed_term(), "policy");
  EXPECT_EQ(message.detail(), "secret-rule");
  EXPECT_EQ(message.decided_by().file(), "secret-place.yaml");
  EXPECT_EQ(message.decided_by().line(), 7);
  EXPECT_EQ(message.catalog_digest(), "d1");
  ASSERT_EQ(message.terms_size(), 6);
  EXPECT_EQ(message.terms(3).text(), "secret-rule");
  EXPECT_EQ(message.terms(3).place().column(), 3);
  EXPECT_FALSE(message.terms(1).has_place());
  ASSERT_EQ(message.edits_size(), 1);
  EXPECT_EQ(message.edits(0).kind(), "remove_rule");
  EXPECT_EQ(message.edits(0).sentence(), "remove the rule secret-rule");
}

TEST(ExplanationMessage, TheCallerLearnsTheReasonAndHowFarItCame) {
  v1::Explanation message;
  ToMessageForCaller(Denial(), message);
  EXPECT_EQ(message.reason(), v1::REASON_POLICY_DENIED);
  EXPECT_THAT(TermsOf(message),
              ElementsAre("caller VERDICT_HOLDS", "scopes VERDICT_HOLDS", "policy VERDICT_FAILS"));
  EXPECT_THAT(message.ShortDebugString(), Not(HasSubstr("secret")));
}

TEST(ExplanationMessage, AnAllowedCallerLearnsScopesAndLimitsAndNoWarning) {
  Explanation explanation;
  explanation.decision.scopes = {"Mail.Read"};
  explanation.decision.max_lifetime = absl::Minutes(90);
  explanation.decision.withheld = {"secret-scope"};
  explanation.terms = {{"policy", Verdict::kWarns, "secret-rule", nullptr},
                       {"policy", Verdict::kRestricts, "secret-rule", nullptr},
                       {"policy", Verdict::kHolds, "secret-rule", nullptr}};
  v1::Explanation message;
  ToMessageForCaller(explanation, message);
  EXPECT_TRUE(message.allowed());
  EXPECT_EQ(message.reason(), v1::REASON_UNSPECIFIED);
  EXPECT_THAT(message.scopes(), ElementsAre("Mail.Read"));
  EXPECT_EQ(message.max_lifetime().seconds(), 5400);
  EXPECT_THAT(TermsOf(message), ElementsAre("policy VERDICT_RESTRICTS"));
  EXPECT_THAT(message.ShortDebugString(), Not(HasSubstr("secret")));
}

TEST(ExplanationMessage, EveryReasonHasItsNumber) {
  for (const ReasonRow& row : AllReasons()) {
    Explanation explanation;
    explanation.decision = Deny(row.reason, "agent", "");
    v1::Explanation message;
    ToMessage(explanation, "", message);
    EXPECT_EQ(v1::Reason_Name(message.reason()), "REASON_" + std::string(row.name));
  }
}

TEST(ExplanationMessage, ASignInThatIsAskedForIsPassedOn) {
  Explanation explanation;
  explanation.decision = Deny(Reason::kSignInRequired, "policy", "");
  explanation.decision.challenge = {.claims = "{}", .max_age = absl::Minutes(15)};
  v1::Explanation message;
  ToMessageForCaller(explanation, message);
  EXPECT_EQ(message.claims(), "{}");
  EXPECT_EQ(message.max_age().seconds(), 900);
}

}  // namespace
}  // namespace behalf

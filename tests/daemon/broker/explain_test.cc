#include <string>
#include <utility>
#include <vector>

#include "daemon/broker/explainer.h"
#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ExplainTest : public BrokerHouse {
 protected:
  absl::StatusOr<Explained> Ask(TokenRequest request) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(explainer_.ForAgent(std::move(request), call));
  }

  absl::StatusOr<Explained> Ask(OperatorsQuestion question, Disabled disabled = {}) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(
        explainer_.ForOperator(InForce(catalog_, std::move(disabled)), std::move(question), call));
  }

  // May invoice-bot's process have alice's mail for the tool mail-search?
  OperatorsQuestion AboutMail() {
    OperatorsQuestion question(CallerAt("admin", kAdminUid));
    question.asked.socket = "agents";
    question.asked.uid = kInvoiceUid;
    question.asked.tool = "mail-search";
    question.asked.api = "graph";
    question.asked.at = now();
    question.subject_token = SecretString(TokenOf(AliceV2(now())));
    return question;
  }

  Explainer explainer_{{live_, verifier_, revocations_, audit_, namer_, clock_}};
};

TEST_F(ExplainTest, AnAgentLearnsWhatItWouldGetAndGetsNothing) {
  const auto explained = Ask(ForMail());
  ASSERT_THAT(explained, IsOk());
  EXPECT_TRUE(explained->explanation.decision.allowed());
  EXPECT_THAT(explained->explanation.decision.scopes, ElementsAre("Mail.Read", "Mail.Send"));
  EXPECT_EQ(Trades(), 0);
  EXPECT_EQ(store_.size(), 0);
}

TEST_F(ExplainTest, TheQuestionIsOnRecordAndTheTokenIsNot) {
  const auto explained = Ask(ForMail());
  ASSERT_THAT(explained, IsOk());
  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kExplained);
  EXPECT_EQ(record.decision_id, explained->decision_id);
  EXPECT_EQ(record.agent, "invoice-bot");
  EXPECT_EQ(record.user.oid, kAliceId);
  EXPECT_EQ(record.reason, std::nullopt);
  EXPECT_EQ(record.token.digest, "");
  EXPECT_EQ(record.scopes, std::vector<std::string>());
}

TEST_F(ExplainTest, ADenialIsAnAnswerWithTheReasonThatIsEnforced) {
  TokenRequest request = ForInvoices();
  request.scopes = {"Invoices.Write"};
  const auto explained = Ask(std::move(request));
  ASSERT_THAT(explained, IsOk());
  EXPECT_EQ(explained->explanation.decision.denied, Reason::kScopeNotAllowed);
  EXPECT_EQ(audit_.last().event, AuditEvent::kExplained);
  EXPECT_EQ(audit_.last().reason, Reason::kScopeNotAllowed);
}

TEST_F(ExplainTest, WhoIsNoAgentIsRefusedAndTheRecordNamesTheNearestSelector) {
  TokenRequest request(CallerAt("tools", kInvoiceUid));
  request.api = "graph";
  ExpectRefused(Ask(std::move(request)).status(), Reason::kCallerUnknown);
  EXPECT_THAT(audit_.last().detail, HasSubstr("the nearest is {socket: agents, user: 1001} at"));
}

TEST_F(ExplainTest, ATokenThatDoesNotVerifyIsRefused) {
  TokenRequest request = ForMail();
  request.subject_token = SecretString(std::string("nonsense"));
  ExpectRefused(Ask(std::move(request)).status(), Reason::kSubjectMalformed);
  OperatorsQuestion question = AboutMail();
  question.subject_token = SecretString(std::string("nonsense"));
  ExpectRefused(Ask(std::move(question)).status(), Reason::kSubjectMalformed);
}

TEST_F(ExplainTest, AnOperatorAsksForAnotherAndBothAreOnRecord) {
  const auto explained = Ask(AboutMail());
  ASSERT_THAT(explained, IsOk());
  EXPECT_TRUE(explained->explanation.decision.allowed());
  const AuditRecord record = audit_.last();
  EXPECT_EQ(record.event, AuditEvent::kExplained);
  EXPECT_EQ(record.caller.uid, kAdminUid);
  EXPECT_EQ(record.about.uid, kInvoiceUid);
  EXPECT_EQ(record.about.socket, "agents");
  EXPECT_EQ(record.tool, "mail-search");
  EXPECT_EQ(record.user.oid, kAliceId);
  EXPECT_EQ(Trades(), 0);
}

TEST_F(ExplainTest, ClaimsStandForAToken) {
  OperatorsQuestion question = AboutMail();
  question.subject_token = SecretString();
  question.asked.user = {.tenant = kTenant,
                         .object_id = kAliceId,
                         .audience = kBlueprintAudience,
                         .client = kFrontendId,
                         .scopes = {"access_agent"}};
  const auto explained = Ask(std::move(question));
  ASSERT_THAT(explained, IsOk());
  EXPECT_TRUE(explained->explanation.decision.allowed());
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(ExplainTest, NothingIsKnownOfAUserWhoIsNotGiven) {
  OperatorsQuestion question = AboutMail();
  question.subject_token = SecretString();
  const auto explained = Ask(std::move(question));
  ASSERT_THAT(explained, IsOk());
  EXPECT_EQ(explained->explanation.decision.denied, Reason::kSubjectTenant);
}

TEST_F(ExplainTest, AnUnknownCallersAnswerNamesItsNearestSelectorAndTheEditThatHelps) {
  OperatorsQuestion question = AboutMail();
  question.asked.uid = 4001;
  const auto explained = Ask(std::move(question));
  ASSERT_THAT(explained, IsOk());
  EXPECT_EQ(explained->explanation.decision.denied, Reason::kCallerUnknown);
  EXPECT_THAT(explained->explanation.terms.front().text, HasSubstr("the nearest is {socket:"));
  ASSERT_EQ(explained->explanation.edits.size(), 1);
  EXPECT_EQ(explained->explanation.edits.front().kind, EditKind::kAddCaller);
}

TEST_F(ExplainTest, ADisabledBlueprintIsMendedBeforeItsAgentsAreAllowed) {
  const auto explained = Ask(AboutMail(), {{"invoice-assistant", {"its secret is missing"}}});
  ASSERT_THAT(explained, IsOk());
  EXPECT_EQ(explained->explanation.decision.denied, Reason::kBlueprintDisabled);
  ASSERT_EQ(explained->explanation.edits.size(), 1);
  EXPECT_EQ(explained->explanation.edits.front().kind, EditKind::kMendHost);
}

TEST_F(ExplainTest, AMalformedQuestionIsRefused) {
  OperatorsQuestion question = AboutMail();
  question.asked.socket = "";
  ExpectRefused(Ask(std::move(question)).status(), Reason::kRequestInvalid);
  question = AboutMail();
  question.asked.api = "";
  ExpectRefused(Ask(std::move(question)).status(), Reason::kRequestInvalid);
}

TEST_F(ExplainTest, AnAnswerStandsAlthoughItCannotBeWritten) {
  audit_.Break();
  EXPECT_THAT(Ask(ForMail()), IsOk());
}

}  // namespace
}  // namespace behalf

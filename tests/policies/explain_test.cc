#include "policies/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "tests/policies/catalogs.h"

namespace behalf {
namespace {

// A second blueprint, which admits what the first one does not.
std::shared_ptr<const Catalog> TwinsAndANeighbour() {
  std::string other = kBlueprintHead;
  other.replace(other.find("name: blueprint"), 15, "name: other");
  other.replace(other.find("[access_agent]"), 14, "[other_scope]");
  return CatalogOf(std::string(kHouse) + R"(---
apiVersion: behalf/v1
kind: Api
metadata:
  name: mail
spec:
  resource: https://mail.example
  audiences: [https://mail.example]
  scopes: [Mail.Read]
)" + other + R"(
  agents:
    - name: twin-a
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d1
      callers: [unix: {socket: pod, group: "700"}]
    - name: twin-b
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers: [unix: {socket: pod, group: "700"}]
  allow:
    - {api: mail, scopes: [Mail.Read], maxLifetime: 90m}
)" + kBlueprintHead +
                   R"(
  agents:
    - name: neighbour
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3
      callers: [unix: {socket: agents, user: "1002"}]
  allow:
    - {api: mail, scopes: [Mail.Read], maxLifetime: 90m}
...
)");
}

// One edit would make the caller the neighbour too, and leave it ambiguous.
TEST(Explain, WhoMayBeSeveralAgentsIsNeverToldToBecomeAnother) {
  const auto catalog = TwinsAndANeighbour();
  ASSERT_NE(catalog, nullptr);
  const std::vector<gid_t> groups = {700};
  const Question question = {.facts = {.caller = {.socket = "pod", .uid = 1002, .groups = groups},
                                       .user = AdmittedUser(),
                                       .api = "mail"}};
  const Explanation explanation = Explain(*catalog, question);
  ASSERT_EQ(explanation.decision.denied, Reason::kAgentAmbiguous);
  ASSERT_EQ(explanation.edits.size(), 2u);
  EXPECT_EQ(explanation.edits[0].kind, EditKind::kNameAgent);
  EXPECT_EQ(explanation.edits[1].kind, EditKind::kAddSubjectScope);
}

TEST(Explain, AnAgentThatActsAsItselfHasNoUser) {
  const auto catalog = CatalogOf(std::string(kHouse) + R"(---
apiVersion: behalf/v1
kind: Api
metadata:
  name: ledger
spec:
  resource: https://ledger.example
  audiences: [https://ledger.example]
  scopes: []
  roles: [Ledger.Read]
)" + kBlueprintHead + R"(
  agents:
    - name: clerk
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3
      callers: [unix: {socket: agents, user: "1002"}]
  allow:
    - {api: ledger, access: application, roles: [Ledger.Read], maxLifetime: 90m}
...
)");
  ASSERT_NE(catalog, nullptr);
  Question question = {
      .facts = {.caller = {.socket = "agents", .uid = 1002, .groups = {}}, .api = "ledger"}};
  question.facts.access = Access::kApplication;
  const Explanation explanation = Explain(*catalog, question);
  EXPECT_TRUE(explanation.decision.allowed());
  const auto user = std::ranges::find(explanation.terms, "user", &Term::name);
  ASSERT_NE(user, explanation.terms.end());
  EXPECT_EQ(user->verdict, Verdict::kHolds);
  EXPECT_EQ(user->text, "there is none: the agent acts as itself");
}

}  // namespace
}  // namespace behalf

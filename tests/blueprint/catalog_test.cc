// Who a peer is, by a catalog.
#include "blueprint/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CatalogTest : public testing::Test {
 protected:
  static std::vector<std::string> NamesOf(const auto& found) {
    std::vector<std::string> names;
    for (const auto* one : found) names.push_back(one->name);
    return names;
  }

  std::vector<std::string> AgentsOf(std::string_view socket, uid_t uid,
                                    std::vector<gid_t> groups) const {
    return NamesOf(catalog_->AgentsOf({socket, uid, groups}));
  }

  std::vector<std::string> ToolsOf(std::string_view socket, uid_t uid) const {
    return NamesOf(catalog_->ToolsOf({socket, uid, {}}));
  }

  bool CouldBe(const std::string& agent, std::string_view socket, uid_t uid,
               std::vector<gid_t> groups) const {
    return catalog_->CouldBe(*catalog_->FindAgent(agent), {socket, uid, groups});
  }

  std::shared_ptr<const Catalog> catalog_ = Load(WholeSet(), FakeAccounts()).catalog;
};

TEST_F(CatalogTest, FindsAgentsByUserByGroupAndByBoth) {
  EXPECT_THAT(AgentsOf("agents", 1001, {5}), ElementsAre("invoice-bot"));
  EXPECT_THAT(AgentsOf("agents", 77, {5, 2002}), ElementsAre("invoice-bot"));
  EXPECT_THAT(AgentsOf("agents", 1001, {2002}), ElementsAre("invoice-bot"));
  EXPECT_THAT(AgentsOf("travel", 1002, {5, 2002}), ElementsAre("travel-bot"));
}

TEST_F(CatalogTest, FindsNoAgentUnlessAllOfASelectorMatches) {
  EXPECT_THAT(AgentsOf("travel", 1002, {5}), IsEmpty());
  EXPECT_THAT(AgentsOf("travel", 1001, {2002}), IsEmpty());
  EXPECT_THAT(AgentsOf("tools", 1001, {}), IsEmpty());
  EXPECT_THAT(AgentsOf("", 1001, {}), IsEmpty());
  EXPECT_THAT(AgentsOf("agents", 2002, {1001}), IsEmpty());
}

TEST_F(CatalogTest, FindsToolsAndAdmins) {
  EXPECT_THAT(ToolsOf("agents", 1003), ElementsAre("mail-search"));
  EXPECT_THAT(ToolsOf("agents", 1001), IsEmpty());
  EXPECT_THAT(ToolsOf("travel", 1003), IsEmpty());
  EXPECT_TRUE(catalog_->IsAdmin({"admin", 0, {}}));
  EXPECT_FALSE(catalog_->IsAdmin({"travel", 0, {}}));
  EXPECT_FALSE(catalog_->IsAdmin({"agents", 0, {}}));
}

TEST_F(CatalogTest, TheOverflowUidIsNobodyEvenByItsGroups) {
  EXPECT_THAT(AgentsOf("agents", 65534, {2002}), IsEmpty());
  EXPECT_THAT(ToolsOf("agents", 65534), IsEmpty());
  EXPECT_FALSE(catalog_->IsAdmin({"admin", 65534, {}}));
  EXPECT_FALSE(CouldBe("invoice-bot", "agents", 65534, {2002}));
}

TEST_F(CatalogTest, ASelectorWithAnUnknownAccountMatchesNobody) {
  FakeAccounts accounts;
  accounts.users.erase("travel");
  accounts.groups.erase("agents");
  const LoadResult result = Load(WholeSet(), accounts);
  ASSERT_NE(result.catalog, nullptr) << Told(result);
  EXPECT_EQ(result.issues.size(), 4U) << Told(result);
  for (const Issue& issue : result.issues) EXPECT_EQ(issue.kind, Issue::Kind::kHost);
  const std::vector<gid_t> groups = {0, 2002};
  EXPECT_THAT(result.catalog->AgentsOf({"travel", 0, groups}), IsEmpty());
  EXPECT_THAT(result.catalog->AgentsOf({"agents", 0, groups}), IsEmpty());
  EXPECT_THAT(result.catalog->AgentsOf({"travel", 1002, groups}), IsEmpty());
}

TEST_F(CatalogTest, CouldBeLooksAtTheSocketOnlyWhereBothAreIsolated) {
  EXPECT_TRUE(CouldBe("invoice-bot", "agents", 1001, {}));
  EXPECT_TRUE(CouldBe("invoice-bot", "tools", 1001, {}));
  EXPECT_TRUE(CouldBe("invoice-bot", "tools", 77, {2002}));
  EXPECT_TRUE(CouldBe("travel-bot", "agents", 1002, {2002}));
  EXPECT_FALSE(CouldBe("travel-bot", "tools", 1002, {2002}));
  EXPECT_TRUE(CouldBe("travel-bot", "travel", 1002, {2002}));
  EXPECT_FALSE(CouldBe("travel-bot", "agents", 1002, {}));
  EXPECT_FALSE(CouldBe("invoice-bot", "agents", 1003, {2003}));
}

TEST_F(CatalogTest, FindsAllowancesByToolApiAndAccess) {
  const Agent& agent = *catalog_->FindAgent("travel-bot");
  const Api& api = *catalog_->FindApi("graph");
  const Blueprint& blueprint = *catalog_->blueprints()[0];
  EXPECT_EQ(
      catalog_->FindAllowance(agent, catalog_->FindTool("mail-search"), api, Access::kDelegated),
      &blueprint.allow[0]);
  EXPECT_EQ(catalog_->FindAllowance(agent, nullptr, api, Access::kDelegated), &blueprint.allow[1]);
  const Api other;
  EXPECT_EQ(catalog_->FindAllowance(agent, nullptr, other, Access::kDelegated), nullptr);
}

TEST_F(CatalogTest, NamesThatDoNotExistAreNull) {
  EXPECT_EQ(catalog_->FindAgent("nobody"), nullptr);
  EXPECT_EQ(catalog_->FindApi(""), nullptr);
  EXPECT_EQ(catalog_->FindTool("invoice-bot"), nullptr);
}

// Ten thousand agents with accounts of their own: each is found, and no
// other; what one look-up returns does not grow with the catalog.
TEST(LargeCatalog, FindsEachOfTenThousandAgentsAlone) {
  constexpr int kAgents = 10000, kAgentsEach = 1000;
  auto files = WholeSet();
  for (int first = 0; first < kAgents; first += kAgentsEach) {
    std::string agents;
    for (int i = first; i < first + kAgentsEach; ++i) {
      absl::StrAppend(&agents, "    - {name: a", i, ", id: b1a7b9de-7d0e-4a4e-9a56-",
                      absl::Dec(i, absl::kZeroPad12),
                      ", callers: [{unix: {socket: agents, user: ", 100000 + i, "}}]}\n");
    }
    std::string text = kBlueprintText;
    const std::size_t begin = text.find("    - name: invoice-bot"), end = text.find("  allow:");
    text.replace(begin, end - begin, agents);
    const std::string name = absl::StrCat("blueprint-", first);
    files.push_back({name, absl::StrReplaceAll(text, {{"invoice-assistant", name}})});
  }
  const LoadResult result = Load(files, FakeAccounts());
  ASSERT_NE(result.catalog, nullptr) << Told(result);
  for (int i = 0; i < kAgents; ++i) {
    const auto found = result.catalog->AgentsOf({"agents", static_cast<uid_t>(100000 + i), {}});
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(found[0]->name, absl::StrCat("a", i));
  }
}

}  // namespace
}  // namespace behalf

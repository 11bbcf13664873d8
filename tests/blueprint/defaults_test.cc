// What a blueprint's allowances and agents inherit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Changes = std::vector<std::pair<absl::string_view, absl::string_view>>;

constexpr char kDefaults[] = R"(  defaults:
    maxLifetime: 1h
    reuseFor: 30s
    accept: [Mail.Read]
    labels: {team: finance, tier: "2"}
  agents:
)";

std::shared_ptr<const Catalog> LoadChanged(const Changes& changes) {
  auto files = WholeSet();
  for (const auto& change : changes) {
    EXPECT_TRUE(absl::StrContains(files[3].text, change.first)) << change.first;
    files[3].text = absl::StrReplaceAll(files[3].text, {change});
  }
  LoadResult result = Load(files, FakeAccounts());
  EXPECT_NE(result.catalog, nullptr) << Told(result);
  return result.catalog;
}

TEST(Defaults, CountWhereAnAllowanceSaysNothing) {
  const auto catalog = LoadChanged({{"  agents:\n", kDefaults},
                                    {"      maxLifetime: 1h30m\n", ""},
                                    {"      reuseFor: 10m\n", ""},
                                    {"      accept: [User.Read]\n", ""}});
  ASSERT_NE(catalog, nullptr);
  const Allowance& allowance = catalog->blueprints()[0]->allow[0];
  EXPECT_EQ(allowance.max_lifetime, absl::Hours(1));
  EXPECT_EQ(allowance.reuse_for, absl::Seconds(30));
  EXPECT_THAT(allowance.accept, ElementsAre("Mail.Read"));
}

TEST(Defaults, GiveWayToWhatAnAllowanceSays) {
  const auto catalog = LoadChanged({{"  agents:\n", kDefaults},
                                    {"      maxLifetime: 45s\n",
                                     "      maxLifetime: 45s\n      reuseFor: 0s\n"
                                     "      accept: []\n"}});
  ASSERT_NE(catalog, nullptr);
  const Allowance& first = catalog->blueprints()[0]->allow[0];
  EXPECT_EQ(first.max_lifetime, absl::Minutes(90));
  EXPECT_EQ(first.reuse_for, absl::Minutes(10));
  EXPECT_THAT(first.accept, ElementsAre("User.Read"));
  const Allowance& second = catalog->blueprints()[0]->allow[1];
  EXPECT_EQ(second.max_lifetime, absl::Seconds(45));
  EXPECT_EQ(second.reuse_for, absl::ZeroDuration());
  EXPECT_THAT(second.accept, IsEmpty());
}

TEST(Defaults, LeaveAnAgentsOwnLabels) {
  const auto catalog = LoadChanged({{"  agents:\n", kDefaults},
                                    {"reuseFor: 30s\n", "reuseFor: 0s\n"},
                                    {"    - name: travel-bot\n",
                                     "    - name: travel-bot\n"
                                     "      labels: {tier: \"1\", data: personal}\n"}});
  ASSERT_NE(catalog, nullptr);
  EXPECT_THAT(catalog->FindAgent("invoice-bot")->labels, ElementsAre("team=finance", "tier=2"));
  EXPECT_THAT(catalog->FindAgent("travel-bot")->labels,
              ElementsAre("data=personal", "team=finance", "tier=1"));
}

TEST(Defaults, MeanTheSameAsWhatIsWrittenOut) {
  const auto inherited = LoadChanged(
      {{"  agents:\n", "  defaults: {maxLifetime: 1h30m, labels: {team: finance}}\n  agents:\n"},
       {"      maxLifetime: 1h30m\n", ""}});
  const auto written = LoadChanged(
      {{"    - name: invoice-bot\n", "    - name: invoice-bot\n      labels: {team: finance}\n"},
       {"    - name: travel-bot\n", "    - name: travel-bot\n      labels: {team: finance}\n"}});
  ASSERT_NE(inherited, nullptr);
  ASSERT_NE(written, nullptr);
  EXPECT_EQ(inherited->digest(), written->digest());
  const auto other = LoadChanged(
      {{"  agents:\n", "  defaults: {maxLifetime: 1h, labels: {team: finance}}\n  agents:\n"},
       {"      maxLifetime: 1h30m\n", ""}});
  EXPECT_NE(inherited->digest(), other->digest());
}

}  // namespace
}  // namespace behalf

// What a Policy document is turned into, and when it does not load.
#include "blueprint/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadResult LoadWith(const std::string& policy) {
  auto files = WholeSet();
  files.push_back({"etc/policy.yaml", policy});
  return Load(files, FakeAccounts());
}

std::string Changed(const std::string& from, const std::string& to) {
  return absl::StrReplaceAll(kPolicyText, {{from, to}});
}

std::string DigestWith(const std::string& policy) {
  const LoadResult result = LoadWith(policy);
  EXPECT_NE(result.catalog, nullptr) << Told(result);
  return result.catalog == nullptr ? "" : result.catalog->digest();
}

class PolicyTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(result_.catalog, nullptr) << Told(result_);
    ASSERT_EQ(result_.catalog->policies().size(), 1U);
    ASSERT_EQ(policy().rules.size(), 2U);
  }

  const Policy& policy() const { return *result_.catalog->policies()[0]; }
  const Condition& when() const { return *policy().rules[0].when; }

  const LoadResult result_ = LoadWith(kPolicyText);
};

TEST_F(PolicyTest, BindsWhatTheDocumentsSay) {
  EXPECT_EQ(policy().name, "everything");
  EXPECT_EQ(policy().rules[0].place, (Place{"etc/policy.yaml", 8, 7}));
  EXPECT_THAT(when().agent.any, ElementsAre("invoice-bot", "travel-bot"));
  EXPECT_THAT(when().agent_labels.any, ElementsAre("team=finance"));
  EXPECT_THAT(when().agent_labels.all, ElementsAre("tier=1"));
  EXPECT_THAT(when().agent_labels.none, ElementsAre("team=sales"));
  EXPECT_THAT(when().blueprint.none, ElementsAre("invoice-assistant"));
  EXPECT_THAT(when().tool.any, ElementsAre("mail-search"));
  EXPECT_THAT(when().tool_labels.none, ElementsAre("runs=elsewhere"));
  EXPECT_THAT(when().api.any, ElementsAre("graph"));
  EXPECT_THAT(when().api_labels.all, ElementsAre("data=personal"));
  EXPECT_THAT(when().access.any, ElementsAre("delegated"));
  EXPECT_THAT(when().scope_request.any, ElementsAre("default"));
}

TEST_F(PolicyTest, BindsWhatTheConnectionAndTheUserSay) {
  ASSERT_EQ(when().caller.any.size(), 1U);
  EXPECT_EQ(when().caller.any[0].uid, std::optional<uid_t>(1001));
  ASSERT_EQ(when().caller.none.size(), 1U);
  EXPECT_EQ(when().caller.none[0].gid, std::optional<gid_t>(2003));
  EXPECT_THAT(when().tenant.any, ElementsAre("5b404cf4-a79d-4cfe-b866-24bf8e1a4921"));
  EXPECT_THAT(when().groups.any,
              ElementsAre("5b404cf4-a79d-4cfe-b866-24bf8e1a4921", "Finance Approvers"));
  EXPECT_THAT(when().roles.all, ElementsAre("Approver"));
  EXPECT_THAT(when().acr.none, ElementsAre("0"));
  EXPECT_THAT(when().amr.any, ElementsAre("mfa"));
  EXPECT_THAT(when().auth_contexts.none, ElementsAre("c1"));
  EXPECT_EQ(when().guest, std::optional(false));
  EXPECT_EQ(policy().rules[0].unless->guest, std::optional(true));
  EXPECT_EQ(when().signed_in_within, std::optional(absl::Hours(720)));
}

TEST_F(PolicyTest, BindsWhatTheRequestSays) {
  EXPECT_THAT(when().scopes.any, ElementsAre("Mail.Read"));
  EXPECT_THAT(when().purpose.any, ElementsAre("monthly-close"));
  EXPECT_THAT(when().tool_name.any, ElementsAre("search_mail"));
  EXPECT_THAT(when().arguments_digest.none, ElementsAre("abc"));
  const TimeWindow& time = *when().time;
  EXPECT_EQ(time.zone, "Europe/Berlin");
  EXPECT_EQ(time.resolved.name(), "Europe/Berlin");
  EXPECT_THAT(time.days, ElementsAre(true, false, false, false, false, false, true));
  EXPECT_EQ(time.from, 22 * 60);
  EXPECT_EQ(time.to, 24 * 60);
}

TEST_F(PolicyTest, BindsTheEffects) {
  const Effect& then = policy().rules[0].then;
  EXPECT_TRUE(then.deny);
  EXPECT_TRUE(then.warn);
  EXPECT_THAT(then.only_scopes, ElementsAre("Mail.Read", "User.Read"));
  EXPECT_THAT(then.without_scopes, ElementsAre("Mail.Read"));
  EXPECT_EQ(then.max_lifetime, std::optional(absl::Minutes(10)));
  EXPECT_EQ(then.reuse_for, std::optional(absl::ZeroDuration()));
  EXPECT_EQ(then.sign_in->within, std::optional(absl::Minutes(15)));
  EXPECT_EQ(then.sign_in->auth_context, "c1");
}

TEST_F(PolicyTest, LeavesOutWhatIsNotStated) {
  const Rule& always = policy().rules[1];
  EXPECT_FALSE(always.when.has_value());
  EXPECT_FALSE(always.unless.has_value());
  EXPECT_FALSE(always.then.deny);
  EXPECT_FALSE(always.then.max_lifetime.has_value());
  EXPECT_FALSE(always.then.sign_in.has_value());
  EXPECT_THAT(always.then.only_scopes, IsEmpty());
}

TEST(PolicyTime, MeansWholeDaysOfTheWeekUnlessItSaysOtherwise) {
  const LoadResult result = LoadWith(
      Changed("time: {zone: Europe/Berlin, days: [sunday, monday], from: \"22:00\", to: \"24:00\"}",
              "time: {zone: UTC}"));
  ASSERT_NE(result.catalog, nullptr) << Told(result);
  const TimeWindow& time = *result.catalog->policies()[0]->rules[0].when->time;
  EXPECT_THAT(time.days, testing::Each(true));
  EXPECT_EQ(time.from, 0);
  EXPECT_EQ(time.to, 24 * 60);
}

TEST(PolicyDigest, DiffersForEveryOtherMeaning) {
  const std::pair<std::string, std::string> changes[] = {
      {"name: everything", "name: all"},
      {"name: always", "name: ever"},
      {"It states", "This states"},
      {"{any: [travel-bot, invoice-bot]}", "{any: [invoice-bot]}"},
      {"{any: [travel-bot, invoice-bot]}", "{none: [travel-bot, invoice-bot]}"},
      {"tier=1", "tier=2"},
      {"        agentLabels: {any: [team=finance], all: [tier=1], none: [team=sales]}\n", ""},
      {"scopeRequest: {any: [default]}", "scopeRequest: {any: [named]}"},
      {"user: invoice", "user: travel"},
      {"guest: false", "guest: true"},
      {"        guest: false\n", ""},
      {"720h", "719h"},
      {"Europe/Berlin", "Europe/Paris"},
      {"[sunday, monday]", "[sunday]"},
      {"22:00", "22:01"},
      {"24:00", "23:59"},
      {"      unless:\n        guest: true\n", ""},
      {"unless:\n        guest: true", "unless:\n        guest: false"},
      {"        deny: true\n", ""},
      {"        warn: true\n", ""},
      {"onlyScopes: [User.Read, Mail.Read]", "onlyScopes: [User.Read]"},
      {"        reuseFor: 0s\n", ""},
      {"maxLifetime: 10m", "maxLifetime: 11m"},
      {"within: 15m, ", ""},
      {", authContext: c1}", "}"},
  };
  std::map<std::string, std::string> seen = {{DigestWith(kPolicyText), "nothing"}};
  for (const auto& [from, to] : changes) {
    SCOPED_TRACE(from + " -> " + to);
    const std::string changed = Changed(from, to);
    ASSERT_NE(changed, kPolicyText);
    const auto [other, is_new] = seen.emplace(DigestWith(changed), from);
    EXPECT_TRUE(is_new) << "same as after changing " << other->second;
  }
}

TEST(PolicyDigest, IsTheSameForAnyOrderOfRulesAndItems) {
  const std::string always = "    - name: always\n      then: {warn: true}\n";
  const std::string reordered = absl::StrReplaceAll(
      Changed(always, ""), {{"  rules:\n", "  rules:\n" + always},
                            {"[travel-bot, invoice-bot]", "[invoice-bot, travel-bot]"},
                            {"[sunday, monday]", "[monday, sunday]"},
                            {"[User.Read, Mail.Read]", "[Mail.Read, User.Read]"}});
  EXPECT_EQ(DigestWith(reordered), DigestWith(kPolicyText));
}

TEST(RequiredPolicies, MustExist) {
  auto files = WholeSet();
  absl::StrReplaceAll({{"  stateDirectory:", "  policies: [everything]\n  stateDirectory:"}},
                      &files[4].text);
  const LoadResult without = Load(files, FakeAccounts());
  EXPECT_EQ(without.catalog, nullptr);
  EXPECT_THAT(Told(without), HasSubstr("there is no Policy `everything`"));
  files.push_back({"etc/policy.yaml", kPolicyText});
  const LoadResult with = Load(files, FakeAccounts());
  ASSERT_NE(with.catalog, nullptr) << Told(with);
  EXPECT_THAT(with.catalog->daemon()->policies, ElementsAre("everything"));
}

TEST(Labels, AreKeptSortedAsKeyAndValue) {
  auto files = WholeSet();
  const std::string labels = "\n  labels: {tier: \"1\", data: personal}\n";
  absl::StrReplaceAll({{"name: graph\n", "name: graph" + labels}}, &files[1].text);
  absl::StrReplaceAll({{"name: mail-search\n", "name: mail-search" + labels}}, &files[2].text);
  absl::StrReplaceAll({{"name: travel-bot\n", "name: travel-bot\n      labels: {team: sales}\n"}},
                      &files[3].text);
  const LoadResult result = Load(files, FakeAccounts());
  ASSERT_NE(result.catalog, nullptr) << Told(result);
  const Catalog& catalog = *result.catalog;
  EXPECT_THAT(catalog.FindApi("graph")->labels, ElementsAre("data=personal", "tier=1"));
  EXPECT_THAT(catalog.FindTool("mail-search")->labels, ElementsAre("data=personal", "tier=1"));
  EXPECT_THAT(catalog.FindAgent("travel-bot")->labels, ElementsAre("team=sales"));
  EXPECT_THAT(catalog.FindAgent("invoice-bot")->labels, IsEmpty());
  EXPECT_NE(catalog.digest(), Load(WholeSet(), FakeAccounts()).catalog->digest());
}

}  // namespace
}  // namespace behalf

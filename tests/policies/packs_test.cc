// The policies that are shipped to be copied: each loads beside the example,
// alone and with all others, and applies where it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_replace.h"
#include "blueprint/load.h"
#include "policies/decide.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

const std::string kRoot = BEHALF_SOURCE_DIR;

using Sources = std::vector<SourceFile>;

Sources Read(const std::string& path) {
  const auto files = ReadSources(kRoot + "/" + path);
  EXPECT_TRUE(files.ok()) << files.status();
  return files.ok() ? *files : Sources{};
}

Sources Example() { return Read("deploy/examples/contoso"); }
Sources Pack(const std::string& name) { return Read("policies/packs/" + name + ".yaml"); }

Sources Changed(Sources files, const std::string& from, const std::string& to) {
  int found = 0;
  for (SourceFile& file : files) found += absl::StrReplaceAll({{from, to}}, &file.text);
  EXPECT_EQ(found, 1) << from;
  return files;
}

// Without the example's own policies.
Sources WithoutPolicies() {
  Sources files = Example();
  std::erase_if(files,
                [](const SourceFile& file) { return file.path.ends_with("/policies.yaml"); });
  return Changed(std::move(files), "  policies: [house-rules]\n", "");
}

std::shared_ptr<const Catalog> LoadBoth(Sources files, const Sources& more) {
  files.insert(files.end(), more.begin(), more.end());
  LoadResult result = Load(files, FakeAccounts());
  for (const Issue& issue : result.issues) ADD_FAILURE() << Render(issue);
  return result.catalog;
}

TEST(Packs, LoadBesideTheExampleAloneAndTogether) {
  int packs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot + "/policies/packs")) {
    const std::string name = entry.path().stem().string();
    SCOPED_TRACE(name);
    ++packs;
    const auto catalog = LoadBoth(Example(), Pack(name));
    ASSERT_NE(catalog, nullptr);
    ASSERT_EQ(catalog->policies().size(), 2U);
    EXPECT_TRUE(std::ranges::any_of(catalog->policies(),
                                    [&](const auto& policy) { return policy->name == name; }));
  }
  EXPECT_EQ(packs, 4);
  EXPECT_NE(LoadBoth(Example(), Read("policies/packs")), nullptr);
}

// A request of the example's agent, for a user whom its blueprint admits.
class PacksDecide : public testing::Test {
 protected:
  void LoadPack(const Sources& example, const std::string& pack) {
    catalog_ = LoadBoth(example, Pack(pack));
    ASSERT_NE(catalog_, nullptr);
    facts_.agent = catalog_->FindAgent("invoice-bot");
  }

  Decision Ask(const std::string& api, std::string_view tool = {}) {
    facts_.api = api;
    facts_.tool = tool;
    return Decide(*catalog_, facts_);
  }

  // Of the time that the clocks of Berlin show.
  static absl::Time InBerlin(const std::string& text) {
    absl::TimeZone berlin;
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Berlin", &berlin));
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", text, berlin, &time, &error)) << error;
    return time;
  }

  const std::vector<std::string> scopes_ = {"access_agent"};
  std::shared_ptr<const Catalog> catalog_;
  Facts facts_ = {.user = {.tenant = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921",
                           .object_id = "1c7d7b5e-34c1-4f3c-9d7a-0d5a5d0b7c11",
                           .audience = "api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11",
                           .client = "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77",
                           .scopes = scopes_},
                  .now = InBerlin("2026-11-23 12:00:00")};
};

TEST_F(PacksDecide, OfficeHours) {
  const std::pair<const char*, bool> table[] = {
      {"2026-11-23 07:59:59", false},  // a Monday, in winter
      {"2026-11-23 08:00:00", true},  {"2026-11-23 17:59:59", true},
      {"2026-11-23 18:00:00", false}, {"2026-11-27 12:00:00", true},
      {"2026-11-28 12:00:00", false},                                 // Saturday
      {"2026-11-29 12:00:00", false}, {"2026-07-06 08:00:00", true},  // in summer
      {"2026-07-06 07:59:59", false},
  };
  LoadPack(WithoutPolicies(), "office-hours");
  for (const auto& [now, allowed] : table) {
    facts_.now = InBerlin(now);
    const Decision decision = Ask("invoices");
    EXPECT_EQ(decision.allowed(), allowed) << now << ": " << decision.detail;
    if (allowed) continue;
    EXPECT_EQ(decision.denied, Reason::kPolicyDenied) << now;
  }
}

TEST_F(PacksDecide, OfficeHoursSpareAnAgentWithTheLabel) {
  LoadPack(Changed(WithoutPolicies(), "labels: {team: finance}", "labels: {hours: always}"),
           "office-hours");
  facts_.now = InBerlin("2026-11-28 03:00:00");
  EXPECT_TRUE(Ask("invoices").allowed());
}

TEST_F(PacksDecide, NoDefaultScope) {
  LoadPack(WithoutPolicies(), "no-default-scope");
  EXPECT_TRUE(Ask("invoices").allowed());
  LoadPack(Changed(WithoutPolicies(), "  resource: api://2f0a",
                   "  request: default\n  resource: api://2f0a"),
           "no-default-scope");
  EXPECT_EQ(Ask("invoices").denied, Reason::kPolicyDenied);
  EXPECT_TRUE(Ask("graph", "mail-search").allowed());
}

// No allowance can say `application` yet: its rule is in force for none.
TEST_F(PacksDecide, NoApplicationAccess) {
  LoadPack(WithoutPolicies(), "no-application-access");
  EXPECT_TRUE(Ask("invoices").allowed());
  for (const Allowance& allowance : facts_.agent->blueprint->allow) {
    for (const RuleInForce& rule : catalog_->RulesFor(*facts_.agent, allowance)) {
      EXPECT_NE(rule.policy->name, "no-application-access");
    }
  }
}

TEST_F(PacksDecide, StepUpForSend) {
  LoadPack(Changed(WithoutPolicies(), "scopes: [Mail.Read]", "scopes: [Mail.Read, Mail.Send]"),
           "step-up-for-send");
  const std::vector<std::string> send = {"Mail.Send"}, read = {"Mail.Read"};
  facts_.scopes = send;
  EXPECT_EQ(Ask("graph", "mail-search").denied, Reason::kSignInRequired) << "no auth_time";
  facts_.user.signed_in_at = facts_.now - absl::Minutes(15) - absl::Seconds(1);
  const Decision stale = Ask("graph", "mail-search");
  EXPECT_EQ(stale.denied, Reason::kSignInRequired);
  ASSERT_TRUE(stale.challenge.has_value());
  EXPECT_EQ(stale.challenge->max_age, absl::Minutes(15));
  facts_.scopes = read;
  const Decision reading = Ask("graph", "mail-search");
  EXPECT_TRUE(reading.allowed()) << reading.detail;
  EXPECT_EQ(reading.reuse_for, absl::Minutes(10));
  facts_.scopes = send;
  facts_.user.signed_in_at = facts_.now - absl::Minutes(15);
  const Decision fresh = Ask("graph", "mail-search");
  EXPECT_TRUE(fresh.allowed()) << fresh.detail;
  EXPECT_EQ(fresh.reuse_for, absl::ZeroDuration());
}

}  // namespace
}  // namespace behalf

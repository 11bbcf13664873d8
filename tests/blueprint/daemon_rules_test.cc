#include "blueprint/daemon_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const Catalog> With(const std::string& from, const std::string& to) {
  auto files = WholeSet();
  EXPECT_GT(absl::StrReplaceAll({{from, to}}, &files[4].text), 0) << from;
  LoadResult result = Load(files, FakeAccounts());
  EXPECT_EQ(Told(result), "");
  return result.catalog;
}

std::vector<std::string> Keys(const std::string& from, const std::string& to) {
  return KeysThatNeedARestart(*With(from, from)->daemon(), *With(from, to)->daemon());
}

TEST(DaemonRules, WhatIsReadAtTheStartNeedsARestart) {
  EXPECT_THAT(Keys("mode: \"0660\"", "mode: \"0666\""), ElementsAre("sockets"));
  EXPECT_THAT(Keys("  audit:", "  limits: {handles: 5}\n  audit:"), ElementsAre("limits"));
  EXPECT_THAT(Keys("/var/log/behalf/", "/var/log/"), ElementsAre("audit"));
  EXPECT_THAT(Keys("  audit:", "  metrics: {listen: \"127.0.0.1:9464\"}\n  audit:"),
              ElementsAre("metrics"));
  EXPECT_THAT(Keys("  audit:", "  hardening: {without: [seccomp]}\n  audit:"),
              ElementsAre("hardening"));
  EXPECT_THAT(Keys("Directory: state", "Directory: states"), ElementsAre("stateDirectory"));
  EXPECT_THAT(Keys("  audit: {file: /var/log/behalf/audit.jsonl}\n  stateDirectory: state",
                   "  audit: {file: /a}\n  stateDirectory: b"),
              ElementsAre("audit", "stateDirectory"));
}

TEST(DaemonRules, EverythingElseDoesNot) {
  EXPECT_THAT(Keys("user: root", "user: mail-search"), IsEmpty());
  EXPECT_THAT(Keys("  audit:", "  limits: {handles: 100000}\n  audit:"), IsEmpty());
  EXPECT_THAT(Keys("  stateDirectory",
                   "  directories:\n    - {path: ., kinds: [Api, Blueprint, Provider, Tool]}\n"
                   "  stateDirectory"),
              IsEmpty());
}

TEST(DaemonRules, ASocketThatAdminsAreNamedByIsAnAdminSocket) {
  const auto catalog = With("user: root", "user: root");
  EXPECT_TRUE(IsAdminSocket(*catalog->daemon(), "admin"));
  EXPECT_FALSE(IsAdminSocket(*catalog->daemon(), "agents"));
  EXPECT_FALSE(IsAdminSocket(*catalog->daemon(), ""));
}

}  // namespace
}  // namespace behalf

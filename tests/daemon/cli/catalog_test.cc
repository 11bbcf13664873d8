#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/fake_daemon.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::HasSubstr;

class CatalogCommands : public testing::Test {
 protected:
  Outcome Call(std::vector<std::string> words) const {
    words.insert(words.begin(), "catalog");
    return RunLine(words, {{"BEHALF_SOCKET", socket}}, "");
  }

  const Scratch scratch;
  const std::string socket = scratch.Path("admin.sock");
  FakeDaemon daemon{socket};
};

TEST_F(CatalogCommands, ReloadSaysWhatIsInForceAndWhatDoesNotWorkHere) {
  daemon.reloaded.set_taken(true);
  daemon.reloaded.set_catalog_digest("abc");
  daemon.reloaded.add_issues("a.yaml:9:1: host: the secret is missing\n");
  const Outcome outcome = Call({"reload"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "taken           true\ncatalog digest  abc\n");
  EXPECT_EQ(outcome.err, "a.yaml:9:1: host: the secret is missing\n\n");
}

TEST_F(CatalogCommands, ARefusedReloadExitsWith1AndSaysWhy) {
  daemon.reloaded.set_catalog_digest("abc");
  daemon.reloaded.add_issues("a.yaml:1:1: error: nonsense\n");
  const Outcome table = Call({"reload"});
  EXPECT_EQ(table.code, 1);
  EXPECT_THAT(table.err, HasSubstr("a.yaml:1:1: error: nonsense"));
  const Outcome json = Call({"reload", "-o", "json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_EQ(json.err, "");
  EXPECT_EQ(json.out,
            R"({"taken":false,"catalog_digest":"abc","issues":["a.yaml:1:1: error: nonsense\n"]})"
            "\n");
}

TEST_F(CatalogCommands, HistoryListsDigestsTimesAndTriggers) {
  for (const auto trigger : {v1::CATALOG_TRIGGER_ROLLBACK, v1::CATALOG_TRIGGER_START}) {
    auto& catalog = *daemon.catalogs.add_catalogs();
    catalog.set_digest("abc");
    catalog.mutable_since()->set_seconds(1767225600);
    catalog.set_trigger(trigger);
  }
  const Outcome table = Call({"history"});
  EXPECT_EQ(table.code, 0);
  EXPECT_EQ(table.out,
            "DIGEST  SINCE                 TRIGGER\n"
            "abc     2026-01-01T00:00:00Z  rollback\n"
            "abc     2026-01-01T00:00:00Z  start\n");
  EXPECT_THAT(Call({"history", "-o", "json"}).out,
              HasSubstr(R"({"catalogs":[{"digest":"abc","since":"2026-01-01T00:00:00Z",)"
                        R"("trigger":"rollback"},)"));
}

TEST_F(CatalogCommands, RollbackAsksForTheDigest) {
  daemon.rolled_back.set_catalog_digest("abcdef0123");
  const Outcome outcome = Call({"rollback", "abcdef01"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(daemon.asked_rollback.digest(), "abcdef01");
  EXPECT_EQ(outcome.out, "catalog digest  abcdef0123\n");
}

TEST_F(CatalogCommands, ARefusedRollbackExitsWith1) {
  daemon.failure = Refuse({.reason = Reason::kRequestInvalid, .metadata = {{"field", "digest"}}},
                          "no catalog of the history has this digest");
  const Outcome outcome = Call({"rollback", "00000000"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no catalog of the history has this digest"));
}

TEST_F(CatalogCommands, RollbackNeedsADigest) { EXPECT_EQ(Call({"rollback"}).code, 2); }

}  // namespace
}  // namespace behalf::cli

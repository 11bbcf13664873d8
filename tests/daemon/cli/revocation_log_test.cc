#include "daemon/cli/revocation_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

std::string Line(const std::string& event, int number, int state_revision) {
  return R"({"time":"2026-01-01T00:00:00.000000Z","event":")" + event +
         R"(","caller":{"socket":"admin","uid":0},"revocation":{"kind":"agent","said":"a)" +
         std::to_string(number) + R"(","targets":["a)" + std::to_string(number) +
         R"("],"number":)" + std::to_string(number) + R"(},"state_revision":)" +
         std::to_string(state_revision) + "}\n";
}

class RevocationLogTest : public testing::Test {
 protected:
  // The revisions that hold after these lines, from a backup of that revision.
  std::vector<std::uint64_t> After(const std::string& lines, std::uint64_t backup = 0) {
    const std::string path = scratch_.Path("audit.jsonl");
    std::ofstream(path) << lines;
    StoredRevocations from;
    from.revision = backup;
    RevocationLog log(from);
    EXPECT_TRUE(log.Read(path).ok());
    std::vector<std::uint64_t> revisions;
    for (const Revocation& one : log.state().all) revisions.push_back(one.revision);
    return revisions;
  }

  const Scratch scratch_;
};

TEST_F(RevocationLogTest, WhatWasRevokedAndNotRestoredHolds) {
  EXPECT_THAT(After(Line("revoked", 1, 0) + Line("revoked", 2, 2) + Line("restored", 1, 2)),
              testing::ElementsAre(2));
}

TEST_F(RevocationLogTest, OfTwoAtTheSameMomentTheLaterNumberMayStandFirst) {
  EXPECT_THAT(After(Line("started", 0, 0) + Line("revoked", 2, 2) + Line("revoked", 1, 2)),
              testing::UnorderedElementsAre(1, 2));
}

TEST_F(RevocationLogTest, WhatABackupHadSeenIsNotPutInAgain) {
  EXPECT_THAT(After(Line("started", 0, 0) + Line("revoked", 1, 1) + Line("revoked", 2, 2), 1),
              testing::ElementsAre(2));
}

TEST_F(RevocationLogTest, ALineCutShortIsNone) {
  const std::string torn = Line("revoked", 1, 1).substr(0, 60);
  EXPECT_THAT(After(Line("started", 0, 0) + torn + "\n" + Line("revoked", 2, 2)),
              testing::ElementsAre(2));
}

// Numbers that no integer holds; `RevocationLog` reads them as none.
TEST_F(RevocationLogTest, ANumberOutOfRangeIsNone) {
  for (const std::string number : {"1e300", "18446744073709551616", "-1e300", "9007199254740994"}) {
    SCOPED_TRACE(number);
    std::string line = Line("revoked", 1, 2);
    line.replace(line.find("\"number\":1"), 10, "\"number\":" + number);
    EXPECT_THAT(After(Line("started", 0, 0) + line), testing::IsEmpty());
    EXPECT_THAT(After("{\"state_revision\":" + number + "}\n" + Line("revoked", 2, 2)),
                testing::ElementsAre(2));
  }
}

}  // namespace
}  // namespace behalf::cli

#include "daemon/audit/audit_log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "daemon/audit/chain_check.h"
#include "tests/daemon/audit/audit_file.h"
#include "tests/daemon/audit/full_disk.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

AuditRecord Numbered(int number) {
  return {.event = AuditEvent::kTokenIssued, .decision_id = "d-" + std::to_string(number)};
}

class AuditLogTest : public testing::Test {
 protected:
  std::unique_ptr<AuditLog> Open() {
    absl::StatusOr<std::unique_ptr<AuditLog>> log = AuditLog::Open(file_.path());
    EXPECT_THAT(log, IsOk());
    return *std::move(log);
  }

  const AuditRecord reopened_ = {.event = AuditEvent::kReopened};
  AuditFile file_;
};

void ExpectOneChain(const std::vector<std::string>& lines, std::size_t debris = 0) {
  ChainCheck check;
  check.BeginFile("audit.jsonl");
  for (const std::string& line : lines) check.Look(line, true);
  const ChainReport report = std::move(check).Finish();
  EXPECT_FALSE(report.fault) << report.fault->place.line << " " << report.fault->what;
  EXPECT_EQ(report.begins.size(), 1U);
  EXPECT_EQ(report.records + debris, lines.size());
  EXPECT_EQ(report.debris, debris);
}

TEST_F(AuditLogTest, AppendsOneLineARecord) {
  const auto log = Open();
  EXPECT_THAT(log->Append(Numbered(1)), IsOk());
  EXPECT_THAT(log->Append(Numbered(2)), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("\"d-1\""), HasSubstr("\"d-2\"")));
}

TEST_F(AuditLogTest, CreatesTheFileForItsOwnerOnly) {
  const mode_t before = ::umask(0);
  const auto log = Open();
  ::umask(before);
  struct stat facts = {};
  ASSERT_EQ(::stat(file_.path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST_F(AuditLogTest, KeepsWhatTheFileHeldBefore) {
  file_.Write("{\"old\":1}\n");
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre("{\"old\":1}", HasSubstr("\"d-1\"")));
}

TEST_F(AuditLogTest, StartsANewLineAfterOneThatAnotherProcessLeftTorn) {
  file_.Write("{\"old\":");
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre("{\"old\":", HasSubstr("\"d-1\"")));
}

TEST_F(AuditLogTest, LinesStandOnTheHighestRevisionAndANewLogFindsIt) {
  {
    const auto log = Open();
    EXPECT_EQ(log->FoundRevision(), 0);
    log->StandOn(7);
    log->StandOn(5);
    EXPECT_THAT(log->Append(Numbered(1)), IsOk());
  }
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("\"state_revision\":7,")));
  EXPECT_EQ(Open()->FoundRevision(), 7);
}

TEST_F(AuditLogTest, RefusesAFifoWithoutWaitingForItsOtherEnd) {
  ASSERT_EQ(::mkfifo(file_.path().c_str(), 0600), 0);
  const auto log = AuditLog::Open(file_.path());
  EXPECT_THAT(log, HasReason(Reason::kAuditUnavailable));
  EXPECT_THAT(log.status().ToString(), HasSubstr("not a regular file"));
}

TEST_F(AuditLogTest, RefusesASymbolicLink) {
  file_.Write("");
  const std::string link = file_.path() + ".link";
  std::filesystem::create_symlink(file_.path(), link);
  EXPECT_THAT(AuditLog::Open(link), HasReason(Reason::kAuditUnavailable));
}

TEST_F(AuditLogTest, RefusesADirectoryAndADevice) {
  EXPECT_THAT(AuditLog::Open(file_.directory()), HasReason(Reason::kAuditUnavailable));
  EXPECT_THAT(AuditLog::Open("/dev/null"), HasReason(Reason::kAuditUnavailable));
}

TEST_F(AuditLogTest, RefusesAFileThatOthersMayWrite) {
  file_.Write("");
  for (const mode_t mode : {0620, 0602}) {
    ASSERT_EQ(::chmod(file_.path().c_str(), mode), 0);
    EXPECT_THAT(AuditLog::Open(file_.path()), HasReason(Reason::kAuditUnavailable));
  }
}

TEST_F(AuditLogTest, RefusesAFileOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  file_.Write("");
  ASSERT_EQ(::chown(file_.path().c_str(), 12345, 12345), 0);
  const auto log = AuditLog::Open(file_.path());
  EXPECT_THAT(log, HasReason(Reason::kAuditUnavailable));
  EXPECT_THAT(log.status().ToString(), HasSubstr("12345"));
}

TEST_F(AuditLogTest, AFullDiskIsAnErrorAndLeavesNoPartOfALine) {
  const auto log = Open();
  ASSERT_THAT(log->Append(Numbered(1)), IsOk());
  const std::string before = file_.Text();
  {
    const FullDisk full(before.size());
    EXPECT_THAT(log->Append(Numbered(2)), HasReason(Reason::kAuditUnavailable));
    EXPECT_EQ(file_.Text(), before);
  }
  EXPECT_THAT(log->Append(Numbered(3)), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("\"d-1\""), HasSubstr("\"d-3\"")));
}

TEST_F(AuditLogTest, ADiskThatFillsMidLineIsAnErrorAndTheNextLineIsWhole) {
  const auto log = Open();
  ASSERT_THAT(log->Append(Numbered(1)), IsOk());
  const std::string before = file_.Text();
  {
    const FullDisk full(before.size() + 10);
    EXPECT_THAT(log->Append(Numbered(2)), HasReason(Reason::kAuditUnavailable));
    EXPECT_EQ(file_.Text().size(), before.size() + 10);
    EXPECT_THAT(log->Append(Numbered(2)), HasReason(Reason::kAuditUnavailable));
  }
  EXPECT_THAT(log->Append(Numbered(3)), IsOk());
  EXPECT_THAT(log->Append(Numbered(4)), IsOk());
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("\"d-1\""), SizeIs(10), HasSubstr("\"d-3\""),
                                         HasSubstr("\"d-4\"")));
  ExpectOneChain(file_.Lines(), /*debris=*/1);
}

TEST_F(AuditLogTest, TheErrorNamesTheCauseAndNotTheRecord) {
  const auto log = Open();
  const FullDisk full(0);
  AuditRecord record = Numbered(1);
  record.detail = "private";
  const std::string error = log->Append(record).ToString();
  EXPECT_THAT(error, HasSubstr("File too large"));
  EXPECT_THAT(error, testing::Not(HasSubstr("private")));
}

TEST_F(AuditLogTest, AChainGoesOnFromWhatAnotherProcessWrote) {
  for (int i = 0; i < 5; ++i) EXPECT_THAT(Open()->Append(Numbered(i)), IsOk());
  EXPECT_THAT(file_.Lines(), SizeIs(5));
  ExpectOneChain(file_.Lines());
}

TEST_F(AuditLogTest, AChainGoesOnBehindDebrisAndCoversIt) {
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  file_.Write(file_.Text() + "{\"torn\":\n" + std::string(20, '\0'));
  EXPECT_THAT(Open()->Append(Numbered(2)), IsOk());
  EXPECT_THAT(file_.Lines(), SizeIs(4));
  ExpectOneChain(file_.Lines(), /*debris=*/2);
}

TEST_F(AuditLogTest, AChainThatBeginsInAFileOfBeforeCoversItAll) {
  std::string before;
  for (int i = 0; i < 20'000; ++i) before += "{\"event\":\"denied\",\"uid\":1}\n";
  file_.Write(before);
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  EXPECT_THAT(Open()->Append(Numbered(2)), IsOk());
  ExpectOneChain(file_.Lines(), /*debris=*/20'000);
}

// Each time the disk takes one byte more.
TEST_F(AuditLogTest, AChainCoversWhateverADiskThatFillsUpLeaves) {
  const auto log = Open();
  ASSERT_THAT(log->Append(Numbered(0)), IsOk());
  const std::size_t length = file_.Text().size();
  for (std::size_t room = 0; room <= length + 1; ++room) {
    {
      const FullDisk full(file_.Text().size() + room);
      log->Append(Numbered(1)).IgnoreError();
    }
    if (room % 2 == 0) {
      ASSERT_THAT(log->Append(Numbered(2)), IsOk());
    }
  }
  ASSERT_THAT(log->Append(Numbered(3)), IsOk());
  const std::vector<std::string> lines = file_.Lines();
  const auto records = std::ranges::count_if(
      lines, [](const std::string& line) { return LinkOf(line).has_value(); });
  ExpectOneChain(lines, lines.size() - static_cast<std::size_t>(records));
}

TEST_F(AuditLogTest, ALineThatLacksItsNewlineOnlyIsInTheChain) {
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  EXPECT_THAT(Open()->Append(Numbered(2)), IsOk());
  std::filesystem::resize_file(file_.path(), file_.Text().size() - 1);
  EXPECT_THAT(Open()->Append(Numbered(3)), IsOk());
  EXPECT_THAT(file_.Lines(), SizeIs(3));
  ExpectOneChain(file_.Lines());
}

TEST_F(AuditLogTest, ALineThatLacksItsNewlineForWantOfSpaceIsInTheChain) {
  const auto log = Open();
  ASSERT_THAT(log->Append(Numbered(1)), IsOk());
  ASSERT_THAT(log->Append(Numbered(2)), IsOk());
  const std::size_t size = file_.Text().size();
  {
    const FullDisk full(size + size / 2 - 1);
    EXPECT_THAT(log->Append(Numbered(3)), HasReason(Reason::kAuditUnavailable));
  }
  ASSERT_THAT(log->Append(Numbered(4)), IsOk());
  EXPECT_THAT(file_.Lines(), SizeIs(4));
  ExpectOneChain(file_.Lines());
}

TEST_F(AuditLogTest, AChainGoesOnFromTheOldFileToTheNew) {
  const auto log = Open();
  const std::string rotated = file_.path() + ".1";
  ASSERT_THAT(log->Append(Numbered(1)), IsOk());
  std::filesystem::rename(file_.path(), rotated);
  ASSERT_THAT(log->Reopen(reopened_), IsOk());
  std::vector<std::string> lines = LinesOf(rotated);
  const std::vector<std::string> later = file_.Lines();
  lines.insert(lines.end(), later.begin(), later.end());
  EXPECT_THAT(lines, SizeIs(2));
  ExpectOneChain(lines);
}

TEST_F(AuditLogTest, EmptyFilesBeginDifferentChains) {
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  const auto one = LinkOf(file_.Lines().front());
  file_.Write("");
  EXPECT_THAT(Open()->Append(Numbered(1)), IsOk());
  const auto other = LinkOf(file_.Lines().front());
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->seq, 1U);
  EXPECT_NE(one->chain, other->chain);
}

TEST_F(AuditLogTest, WritesToTheOldFileUntilItIsReopened) {
  const auto log = Open();
  const std::string rotated = file_.path() + ".1";
  ASSERT_THAT(log->Append(Numbered(1)), IsOk());
  std::filesystem::rename(file_.path(), rotated);
  ASSERT_THAT(log->Append(Numbered(2)), IsOk());
  ASSERT_THAT(log->Reopen(reopened_), IsOk());
  ASSERT_THAT(log->Append(Numbered(3)), IsOk());
  EXPECT_THAT(LinesOf(rotated), ElementsAre(HasSubstr("\"d-1\""), HasSubstr("\"d-2\"")));
  EXPECT_THAT(file_.Lines(), ElementsAre(HasSubstr("\"reopened\""), HasSubstr("\"d-3\"")));
}

TEST_F(AuditLogTest, KeepsTheOldFileWhenTheNewOneCannotBeOpened) {
  const auto log = Open();
  const std::string rotated = file_.path() + ".1";
  std::filesystem::rename(file_.path(), rotated);
  std::filesystem::create_directory(file_.path());
  EXPECT_THAT(log->Reopen(reopened_), HasReason(Reason::kAuditUnavailable));
  EXPECT_THAT(log->Append(Numbered(1)), IsOk());
  EXPECT_THAT(LinesOf(rotated), ElementsAre(HasSubstr("\"d-1\"")));
}

TEST_F(AuditLogTest, ReopeningLeavesNoDescriptorBehind) {
  const auto log = Open();
  const int before = ::dup(0);
  ::close(before);
  for (int i = 0; i < 100; ++i) ASSERT_THAT(log->Reopen(reopened_), IsOk());
  const int after = ::dup(0);
  ::close(after);
  EXPECT_LE(after, before + 1);
}

TEST_F(AuditLogTest, ConcurrentAppendsAndReopensKeepLinesWhole) {
  constexpr int kThreads = 8;
  constexpr int kRecords = 500;
  constexpr int kReopened = kThreads * kRecords / 100;
  const auto log = Open();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, &log, thread] {
      for (int i = 0; i < kRecords; ++i) {
        AuditRecord record = Numbered(thread * kRecords + i);
        record.detail = std::string(900, 'x');
        ASSERT_THAT(log->Append(record), IsOk());
        if (i % 100 == 0) {
          ASSERT_THAT(log->Reopen(reopened_), IsOk());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> lines = file_.Lines();
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kThreads * kRecords + kReopened));
  for (const std::string& line : lines) {
    ASSERT_THAT(line, StartsWith("{\"time\":"));
    ASSERT_THAT(line, EndsWith("\"}"));
  }
  ExpectOneChain(lines);
}

// A disk whose syncs a test decides.
class SyncedLogTest : public AuditLogTest {
 protected:
  std::unique_ptr<AuditLog> OpenSynced() {
    return *AuditLog::Open(file_.path(),
                           {.durability = AuditDurability::kFsync, .sync = [this](int) {
                              ++syncs_;
                              return error_.load();
                            }});
  }
  std::vector<std::string> Resumed(AuditLog& log) {
    return {log.LineOf({.event = AuditEvent::kResumed})};
  }

  std::atomic<int> syncs_ = 0;
  std::atomic<int> error_ = 0;
  const absl::Time now_ = absl::FromUnixSeconds(1'750'000'000);
};

TEST_F(SyncedLogTest, ARecordIsOnDiskWhenItIsAppended) {
  const auto log = OpenSynced();
  EXPECT_THAT(log->Append(Numbered(1)), IsOk());
  EXPECT_EQ(syncs_, 1);
  EXPECT_THAT(log->Append(Numbered(2)), IsOk());
  EXPECT_EQ(syncs_, 2);
}

// What a failed sync left behind another call would call good.
TEST_F(SyncedLogTest, AfterAFailureOnlyAFileThatWasOpenedAnewCounts) {
  const auto log = OpenSynced();
  error_ = EIO;
  EXPECT_THAT(log->Append(Numbered(1)), HasReason(Reason::kAuditUnavailable));
  error_ = 0;
  EXPECT_THAT(log->Append(Numbered(2)), HasReason(Reason::kAuditUnavailable));
  EXPECT_EQ(syncs_, 1);
  EXPECT_THAT(log->Resume(Resumed(*log), now_), IsOk());
  EXPECT_EQ(syncs_, 2);
  EXPECT_THAT(log->Append(Numbered(3)), IsOk());
  EXPECT_THAT(file_.Lines(),
              ElementsAre(HasSubstr("\"d-1\""), HasSubstr("\"resumed\""), HasSubstr("\"d-3\"")));
  ExpectOneChain(file_.Lines());
}

TEST_F(SyncedLogTest, ADiskThatGoesOnFailingIsAskedOnceASecond) {
  const auto log = OpenSynced();
  error_ = EIO;
  EXPECT_THAT(log->Append(Numbered(1)), HasReason(Reason::kAuditUnavailable));
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(log->Resume(Resumed(*log), now_), HasReason(Reason::kAuditUnavailable));
  }
  EXPECT_EQ(syncs_, 2);
  error_ = 0;
  EXPECT_THAT(log->Resume(Resumed(*log), now_ + absl::Seconds(1)), IsOk());
  EXPECT_EQ(syncs_, 3);
  ExpectOneChain(file_.Lines());
}

TEST_F(SyncedLogTest, ARotationThatCannotBeSyncedGivesNoToken) {
  const auto log = OpenSynced();
  error_ = EIO;
  EXPECT_THAT(log->Reopen(reopened_), HasReason(Reason::kAuditUnavailable));
  error_ = 0;
  EXPECT_THAT(log->Append(Numbered(1)), HasReason(Reason::kAuditUnavailable));
  EXPECT_THAT(log->Reopen(reopened_), IsOk());
  EXPECT_THAT(log->Append(Numbered(1)), IsOk());
}

TEST_F(SyncedLogTest, ARealDiskSyncs) {
  const auto log = *AuditLog::Open(file_.path(), {.durability = AuditDurability::kFsync});
  EXPECT_THAT(log->Append(Numbered(1)), IsOk());
  EXPECT_THAT(log->Reopen(reopened_), IsOk());
  EXPECT_THAT(log->Append(Numbered(2)), IsOk());
  EXPECT_THAT(file_.Lines(), SizeIs(3));
}

TEST_F(AuditLogTest, TwoLogsOfOneFileKeepLinesWhole) {
  const auto one = Open();
  const auto other = Open();
  std::thread thread([&] {
    for (int i = 0; i < 500; ++i) ASSERT_THAT(one->Append(Numbered(i)), IsOk());
  });
  for (int i = 0; i < 500; ++i) ASSERT_THAT(other->Append(Numbered(i)), IsOk());
  thread.join();
  EXPECT_THAT(file_.Lines(), SizeIs(1000));
  EXPECT_THAT(file_.Lines(), testing::Each(EndsWith("\"}")));
}

}  // namespace
}  // namespace behalf

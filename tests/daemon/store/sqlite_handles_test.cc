#include "daemon/store/sqlite_handles.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/fake_clock.h"
#include "tests/status_matchers.h"
#include "tests/temporary_folder.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;

class SqliteHandlesTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteHandles> Opened() {
    auto opened = SqliteHandles::Open(folder_.path(), 100, clock_, executor_);
    EXPECT_THAT(opened, IsOk());
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  HandleRow Row() const {
    HandleRow row;
    row.sealed = std::string("sealed \0 \xff", 10);
    row.expires_at = clock_.Now() + absl::Minutes(5);
    row.changed_at = clock_.Now();
    return row;
  }
  fs::path File() const { return folder_.path() / "handles.db"; }

  FakeClock clock_;
  const TemporaryFolder folder_;
  Executor executor_{1};
};

TEST_F(SqliteHandlesTest, NobodyElseCanReadTheFile) {
  Opened();
  struct stat facts = {};
  ASSERT_EQ(stat(File().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600);
}

TEST_F(SqliteHandlesTest, WhatWasSpentIsSpentAfterARestart) {
  {
    const auto handles = Opened();
    ASSERT_THAT(RunToEnd(handles->Insert("id", Row())), IsOk());
    HandleRow spent = Row();
    spent.state = HandleState::kSpent;
    spent.request_digest = "request";
    spent.sealed_answer = "answer";
    ASSERT_THAT(RunToEnd(handles->Replace("id", 1, spent)), IsOkAndHolds(true));
  }
  const auto handles = Opened();
  EXPECT_EQ(handles->size(), 1);
  const auto row = RunToEnd(handles->Find("id"));
  ASSERT_THAT(row, IsOk());
  EXPECT_EQ(row->state, HandleState::kSpent);
  EXPECT_EQ(row->version, 2U);
  EXPECT_EQ(row->sealed, Row().sealed);
  EXPECT_EQ(row->request_digest, "request");
  EXPECT_EQ(row->sealed_answer, "answer");
  EXPECT_EQ(row->expires_at, Row().expires_at);
  EXPECT_EQ(row->changed_at, Row().changed_at);
}

TEST_F(SqliteHandlesTest, ADamagedFileIsPutAsideAndItsHandlesAreLost) {
  {
    ASSERT_THAT(RunToEnd(Opened()->Insert("id", Row())), IsOk());
  }
  std::ofstream(File(), std::ios::in | std::ios::out | std::ios::binary) << "no SQLite file";
  const auto handles = Opened();
  EXPECT_THAT(RunToEnd(handles->Find("id")), HasReason(Reason::kHandleUnknown));
  EXPECT_THAT(RunToEnd(handles->Insert("id", Row())), IsOk());
  EXPECT_TRUE(fs::exists(File().string() + ".damaged"));
}

// A daemon was killed, so that what it did last is in the log beside the file.
TEST_F(SqliteHandlesTest, WhatIsSpentStaysSpentWhereAFileCannotBePutAside) {
  const TemporaryFolder killed;
  {
    const auto handles = Opened();
    ASSERT_THAT(RunToEnd(handles->Insert("id", Row())), IsOk());
    HandleRow spent = Row();
    spent.state = HandleState::kSpent;
    ASSERT_THAT(RunToEnd(handles->Replace("id", 1, spent)), IsOkAndHolds(true));
    fs::copy(folder_.path(), killed.path(), fs::copy_options::recursive);
  }
  const fs::path file = killed.path() / "handles.db",
                 in_the_way = killed.path() / "handles.db.damaged";
  fs::create_directories(in_the_way / "something");
  fs::permissions(file, fs::perms(0644));  // nothing that is used so
  const auto refused = SqliteHandles::Open(killed.path(), 100, clock_, executor_);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refused.status().message(), testing::HasSubstr("nor be put aside"));

  fs::permissions(file, fs::perms(0600));
  const auto handles = SqliteHandles::Open(killed.path(), 100, clock_, executor_);
  ASSERT_THAT(handles, IsOk());
  const auto row = RunToEnd((*handles)->Find("id"));
  ASSERT_THAT(row, IsOk());
  EXPECT_EQ(row->state, HandleState::kSpent);
}

TEST_F(SqliteHandlesTest, WhatIsAskedForAfterTheStopFails) {
  const auto handles = Opened();
  ASSERT_THAT(RunToEnd(handles->Insert("id", Row())), IsOk());
  handles->Stop();
  EXPECT_THAT(RunToEnd(handles->Find("id")), HasReason(Reason::kStoreUnavailable));
}

// No row is lost, and none is half there, however many wait for one commit.
TEST_F(SqliteHandlesTest, ManyAtOnceAreAllOnTheDisk) {
  {
    const auto handles = Opened();
    std::vector<std::unique_ptr<Running<absl::Status>>> running;
    for (int i = 0; i < 100; ++i) {
      running.push_back(std::make_unique<Running<absl::Status>>(
          handles->Insert("id " + std::to_string(i), Row())));
    }
    for (const auto& one : running) EXPECT_THAT(one->Result(), IsOk());
  }
  const auto handles = Opened();
  EXPECT_EQ(handles->size(), 100);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(RunToEnd(handles->Find("id " + std::to_string(i))), IsOk());
  }
}

}  // namespace
}  // namespace behalf

#include "daemon/store/sqlite_state.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/daemon/base/coroutines.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Revocation RevocationOf(std::string name) {
  Revocation revocation;
  revocation.kind = RevocationKind::kAgent;
  revocation.targets = {name, "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2", ""};
  revocation.said = std::move(name);
  revocation.reason = std::string("why: \0 \xff \"quoted\"", 17);
  revocation.by = "uid 0 on admin";
  revocation.at = absl::FromUnixMicros(1'750'000'000'123'456);
  return revocation;
}

class SqliteStateTest : public testing::Test {
 protected:
  SqliteStateTest() {
    std::string pattern = fs::temp_directory_path() / "behalf-state-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~SqliteStateTest() override { fs::remove_all(folder_); }

  std::unique_ptr<SqliteState> Opened() {
    auto state = SqliteState::Open(folder_);
    EXPECT_THAT(state, IsOk());
    return state.ok() ? *std::move(state) : nullptr;
  }
  std::string Refusal() { return SqliteState::Open(folder_).status().ToString(); }
  fs::path File() const { return folder_ / "state.db"; }

  void Sql(const char* statement) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(File().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  fs::path folder_;
};

TEST_F(SqliteStateTest, ANewStateIsEmptyAndNobodyElseCanReadIt) {
  const auto stored = Opened()->Load();
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->revision, 0);
  EXPECT_THAT(stored->all, IsEmpty());
  struct stat facts = {};
  ASSERT_EQ(stat(File().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600);
}

TEST_F(SqliteStateTest, WhatWasPutIsThereAfterARestart) {
  Revocation first = RevocationOf("invoice-bot"), second = RevocationOf("report-bot");
  second.until = absl::FromUnixSeconds(1'750'000'600);
  {
    const auto state = Opened();
    EXPECT_THAT(RunToEnd(state->Put(first)), IsOkAndHolds(1));
    EXPECT_THAT(RunToEnd(state->Put(second)), IsOkAndHolds(2));
  }
  first.revision = 1;
  second.revision = 2;
  const auto stored = Opened()->Load();
  EXPECT_EQ(stored->revision, 2);
  EXPECT_THAT(stored->all, ElementsAre(first, second));
}

TEST_F(SqliteStateTest, WhatWasRemovedIsGoneAndTheRevisionGoesOn) {
  {
    const auto state = Opened();
    for (const char* name : {"a", "b", "c"}) {
      ASSERT_THAT(RunToEnd(state->Put(RevocationOf(name))), IsOk());
    }
    EXPECT_THAT(RunToEnd(state->Remove({1, 3, 99})), IsOkAndHolds(4));
  }
  const auto state = Opened();
  EXPECT_EQ(state->Load()->revision, 4);
  ASSERT_EQ(state->Load()->all.size(), 1);
  EXPECT_EQ(state->Load()->all.front().said, "b");
  EXPECT_THAT(RunToEnd(state->Put(RevocationOf("d"))), IsOkAndHolds(5));
}

TEST_F(SqliteStateTest, AStateOfANewerDaemonIsRefused) {
  Opened().reset();
  Sql("PRAGMA user_version = 2");
  EXPECT_THAT(Refusal(), HasSubstr("is of format 2, and this behalfd knows 1"));
}

TEST_F(SqliteStateTest, WhatIsNoStateOfBehalfIsRefused) {
  Sql("CREATE TABLE other (x)");
  chmod(File().c_str(), 0600);
  EXPECT_THAT(Refusal(), HasSubstr("is not a state of behalf"));
}

TEST_F(SqliteStateTest, ADamagedStateIsRefused) {
  {
    const auto state = Opened();
    for (int i = 0; i < 200; ++i) {
      ASSERT_THAT(RunToEnd(state->Put(RevocationOf("agent-" + std::to_string(i)))), IsOk());
    }
  }
  const auto size = fs::file_size(File());
  for (const std::uintmax_t at : {std::uintmax_t{0}, std::uintmax_t{18}, size / 2, size - 4096}) {
    SCOPED_TRACE(at);
    const fs::path whole = folder_ / "whole";
    fs::copy_file(File(), whole, fs::copy_options::overwrite_existing);
    std::fstream file(File(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(64, '\x5a');
    file.close();
    EXPECT_THAT(Refusal(), HasSubstr("FAILED_PRECONDITION"));
    fs::rename(whole, File());
    EXPECT_THAT(SqliteState::Open(folder_), IsOk());
  }
}

TEST_F(SqliteStateTest, AFileThatOthersCanReadIsRefused) {
  Opened().reset();
  chmod(File().c_str(), 0640);
  EXPECT_THAT(Refusal(), HasSubstr("nobody else has access to"));
}

}  // namespace
}  // namespace behalf

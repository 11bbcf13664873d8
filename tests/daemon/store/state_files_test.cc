#include "daemon/store/state_files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "daemon/store/sqlite_state.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StateFiles : public testing::Test {
 protected:
  StateFiles() {
    std::string pattern = fs::temp_directory_path() / "behalf-state-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    backup_ = folder_ / "backup";
  }
  ~StateFiles() override { fs::remove_all(folder_); }

  std::unique_ptr<SqliteState> WithOne(const std::string& name) {
    auto state = SqliteState::Open(folder_);
    Revocation revocation;
    revocation.kind = RevocationKind::kTool;
    revocation.targets = {name};
    revocation.at = absl::FromUnixSeconds(1'750'000'000);
    EXPECT_THAT(RunToEnd((*state)->Put(std::move(revocation))), IsOk());
    return *std::move(state);
  }

  fs::path folder_, backup_;
};

TEST_F(StateFiles, ABackupOfARunningStateHoldsItAndIsItsOwnersAlone) {
  const auto state = WithOne("calendar");
  ASSERT_THAT(BackUpState(folder_, backup_), IsOk());
  EXPECT_EQ(ReadBackup(backup_)->all, state->Load()->all);
  EXPECT_EQ(ReadBackup(backup_)->revision, 1);
  struct stat facts = {};
  ASSERT_EQ(stat(backup_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600);
}

TEST_F(StateFiles, ABackupOverwritesNothingAndNeedsAState) {
  EXPECT_THAT(BackUpState(folder_, backup_).ToString(), HasSubstr("No such file"));
  EXPECT_FALSE(fs::exists(folder_ / "state.db"));
  WithOne("calendar").reset();
  std::ofstream(backup_) << "mine";
  EXPECT_THAT(BackUpState(folder_, backup_).ToString(), HasSubstr("exists already"));
  EXPECT_THAT(ReadBackup(backup_).status().ToString(), HasSubstr("FAILED_PRECONDITION"));
}

TEST_F(StateFiles, AStateIsReplacedWholeAndTheOldOneKept) {
  WithOne("calendar").reset();
  ASSERT_THAT(BackUpState(folder_, backup_), IsOk());
  StoredRevocations fresh = *ReadBackup(backup_);
  fresh.revision = 7;
  fresh.all.front().revision = 6;
  fresh.all.front().targets = {"mail-search"};
  ASSERT_THAT(ReplaceState(folder_, fresh), IsOk());
  EXPECT_TRUE(fs::exists(folder_ / "state.db.replaced"));
  const auto state = SqliteState::Open(folder_);
  ASSERT_THAT(state, IsOk());
  EXPECT_EQ((*state)->Load()->all, fresh.all);
  EXPECT_EQ((*state)->Load()->revision, 7);
}

TEST_F(StateFiles, OneProcessAtATimeHasTheState) {
  const auto state = WithOne("calendar");
  EXPECT_THAT(SqliteState::Open(folder_).status().ToString(), HasSubstr("another process"));
  EXPECT_THAT(ReplaceState(folder_, {}).ToString(), HasSubstr("does a behalfd run?"));
  EXPECT_EQ(state->Load()->all.size(), 1);
}

}  // namespace
}  // namespace behalf

#include "daemon/store/handle_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/store/etcd/etcd_handles.h"
#include "daemon/store/sqlite_handles.h"
#include "tests/daemon/base/coroutines.h"
#include "tests/fakes/etcd_member.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_steady_clock.h"
#include "tests/fakes/memory_handle_store.h"
#include "tests/status_matchers.h"
#include "tests/temporary_folder.h"

namespace behalf {
namespace {

// A store, and what it stands on.
class House {
 public:
  virtual ~House() = default;
  virtual HandleStore& store() = 0;
};

class MemoryHouse final : public House {
 public:
  MemoryHouse(int max_handles, const Clock& clock) : store_(max_handles, clock) {}
  HandleStore& store() override { return store_; }

 private:
  MemoryHandleStore store_;
};

class SqliteHouse final : public House {
 public:
  SqliteHouse(int max_handles, const Clock& clock)
      : store_(*SqliteHandles::Open(folder_.path(), max_handles, clock, executor_)) {}
  ~SqliteHouse() override { store_->Stop(); }
  HandleStore& store() override { return *store_; }

 private:
  const TemporaryFolder folder_;
  Executor executor_{2};
  const std::unique_ptr<SqliteHandles> store_;
};

class EtcdHouse final : public House {
 public:
  EtcdHouse(int max_handles, const Clock& clock)
      : client_({.addresses = {etcd_.address()}, .patience = absl::Seconds(10)}, executor_),
        store_(client_, "/behalf/test/", max_handles, clock, steady_) {}
  ~EtcdHouse() override { store_.Stop(); }
  HandleStore& store() override { return store_; }

 private:
  const EtcdMember etcd_;
  const FakeSteadyClock steady_;
  Executor executor_{2};
  EtcdClient client_;
  EtcdHandles store_;
};

struct StoreKind {
  const char* name;
  std::unique_ptr<House> (*build)(int max_handles, const Clock& clock);
  int scale;          // how much a race does
  bool exact = true;  // counts to the last handle, and no ended one
};

template <typename Built>
std::unique_ptr<House> Build(int max_handles, const Clock& clock) {
  return std::make_unique<Built>(max_handles, clock);
}

std::vector<StoreKind> Kinds() {
  std::vector<StoreKind> kinds = {{"Memory", Build<MemoryHouse>, 50},
                                  {"Sqlite", Build<SqliteHouse>, 1}};
  if (EtcdMember::Installed()) kinds.push_back({"Etcd", Build<EtcdHouse>, 1, false});
  return kinds;
}

HandleRow Row(absl::Time expires_at, std::string sealed = "sealed") {
  HandleRow row;
  row.sealed = std::move(sealed);
  row.expires_at = expires_at;
  return row;
}

class HandleStoreTest : public testing::TestWithParam<StoreKind> {
 protected:
  static constexpr absl::Duration kLife = absl::Minutes(5);

  HandleStore& store() { return house_->store(); }
  absl::Status Insert(const std::string& id, HandleRow row) {
    return RunToEnd(store().Insert(id, std::move(row)));
  }
  absl::Status Insert(const std::string& id) { return Insert(id, Row(clock_.Now() + kLife)); }
  absl::StatusOr<HandleRow> Find(const std::string& id) { return RunToEnd(store().Find(id)); }
  absl::StatusOr<bool> Replace(const std::string& id, std::uint64_t version, HandleRow row) {
    return RunToEnd(store().Replace(id, version, std::move(row)));
  }

  FakeClock clock_;
  std::unique_ptr<House> house_ = GetParam().build(100, clock_);
};

INSTANTIATE_TEST_SUITE_P(Stores, HandleStoreTest, testing::ValuesIn(Kinds()),
                         [](const auto& one) { return std::string(one.param.name); });

static_assert(!std::is_aggregate_v<HandleRow>, "see handle_store.h");

TEST_P(HandleStoreTest, FindsWhatWasInserted) {
  HandleRow row = Row(clock_.Now() + kLife, "for alice");
  row.changed_at = clock_.Now();
  ASSERT_THAT(Insert("id", row), IsOk());
  const auto found = Find("id");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->sealed, "for alice");
  EXPECT_EQ(found->state, HandleState::kOpen);
  EXPECT_EQ(found->expires_at, row.expires_at);
  EXPECT_EQ(found->changed_at, row.changed_at);
  EXPECT_EQ(found->version, 1U);
}

TEST_P(HandleStoreTest, DoesNotFindWhatWasNot) {
  ASSERT_THAT(Insert("id"), IsOk());
  EXPECT_THAT(Find("di"), HasReason(Reason::kHandleUnknown));
  EXPECT_THAT(Replace("di", 1, Row(clock_.Now() + kLife)), HasReason(Reason::kHandleUnknown));
}

TEST_P(HandleStoreTest, RefusesASecondRowOfAnId) {
  ASSERT_THAT(Insert("id", Row(clock_.Now() + kLife, "first")), IsOk());
  EXPECT_THAT(Insert("id", Row(clock_.Now() + kLife, "second")), HasReason(Reason::kInternal));
  EXPECT_EQ(Find("id")->sealed, "first");
  EXPECT_EQ(store().size(), 1);
}

TEST_P(HandleStoreTest, ReplacesTheVersionThatWasSeen) {
  ASSERT_THAT(Insert("id"), IsOk());
  HandleRow row = *Find("id");
  row.state = HandleState::kReserved;
  row.request_digest = "request";
  EXPECT_THAT(Replace("id", 1, row), IsOkAndHolds(true));
  const auto found = Find("id");
  EXPECT_EQ(found->state, HandleState::kReserved);
  EXPECT_EQ(found->request_digest, "request");
  EXPECT_EQ(found->version, 2U);
}

TEST_P(HandleStoreTest, LeavesAnotherVersionAlone) {
  ASSERT_THAT(Insert("id"), IsOk());
  HandleRow row = *Find("id");
  row.state = HandleState::kSpent;
  for (const std::uint64_t version : {0U, 2U}) {
    EXPECT_THAT(Replace("id", version, row), IsOkAndHolds(false));
  }
  EXPECT_EQ(Find("id")->state, HandleState::kOpen);
  EXPECT_EQ(Find("id")->version, 1U);
}

TEST_P(HandleStoreTest, TheVersionIsTheStoresWhateverTheRowSays) {
  HandleRow row = Row(clock_.Now() + kLife);
  row.version = 99;
  ASSERT_THAT(Insert("id", row), IsOk());
  EXPECT_EQ(Find("id")->version, 1U);
  EXPECT_THAT(Replace("id", 1, row), IsOkAndHolds(true));
  EXPECT_EQ(Find("id")->version, 2U);
}

TEST_P(HandleStoreTest, ARowStaysForItsGraceAfterItExpired) {
  ASSERT_THAT(Insert("id"), IsOk());
  clock_.Advance(kLife + kHandleRowGrace - absl::Nanoseconds(1));
  EXPECT_THAT(Find("id"), IsOk());
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(Find("id"), HasReason(Reason::kHandleUnknown));
  EXPECT_THAT(Replace("id", 1, Row(clock_.Now() + kLife)), HasReason(Reason::kHandleUnknown));
}

TEST_P(HandleStoreTest, ReplaceMovesTheEnd) {
  ASSERT_THAT(Insert("longer"), IsOk());
  ASSERT_THAT(Insert("shorter"), IsOk());
  EXPECT_THAT(Replace("longer", 1, Row(clock_.Now() + 2 * kLife)), IsOkAndHolds(true));
  EXPECT_THAT(Replace("shorter", 1, Row(clock_.Now())), IsOkAndHolds(true));
  clock_.Advance(kHandleRowGrace);
  EXPECT_THAT(Find("shorter"), HasReason(Reason::kHandleUnknown));
  clock_.Advance(kLife);
  EXPECT_THAT(Find("longer"), IsOk());
  clock_.Advance(kLife);
  EXPECT_THAT(Find("longer"), HasReason(Reason::kHandleUnknown));
}

TEST_P(HandleStoreTest, AnIdIsFreeAgainAfterItsRowEnded) {
  if (!GetParam().exact) GTEST_SKIP() << "counts roughly";
  ASSERT_THAT(Insert("id", Row(clock_.Now() + kLife, "first")), IsOk());
  clock_.Advance(kLife + kHandleRowGrace);
  ASSERT_THAT(Insert("id", Row(clock_.Now() + kLife, "second")), IsOk());
  EXPECT_EQ(Find("id")->sealed, "second");
  EXPECT_EQ(store().size(), 1);
}

TEST_P(HandleStoreTest, AFullStoreRefusesAndSaysWhenToTryAgain) {
  for (int i = 0; i < 100; ++i) ASSERT_THAT(Insert(std::to_string(i)), IsOk());
  const absl::Status refused = Insert("one more");
  EXPECT_THAT(refused, HasReason(Reason::kOverloaded));
  EXPECT_TRUE(DetailOf(refused).retry_after.has_value());
  EXPECT_EQ(store().size(), 100);
  EXPECT_THAT(Find("99"), IsOk());
}

TEST_P(HandleStoreTest, EndedRowsMakeRoomWhereverTheyAre) {
  if (!GetParam().exact) GTEST_SKIP() << "counts roughly";
  for (int i = 0; i < 100; ++i) ASSERT_THAT(Insert(std::to_string(i)), IsOk());
  clock_.Advance(kLife + kHandleRowGrace);
  for (int i = 0; i < 100; ++i) ASSERT_THAT(Insert("new " + std::to_string(i)), IsOk());
  EXPECT_THAT(Insert("one more"), HasReason(Reason::kOverloaded));
}

template <typename Work>
void RunThreads(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

class HandleStoreRaceTest : public testing::TestWithParam<StoreKind> {
 protected:
  HandleStore& Built(int max_handles) {
    house_ = GetParam().build(max_handles, clock_);
    return house_->store();
  }
  static int Times(int count) { return GetParam().scale * count; }

  FakeClock clock_;
  std::unique_ptr<House> house_;
};

INSTANTIATE_TEST_SUITE_P(Stores, HandleStoreRaceTest, testing::ValuesIn(Kinds()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(HandleStoreRaceTest, EveryRowHasExactlyOneWinnerOf64Threads) {
  const int rows = Times(200);
  HandleStore& store = Built(rows);
  const HandleRow open = Row(clock_.Now() + absl::Minutes(5));
  for (int i = 0; i < rows; ++i) {
    ASSERT_THAT(RunToEnd(store.Insert(std::to_string(i), open)), IsOk());
  }
  std::vector<std::atomic<int>> wins(rows);
  RunThreads(64, [&](int thread) {
    for (int step = 0; step < rows; ++step) {
      const int i = (step + thread % 4) % rows;
      HandleRow row = *RunToEnd(store.Find(std::to_string(i)));
      if (row.state != HandleState::kOpen) continue;
      const std::uint64_t seen = row.version;
      row.state = HandleState::kSpent;
      row.request_digest = std::to_string(thread);
      if (*RunToEnd(store.Replace(std::to_string(i), seen, row))) ++wins[i];
    }
  });
  for (int i = 0; i < rows; ++i) {
    ASSERT_EQ(wins[i], 1) << "row " << i;
    ASSERT_EQ(RunToEnd(store.Find(std::to_string(i)))->version, 2U);
  }
}

TEST_P(HandleStoreRaceTest, ThreadsTogetherInsertNoMoreThanTheBound) {
  if (!GetParam().exact) GTEST_SKIP() << "counts roughly";
  const int bound = Times(20);
  HandleStore& store = Built(bound);
  const HandleRow open = Row(clock_.Now() + absl::Minutes(5));
  std::atomic<int> inserted = 0;
  RunThreads(16, [&](int thread) {
    for (int i = 0; i < Times(4); ++i) {
      const std::string id = std::to_string(thread) + "/" + std::to_string(i);
      if (RunToEnd(store.Insert(id, open)).ok()) ++inserted;
    }
  });
  EXPECT_EQ(inserted, bound);
  EXPECT_EQ(store.size(), bound);
}

TEST_P(HandleStoreRaceTest, RowsThatEndWhileTheyAreUsedAreCountedOnce) {
  if (!GetParam().exact) GTEST_SKIP() << "counts roughly";
  constexpr int kBound = 500;
  HandleStore& store = Built(kBound);
  RunThreads(8, [&](int thread) {
    for (int i = 0; i < Times(40); ++i) {
      const std::string id = std::to_string(thread) + "/" + std::to_string(i);
      const HandleRow row = Row(clock_.Now() + absl::Seconds(1));
      RunToEnd(store.Insert(id, row)).IgnoreError();
      RunToEnd(store.Find(id)).IgnoreError();
      RunToEnd(store.Replace(id, 1, row)).IgnoreError();
      clock_.Advance(absl::Milliseconds(100));
    }
  });
  clock_.Advance(absl::Hours(1));
  for (int i = 0; i < kBound; ++i) {
    const HandleRow row = Row(clock_.Now() + absl::Seconds(1));
    ASSERT_THAT(RunToEnd(store.Insert("last " + std::to_string(i), row)), IsOk());
  }
  EXPECT_EQ(store.size(), kBound);
}

}  // namespace
}  // namespace behalf

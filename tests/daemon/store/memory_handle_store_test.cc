#include "daemon/store/memory_handle_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/fakes/fake_clock.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

// The result of a task that does not suspend.
template <typename T>
T ResultOf(Task<T> task) {
  bool ended = false;
  task.Start([](void* arg) noexcept { *static_cast<bool*>(arg) = true; }, &ended);
  EXPECT_TRUE(ended);
  return task.Take();
}

HandleRow Row(absl::Time expires_at, std::string sealed = "sealed") {
  HandleRow row;
  row.sealed = std::move(sealed);
  row.expires_at = expires_at;
  return row;
}

class MemoryHandleStoreTest : public testing::Test {
 protected:
  static constexpr absl::Duration kLife = absl::Minutes(5);

  absl::Status Insert(const std::string& id, HandleRow row) {
    return ResultOf(store_.Insert(id, std::move(row)));
  }
  absl::Status Insert(const std::string& id) { return Insert(id, Row(clock_.Now() + kLife)); }
  absl::StatusOr<HandleRow> Find(const std::string& id) { return ResultOf(store_.Find(id)); }
  absl::StatusOr<bool> Replace(const std::string& id, std::uint64_t version, HandleRow row) {
    return ResultOf(store_.Replace(id, version, std::move(row)));
  }

  FakeClock clock_;
  MemoryHandleStore store_{100, clock_};
};

static_assert(!std::is_aggregate_v<HandleRow>, "see handle_store.h");

TEST_F(MemoryHandleStoreTest, FindsWhatWasInserted) {
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

TEST_F(MemoryHandleStoreTest, DoesNotFindWhatWasNot) {
  ASSERT_THAT(Insert("id"), IsOk());
  EXPECT_THAT(Find("di"), HasReason(Reason::kHandleUnknown));
  EXPECT_THAT(Replace("di", 1, Row(clock_.Now() + kLife)), HasReason(Reason::kHandleUnknown));
}

TEST_F(MemoryHandleStoreTest, RefusesASecondRowOfAnId) {
  ASSERT_THAT(Insert("id", Row(clock_.Now() + kLife, "first")), IsOk());
  EXPECT_THAT(Insert("id", Row(clock_.Now() + kLife, "second")), HasReason(Reason::kInternal));
  EXPECT_EQ(Find("id")->sealed, "first");
  EXPECT_EQ(store_.size(), 1);
}

TEST_F(MemoryHandleStoreTest, ReplacesTheVersionThatWasSeen) {
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

TEST_F(MemoryHandleStoreTest, LeavesAnotherVersionAlone) {
  ASSERT_THAT(Insert("id"), IsOk());
  HandleRow row = *Find("id");
  row.state = HandleState::kSpent;
  for (const std::uint64_t version : {0U, 2U}) {
    EXPECT_THAT(Replace("id", version, row), IsOkAndHolds(false));
  }
  EXPECT_EQ(Find("id")->state, HandleState::kOpen);
  EXPECT_EQ(Find("id")->version, 1U);
}

TEST_F(MemoryHandleStoreTest, TheVersionIsTheStoresWhateverTheRowSays) {
  HandleRow row = Row(clock_.Now() + kLife);
  row.version = 99;
  ASSERT_THAT(Insert("id", row), IsOk());
  EXPECT_EQ(Find("id")->version, 1U);
  EXPECT_THAT(Replace("id", 1, row), IsOkAndHolds(true));
  EXPECT_EQ(Find("id")->version, 2U);
}

TEST_F(MemoryHandleStoreTest, ARowStaysForItsGraceAfterItExpired) {
  ASSERT_THAT(Insert("id"), IsOk());
  clock_.Advance(kLife + kHandleRowGrace - absl::Nanoseconds(1));
  EXPECT_THAT(Find("id"), IsOk());
  clock_.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(Find("id"), HasReason(Reason::kHandleUnknown));
  EXPECT_THAT(Replace("id", 1, Row(clock_.Now() + kLife)), HasReason(Reason::kHandleUnknown));
  EXPECT_EQ(store_.size(), 0);
}

TEST_F(MemoryHandleStoreTest, ReplaceMovesTheEnd) {
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

TEST_F(MemoryHandleStoreTest, AnIdIsFreeAgainAfterItsRowEnded) {
  ASSERT_THAT(Insert("id", Row(clock_.Now() + kLife, "first")), IsOk());
  clock_.Advance(kLife + kHandleRowGrace);
  ASSERT_THAT(Insert("id", Row(clock_.Now() + kLife, "second")), IsOk());
  EXPECT_EQ(Find("id")->sealed, "second");
  EXPECT_EQ(store_.size(), 1);
}

TEST_F(MemoryHandleStoreTest, AFullStoreRefusesAndSaysWhenToTryAgain) {
  for (int i = 0; i < 100; ++i) ASSERT_THAT(Insert(std::to_string(i)), IsOk());
  const absl::Status refused = Insert("one more");
  EXPECT_THAT(refused, HasReason(Reason::kOverloaded));
  EXPECT_TRUE(DetailOf(refused).retry_after.has_value());
  EXPECT_EQ(store_.size(), 100);
  EXPECT_THAT(Find("99"), IsOk());
}

TEST_F(MemoryHandleStoreTest, EndedRowsMakeRoomWhereverTheyAre) {
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

TEST(MemoryHandleStoreRaceTest, EveryRowHasExactlyOneWinnerOf64Threads) {
  constexpr int kRows = 10'000;
  const FakeClock clock;
  MemoryHandleStore store(kRows, clock);
  const HandleRow open = Row(clock.Now() + absl::Minutes(5));
  for (int i = 0; i < kRows; ++i) {
    ASSERT_THAT(ResultOf(store.Insert(std::to_string(i), open)), IsOk());
  }
  std::vector<std::atomic<int>> wins(kRows);
  RunThreads(64, [&](int thread) {
    for (int step = 0; step < kRows; ++step) {
      const int i = (step + thread % 4) % kRows;
      HandleRow row = *ResultOf(store.Find(std::to_string(i)));
      if (row.state != HandleState::kOpen) continue;
      const std::uint64_t seen = row.version;
      row.state = HandleState::kSpent;
      row.request_digest = std::to_string(thread);
      if (*ResultOf(store.Replace(std::to_string(i), seen, row))) ++wins[i];
    }
  });
  for (int i = 0; i < kRows; ++i) {
    ASSERT_EQ(wins[i], 1) << "row " << i;
    ASSERT_EQ(ResultOf(store.Find(std::to_string(i)))->version, 2U);
  }
}

TEST(MemoryHandleStoreRaceTest, ThreadsTogetherInsertNoMoreThanTheBound) {
  const FakeClock clock;
  MemoryHandleStore store(1000, clock);
  const HandleRow open = Row(clock.Now() + absl::Minutes(5));
  std::atomic<int> inserted = 0;
  RunThreads(16, [&](int thread) {
    for (int i = 0; i < 200; ++i) {
      const std::string id = std::to_string(thread) + "/" + std::to_string(i);
      if (ResultOf(store.Insert(id, open)).ok()) ++inserted;
    }
  });
  EXPECT_EQ(inserted, 1000);
  EXPECT_EQ(store.size(), 1000);
}

TEST(MemoryHandleStoreRaceTest, RowsThatEndWhileTheyAreUsedAreCountedOnce) {
  FakeClock clock;
  MemoryHandleStore store(500, clock);
  RunThreads(8, [&](int thread) {
    for (int i = 0; i < 2000; ++i) {
      const std::string id = std::to_string(thread) + "/" + std::to_string(i);
      const HandleRow row = Row(clock.Now() + absl::Seconds(1));
      ResultOf(store.Insert(id, row)).IgnoreError();
      ResultOf(store.Find(id)).IgnoreError();
      ResultOf(store.Replace(id, 1, row)).IgnoreError();
      clock.Advance(absl::Milliseconds(100));
    }
  });
  clock.Advance(absl::Hours(1));
  for (int i = 0; i < 500; ++i) {
    const HandleRow row = Row(clock.Now() + absl::Seconds(1));
    ASSERT_THAT(ResultOf(store.Insert("last " + std::to_string(i), row)), IsOk());
  }
  EXPECT_EQ(store.size(), 500);
}

}  // namespace
}  // namespace behalf

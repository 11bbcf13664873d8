// Handles in this process's memory: for one daemon, gone with it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "daemon/base/clock.h"
#include "daemon/store/handle_store.h"

namespace behalf {

// Thread-safe; sharded, so that operations on different handles rarely meet.
// Tasks never suspend. Holds at most `max_handles` rows; ended ones make room
// when their shard is used or the store is full. The clock outlives the store.
class MemoryHandleStore final : public HandleStore {
 public:
  MemoryHandleStore(int max_handles, const Clock& clock);

  Task<absl::Status> Insert(std::string id, HandleRow row) override;
  Task<absl::StatusOr<HandleRow>> Find(std::string id) override;
  Task<absl::StatusOr<bool>> Replace(std::string id, std::uint64_t expected_version,
                                     HandleRow row) override;

  int size() const override { return size_.load(std::memory_order_relaxed); }
  void Stop() override {}

 private:
  static constexpr std::size_t kShards = 64;

  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<std::string, HandleRow> rows ABSL_GUARDED_BY(mutex);
    std::set<std::pair<absl::Time, std::string>> by_end ABSL_GUARDED_BY(mutex);
  };

  absl::Status InsertNow(std::string id, HandleRow row);
  absl::StatusOr<HandleRow> FindNow(const std::string& id);
  absl::StatusOr<bool> ReplaceNow(const std::string& id, std::uint64_t expected_version,
                                  HandleRow row);

  Shard& ShardOf(const std::string& id);
  // Counts one row more, unless the store is full of rows that live.
  bool MakeRoom(absl::Time now);
  bool TakePlace();
  void DropEnded(Shard& shard, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const int max_handles_;
  const Clock& clock_;
  std::atomic<int> size_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace behalf

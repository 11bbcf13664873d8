#include "tests/fakes/memory_handle_store.h"

#include "absl/hash/hash.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

absl::Time EndOf(const HandleRow& row) { return row.expires_at + kHandleRowGrace; }

}  // namespace

MemoryHandleStore::MemoryHandleStore(int max_handles, const Clock& clock)
    : max_handles_(max_handles), clock_(clock) {}

Task<absl::Status> MemoryHandleStore::Insert(std::string id, HandleRow row) {
  co_return InsertNow(std::move(id), std::move(row));
}

Task<absl::StatusOr<HandleRow>> MemoryHandleStore::Find(std::string id) { co_return FindNow(id); }

Task<absl::StatusOr<bool>> MemoryHandleStore::Replace(std::string id,
                                                      std::uint64_t expected_version,
                                                      HandleRow row) {
  co_return ReplaceNow(id, expected_version, std::move(row));
}

absl::Status MemoryHandleStore::InsertNow(std::string id, HandleRow row) {
  const absl::Time now = clock_.Now();
  if (!MakeRoom(now)) return TooManyHandles();
  Shard& shard = ShardOf(id);
  const absl::MutexLock lock(&shard.mutex);
  DropEnded(shard, now);
  row.version = 1;
  const absl::Time end = EndOf(row);
  if (!shard.rows.try_emplace(id, std::move(row)).second) {
    size_.fetch_sub(1);
    return TwoHandlesOfOneId();
  }
  shard.by_end.emplace(end, std::move(id));
  return absl::OkStatus();
}

absl::StatusOr<HandleRow> MemoryHandleStore::FindNow(const std::string& id) {
  const absl::Time now = clock_.Now();
  Shard& shard = ShardOf(id);
  const absl::MutexLock lock(&shard.mutex);
  DropEnded(shard, now);
  const auto found = shard.rows.find(id);
  if (found == shard.rows.end()) return MakeError(Reason::kHandleUnknown);
  return found->second;
}

absl::StatusOr<bool> MemoryHandleStore::ReplaceNow(const std::string& id,
                                                   std::uint64_t expected_version, HandleRow row) {
  const absl::Time now = clock_.Now();
  Shard& shard = ShardOf(id);
  const absl::MutexLock lock(&shard.mutex);
  DropEnded(shard, now);
  const auto found = shard.rows.find(id);
  if (found == shard.rows.end()) return MakeError(Reason::kHandleUnknown);
  if (found->second.version != expected_version) return false;
  shard.by_end.erase({EndOf(found->second), id});
  shard.by_end.emplace(EndOf(row), id);
  row.version = expected_version + 1;
  found->second = std::move(row);
  return true;
}

MemoryHandleStore::Shard& MemoryHandleStore::ShardOf(const std::string& id) {
  return shards_[absl::Hash<std::string>{}(id) % kShards];
}

bool MemoryHandleStore::MakeRoom(absl::Time now) {
  if (TakePlace()) return true;
  for (Shard& shard : shards_) {
    const absl::MutexLock lock(&shard.mutex);
    DropEnded(shard, now);
  }
  return TakePlace();
}

bool MemoryHandleStore::TakePlace() {
  int held = size_.load();
  while (held < max_handles_) {
    if (size_.compare_exchange_weak(held, held + 1)) return true;
  }
  return false;
}

void MemoryHandleStore::DropEnded(Shard& shard, absl::Time now) {
  while (!shard.by_end.empty() && shard.by_end.begin()->first <= now) {
    shard.rows.erase(shard.by_end.begin()->second);
    shard.by_end.erase(shard.by_end.begin());
    size_.fetch_sub(1);
  }
}

}  // namespace behalf

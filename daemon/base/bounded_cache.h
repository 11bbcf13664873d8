// A map that forgets what was used longest ago rather than grow.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace behalf {

// Thread-safe; sharded, so that concurrent look-ups of different keys rarely
// meet. Values are immutable and shared. The bound is in bytes as stated by
// Put, divided evenly among the shards; a value larger than a shard is not
// kept.
template <typename T>
class BoundedCache {
 public:
  using Value = std::shared_ptr<const T>;

  explicit BoundedCache(std::size_t max_bytes) : shard_bytes_(max_bytes / kShards) {}

  // Null when absent. What is found counts as used.
  Value Get(absl::string_view key) {
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    const auto it = shard.index.find(key);
    if (it == shard.index.end()) return nullptr;
    shard.entries.splice(shard.entries.begin(), shard.entries, it->second);
    return it->second->value;
  }

  void Put(std::string key, Value value, std::size_t bytes) {
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    Drop(shard, key);
    if (bytes > shard_bytes_) return;
    shard.bytes += bytes;
    shard.entries.push_front(Entry{std::move(key), std::move(value), bytes});
    shard.index.emplace(shard.entries.front().key, shard.entries.begin());
    while (shard.bytes > shard_bytes_) Drop(shard, shard.entries.back().key);
  }

  void Erase(absl::string_view key) {
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    Drop(shard, key);
  }

  std::size_t size() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) {
      absl::MutexLock lock(&shard.mutex);
      sum += shard.entries.size();
    }
    return sum;
  }

  // As stated by Put.
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) {
      absl::MutexLock lock(&shard.mutex);
      sum += shard.bytes;
    }
    return sum;
  }

 private:
  static constexpr std::size_t kShards = 16;
  // The highest bits choose the shard: its map goes by the lowest of the same hash.
  static constexpr int kShardShift = std::numeric_limits<std::size_t>::digits - 4;

  struct Entry {
    std::string key;
    Value value;
    std::size_t bytes;
  };
  struct Shard {
    mutable absl::Mutex mutex;
    std::list<Entry> entries ABSL_GUARDED_BY(mutex);
    // Keys are views into the entries, whose addresses are stable.
    absl::flat_hash_map<absl::string_view, typename std::list<Entry>::iterator> index
        ABSL_GUARDED_BY(mutex);
    std::size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  };

  Shard& ShardOf(absl::string_view key) {
    return shards_[absl::Hash<absl::string_view>{}(key) >> kShardShift];
  }

  static void Drop(Shard& shard, absl::string_view key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    const auto it = shard.index.find(key);
    if (it == shard.index.end()) return;
    const auto entry = it->second;
    shard.index.erase(it);
    shard.bytes -= entry->bytes;
    shard.entries.erase(entry);
  }

  const std::size_t shard_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace behalf

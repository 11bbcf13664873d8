#include "daemon/base/bounded_cache.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

using Cache = BoundedCache<std::string>;

constexpr std::size_t kShards = 16;
constexpr std::size_t kShardBytes = 100;

Cache::Value Value(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Keys that fall into one shard: two values of a shard's full size drive each
// other out there and nowhere else.
std::vector<std::string> KeysOfOneShard(std::size_t count) {
  std::vector<std::string> keys = {"first"};
  for (int i = 0; keys.size() < count; ++i) {
    Cache probe(kShards * kShardBytes);
    const std::string candidate = absl::StrCat("key", i);
    probe.Put("first", Value(""), kShardBytes);
    probe.Put(candidate, Value(""), kShardBytes);
    if (probe.Get("first") == nullptr) keys.push_back(candidate);
  }
  return keys;
}

TEST(BoundedCacheTest, WhatWasPutIsFoundUntilItIsErased) {
  Cache cache(10'000);
  EXPECT_EQ(cache.Get("a"), nullptr);
  cache.Put("a", Value("1"), 1);
  cache.Put("b", Value("2"), 1);
  EXPECT_EQ(*cache.Get("a"), "1");
  EXPECT_EQ(*cache.Get("b"), "2");
  EXPECT_EQ(cache.size(), 2u);
  cache.Erase("a");
  cache.Erase("never there");
  EXPECT_EQ(cache.Get("a"), nullptr);
  EXPECT_EQ(cache.size(), 1u);
}

TEST(BoundedCacheTest, ALaterValueReplacesTheEarlierAndItsSize) {
  Cache cache(kShards * kShardBytes);
  for (int i = 0; i < 100; ++i) cache.Put("a", Value(absl::StrCat(i)), kShardBytes);
  EXPECT_EQ(*cache.Get("a"), "99");
  EXPECT_EQ(cache.size(), 1u);
}

TEST(BoundedCacheTest, WhatWasUsedLongestAgoGoesFirst) {
  const std::vector<std::string> keys = KeysOfOneShard(4);
  Cache cache(kShards * kShardBytes);
  for (int i = 0; i < 3; ++i) cache.Put(keys[static_cast<std::size_t>(i)], Value("v"), 30);
  EXPECT_NE(cache.Get(keys[0]), nullptr);  // used: the second is now the oldest
  cache.Put(keys[3], Value("v"), 30);
  EXPECT_EQ(cache.Get(keys[1]), nullptr);
  for (const int i : {0, 2, 3}) EXPECT_NE(cache.Get(keys[static_cast<std::size_t>(i)]), nullptr);
}

TEST(BoundedCacheTest, ManyGoWhereOneLargeOneComes) {
  const std::vector<std::string> keys = KeysOfOneShard(4);
  Cache cache(kShards * kShardBytes);
  for (int i = 0; i < 3; ++i) cache.Put(keys[static_cast<std::size_t>(i)], Value("v"), 30);
  cache.Put(keys[3], Value("large"), 95);
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(*cache.Get(keys[3]), "large");
}

TEST(BoundedCacheTest, AValueTooLargeIsNotKeptNorTheOneItWouldReplace) {
  Cache cache(kShards * kShardBytes);
  cache.Put("a", Value("old"), 1);
  cache.Put("a", Value("huge"), kShardBytes + 1);
  EXPECT_EQ(cache.Get("a"), nullptr);
  EXPECT_EQ(cache.size(), 0u);
  cache.Put("a", Value("exactly a shard"), kShardBytes);
  EXPECT_NE(cache.Get("a"), nullptr);
}

TEST(BoundedCacheTest, NeverHoldsMoreThanItsBytes) {
  Cache cache(kShards * kShardBytes);
  for (int i = 0; i < 10'000; ++i) cache.Put(absl::StrCat("key", i), Value("v"), 10);
  EXPECT_LE(cache.size(), kShards * kShardBytes / 10);
  EXPECT_GT(cache.size(), kShards * kShardBytes / 10 / 2);
}

TEST(BoundedCacheTest, AValueOutlivesItsPlaceInTheCache) {
  Cache cache(10'000);
  cache.Put("a", Value("kept"), 1);
  const Cache::Value value = cache.Get("a");
  cache.Erase("a");
  EXPECT_EQ(*value, "kept");
}

TEST(BoundedCacheTest, ManyThreadsMayUseIt) {
  Cache cache(kShards * kShardBytes);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache, thread] {
      for (int i = 0; i < 3000; ++i) {
        const std::string key = absl::StrCat((i * 31 + thread) % 200);
        const auto value = cache.Get(key);
        EXPECT_TRUE(value == nullptr || *value == key);
        cache.Put(key, Value(key), 20);
        if (i % 10 == 0) cache.Erase(key);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.size(), kShards * kShardBytes / 20);
}

}  // namespace
}  // namespace behalf

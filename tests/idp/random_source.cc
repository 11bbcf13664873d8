#include "tests/idp/random_source.h"

#include <openssl/rand.h>

#include <cstdlib>
#include <mutex>
#include <random>

namespace behalf::idp {
namespace {

class SystemRandom final : public RandomSource {
 public:
  std::uint64_t Next() override {
    std::uint64_t value = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value) != 1) std::abort();
    return value;
  }
};

class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Next() override {
    const std::lock_guard lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace

std::int64_t RandomSource::Between(std::int64_t low, std::int64_t high) {
  const auto choices = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(Next() % choices);
}

std::string RandomSource::Bytes(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    const std::uint64_t value = Next();
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  bytes.resize(size);
  return bytes;
}

std::unique_ptr<RandomSource> MakeRandomSource(std::optional<std::uint64_t> seed) {
  if (seed.has_value()) return std::make_unique<SeededRandom>(*seed);
  return std::make_unique<SystemRandom>();
}

}  // namespace behalf::idp

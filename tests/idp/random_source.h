// Where token ids, lifetimes and trace ids come from. Keys never do: they are
// made by OpenSSL, seeded or not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace behalf::idp {

// Implementations are thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint64_t Next() = 0;

  // From `low` to `high`, both included.
  std::int64_t Between(std::int64_t low, std::int64_t high);
  std::string Bytes(std::size_t size);
};

// OpenSSL's generator; with a seed, the same sequence in every run.
std::unique_ptr<RandomSource> MakeRandomSource(std::optional<std::uint64_t> seed);

}  // namespace behalf::idp

// Draws values, the same for the same seed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace behalf::model {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // From 0; `bound` is positive.
  std::size_t Below(std::size_t bound) { return engine_() % bound; }
  int Between(int least, int most) {
    return least + static_cast<int>(Below(static_cast<std::size_t>(most - least + 1)));
  }
  bool Percent(unsigned chance) { return Below(100) < chance; }

  template <class List>
  const auto& OneOf(const List& list) {
    return *std::next(std::begin(list), static_cast<std::ptrdiff_t>(Below(std::size(list))));
  }

  // Each with the chance; at least `least`, as many as there are at most.
  std::vector<std::string> Some(const std::vector<std::string>& all, unsigned chance,
                                std::size_t least) {
    std::vector<std::string> mixed = all;
    Shuffle(mixed);
    std::vector<std::string> some;
    for (const std::string& text : mixed) {
      if (some.size() < least || Percent(chance)) some.push_back(text);
    }
    return some;
  }

  template <class T>
  void Shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[Below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace behalf::model

// How long something took, in a row of times.
#pragma once

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string_view>
#include <vector>

namespace behalf {

using BenchClock = std::chrono::steady_clock;

inline double MicrosSince(BenchClock::time_point begun) {
  return std::chrono::duration<double, std::micro>(BenchClock::now() - begun).count();
}

// One member of a JSON object: the percentiles, in microseconds.
inline void PrintPercentiles(std::ostream& out, std::string_view name, std::vector<double> micros) {
  std::sort(micros.begin(), micros.end());
  const auto at = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(micros.size()));
    return micros.empty() ? 0 : micros[std::min(index, micros.size() - 1)];
  };
  out << "\"" << name << "\": {\"p50\": " << at(0.5) << ", \"p99\": " << at(0.99)
      << ", \"p99.9\": " << at(0.999) << ", \"worst\": " << at(1) << "}";
}

}  // namespace behalf

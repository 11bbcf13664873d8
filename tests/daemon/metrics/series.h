// The numbers of a page, by the text of their series.
#pragma once

#include <map>
#include <sstream>
#include <string>

#include "daemon/metrics/page.h"

namespace behalf {

// {"behalf_granted_total{cached=\"true\",...}": 3, ...}
inline std::map<std::string, double> SeriesOf(const std::string& page) {
  std::map<std::string, double> series;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.rfind(' ');
    if (line.starts_with('#') || blank == std::string::npos) continue;
    series[line.substr(0, blank)] = std::stod(line.substr(blank + 1));
  }
  return series;
}

inline std::map<std::string, double> SeriesOf(const prometheus::Registry& registry) {
  return SeriesOf(MetricsPage(registry, Readings()));
}

}  // namespace behalf

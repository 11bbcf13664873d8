#include "daemon/metrics/page.h"

#include <prometheus/text_serializer.h>

#include <iterator>
#include <sstream>
#include <utility>

namespace behalf {

void Readings::Gauge(std::string_view name, std::string_view help, double value,
                     std::vector<Label> labels) {
  Add(name, help, prometheus::MetricType::Gauge, std::move(labels)).gauge.value = value;
}

void Readings::Counter(std::string_view name, std::string_view help, double value,
                       std::vector<Label> labels) {
  Add(name, help, prometheus::MetricType::Counter, std::move(labels)).counter.value = value;
}

prometheus::ClientMetric& Readings::Add(std::string_view name, std::string_view help,
                                        prometheus::MetricType type, std::vector<Label> labels) {
  if (families_.empty() || families_.back().name != name) {
    families_.push_back({std::string(name), std::string(help), type, {}});
  }
  prometheus::ClientMetric& series = families_.back().metric.emplace_back();
  series.label = std::move(labels);
  return series;
}

std::string MetricsPage(const prometheus::Registry& counted, Readings read) {
  std::vector<prometheus::MetricFamily> all = counted.Collect();
  std::vector<prometheus::MetricFamily> readings = std::move(read).Take();
  all.insert(all.end(), std::make_move_iterator(readings.begin()),
             std::make_move_iterator(readings.end()));
  std::ostringstream page;
  prometheus::TextSerializer().Serialize(page, all);
  return std::move(page).str();
}

}  // namespace behalf

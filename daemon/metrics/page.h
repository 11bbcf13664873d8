// The page that Prometheus reads.
#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <string>
#include <string_view>
#include <vector>

namespace behalf {

// What is looked up when somebody asks, and not counted. Not thread-safe.
class Readings {
 public:
  using Label = prometheus::ClientMetric::Label;

  // Series of one name are added one after the other; of no name is in order.
  void Gauge(std::string_view name, std::string_view help, double value,
             std::vector<Label> labels = {});
  void Counter(std::string_view name, std::string_view help, double value,
               std::vector<Label> labels = {});

  std::vector<prometheus::MetricFamily> Take() && { return std::move(families_); }

 private:
  prometheus::ClientMetric& Add(std::string_view name, std::string_view help,
                                prometheus::MetricType type, std::vector<Label> labels);

  std::vector<prometheus::MetricFamily> families_;
};

inline constexpr char kMetricsContentType[] = "text/plain; version=0.0.4; charset=utf-8";

// All that was counted and read, in Prometheus' text format.
std::string MetricsPage(const prometheus::Registry& counted, Readings read);

}  // namespace behalf

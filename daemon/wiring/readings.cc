// What the metrics say besides what was counted: looked up when they are asked
// for, on the thread of the HTTP edge.
#include "daemon/process/version.h"
#include "daemon/wiring/parts.h"

namespace behalf {
namespace {

struct CacheReading {
  std::string name;
  std::size_t entries;
  std::size_t bytes;
  std::int64_t limit;
};

void ReadCaches(const std::vector<CacheReading>& caches, Readings& readings) {
  const auto of_each = [&](std::string_view name, std::string_view help, auto value) {
    for (const CacheReading& cache : caches) {
      readings.Gauge(name, help, static_cast<double>(value(cache)), {{"cache", cache.name}});
    }
  };
  of_each("behalf_cache_entries", "Tokens that a cache holds.",
          [](const CacheReading& cache) { return cache.entries; });
  of_each("behalf_cache_bytes", "Memory that the tokens of a cache take.",
          [](const CacheReading& cache) { return cache.bytes; });
  of_each("behalf_cache_limit_bytes", "Memory that a cache may take, as the documents say.",
          [](const CacheReading& cache) { return cache.limit; });
}

}  // namespace

void Daemon::Parts::StartMetrics(std::unique_ptr<Edge> at) {
  edge = std::move(at);
  if (!edge) return;
  edge->Serve({.path = "/metrics", .content_type = kMetricsContentType, .body = [this] {
                 return MetricsPage(numbers, ReadNumbers());
               }});
}

Readings Daemon::Parts::ReadNumbers() {
  Readings readings;
  readings.Gauge("behalf_build_info", "1, with the version of the daemon.", 1,
                 {{"version", kVersion}});
  readings.Gauge("behalf_start_time_seconds", "When the daemon started, in Unix time.",
                 absl::ToDoubleSeconds(started_at - absl::UnixEpoch()));
  readings.Gauge("behalf_record_lag_seconds",
                 "For how long records have been waiting without one of them being written.",
                 absl::ToDoubleSeconds(record.Lag(clock.Now())));
  ReadCaches({{"tokens", exchanger.size(), exchanger.bytes(), limits.token_cache_bytes},
              {"subjects", subjects.size(), subjects.bytes(), limits.subject_cache_bytes}},
             readings);
  return readings;
}

}  // namespace behalf

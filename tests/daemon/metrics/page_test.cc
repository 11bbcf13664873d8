#include "daemon/metrics/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>

namespace behalf {
namespace {

TEST(MetricsPage, HoldsWhatWasCountedAndWhatWasRead) {
  prometheus::Registry registry;
  prometheus::BuildCounter()
      .Name("counted_total")
      .Help("What was counted.")
      .Register(registry)
      .Add({{"reason", "NONE"}});
  Readings readings;
  readings.Gauge("read_bytes", "What was read.", 1, {{"cache", "a"}});
  readings.Gauge("read_bytes", "What was read.", 2, {{"cache", "b"}});
  readings.Counter("seen_total", "What was seen.", 3);
  EXPECT_EQ(MetricsPage(registry, std::move(readings)),
            "# HELP counted_total What was counted.\n"
            "# TYPE counted_total counter\n"
            "counted_total{reason=\"NONE\"} 0\n"
            "# HELP read_bytes What was read.\n"
            "# TYPE read_bytes gauge\n"
            "read_bytes{cache=\"a\"} 1\n"
            "read_bytes{cache=\"b\"} 2\n"
            "# HELP seen_total What was seen.\n"
            "# TYPE seen_total counter\n"
            "seen_total 3\n");
}

TEST(MetricsPage, TimesAreWholeAndTextEndsNoLine) {
  Readings readings;
  readings.Gauge("at_seconds", "When.", 1793395743.25, {{"of", "a\"b\\\nc"}});
  EXPECT_THAT(MetricsPage(prometheus::Registry(), std::move(readings)),
              testing::EndsWith("at_seconds{of=\"a\\\"b\\\\\\nc\"} 1793395743.25\n"));
}

}  // namespace
}  // namespace behalf

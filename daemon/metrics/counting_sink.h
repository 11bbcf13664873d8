// What the record says, as counts.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/base/clock.h"

namespace behalf {

// Passes records on and counts them. Every answer has one record, so this is
// where decisions are counted, and it is on the path of every request: what is
// counted is found by the numbers of its enums in tables that are filled at the
// start, and costs a few atomic additions and a look at the clock; nothing is
// locked, looked up by a label or allocated. Thread-safe.
class CountingSink final : public AuditSink {
 public:
  // All must outlive the sink.
  CountingSink(AuditSink& inner, prometheus::Registry& registry, const Clock& clock);

  absl::Status Record(const AuditRecord& record) override;
  void StandOn(std::uint64_t revision) override { inner_.StandOn(revision); }

  // For how long records have been waiting to be written without one of them
  // getting through. Zero when none waits.
  absl::Duration Lag(absl::Time now) const;

  // The record that was written last could not be.
  bool failing() const { return failing_.load(std::memory_order_relaxed); }
  // Called whenever that changes, on the thread that found out. Once, before
  // the first record.
  void OnChange(std::function<void()> changed) { changed_ = std::move(changed); }

 private:
  static constexpr std::size_t kEvents = 64;
  static constexpr std::size_t kReasons = 128;
  using Table = std::array<prometheus::Counter*, kEvents>;

  void TableGrants(prometheus::Registry& registry);
  void TableRefusals(prometheus::Registry& registry);
  void TableOperations(prometheus::Registry& registry);
  void Count(const AuditRecord& record, bool written);
  void Judge(AuditEvent event, bool recorded);

  AuditSink& inner_;
  const Clock& clock_;
  // Null where nothing is counted. Written in the constructor only.
  Table fresh_{}, cached_{}, operations_{};
  std::array<prometheus::Counter*, kReasons> refusals_{};
  prometheus::Counter& failures_;
  std::function<void()> changed_ = [] {};
  std::atomic<bool> failing_{false};
  std::atomic<std::int64_t> waiting_{0};
  std::atomic<std::int64_t> moved_at_{0};  // microseconds: when one began to wait, or got through
};

}  // namespace behalf

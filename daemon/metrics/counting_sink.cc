#include "daemon/metrics/counting_sink.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "daemon/base/reason.h"

namespace behalf {
namespace {

constexpr auto kGrants = std::to_array(
    {AuditEvent::kTokenIssued, AuditEvent::kHandleCreated, AuditEvent::kHandleRedeemed});

constexpr auto kOperations =
    std::to_array({AuditEvent::kExplained, AuditEvent::kCatalogLoaded, AuditEvent::kCatalogRefused,
                   AuditEvent::kCatalogRolledBack, AuditEvent::kRevoked, AuditEvent::kRestored});

std::string NameOf(AuditEvent event) { return std::string(EventName(event)); }

prometheus::Counter& Failures(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("behalf_record_failures_total")
      .Help("Records that could not be written; no token left with them.")
      .Register(registry)
      .Add({});
}

// Beyond the end of a table: nothing is counted.
template <typename Table>
void Increment(const Table& table, std::size_t index) {
  if (index < table.size() && table[index] != nullptr) table[index]->Increment();
}

}  // namespace

CountingSink::CountingSink(AuditSink& inner, prometheus::Registry& registry, const Clock& clock)
    : inner_(inner), clock_(clock), failures_(Failures(registry)) {
  TableGrants(registry);
  TableRefusals(registry);
  TableOperations(registry);
}

void CountingSink::TableGrants(prometheus::Registry& registry) {
  auto& family = prometheus::BuildCounter()
                     .Name("behalf_granted_total")
                     .Help(
                         "Decisions that gave a token or a handle; cached: the provider was not "
                         "asked for it.")
                     .Register(registry);
  for (const AuditEvent event : kGrants) {
    const auto index = static_cast<std::size_t>(event);
    fresh_[index] = &family.Add({{"event", NameOf(event)}, {"cached", "false"}});
    cached_[index] = &family.Add({{"event", NameOf(event)}, {"cached", "true"}});
  }
}

void CountingSink::TableRefusals(prometheus::Registry& registry) {
  auto& family = prometheus::BuildCounter()
                     .Name("behalf_refused_total")
                     .Help("Requests that were not given what they asked for, by reason.")
                     .Register(registry);
  for (const ReasonRow& row : AllReasons()) {
    refusals_[static_cast<std::size_t>(row.reason)] =
        &family.Add({{"reason", std::string(row.name)},
                     {"code", absl::StatusCodeToString(row.code)},
                     {"move", std::string(MoveName(row.move))}});
  }
}

void CountingSink::TableOperations(prometheus::Registry& registry) {
  auto& family = prometheus::BuildCounter()
                     .Name("behalf_operations_total")
                     .Help("What operators did, and what became of changed documents.")
                     .Register(registry);
  for (const AuditEvent event : kOperations) {
    operations_[static_cast<std::size_t>(event)] = &family.Add({{"event", NameOf(event)}});
  }
}

absl::Status CountingSink::Record(const AuditRecord& record) {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) == 0) {
    moved_at_.store(absl::ToUnixMicros(clock_.Now()), std::memory_order_relaxed);
  }
  absl::Status recorded = inner_.Record(record);
  if (waiting_.fetch_sub(1, std::memory_order_relaxed) > 1) {
    moved_at_.store(absl::ToUnixMicros(clock_.Now()), std::memory_order_relaxed);
  }
  Count(record, recorded.ok());
  Judge(record.event, recorded.ok());
  return recorded;
}

// A grant that is not recorded becomes a refusal, with a record of its own.
void CountingSink::Count(const AuditRecord& record, bool written) {
  if (!written) failures_.Increment();
  if (record.event == AuditEvent::kDenied || record.event == AuditEvent::kFailed) {
    if (record.reason) Increment(refusals_, static_cast<std::size_t>(*record.reason));
    return;
  }
  if (!written) return;
  const auto event = static_cast<std::size_t>(record.event);
  Increment(record.cached ? cached_ : fresh_, event);
  Increment(operations_, event);
}

// Of what has a quota the record may be content without writing it, so that its
// success proves nothing.
void CountingSink::Judge(AuditEvent event, bool recorded) {
  const bool has_quota = event == AuditEvent::kDenied || event == AuditEvent::kFailed ||
                         event == AuditEvent::kExplained;
  if (recorded && has_quota) return;
  if (failing() != recorded) return;
  if (failing_.exchange(!recorded) == recorded) changed_();
}

absl::Duration CountingSink::Lag(absl::Time now) const {
  if (waiting_.load(std::memory_order_relaxed) == 0) return absl::ZeroDuration();
  const absl::Time moved = absl::FromUnixMicros(moved_at_.load(std::memory_order_relaxed));
  return std::max(now - moved, absl::ZeroDuration());
}

}  // namespace behalf

#include "daemon/traces/tracing_sink.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "daemon/base/reason.h"

namespace behalf {
namespace {

bool IsRefusal(const AuditRecord& record) {
  return record.event == AuditEvent::kDenied || record.event == AuditEvent::kFailed;
}

absl::StatusCode CodeOf(const AuditRecord& record) {
  return record.reason ? RowOf(*record.reason).code : absl::StatusCode::kOk;
}

// Which codes are a server's failure, by OpenTelemetry's conventions for gRPC.
bool IsFailure(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

void DescribeCall(const AuditRecord& record, Span& span) {
  const std::string_view rpc = record.trace.rpc;
  const std::size_t slash = rpc.find('/');
  span.name = std::string(rpc);
  span.attributes = {{"rpc.system", std::string("grpc")},
                     {"rpc.service", std::string(rpc.substr(0, slash))},
                     {"rpc.method", std::string(rpc.substr(std::min(slash, rpc.size() - 1) + 1))},
                     {"rpc.grpc.status_code", static_cast<std::int64_t>(CodeOf(record))},
                     {"behalf.decision_id", record.decision_id},
                     {"behalf.event", std::string(EventName(record.event))}};
}

void DescribeOutcome(const AuditRecord& record, Span& span) {
  if (!IsRefusal(record)) {
    if (record.event != AuditEvent::kExplained) {
      span.attributes.emplace_back("behalf.cached", record.cached);
    }
    return;
  }
  if (!record.reason) return;
  const ReasonRow& row = RowOf(*record.reason);
  span.attributes.emplace_back("behalf.reason", std::string(row.name));
  if (IsFailure(row.code)) span.error = std::string(row.name);
}

}  // namespace

// What could not be recorded was not given: the refusal that follows is the answer.
absl::Status TracingSink::Record(const AuditRecord& record) {
  absl::Status recorded = inner_.Record(record);
  if (record.trace.rpc.empty() || (!recorded.ok() && !IsRefusal(record))) return recorded;
  const auto ids = sampling_.IdsOf({.decision_id = record.decision_id,
                                    .trace_id = record.trace.id,
                                    .sampled = record.trace.sampled});
  if (ids) Tell(record, *ids);
  return recorded;
}

void TracingSink::Tell(const AuditRecord& record, const SpanIds& ids) {
  Span span = {.trace_id = ids.trace_id,
               .id = ids.span_id,
               .parent = record.trace.parent,
               .name = {},
               .kind = Span::Kind::kServer,
               .began = record.time,
               .ended = std::max(clock_.Now(), record.time),
               .attributes = {},
               .error = {}};
  DescribeCall(record, span);
  const auto add = [&span](std::string_view key, const std::string& name,
                           const DocumentNames::Has& has) {
    if (!name.empty() && has(name)) span.attributes.emplace_back(key, name);
  };
  add("behalf.agent", record.agent, names_.agent);
  add("behalf.tool", record.tool, names_.tool);
  add("behalf.api", record.api, names_.api);
  DescribeOutcome(record, span);
  spans_.Add(std::move(span));
}

}  // namespace behalf

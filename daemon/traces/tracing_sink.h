// What the record says, as spans.
#pragma once

#include <functional>
#include <string>

#include "daemon/audit/audit_trail.h"
#include "daemon/base/clock.h"
#include "daemon/traces/sampling.h"
#include "daemon/traces/span_queue.h"

namespace behalf {

// What is a name of the documents in force: a span names nothing else.
struct DocumentNames {
  using Has = std::function<bool(const std::string& name)>;
  Has agent, tool, api;
};

// Passes records on, and tells of those that answer a call of an agent or a
// tool: each is the span of that call, from the moment that the request was
// taken up to its record. Of users, tokens and what a caller wrote it tells
// nothing. Thread-safe.
class TracingSink final : public AuditSink {
 public:
  // All must outlive the sink.
  TracingSink(AuditSink& inner, Sampling sampling, DocumentNames names, SpanQueue& spans,
              const Clock& clock)
      : inner_(inner),
        sampling_(sampling),
        names_(std::move(names)),
        spans_(spans),
        clock_(clock) {}

  absl::Status Record(const AuditRecord& record) override;
  void StandOn(std::uint64_t revision) override { inner_.StandOn(revision); }

 private:
  void Tell(const AuditRecord& record, const SpanIds& ids);

  AuditSink& inner_;
  const Sampling sampling_;
  const DocumentNames names_;
  SpanQueue& spans_;
  const Clock& clock_;
};

}  // namespace behalf

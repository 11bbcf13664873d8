// Spans, from the parts to the collector that the documents name.
#pragma once

#include <memory>

#include "blueprint/documents.h"
#include "daemon/base/clock.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/traces/span_queue.h"
#include "daemon/traces/tracing_sink.h"
#include "daemon/wiring/outward.h"

namespace behalf {

// Null where the documents name none.
std::unique_ptr<SpanQueue> SpansOf(const TracesSpec& traces,
                                   const std::shared_ptr<Outward>& outward,
                                   const SteadyClock& steady);

// Null where there are no spans.
std::unique_ptr<TracingSink> TracingOf(const TracesSpec& traces, SpanQueue* spans, AuditSink& inner,
                                       const LiveCatalog& catalogs, const Clock& clock);

}  // namespace behalf

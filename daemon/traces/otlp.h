// Spans in the protocol of OpenTelemetry.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/traces/span.h"

namespace behalf {

inline constexpr char kOtlpContentType[] = "application/x-protobuf";

// Who tells: "service.name" and so on.
using SpanSource = std::vector<std::pair<std::string, std::string>>;

// The body of a POST to /v1/traces (OTLP/HTTP, binary). Pure.
std::string EncodeSpans(const std::vector<Span>& spans, const SpanSource& source,
                        std::string_view version);

}  // namespace behalf

// W3C trace context, as callers send it in the metadata of a call.
#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>
#include <string_view>

#include "daemon/audit/audit_record.h"

namespace behalf {

// What a `traceparent` says (https://www.w3.org/TR/trace-context/, level 1).
// Strict: nothing where one digit is out of place, an id is all zeros, or the
// version is not one that can be read. Pure.
std::optional<AuditTrace> ParseTraceparent(std::string_view header);

// Of the call; empty where it has none, more than one, or one that is not
// right, as the specification wants it: a call is never refused for it.
AuditTrace TraceOf(const grpc::CallbackServerContext& context);

// `request`, with the trace that its call belongs to. `rpc`: what was called,
// as AuditTrace has it.
template <typename Request>
Request Traced(Request request, const grpc::CallbackServerContext& context, std::string_view rpc) {
  request.trace = TraceOf(context);
  request.trace.rpc = rpc;
  return request;
}

}  // namespace behalf

// The one place where an absl::Status becomes a gRPC status.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace behalf {

// The reason travels as google.rpc.ErrorInfo of domain "behalf", with those
// facts that a caller may know: decision_id, move, field, claims, suberror,
// provider_code, correlation_id. Where a repetition helps, with RetryInfo.
grpc::Status ToRpcStatus(const absl::Status& status);

}  // namespace behalf

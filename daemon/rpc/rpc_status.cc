#include "daemon/rpc/rpc_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr auto kShown = std::to_array<std::string_view>(
    {"claims", "correlation_id", "decision_id", "field", "max_age", "provider_code", "suberror"});

google::rpc::ErrorInfo InfoOf(const ErrorDetail& detail, const ReasonRow& row) {
  google::rpc::ErrorInfo info;
  info.set_domain("behalf");
  info.set_reason(std::string(row.name));
  (*info.mutable_metadata())["move"] = std::string(MoveName(row.move));
  for (const auto& [key, value] : detail.metadata) {
    if (std::find(kShown.begin(), kShown.end(), key) != kShown.end()) {
      (*info.mutable_metadata())[key] = value;
    }
  }
  return info;
}

google::rpc::RetryInfo RetryOf(absl::Duration delay) {
  google::rpc::RetryInfo retry;
  absl::Duration rest;
  retry.mutable_retry_delay()->set_seconds(absl::IDivDuration(delay, absl::Seconds(1), &rest));
  retry.mutable_retry_delay()->set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(rest)));
  return retry;
}

}  // namespace

grpc::Status ToRpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const ErrorDetail detail = DetailOf(status);
  const ReasonRow& row = RowOf(detail.reason);
  // What MakeError did not make is a fault of ours, and its text is not for
  // callers.
  const bool ours = detail.reason == Reason::kInternal;
  google::rpc::Status message;
  message.set_code(static_cast<int>(row.code));
  message.set_message(ours ? std::string(row.advice) : std::string(status.message()));
  message.add_details()->PackFrom(InfoOf(detail, row));
  if (detail.retry_after) message.add_details()->PackFrom(RetryOf(*detail.retry_after));
  return {static_cast<grpc::StatusCode>(row.code), message.message(), message.SerializeAsString()};
}

}  // namespace behalf

// What a failed call says (docs/errors.md).
#pragma once

#include <grpcpp/support/status.h>

#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

// Out of google.rpc.Status in grpc-status-details-bin.
struct Refusal {
  std::string reason;  // behalf.v1.Reason without its prefix; empty: not from a behalf daemon
  std::string message;
  std::string move;  // who can do something about it
  std::string decision_id;
  std::optional<absl::Duration> retry_after;
  std::map<std::string, std::string> metadata;  // all but "move" and "decision_id"
};

Refusal RefusalOf(const grpc::Status& status);

// Tells of the failed call, as lines on err or JSON on out; the exit code is
// kNegative when the daemon refused and kUnreachable when no daemon answered.
int PrintRefusal(const grpc::Status& status, const std::string& socket, Console& console);

}  // namespace behalf::cli

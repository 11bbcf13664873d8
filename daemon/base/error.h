// The one way failures travel: an absl::Status whose single payload carries a
// Reason and what a caller or an operator needs besides.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "daemon/base/reason.h"

namespace behalf {

struct ErrorDetail {
  Reason reason = Reason::kInternal;
  // Facts that may be shown to the caller: "field", "claims", "suberror",
  // "provider_code", "correlation_id", "decision_id". Never a secret or token.
  std::map<std::string, std::string, std::less<>> metadata = {};
  // Set where a retry can help.
  std::optional<absl::Duration> retry_after = {};
};

// A failed Status of the reason's code. `message` is for people; it defaults
// to the reason's advice.
absl::Status MakeError(Reason reason, std::string_view message = {});
absl::Status MakeError(ErrorDetail detail, std::string_view message = {});

// The detail of a failed status; kInternal for one that MakeError did not make.
ErrorDetail DetailOf(const absl::Status& status);

// The same error with one more fact.
absl::Status WithMetadata(const absl::Status& status, std::string_view key, std::string_view value);

}  // namespace behalf

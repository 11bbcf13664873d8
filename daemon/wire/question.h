// Questions of operators as messages. Pure; thread-safe.
#pragma once

#include <behalf/v1/admin.pb.h>

#include "absl/time/time.h"
#include "policies/asked.h"

namespace behalf {

// The question, as asked at `now`. A subject token is left to the caller: only
// claims are read as the user.
Asked FromMessage(const v1::AdminExplainRequest& message, absl::Time now);

}  // namespace behalf

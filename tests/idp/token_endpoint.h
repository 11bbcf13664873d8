// POST /{tenant}/oauth2/v2.0/token
#pragma once

#include <memory>
#include <vector>

#include "tests/idp/flow.h"
#include "tests/idp/identity_provider.h"
#include "tests/idp/message.h"
#include "tests/idp/throttling.h"

namespace behalf::idp {

// 429 with 90055 where the client asks more often than the tenant allows.
Response AnswerTokenRequest(const std::vector<std::unique_ptr<Flow>>& flows, const Tenant& tenant,
                            const Request& request, const Trace& trace, absl::Time now,
                            RequestRates& rates);

}  // namespace behalf::idp

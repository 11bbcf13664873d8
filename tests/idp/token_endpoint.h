// POST /{tenant}/oauth2/v2.0/token
#pragma once

#include <memory>
#include <vector>

#include "tests/idp/flow.h"
#include "tests/idp/identity_provider.h"
#include "tests/idp/message.h"

namespace behalf::idp {

Response AnswerTokenRequest(const std::vector<std::unique_ptr<Flow>>& flows, const Tenant& tenant,
                            const Request& request, const Trace& trace, absl::Time now);

}  // namespace behalf::idp

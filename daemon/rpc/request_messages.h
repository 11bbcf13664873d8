// Requests of agents and tools as the broker takes them. Nothing is checked
// here; broker/validate.h does that.
#pragma once

#include <behalf/v1/token_broker.pb.h>
#include <behalf/v1/tool_tokens.pb.h>

#include "daemon/broker/requests.h"

namespace behalf {

TokenRequest FromMessage(const v1::GetTokenRequest& message, CallerPtr caller);
TokenRequest FromMessage(const v1::CreateHandleRequest& message, CallerPtr caller);
TokenRequest FromMessage(const v1::ExplainRequest& message, CallerPtr caller);
RedeemRequest FromMessage(const v1::RedeemHandleRequest& message, CallerPtr caller);

}  // namespace behalf

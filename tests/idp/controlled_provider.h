// An identity provider that can be changed while it serves: clock, consents,
// users, keys, faults; and that keeps a log of token requests.
#pragma once

#include <functional>
#include <string>

#include "tests/idp/adjustable_clock.h"
#include "tests/idp/faults.h"
#include "tests/idp/request_log.h"
#include "tests/idp/world.h"

namespace behalf::idp {

// What the admin endpoint can change. All outlive the endpoint.
struct Controls {
  AdjustableClock& clock;
  LiveWorld& world;
  Faults& faults;
  RequestLog& log;
  // One more signing key, which signs from now on.
  std::function<absl::StatusOr<SigningKeys>()> next_keys;
  std::string token;  // that the endpoint is asked with
};

// Everything below /admin/ by that endpoint, all else by the provider.
Response HandleControlled(const Controls& controls, const Request& request);

}  // namespace behalf::idp

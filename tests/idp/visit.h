// A request to an endpoint where users sign in, and what answers it.
#pragma once

#include "absl/time/time.h"
#include "tests/idp/identity_provider.h"

namespace behalf::idp {

struct Visit {
  const Tenant& tenant;
  const Request& request;
  const Trace& trace;
  absl::Time now;
  Memory& memory;
  RandomSource& random;
};

}  // namespace behalf::idp

// Everything behind the socket: a function from a request to a response, but
// for the clock, the random numbers and the keys, which are given.
#pragma once

#include <memory>
#include <vector>

#include "daemon/base/clock.h"
#include "tests/idp/directory.h"
#include "tests/idp/flow.h"
#include "tests/idp/issuer.h"
#include "tests/idp/memory.h"
#include "tests/idp/message.h"

namespace behalf::idp {

// What names one request in errors, headers and the log.
struct Trace {
  std::string trace_id;
  std::string correlation_id;
};

// Thread-safe. All that is given by reference must outlive it.
class IdentityProvider {
 public:
  IdentityProvider(const Directory& directory, const SigningKeys& keys, const Clock& clock,
                   RandomSource& random,
                   std::shared_ptr<Memory> memory = std::make_shared<Memory>());

  Response Handle(const Request& request) const;

 private:
  Response Route(const Request& request, const Trace& trace) const;
  Response RouteTenant(const Request& request, std::string_view tenant, std::string_view path,
                       const Trace& trace) const;
  Trace TraceOf(const Request& request) const;

  const Directory& directory_;
  const Clock& clock_;
  RandomSource& random_;
  const std::shared_ptr<Memory> memory_;
  const Issuer issuer_;
  const std::vector<std::unique_ptr<Flow>> flows_;
};

}  // namespace behalf::idp

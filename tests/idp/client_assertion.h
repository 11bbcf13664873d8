// Client assertions that are not this tenant's own: signed with a certificate
// of the client (RFC 7523), or by a foreign issuer that the client federates
// with.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "tests/idp/credentials.h"
#include "tests/idp/errors.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

// The `jti` of certificate assertions until they expire. Thread-safe.
class SeenAssertions {
 public:
  // Whether this is the first time.
  bool Add(const std::string& client_id, const std::string& id, absl::Time expires, absl::Time now);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, absl::Time> seen_;
};

// An assertion with a thumbprint or x5c in its header is a certificate's:
// key or signature 700027, times 700024, issuer, subject, audience or a replay
// 50012. Any other is a foreign issuer's: no credential 70025, issuer 700211,
// subject 700213, audience 700212, signature 700027, times 700024.
std::optional<Refusal> CheckClientAssertion(const TokenRequest& request, std::string_view assertion,
                                            const Credentials& credentials, SeenAssertions& seen);

}  // namespace behalf::idp

// Makes tokens and replies: the shapes of tokens.h, stamped and signed.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/clock.h"
#include "tests/idp/memory.h"
#include "tests/idp/random_source.h"
#include "tests/idp/scopes.h"
#include "tests/idp/signing_keys.h"
#include "tests/idp/token_request.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {

// Thread-safe. All that is given must outlive it.
class Issuer {
 public:
  Issuer(const SigningKeys& keys, RandomSource& random, Memory& memory)
      : keys_(keys), random_(random), memory_(memory) {}

  // The reply with an agent's exchange token: an hour, as for all app tokens.
  json::object ExchangeReply(const TokenRequest& request, const Blueprint& blueprint,
                             std::string_view agent, ClientProof proof) const;

  // The same for an application or agent itself: for federation, for an API.
  json::object FederationReply(const TokenRequest& request, const Client& client) const;
  json::object AppReply(const TokenRequest& request, const AppAccess& access) const;

  // The reply with an access token of 60 to 90 minutes; an id_token,
  // a refresh token and client_info when they were asked for.
  json::object UserReply(const TokenRequest& request, const UserAccess& access,
                         const ScopeRequest& asked) const;

  const SigningKeys& keys() const { return keys_; }
  Memory& memory() const { return memory_; }

 private:
  std::string Sign(const json::object& claims, bool sealed) const;
  json::object ApplicationReply(const json::object& claims, bool sealed) const;
  Stamp NewStamp(const TokenRequest& request, absl::Duration lifetime) const;

  const SigningKeys& keys_;
  RandomSource& random_;
  Memory& memory_;
};

}  // namespace behalf::idp

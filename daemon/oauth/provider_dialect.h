// How one kind of provider is asked, and what its answers mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/task.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// A successful token response (RFC 6749 section 5.1), parsed and nothing more.
struct ProviderReply {
  std::string token_type;
  SecretString access_token;
  std::optional<std::int64_t> expires_in;  // seconds
  std::string correlation_id;
};

// Thread-safe.
class ProviderDialect {
 public:
  virtual ~ProviderDialect() = default;

  // Performs the exchange at the provider. The time it takes is bounded by
  // `timeout` for each request that it needs.
  virtual Task<absl::StatusOr<ProviderReply>> Ask(const ExchangeRequest& request,
                                                  absl::Duration timeout) = 0;

  // Compares what came back with what was asked for; fails with a kReply...
  // reason.
  virtual absl::StatusOr<ApiToken> Check(ProviderReply reply, const ExchangeRequest& request,
                                         absl::Time now) const = 0;
};

}  // namespace behalf

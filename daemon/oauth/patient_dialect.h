// A dialect that does not ask a provider again what it has just refused.
#pragma once

#include <cstddef>

#include "daemon/base/clock.h"
#include "daemon/oauth/client_credentials.h"
#include "daemon/oauth/provider_dialect.h"
#include "daemon/oauth/refusals.h"

namespace behalf {

// Thread-safe. Where the provider throttles, nobody asks it as this client for
// this resource until its Retry-After is over. A refused credential answers
// for the client until it is replaced, and any other refusal that a person must
// do something about answers the same request, by its full key; both for a few
// seconds. A user's new token is another request, and is sent at once.
class PatientDialect final : public ProviderDialect {
 public:
  PatientDialect(ProviderDialect& inner, ClientCredentials& credentials, const Clock& clock,
                 std::size_t max_bytes)
      : inner_(inner), credentials_(credentials), clock_(clock), refusals_(max_bytes) {}

  Task<absl::StatusOr<ProviderReply>> Ask(const ExchangeRequest& request,
                                          absl::Duration timeout) override;
  absl::StatusOr<ApiToken> Check(ProviderReply reply, const ExchangeRequest& request,
                                 absl::Time now) const override {
    return inner_.Check(std::move(reply), request, now);
  }

 private:
  ProviderDialect& inner_;
  ClientCredentials& credentials_;
  const Clock& clock_;
  Refusals refusals_;
};

}  // namespace behalf

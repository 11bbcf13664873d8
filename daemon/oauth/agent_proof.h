// The first leg of Entra's agent flows: the blueprint proves that it may act
// as one of its agents, and gets a token that says so.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/base/bounded_cache.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/single_flight.h"
#include "daemon/base/task.h"
#include "daemon/http/http_client.h"
#include "daemon/oauth/client_credentials.h"
#include "daemon/oauth/refusals.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

using ProofPtr = std::shared_ptr<const SecretString>;

// Thread-safe. One proof serves all users of an agent until shortly before it
// expires (65 minutes at Entra), or until the blueprint's credential is
// another than it was obtained with. It is sent back to the endpoint it came from
// and to nobody else, so what is in it is that endpoint's affair. A refusal
// answers for a few seconds, as long as the credential is the same.
class AgentProofs {
 public:
  AgentProofs(HttpClient& http, ClientCredentials& credentials, Executor& executor,
              const Clock& clock);

  // For the agent of `request`. Fails with the provider's reason.
  Task<absl::StatusOr<ProofPtr>> Get(const ExchangeRequest& request, absl::Duration timeout);

  // The provider no longer takes the proof, or the credential: the next Get
  // reads the credential again and asks for a new proof.
  void Drop(const ExchangeRequest& request);

 private:
  struct Kept {
    SecretString token;
    std::string basis;  // of the credential that it was obtained with
    absl::Time use_until;
  };

  std::optional<absl::StatusOr<ProofPtr>> Known(const ExchangeRequest& request,
                                                const std::string& basis);
  Task<absl::StatusOr<ProofPtr>> Fly(ExchangeRequest request, std::string basis,
                                     absl::Duration timeout);
  Task<absl::StatusOr<ProofPtr>> Ask(ExchangeRequest request, absl::Duration timeout);
  void Keep(const ExchangeRequest& request, std::string basis, SecretString token,
            absl::Duration lifetime);

  HttpClient& http_;
  ClientCredentials& credentials_;
  const Clock& clock_;
  BoundedCache<Kept> kept_;
  Refusals refusals_;
  SingleFlight<ProofPtr> flights_;
};

}  // namespace behalf

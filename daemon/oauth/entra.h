// Microsoft Entra: tokens for agent identities (two legs) and for applications
// (one), on behalf of a user or as themselves.
#pragma once

#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/client_credentials.h"
#include "daemon/oauth/provider_dialect.h"

namespace behalf {

class Entra final : public ProviderDialect {
 public:
  Entra(HttpClient& http, ClientCredentials& credentials, AgentProofs& proofs)
      : http_(http), credentials_(credentials), proofs_(proofs) {}

  Task<absl::StatusOr<ProviderReply>> Ask(const ExchangeRequest& request,
                                          absl::Duration timeout) override;

  absl::StatusOr<ApiToken> Check(ProviderReply reply, const ExchangeRequest& request,
                                 absl::Time now) const override;

 private:
  Task<absl::StatusOr<ProviderReply>> AskOnce(const ExchangeRequest& request,
                                              absl::Duration timeout);
  // As whom `request` asks for its token.
  Task<absl::StatusOr<ClientAuthentication>> Authenticate(const ExchangeRequest& request,
                                                          absl::Duration timeout);

  HttpClient& http_;
  ClientCredentials& credentials_;
  AgentProofs& proofs_;
};

}  // namespace behalf

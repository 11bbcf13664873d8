// Microsoft Entra's agent identities: the agent On-Behalf-Of flow, both legs.
#pragma once

#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/provider_dialect.h"

namespace behalf {

class Entra final : public ProviderDialect {
 public:
  Entra(HttpClient& http, AgentProofs& proofs) : http_(http), proofs_(proofs) {}

  Task<absl::StatusOr<ProviderReply>> Ask(const ExchangeRequest& request,
                                          absl::Duration timeout) override;

  absl::StatusOr<ApiToken> Check(ProviderReply reply, const ExchangeRequest& request,
                                 absl::Time now) const override;

 private:
  Task<absl::StatusOr<ProviderReply>> AskOnce(const ExchangeRequest& request,
                                              absl::Duration timeout);

  HttpClient& http_;
  AgentProofs& proofs_;
};

}  // namespace behalf

// behalf.v1.TokenBroker: gRPC in front of the broker's agent side.
#pragma once

#include <behalf/v1/token_broker.grpc.pb.h>

#include "daemon/attest/peer_table.h"
#include "daemon/broker/explainer.h"
#include "daemon/broker/token_broker.h"

namespace behalf {

// Thread-safe; the references must outlive it.
class TokenBrokerService final : public v1::TokenBroker::CallbackService {
 public:
  TokenBrokerService(TokenBroker& broker, Explainer& explainer, const PeerTable& peers)
      : broker_(broker), explainer_(explainer), peers_(peers) {}

  grpc::ServerUnaryReactor* GetToken(grpc::CallbackServerContext* context,
                                     const v1::GetTokenRequest* request,
                                     v1::GetTokenResponse* response) override;

  grpc::ServerUnaryReactor* CreateHandle(grpc::CallbackServerContext* context,
                                         const v1::CreateHandleRequest* request,
                                         v1::CreateHandleResponse* response) override;

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context,
                                    const v1::ExplainRequest* request,
                                    v1::ExplainResponse* response) override;

 private:
  TokenBroker& broker_;
  Explainer& explainer_;
  const PeerTable& peers_;
};

}  // namespace behalf

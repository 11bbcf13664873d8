// behalf.v1.TokenBroker: gRPC in front of the broker's agent side.
#pragma once

#include <behalf/v1/token_broker.grpc.pb.h>

#include "daemon/attest/peer_table.h"
#include "daemon/broker/token_broker.h"

namespace behalf {

// Thread-safe; both references must outlive it.
class TokenBrokerService final : public v1::TokenBroker::CallbackService {
 public:
  TokenBrokerService(TokenBroker& broker, const PeerTable& peers)
      : broker_(broker), peers_(peers) {}

  grpc::ServerUnaryReactor* GetToken(grpc::CallbackServerContext* context,
                                     const v1::GetTokenRequest* request,
                                     v1::GetTokenResponse* response) override;

  grpc::ServerUnaryReactor* CreateHandle(grpc::CallbackServerContext* context,
                                         const v1::CreateHandleRequest* request,
                                         v1::CreateHandleResponse* response) override;

 private:
  TokenBroker& broker_;
  const PeerTable& peers_;
};

}  // namespace behalf

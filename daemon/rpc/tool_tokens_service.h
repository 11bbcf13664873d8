// behalf.v1.ToolTokens: gRPC in front of the broker's tool side.
#pragma once

#include <behalf/v1/tool_tokens.grpc.pb.h>

#include "daemon/attest/peer_table.h"
#include "daemon/broker/token_broker.h"

namespace behalf {

// Thread-safe; both references must outlive it.
class ToolTokensService final : public v1::ToolTokens::CallbackService {
 public:
  ToolTokensService(TokenBroker& broker, const PeerTable& peers) : broker_(broker), peers_(peers) {}

  grpc::ServerUnaryReactor* RedeemHandle(grpc::CallbackServerContext* context,
                                         const v1::RedeemHandleRequest* request,
                                         v1::RedeemHandleResponse* response) override;

 private:
  TokenBroker& broker_;
  const PeerTable& peers_;
};

}  // namespace behalf

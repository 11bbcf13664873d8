// Which caller a gRPC call came from.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "daemon/attest/caller.h"
#include "daemon/attest/peer_table.h"
#include "daemon/rpc/peer_name.h"

namespace behalf {

// Null when the connection is not one that the daemon accepted itself.
inline std::shared_ptr<const Caller> CallerOf(const grpc::CallbackServerContext& context,
                                              const PeerTable& peers) {
  const auto descriptor = DescriptorOf(context.peer());
  return descriptor ? peers.Find(*descriptor) : nullptr;
}

}  // namespace behalf

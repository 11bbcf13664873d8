#include "daemon/rpc/admin_service.h"

#include "daemon/rpc/connections.h"
#include "daemon/rpc/rpc_status.h"

namespace behalf {

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const v1::GetStatusRequest*,
                                                  v1::GetStatusResponse* response) {
  auto* const reactor = context->DefaultReactor();
  const auto in_force = gate_.Enter(CallerOf(*context, peers_));
  if (!in_force.ok()) {
    reactor->Finish(ToRpcStatus(in_force.status()));
    return reactor;
  }
  report_(**in_force, *response);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace behalf

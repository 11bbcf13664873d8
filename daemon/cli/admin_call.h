// One call of the Admin service.
#pragma once

#include <functional>
#include <utility>

#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/cli/call.h"
#include "daemon/cli/refusal.h"

namespace behalf::cli {

// Calls `method` and prints its answer with `print(answer, console)`, whose
// exit code it returns.
template <typename Request, typename Response>
int CallAdmin(void (v1::Admin::Stub::async::*method)(grpc::ClientContext*, const Request*,
                                                     Response*, std::function<void(grpc::Status)>),
              const Request& request, int (*print)(const Response&, Console&),
              const Arguments& arguments, Console& console) {
  const absl::StatusOr<Peer> peer = PeerOf(arguments, console);
  if (!peer.ok()) return console.Fail(peer.status());
  Response answer;
  const auto stub = v1::Admin::NewStub(ChannelTo(*peer));
  const grpc::Status status = Await(*peer, console, [&](grpc::ClientContext* context, auto done) {
    (stub->async()->*method)(context, &request, &answer, std::move(done));
  });
  return status.ok() ? print(answer, console) : PrintRefusal(status, peer->socket, console);
}

}  // namespace behalf::cli

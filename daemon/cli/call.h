// One call to the daemon over its unix socket.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

// Where the daemon is and how long to wait for it.
struct Peer {
  std::string socket;
  absl::Duration timeout;
};

// Out of --socket, $BEHALF_SOCKET and --timeout.
absl::StatusOr<Peer> PeerOf(const Arguments& arguments, const Console& console);

// Connects with the first call. Messages are at most 1 MiB either way.
std::shared_ptr<grpc::Channel> ChannelTo(const Peer& peer);

// Starts a call by gRPC's callback API and waits for its end; says on err
// when that takes longer than the console's patience.
using Start = std::function<void(grpc::ClientContext*, std::function<void(grpc::Status)>)>;
grpc::Status Await(const Peer& peer, Console& console, const Start& start);

}  // namespace behalf::cli

#include "daemon/cli/actions.h"
#include "daemon/cli/call.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/refusal.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace behalf::cli {

int CheckHealth(const Arguments& arguments, Console& console) {
  const absl::StatusOr<Peer> peer = PeerOf(arguments, console);
  if (!peer.ok()) return console.Fail(peer.status());

  const grpc::health::v1::HealthCheckRequest request;
  grpc::health::v1::HealthCheckResponse answer;
  const auto stub = grpc::health::v1::Health::NewStub(ChannelTo(*peer));
  const grpc::Status status = Await(*peer, console, [&](grpc::ClientContext* context, auto done) {
    stub->async()->Check(context, &request, &answer, std::move(done));
  });
  if (!status.ok()) return PrintRefusal(status, peer->socket, console);
  const bool serves = answer.status() == grpc::health::v1::HealthCheckResponse::SERVING;
  PrintRecord({{"serves", serves}}, console);
  return serves || arguments.Has("alive") ? kOk : kNegative;
}

}  // namespace behalf::cli

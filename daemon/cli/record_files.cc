#include "daemon/cli/record_files.h"

#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/cli/call.h"
#include "daemon/cli/refusal.h"

namespace behalf::cli {
namespace {

std::optional<std::string> FileOfDaemon(const Arguments& arguments, Console& console, int& code) {
  const absl::StatusOr<Peer> peer = PeerOf(arguments, console);
  if (!peer.ok()) {
    code =
        console.Fail(arguments.Has("socket") || !console.Variable("BEHALF_SOCKET").empty()
                         ? peer.status()
                         : absl::InvalidArgumentError("--file FILE is needed, or --socket PATH"));
    return std::nullopt;
  }
  const v1::GetStatusRequest request;
  v1::GetStatusResponse answer;
  const auto stub = v1::Admin::NewStub(ChannelTo(*peer));
  const grpc::Status status = Await(*peer, console, [&](grpc::ClientContext* context, auto done) {
    stub->async()->GetStatus(context, &request, &answer, std::move(done));
  });
  if (status.ok()) return answer.audit_file();
  code = PrintRefusal(status, peer->socket, console);
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> RecordFiles(const Arguments& arguments, Console& console,
                                                    int& code) {
  if (arguments.Has("file")) return arguments.Values("file");
  const auto file = FileOfDaemon(arguments, console, code);
  if (!file) return std::nullopt;
  return std::vector<std::string>{*file};
}

}  // namespace behalf::cli

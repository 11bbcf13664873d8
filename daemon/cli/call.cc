#include "daemon/cli/call.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/un.h>

#include <future>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace behalf::cli {
namespace {

constexpr int kMostMessageBytes = 1 << 20;
constexpr std::size_t kMostPathBytes = sizeof(sockaddr_un::sun_path) - 1;

// gRPC reads its target as a URI (RFC 3986): what a path may not hold there is
// percent-encoded.
std::string Target(const std::string& path) {
  std::string target = "unix:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || std::string_view("/-._~").find(c) != std::string_view::npos) {
      target.push_back(c);
    } else {
      absl::StrAppendFormat(&target, "%%%02X", byte);
    }
  }
  return target;
}

}  // namespace

absl::StatusOr<Peer> PeerOf(const Arguments& arguments, const Console& console) {
  Peer peer{arguments.Value("socket", console.Variable("BEHALF_SOCKET")), absl::Duration()};
  if (peer.socket.empty()) {
    return absl::InvalidArgumentError("--socket PATH is needed, or $BEHALF_SOCKET");
  }
  if (peer.socket.size() > kMostPathBytes) {
    return absl::InvalidArgumentError("--socket: the path of a socket has at most 107 bytes");
  }
  absl::StatusOr<absl::Duration> timeout =
      ParseDurationOf("timeout", arguments.Value("timeout", "30s"));
  if (!timeout.ok()) return timeout.status();
  peer.timeout = *timeout;
  return peer;
}

std::shared_ptr<grpc::Channel> ChannelTo(const Peer& peer) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostMessageBytes);
  arguments.SetMaxSendMessageSize(kMostMessageBytes);
  return grpc::CreateCustomChannel(Target(peer.socket), grpc::InsecureChannelCredentials(),
                                   arguments);
}

grpc::Status Await(const Peer& peer, Console& console, const Start& start) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + peer.timeout));
  const auto answer = std::make_shared<std::promise<grpc::Status>>();
  std::future<grpc::Status> result = answer->get_future();
  start(&context, [answer](const grpc::Status& status) { answer->set_value(status); });
  if (result.wait_for(absl::ToChronoNanoseconds(console.patience())) != std::future_status::ready) {
    console.err() << "waiting for the daemon..." << std::endl;
  }
  return result.get();
}

}  // namespace behalf::cli

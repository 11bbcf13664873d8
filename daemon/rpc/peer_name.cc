#include "daemon/rpc/peer_name.h"

#include <grpcpp/create_channel_posix.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::string_view kPrefix = "fd:";
constexpr std::chrono::seconds kPatience{5};

// Ends every call with its peer() as the message of an ABORTED.
class PeerTeller final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Answer(context->peer());
  }

 private:
  class Answer final : public grpc::ServerGenericBidiReactor {
   public:
    explicit Answer(const std::string& peer) {
      Finish(grpc::Status(grpc::StatusCode::ABORTED, peer));
    }
    void OnDone() override { delete this; }
  };
};

// gRPC orders an answer after its question in a way that tools cannot see:
// `asked` says it again.
struct Outcome {
  std::promise<grpc::Status> status;
  std::atomic<bool> asked{false};
};

grpc::Status CallOver(int fd) {
  grpc::GenericStub stub(grpc::CreateInsecureChannelFromFd("peer", fd));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  const auto outcome = std::make_shared<Outcome>();
  outcome->asked.store(true, std::memory_order_release);
  stub.UnaryCall(&context, "/behalf/Peer", grpc::StubOptions(), &request, &response,
                 [outcome](const grpc::Status& status) {
                   outcome->asked.load(std::memory_order_acquire);
                   outcome->status.set_value(status);
                 });
  return outcome->status.get_future().get();
}

absl::Status Unfit(std::string_view what) {
  return MakeError(Reason::kInternal,
                   absl::StrCat("this build of gRPC does not tell connections apart as the daemon "
                                "needs it to: ",
                                absl::string_view(what.data(), what.size())));
}

}  // namespace

std::optional<int> DescriptorOf(std::string_view peer) {
  if (!peer.starts_with(kPrefix)) return std::nullopt;
  const std::string_view digits = peer.substr(kPrefix.size());
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  const bool plain = digits.front() != '-' && (digits.front() != '0' || digits.size() == 1);
  return plain ? std::optional(number) : std::nullopt;
}

absl::Status CheckPeerForm() {
  PeerTeller service;
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return Unfit("a server without a port does not start");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    return MakeError(Reason::kInternal, absl::StrCat("socketpair: ", std::strerror(errno)));
  }
  grpc::AddInsecureChannelFromFd(server.get(), ends[0]);

  const grpc::Status status = CallOver(ends[1]);
  server->Shutdown(std::chrono::system_clock::now());
  if (status.error_code() != grpc::StatusCode::ABORTED) {
    return Unfit(absl::StrCat("a call failed: ", status.error_message()));
  }
  if (DescriptorOf(status.error_message()) != ends[0]) {
    return Unfit(
        absl::StrCat("peer() says \"", status.error_message(), "\", not \"fd:", ends[0], "\""));
  }
  return absl::OkStatus();
}

}  // namespace behalf

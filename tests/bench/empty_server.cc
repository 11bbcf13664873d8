// The floor: gRPC behind the daemon's own listener, answering GetToken with a
// fixed token of the usual size and doing nothing else.
//   bench_empty_server SOCKET
#include <behalf/v1/token_broker.grpc.pb.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "daemon/attest/peer_table.h"
#include "daemon/rpc/acceptor.h"
#include "daemon/rpc/inherited_listeners.h"
#include "daemon/rpc/server.h"
#include "daemon/rpc/unix_listener.h"

namespace {

constexpr std::size_t kTokenBytes = 1850;

class EmptyBroker final : public behalf::v1::TokenBroker::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetToken(grpc::CallbackServerContext* context,
                                     const behalf::v1::GetTokenRequest*,
                                     behalf::v1::GetTokenResponse* response) override {
    response->set_access_token(token_);
    auto* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const std::string token_ = std::string(kTokenBytes, 'x');
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);

  behalf::Socket socket;
  socket.name = "bench";
  socket.path = argv[1];
  auto inherited = behalf::InheritedListeners::FromEnvironment();
  if (!inherited.ok()) return 1;
  auto listener = behalf::UnixListener::Open(socket, *inherited);
  if (!listener.ok()) {
    std::cerr << listener.status().message() << "\n";
    return 1;
  }
  EmptyBroker broker;
  auto server = behalf::Server::Start({&broker});
  behalf::PeerTable peers({});
  behalf::Acceptor::Listeners listeners;
  listeners.push_back(*std::move(listener));
  auto acceptor = behalf::Acceptor::Start(std::move(listeners), behalf::ReadOverflowIds(), peers,
                                          [&](int fd) { server->Serve(fd); });
  if (!acceptor.ok()) return 1;
  int signal = 0;
  sigwait(&end, &signal);
  acceptor->reset();
  server->Shutdown(absl::ZeroDuration());
}

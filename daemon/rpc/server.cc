#include "daemon/rpc/server.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_posix.h>

#include <utility>

namespace behalf {
namespace {

// A subject token has at most 16 KiB, a request little more.
constexpr int kMaxMessageBytes = 64 << 10;
constexpr int kMaxMetadataBytes = 8 << 10;
constexpr int kMaxStreams = 4096;

}  // namespace

std::unique_ptr<Server> Server::Start(const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  for (grpc::Service* service : services) builder.RegisterService(service);
  auto server = builder.BuildAndStart();
  if (!server) return nullptr;
  auto started = std::unique_ptr<Server>(new Server(std::move(server)));
  started->SetHealthy(true);
  return started;
}

void Server::Serve(int descriptor) { grpc::AddInsecureChannelFromFd(server_.get(), descriptor); }

void Server::SetHealthy(bool healthy) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(healthy);
}

void Server::Shutdown(absl::Duration grace) {
  SetHealthy(false);
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
}

}  // namespace behalf

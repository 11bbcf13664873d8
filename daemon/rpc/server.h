// The gRPC server: services on connections that the daemon accepted itself.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <vector>

#include "absl/time/time.h"

namespace behalf {

// Serves the given services and grpc.health.v1.Health; listens nowhere.
class Server {
 public:
  // The services must outlive the server. Null when gRPC cannot start.
  static std::unique_ptr<Server> Start(const std::vector<grpc::Service*>& services);

  // Takes a connected, non-blocking stream socket. Thread-safe.
  void Serve(int descriptor);

  // What health answers, for the server as a whole and for each service.
  void SetHealthy(bool healthy);

  // New calls are refused; those under way may end within `grace`, then they
  // are cancelled. Returns when none is left.
  void Shutdown(absl::Duration grace);

 private:
  explicit Server(std::unique_ptr<grpc::Server> server) : server_(std::move(server)) {}

  std::unique_ptr<grpc::Server> server_;
};

}  // namespace behalf

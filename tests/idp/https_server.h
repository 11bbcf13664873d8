// HTTPS/1.1 in front of a function from requests to responses.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tests/idp/certificates.h"
#include "tests/idp/message.h"

namespace behalf::idp {

class HttpsServer {
 public:
  // Called on several threads at once.
  using Handler = std::function<Response(const Request&)>;

  // `address` is "127.0.0.1:8443" or "[::1]:8443"; port 0 takes a free one.
  // Connections are accepted by the kernel from here on.
  static absl::StatusOr<std::unique_ptr<HttpsServer>> Listen(const std::string& address,
                                                             const TlsIdentity& identity,
                                                             Handler handler);
  ~HttpsServer();

  // "https://localhost:8443"
  const std::string& base_url() const;

  // Serves until SIGTERM, SIGINT or Stop. Requests under way are dropped.
  void Run();
  void Stop();  // from any thread

 private:
  class Core;
  explicit HttpsServer(std::unique_ptr<Core> core);

  std::unique_ptr<Core> core_;
};

}  // namespace behalf::idp

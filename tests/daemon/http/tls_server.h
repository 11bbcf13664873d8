// A real HTTPS server with certificates of its own, in a process of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace behalf {

// Starts tls_server.py; ends it when destroyed. Failures to start are failures
// of the test.
class TlsServer {
 public:
  TlsServer();
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  // Where the certificate is valid: https://localhost:PORT.
  std::string Url(std::string_view path) const;
  // The same server under the name `host`.
  std::string UrlAt(std::string_view host, std::string_view path) const;

  const std::string& ca_file() const { return certificate_; }

  // The next line that the server says; waits for it.
  std::string NextLine();

 private:
  std::string directory_;
  std::string certificate_;
  std::string key_;
  std::string port_;
  pid_t process_ = -1;
  int to_server_ = -1;
  int from_server_ = -1;
};

}  // namespace behalf

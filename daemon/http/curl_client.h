// HttpClient on libcurl's multi interface.
#pragma once

#include <memory>

#include "daemon/base/executor.h"
#include "daemon/http/http_client.h"

namespace behalf {

// One thread drives all transfers; connections are kept and shared, handles
// pooled. A finished request wakes its coroutine on the executor, never on
// the network thread. TLS 1.2 at least; certificates and names are checked
// always. Neither the environment nor files of the user (proxies, netrc,
// cookies, HSTS) have a say.
class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(Executor& executor);
  ~CurlClient() override;

  // Ends what is under way with a failure, and fails every later request at
  // once. The executor must still be running. Idempotent.
  void Stop();

  Task<absl::StatusOr<HttpResponse>> Send(HttpRequest request) override;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace behalf

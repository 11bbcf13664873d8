// Outgoing HTTPS, as the rest of the daemon sees it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/task.h"

namespace behalf {

// One request. A form, which holds secrets, or another content makes it a POST.
struct HttpRequest {
  explicit HttpRequest(std::string request_url) : url(std::move(request_url)) {}

  std::string url;                      // https only, but for `plain`
  bool plain = false;                   // http as well: for servers of this host
  SecretString form;                    // application/x-www-form-urlencoded
  std::string content;                  // instead of a form; may hold no secret
  std::string content_type;             // of that
  SecretString bearer;                  // sent as authorization when not empty
  std::string ca_file;                  // trust only these certificates; empty: the system's
  std::string proxy;                    // http(s) URL; empty: none, whatever the environment says
  std::string correlation_id;           // sent as client-request-id when not empty
  // Whom it is for, by the documents: for numbers and circuits, not sent.
  std::string provider;
  std::string provider_digest;
  std::string called = "the provider";  // what a failure says of whom it is for
  absl::Duration timeout = absl::Seconds(5);
  std::size_t max_body = 256 << 10;
};

struct HttpResponse {
  int status = 0;
  SecretString body;        // may hold tokens
  std::string retry_after;  // the headers as sent; empty: none
  std::string date;
};

// Thread-safe. Any HTTP status is a response; a failed status (reason
// kProviderUnavailable) means that no complete response came: no connection,
// no trust, a body over the bound, time over. Redirects are not followed.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Task<absl::StatusOr<HttpResponse>> Send(HttpRequest request) = 0;
};

// Appends "name=value" to a form, percent-encoded, after a "&" if needed.
void AppendFormField(std::string& form, std::string_view name, std::string_view value);

}  // namespace behalf

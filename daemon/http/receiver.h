// Servers that are told something, and have nothing to say.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "daemon/http/http_client.h"

namespace behalf {

// Thread-safe.
class ReceiverClient {
 public:
  struct Address {
    std::string url = {};         // https, or http for a server of this host
    std::string ca_file = {};     // trust only these certificates; empty: the system's
    std::string proxy = {};       // http(s) URL; empty: none
    std::string token_file = {};  // its bearer token; read each time; empty: none
    std::string called = {};      // in messages
  };

  // `http` outlives it.
  ReceiverClient(HttpClient& http, Address address) : http_(http), address_(std::move(address)) {}

  // Waits for the answer, for seconds. OK: it was taken (2xx). kUnavailable:
  // later it may be (no answer, 408, 429, 5xx). Another failure: it will not be
  // until somebody mends something. Messages are for an operator.
  absl::Status Post(std::string content, std::string content_type) const;

 private:
  HttpClient& http_;
  const Address address_;
};

}  // namespace behalf

// A network that tells circuits whether providers answer.
#pragma once

#include "daemon/http/http_client.h"
#include "daemon/oauth/circuits.h"

namespace behalf {

// Thread-safe. What becomes of a request counts for the circuit of the provider
// that it is for: here, and no higher, it is known that something was sent.
// Nobody is held up here. Opening and closing is logged once.
class CircuitHttp final : public HttpClient {
 public:
  // Whether an answer says that the provider is in trouble, rather than
  // something about the request.
  using InTrouble = bool (*)(const HttpResponse&);

  CircuitHttp(HttpClient& inner, Circuits& circuits, InTrouble in_trouble)
      : inner_(inner), circuits_(circuits), in_trouble_(in_trouble) {}

  // `request` says for which provider it is.
  Task<absl::StatusOr<HttpResponse>> Send(HttpRequest request) override;

 private:
  HttpClient& inner_;
  Circuits& circuits_;
  const InTrouble in_trouble_;
};

}  // namespace behalf

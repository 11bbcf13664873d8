// How providers answer over HTTP, and what they say of the time.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "blueprint/catalog.h"
#include "daemon/base/clock.h"
#include "daemon/http/http_client.h"
#include "daemon/metrics/named_series.h"

namespace behalf {

// Counts the requests that say whom they are for (HttpRequest::provider), by
// what came back, and compares the `Date` of each answer with the middle of the
// time that it took. That header counts whole seconds, so the skew is known to
// within a second and half the time of the request; it is there in every answer
// that HTTP asks for it in, refusals too, while the times in a token are only in
// those that can be read. Thread-safe.
class MeasuredHttp final : public HttpClient {
 public:
  // All must outlive the client.
  MeasuredHttp(HttpClient& inner, prometheus::Registry& registry, const Clock& clock);

  Task<absl::StatusOr<HttpResponse>> Send(HttpRequest request) override;

  // Drops the numbers of providers that are no longer in the documents.
  void Follow(const Catalog& catalog);

 private:
  void Count(const std::string& provider, const absl::StatusOr<HttpResponse>& response);
  void Compare(const std::string& provider, const HttpResponse& response, absl::Time began,
               absl::Time ended);

  HttpClient& inner_;
  const Clock& clock_;
  NamedSeries<prometheus::Counter> requests_;
  NamedSeries<prometheus::Gauge> skews_;
};

}  // namespace behalf

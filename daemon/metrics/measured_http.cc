#include "daemon/metrics/measured_http.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/http/response_header.h"

namespace behalf {
namespace {

constexpr absl::Duration kHalfOfASecond = absl::Milliseconds(500);

auto& Requests(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("behalf_provider_requests_total")
      .Help(
          "HTTP requests to providers, by the class of their status; 429 is one of its own, and "
          "none means that no complete answer came.")
      .Register(registry);
}

auto& Skews(prometheus::Registry& registry) {
  return prometheus::BuildGauge()
      .Name("behalf_provider_clock_skew_seconds")
      .Help(
          "By how much the provider's clock was ahead of ours at its last answer, give or take a "
          "second.")
      .Register(registry);
}

// A provider chooses the status, so it names a class, and no number of its own.
std::string StatusOf(const absl::StatusOr<HttpResponse>& response) {
  if (!response.ok()) return "none";
  if (response->status == 429) return "429";
  const int first = response->status / 100;
  return first >= 1 && first <= 5 ? absl::StrCat(first, "xx") : "other";
}

}  // namespace

MeasuredHttp::MeasuredHttp(HttpClient& inner, prometheus::Registry& registry, const Clock& clock)
    : inner_(inner), clock_(clock), requests_(Requests(registry)), skews_(Skews(registry)) {}

Task<absl::StatusOr<HttpResponse>> MeasuredHttp::Send(HttpRequest request) {
  const std::string provider = request.provider;
  const absl::Time began = clock_.Now();
  auto response = co_await inner_.Send(std::move(request));
  if (provider.empty()) co_return response;
  Count(provider, response);
  if (response.ok()) Compare(provider, *response, began, clock_.Now());
  co_return response;
}

void MeasuredHttp::Count(const std::string& provider,
                         const absl::StatusOr<HttpResponse>& response) {
  requests_.With({{"provider", provider}, {"status", StatusOf(response)}},
                 [](prometheus::Counter& counter) { counter.Increment(); });
}

void MeasuredHttp::Compare(const std::string& provider, const HttpResponse& response,
                           absl::Time began, absl::Time ended) {
  const auto date = ParseHttpDate(response.date);
  if (!date) return;
  const absl::Duration skew = *date + kHalfOfASecond - (began + (ended - began) / 2);
  skews_.With({{"provider", provider}},
              [&](prometheus::Gauge& gauge) { gauge.Set(absl::ToDoubleSeconds(skew)); });
}

void MeasuredHttp::Follow(const Catalog& catalog) {
  const auto is_known = [&](const prometheus::Labels& labels) {
    return IsNamed(catalog.providers(), labels.at("provider"));
  };
  requests_.KeepIf(is_known);
  skews_.KeepIf(is_known);
}

}  // namespace behalf

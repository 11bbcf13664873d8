#include "daemon/metrics/measured_exchanger.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/base/error.h"

namespace behalf {
namespace {

// Seconds: from a provider next door to the longest that is waited for one.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return buckets;
}

prometheus::Gauge& InFlight(prometheus::Registry& registry) {
  return prometheus::BuildGauge()
      .Name("behalf_exchanges_in_flight")
      .Help("Exchanges under way; requests that wait for the same one count once.")
      .Register(registry)
      .Add({});
}

auto& Outcomes(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("behalf_exchanges_total")
      .Help("Exchanges at providers, by outcome: OK, or the reason why there was no token.")
      .Register(registry);
}

auto& Durations(prometheus::Registry& registry) {
  return prometheus::BuildHistogram()
      .Name("behalf_exchange_duration_seconds")
      .Help("How long exchanges took, with what was tried again, whatever their outcome.")
      .Register(registry);
}

prometheus::Labels NamesOf(const ExchangeRequest& request) {
  return {{"provider", request.provider().name},
          {"blueprint", request.blueprint().name},
          {"api", request.api().name}};
}

}  // namespace

MeasuredExchanger::MeasuredExchanger(TokenExchanger& inner, prometheus::Registry& registry,
                                     const Clock& clock)
    : inner_(inner),
      clock_(clock),
      in_flight_(InFlight(registry)),
      outcomes_(Outcomes(registry)),
      durations_(Durations(registry)) {}

Task<absl::StatusOr<Exchanged>> MeasuredExchanger::Exchange(ExchangeRequest request,
                                                            CallContext& call) {
  const prometheus::Labels names = NamesOf(request);
  const absl::Time began = clock_.Now();
  in_flight_.Increment();
  auto exchanged = co_await inner_.Exchange(std::move(request), call);
  in_flight_.Decrement();
  Count(names, exchanged, clock_.Now() - began);
  co_return exchanged;
}

// A clock that was set back makes no time negative.
void MeasuredExchanger::Count(const prometheus::Labels& names,
                              const absl::StatusOr<Exchanged>& exchanged, absl::Duration took) {
  prometheus::Labels labels = names;
  labels["outcome"] =
      exchanged.ok() ? "OK" : std::string(RowOf(DetailOf(exchanged.status()).reason).name);
  outcomes_.With(labels, [](prometheus::Counter& counter) { counter.Increment(); });
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(took));
  durations_.With(
      {{"provider", names.at("provider")}},
      [&](prometheus::Histogram& histogram) { histogram.Observe(seconds); }, Buckets());
}

void MeasuredExchanger::Follow(const Catalog& catalog) {
  const auto provider_is_known = [&](const prometheus::Labels& labels) {
    return IsNamed(catalog.providers(), labels.at("provider"));
  };
  outcomes_.KeepIf([&](const prometheus::Labels& labels) {
    return provider_is_known(labels) && IsNamed(catalog.blueprints(), labels.at("blueprint")) &&
           catalog.FindApi(labels.at("api")) != nullptr;
  });
  durations_.KeepIf(provider_is_known);
}

}  // namespace behalf

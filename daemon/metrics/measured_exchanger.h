// How exchanges end, and how long they take.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "blueprint/catalog.h"
#include "daemon/base/clock.h"
#include "daemon/metrics/named_series.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// Stands below the cache, so that a hit knows nothing of it: it counts what
// asks a provider, retries and the check of the reply included. Thread-safe.
class MeasuredExchanger final : public TokenExchanger {
 public:
  // All must outlive the exchanger.
  MeasuredExchanger(TokenExchanger& inner, prometheus::Registry& registry, const Clock& clock);

  Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest request, CallContext& call) override;
  void Forget(const ExchangeRequest& request) override { inner_.Forget(request); }

  // Drops the numbers of what is no longer in the documents.
  void Follow(const Catalog& catalog);

 private:
  void Count(const prometheus::Labels& names, const absl::StatusOr<Exchanged>& exchanged,
             absl::Duration took);

  TokenExchanger& inner_;
  const Clock& clock_;
  prometheus::Gauge& in_flight_;
  NamedSeries<prometheus::Counter> outcomes_;
  NamedSeries<prometheus::Histogram> durations_;
};

}  // namespace behalf

// What is asked of providers, as spans.
#pragma once

#include "daemon/base/clock.h"
#include "daemon/oauth/token_exchanger.h"
#include "daemon/traces/sampling.h"
#include "daemon/traces/span_queue.h"

namespace behalf {

// Stands below the cache: an exchange is a child of the call that began it, and
// of none that joined it. Thread-safe.
class TracedExchanger final : public TokenExchanger {
 public:
  // All must outlive the exchanger. Without `spans` it only passes on.
  TracedExchanger(TokenExchanger& inner, Sampling sampling, SpanQueue* spans, const Clock& clock)
      : inner_(inner), sampling_(sampling), spans_(spans), clock_(clock) {}

  Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest request, CallContext& call) override;
  void Forget(const ExchangeRequest& request) override { inner_.Forget(request); }

 private:
  Task<absl::StatusOr<Exchanged>> Follow(ExchangeRequest request, CallContext& call);

  TokenExchanger& inner_;
  const Sampling sampling_;
  SpanQueue* const spans_;
  const Clock& clock_;
};

}  // namespace behalf

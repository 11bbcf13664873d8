// A dialect that tries again what goes by.
#pragma once

#include "daemon/base/clock.h"
#include "daemon/base/timer.h"
#include "daemon/oauth/circuits.h"
#include "daemon/oauth/provider_dialect.h"

namespace behalf {

// Thread-safe. A provider that cannot be reached, or is in trouble for a
// moment, is asked up to three times with growing, random waits between, as
// long as the next time begins before `timeout` is over. Nothing else is tried
// again: throttling says itself when, and a refusal stays one. Nothing is asked
// without leave of the provider's circuit: where that is open nobody waits, and
// a probe is tried once.
class RetryingDialect final : public ProviderDialect {
 public:
  RetryingDialect(ProviderDialect& inner, Circuits& circuits, Timer& timer, const Clock& clock)
      : inner_(inner), circuits_(circuits), timer_(timer), clock_(clock) {}

  Task<absl::StatusOr<ProviderReply>> Ask(const ExchangeRequest& request,
                                          absl::Duration timeout) override;
  absl::StatusOr<ApiToken> Check(ProviderReply reply, const ExchangeRequest& request,
                                 absl::Time now) const override {
    return inner_.Check(std::move(reply), request, now);
  }

 private:
  ProviderDialect& inner_;
  Circuits& circuits_;
  Timer& timer_;
  const Clock& clock_;
};

}  // namespace behalf

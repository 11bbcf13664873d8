// What a TokenExchanger is made of: Caching(Verifying(Retrying(Patient(dialect)))).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "daemon/base/bounded_cache.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/base/single_flight.h"
#include "daemon/oauth/provider_dialect.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// Asks the provider and lets nothing through that the dialect's checks refuse.
class VerifyingExchanger final : public TokenExchanger {
 public:
  // `timeout` bounds each request to the provider, and when the last one begins.
  VerifyingExchanger(ProviderDialect& dialect, const Clock& clock, absl::Duration timeout)
      : dialect_(dialect), clock_(clock), timeout_(timeout) {}

  Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest request, CallContext& call) override;
  void Forget(const ExchangeRequest&) override {}  // nothing is kept

 private:
  ProviderDialect& dialect_;
  const Clock& clock_;
  const absl::Duration timeout_;
};

// Hands a token out again for as long as the allowance says, found by its full
// key alone; limits are checked on every hit. Concurrent identical misses make
// one exchange and share its outcome, a failure too. An exchange belongs to
// nobody: whoever leaves, it ends by its own timeout, and its token is kept.
// Failures are not kept, nor are tokens that were asked for before something was
// revoked and came after it. Bounded in bytes.
class CachingExchanger final : public TokenExchanger {
 public:
  struct Bounds {
    std::size_t bytes;
    std::size_t waiters;  // for one key
  };
  // Grows with each revocation.
  using Epoch = std::function<std::uint64_t()>;
  CachingExchanger(TokenExchanger& inner, Executor& executor, const Clock& clock, Bounds bounds,
                   Epoch epoch)
      : inner_(inner),
        clock_(clock),
        epoch_(std::move(epoch)),
        tokens_(bounds.bytes),
        flights_(executor, bounds.waiters) {}

  Task<absl::StatusOr<Exchanged>> Exchange(ExchangeRequest request, CallContext& call) override;
  void Forget(const ExchangeRequest& request) override;

  // Tokens kept, their bytes, and exchanges under way.
  std::size_t size() const { return tokens_.size(); }
  std::size_t bytes() const { return tokens_.bytes(); }
  std::size_t under_way() const { return flights_.size(); }

 private:
  ApiTokenPtr Reusable(const std::string& key, const ExchangeRequest& request);
  Task<absl::StatusOr<Exchanged>> Fly(std::string key, ExchangeRequest request);

  TokenExchanger& inner_;
  const Clock& clock_;
  const Epoch epoch_;
  BoundedCache<ApiToken> tokens_;
  SingleFlight<Exchanged> flights_;
};

}  // namespace behalf

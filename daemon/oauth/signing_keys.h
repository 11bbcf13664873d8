// The keys that a provider signs with, fetched from where it publishes them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "blueprint/catalog.h"
#include "blueprint/documents.h"
#include "daemon/base/cancel.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/base/single_flight.h"
#include "daemon/base/task.h"
#include "daemon/http/http_client.h"
#include "daemon/jose/key_set.h"

namespace behalf {

using KeySetPtr = std::shared_ptr<const KeySet>;

// Thread-safe. Sets are kept by the provider's digest, so that a changed
// document starts anew. A set is refreshed in the background when it is old,
// and not used at all when it is older than kMaxAge. A key that the issuer no
// longer publishes is gone with the next refresh; while two are published both
// verify.
class SigningKeys {
 public:
  static constexpr absl::Duration kRefreshAfter = absl::Minutes(45);
  static constexpr absl::Duration kMaxAge = absl::Hours(2);
  // At most one fetch a provider in this time, failed ones included, however
  // many ask for whatever key.
  static constexpr absl::Duration kCooldown = absl::Seconds(30);

  SigningKeys(HttpClient& http, Executor& executor, const Clock& clock);

  // A set that holds `key_id`. kSubjectKeyUnknown: the issuer publishes no
  // such key. kKeysUnavailable: there is no set young enough, and the last
  // fetch failed. `provider` need not outlive the call.
  Task<absl::StatusOr<KeySetPtr>> Find(const Provider& provider, std::string key_id,
                                       CallContext& call);

  // The set in memory, if it is young enough; nobody waits for a fetch.
  KeySetPtr Known(const Provider& provider);

  // Sees to it that sets which are known are refreshed although nobody asks, so
  // that an outage finds them young. To be called every now and then.
  void KeepFresh(const Catalog& catalog);

  // Forgets the keys of providers that are not in the catalog.
  void Follow(const Catalog& catalog) ABSL_LOCKS_EXCLUDED(mutex_);

  struct State {
    KeySetPtr keys;
    absl::Time fetched_at = absl::InfinitePast();
    absl::Time tried_at = absl::InfinitePast();
    absl::Status problem;  // of the last fetch
  };
  // What is known of a provider's keys now, for the operator.
  State StateOf(const Provider& provider) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Outcome = absl::StatusOr<KeySetPtr>;

  void RefreshAhead(const Provider& provider, const State& state);
  SingleFlight<KeySetPtr>::Work Refresh(const Provider& provider);
  Task<Outcome> RefreshNow(std::shared_ptr<const Provider> provider);
  Task<Outcome> Fetch(std::shared_ptr<const Provider> provider);
  Task<absl::StatusOr<HttpResponse>> Get(std::shared_ptr<const Provider> provider, std::string url);
  void Remember(const Provider& provider, const Outcome& outcome) ABSL_LOCKS_EXCLUDED(mutex_);

  HttpClient& http_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, State> states_ ABSL_GUARDED_BY(mutex_);
  SingleFlight<KeySetPtr> flights_;
};

}  // namespace behalf
